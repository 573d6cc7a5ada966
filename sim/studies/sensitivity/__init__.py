"""Sensitivity: which parameters matter (Morris), how much each does (Sobol), and how much is luck."""
