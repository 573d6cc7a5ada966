"""Sections 4.1 to 4.3 of `docs/model.md`: need, care, money."""
