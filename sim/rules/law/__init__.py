"""Section 4.14: the law changes, and functions are delegated."""
