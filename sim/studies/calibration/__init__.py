"""Matches the model to history: targets, counterparts in the model, and waves that rule parameters out."""
