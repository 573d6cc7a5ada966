"""Variants: named changes with which every point of a design is crossed. Unlike a factor, a variant may
change several things at once.
"""

from typing import Any

from pydantic import BaseModel, Field

from sim.declarations.steps import CAN_BE_OFF
from sim.inputs.strict import STRICT
from sim.systems.made_up import spelt_out

AS_CONFIGURED = "as_configured"  # the name of the only variant where a sweep names none


class Variant(BaseModel):
    """The changes of one variant. They overrule command and design; events are added to the command's."""

    model_config = STRICT
    label: str = ""
    regime: str | None = None  # replaces the sweep's regimes: all variants name one, or none does
    dials: dict[str, Any] = Field(default_factory=dict)
    params: dict[str, Any] = Field(default_factory=dict)
    off: tuple[str, ...] = ()
    events: tuple[dict[str, Any], ...] = ()
    # a description that replaces the sweep's system, e.g. {generated: true, partners: 30}
    system: dict[str, Any] | None = None

    def sets(self) -> set[str]:
        """Return the keys of the factors that this variant fixes."""
        return {f"params.{name}" for name in self.params} | {f"dials.{name}" for name in self.dials}

    def over(self, request: Any) -> dict[str, Any]:
        """Return the fields of a command (`sim.scenario.composing.Composed`) with this variant's changes; its
        events are a list by now.
        """
        rules = request.rules.model_copy(
            update={"off": tuple(name for name in CAN_BE_OFF if name in (*request.rules.off, *self.off))}
        )
        system = request.system if self.system is None else spelt_out(self.system)
        return {
            "system": system,
            "dials": {**request.dials, **self.dials},
            "params": {**request.params, **self.params},
            "rules": rules,
            "events": [*request.events, *self.events],
        }


def problems_with(variants: dict[str, Variant]) -> list[str]:
    """List what is wrong with the variants of a sweep as a whole, one line each."""
    named = [name for name, variant in variants.items() if variant.regime is not None]
    if named and len(named) < len(variants):
        lacking = next(name for name in variants if name not in named)
        return [
            f"variants.{lacking}.regime: missing; all variants name a regime, or none does ({named[0]} does)"
        ]
    return []
