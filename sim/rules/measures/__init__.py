"""Section 7: indicators. These rules only read the state."""
