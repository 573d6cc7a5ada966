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
    from sim.analysis.compare import compare as compare
    from sim.engine.branching import branch as branch
    from sim.engine.dataset import simulate as simulate
    from sim.engine.starting_world import reconcile as reconcile
    from sim.inputs.problems import BadInput as BadInput
    from sim.mesa_face.agents import CCG as CCG
    from sim.mesa_face.agents import Council as Council
    from sim.mesa_face.agents import FoundationTrust as FoundationTrust
    from sim.mesa_face.agents import ICSBoard as ICSBoard
    from sim.mesa_face.agents import IndependentProvider as IndependentProvider
    from sim.mesa_face.agents import NHSTrust as NHSTrust
    from sim.mesa_face.agents import PrimaryCareNetwork as PrimaryCareNetwork
    from sim.mesa_face.agents import VoluntaryBody as VoluntaryBody
    from sim.mesa_face.model import LocalSystem as LocalSystem
    from sim.mesa_face.national_body import NationalBody as NationalBody
    from sim.minute_book.minutes import minutes as minutes
    from sim.scenario.composing import load as load
    from sim.scenario.scenario import Scenario as Scenario
    from sim.sweep.reading import read as read

_WHERE = {
    "BadInput": "sim.inputs.problems",
    "CCG": "sim.mesa_face.agents",
    "Council": "sim.mesa_face.agents",
    "FoundationTrust": "sim.mesa_face.agents",
    "ICSBoard": "sim.mesa_face.agents",
    "IndependentProvider": "sim.mesa_face.agents",
    "LocalSystem": "sim.mesa_face.model",
    "NHSTrust": "sim.mesa_face.agents",
    "NationalBody": "sim.mesa_face.national_body",
    "PrimaryCareNetwork": "sim.mesa_face.agents",
    "branch": "sim.engine.branching",
    "Scenario": "sim.scenario.scenario",
    "VoluntaryBody": "sim.mesa_face.agents",
    "compare": "sim.analysis.compare",
    "load": "sim.scenario.composing",
    "minutes": "sim.minute_book.minutes",
    "read": "sim.sweep.reading",
    "reconcile": "sim.engine.starting_world",
    "simulate": "sim.engine.dataset",
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
