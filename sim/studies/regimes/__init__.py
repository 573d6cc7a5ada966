"""Regimes compared over the same futures, and when the most critical partner leaves."""
