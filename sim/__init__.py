"""Local health systems in England, simulated: who joins, who decides, who pays, who walks away.

    import sim
    scenario = sim.load("system=south_yorkshire_bassetlaw", "regime=option2", "params.squeeze=0.015")
    data = sim.simulate(scenario, futures=1000, seed=1)      # an xarray Dataset
    sim.minutes(scenario, seed=1, future=7)                  # what happened in one future, in words
    sim.compare(data, sim.simulate(other, futures=1000, seed=1))
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.agents import CCG as CCG
    from sim.agents import Council as Council
    from sim.agents import FoundationTrust as FoundationTrust
    from sim.agents import ICSBoard as ICSBoard
    from sim.agents import IndependentProvider as IndependentProvider
    from sim.agents import NHSTrust as NHSTrust
    from sim.agents import PrimaryCareNetwork as PrimaryCareNetwork
    from sim.agents import VoluntaryBody as VoluntaryBody
    from sim.analysis.compare import compare as compare
    from sim.branching import branch as branch
    from sim.dataset import simulate as simulate
    from sim.loading import load as load
    from sim.minutebook import minutes as minutes
    from sim.model import LocalSystem as LocalSystem
    from sim.national_body import NationalBody as NationalBody
    from sim.problems import BadInput as BadInput
    from sim.scenario import Scenario as Scenario
    from sim.sweep.reading import read as read
    from sim.system import reconcile as reconcile

_WHERE = {
    "BadInput": "sim.problems",
    "CCG": "sim.agents",
    "Council": "sim.agents",
    "FoundationTrust": "sim.agents",
    "ICSBoard": "sim.agents",
    "IndependentProvider": "sim.agents",
    "LocalSystem": "sim.model",
    "NHSTrust": "sim.agents",
    "NationalBody": "sim.national_body",
    "PrimaryCareNetwork": "sim.agents",
    "branch": "sim.branching",
    "Scenario": "sim.scenario",
    "VoluntaryBody": "sim.agents",
    "compare": "sim.analysis.compare",
    "load": "sim.loading",
    "minutes": "sim.minutebook",
    "read": "sim.sweep.reading",
    "reconcile": "sim.system",
    "simulate": "sim.dataset",
}
__all__ = [
    "CCG",
    "BadInput",
    "Council",
    "FoundationTrust",
    "ICSBoard",
    "IndependentProvider",
    "LocalSystem",
    "NHSTrust",
    "NationalBody",
    "PrimaryCareNetwork",
    "Scenario",
    "VoluntaryBody",
    "branch",
    "compare",
    "load",
    "minutes",
    "read",
    "reconcile",
    "simulate",
]


def __getattr__(name: str) -> Any:
    """Import what is asked for when it is asked for: `import sim` stays quick."""
    if name in _WHERE:
        globals()[name] = getattr(import_module(_WHERE[name]), name)
        return globals()[name]
    raise AttributeError(f"module 'sim' has no attribute '{name}'")


def __dir__() -> list[str]:
    return sorted([*globals(), *_WHERE])
