"""Local health systems in England, simulated: who joins, who decides, who pays, who walks away.

import sim
scenario = sim.load("system=south_yorkshire_bassetlaw", "regime=option2", "params.squeeze=0.015")
data = sim.simulate(scenario, futures=1000, seed=1)      # an xarray Dataset
sim.minutes(scenario, seed=1, future=7)                  # what happened in one future, in words
sim.compare(data, sim.simulate(other, futures=1000, seed=1))
"""

import lazy_loader

# The names stand in `__init__.pyi`; each is imported when it is first asked for, so `import sim` is quick.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
