"""Sweeps: designs of many scenarios, run over the same futures, stored as Parquet.

from sim.sweep import ask, read, sweep
asked = ask("design=lhs", "design.n=20", "design.factors=[params.squeeze,dials.block]", "futures=50")
sweep(asked, "results/sweep/mine")
columns = ["cell", "future", "regime", "integration_mean"]
frame = read("results/sweep/mine", columns=columns, where={"regime": "option2"})
"""

import lazy_loader

# The names stand in `__init__.pyi`; each is imported when it is first asked for.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
