"""Compares regimes over the same futures, also when the most critical partner leaves."""
