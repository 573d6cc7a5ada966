"""Sensitivity: which parameters matter (Morris), how much each does (Sobol), and how much is luck.

    from sim.sensitivity.request import ask
    from sim.sensitivity.stages import analyse
"""
