"""Section 4.14: changes of law, and the delegation of functions."""
