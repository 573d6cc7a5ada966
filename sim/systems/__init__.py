"""Descriptions of places and partners (`system`): the 42 systems from public tables, patient flows, made-up systems,
extra partners.
"""
