"""Sections 4.10 to 4.12: effort, trust, and who stays."""
