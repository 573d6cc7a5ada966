"""Matching the model to history: targets, what in the model they are compared with, and waves that rule
parameters out.
"""
