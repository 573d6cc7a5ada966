"""Section 4.4: what comes to the table, and what it would do for each body."""
