"""Sensitivity: which parameters matter (Morris), how much each does (Sobol), and how much is luck.

from sim.studies.sensitivity.request import ask
from sim.studies.sensitivity.stages import analyse
"""
