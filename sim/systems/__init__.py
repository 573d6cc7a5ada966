"""Descriptions of local systems (`system.System`): the 42 from public tables, patient flows, made-up systems,
extra partners.
"""
