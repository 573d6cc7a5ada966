"""Stylised facts: whether each comes out, over parameter sets, and on which rule it hangs.

from sim.studies.patterns.request import ask
from sim.studies.patterns.run import run
"""
