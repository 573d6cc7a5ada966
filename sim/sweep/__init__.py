"""Sweeps: designs of many scenarios, run over the same futures, stored as Parquet.

from sim.sweep import ask, read, sweep asked = ask("design=lhs", "design.n=20",
"design.factors=[params.squeeze,dials.block]", "futures=50") sweep(asked, "results/sweep/mine") frame =
read("results/sweep/mine", columns=["cell", "future", "regime", "integration_mean"], where={"regime":
"option2"})
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.sweep.plan import Plan as Plan
    from sim.sweep.plan import plan_of as plan_of
    from sim.sweep.reading import read as read
    from sim.sweep.replay import scenario_in as scenario_in
    from sim.sweep.request import Request as Request
    from sim.sweep.request import ask as ask
    from sim.sweep.run import sweep as sweep

_WHERE = {
    "Plan": "plan",
    "plan_of": "plan",
    "read": "reading",
    "scenario_in": "replay",
    "Request": "request",
    "ask": "request",
    "sweep": "run",
}
__all__ = ["Plan", "Request", "ask", "plan_of", "read", "scenario_in", "sweep"]


def __getattr__(name: str) -> Any:
    """Import what is asked for when it is asked for."""
    if name in _WHERE:
        return getattr(import_module(f"sim.sweep.{_WHERE[name]}"), name)
    raise AttributeError(f"module 'sim.sweep' has no attribute '{name}'")
