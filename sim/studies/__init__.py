"""Experiments over parameter sets and futures: the same sets and the same futures under every regime and
variant.
"""
