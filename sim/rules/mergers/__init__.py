"""Section 4.9: mergers of providers and of commissioners."""
