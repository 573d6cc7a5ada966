"""Sections 4.5 to 4.8: what bodies think of a proposal, bargain, vote, approve, and what the public says."""
