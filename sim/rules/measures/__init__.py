"""Section 7: indicators. State is only read."""
