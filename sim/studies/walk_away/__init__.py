"""Departures: which partner the system can least do without, who follows, and what brings the system back."""
