"""Section 4.13: what the national body asks, gives and takes."""
