"""Departures: whom the system can least do without, who follows, and what brings it back."""
