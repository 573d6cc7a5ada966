"""Runs one future or many by the rules, branches a history, lives England; and gives labelled data."""
