"""Runs one future or many by the rules, branches a history, runs all of England; gives labelled data."""
