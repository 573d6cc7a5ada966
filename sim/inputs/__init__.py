"""What people hand in: the descriptions that ship in `configs/`, by name, and clear words for what cannot be
run.
"""
