"""Descriptions of places and partners: the 42 systems from public tables, flows, made-up systems, extra partners."""
extra partners.
"""
