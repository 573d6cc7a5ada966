"""Descriptions of places and partners: the 42 systems from public tables, patient flows, made-up systems, and
more kinds of partner.
"""
