"""Stylised facts: whether each comes out, over parameter sets, and on which rule it hangs.

    from sim.patterns.request import ask
    from sim.patterns.run import run
"""
