"""A governance regime: nothing but dials. Each dial acts through a rule; no dial is a reward.

`dials.py` declares the dials. The pydantic model made of them validates the files in `configs/regime/`;
`record()` turns it into what compiled rules read.
"""

from typing import Annotated, Any, Literal

import numpy as np
from pydantic import ConfigDict, Field, create_model, model_validator

from sim.declarations.bodies import KINDS, VoterKind
from sim.declarations.dials import DIALS, Dial

Share = Annotated[float, Field(ge=0, le=1)]


def _type_of(dial: Dial) -> Any:
    """Return what pydantic accepts as the value of a dial."""
    low, high = dial.bounds
    types = {
        "words": lambda: Literal[tuple(dial.words)],
        "switch": lambda: bool,
        "whole": lambda: Annotated[int, Field(ge=low, le=high)],
        "number": lambda: Annotated[float, Field(ge=low, le=high)],
        "kinds of body": lambda: tuple[VoterKind, ...],
    }
    return types[dial.sort]()


# The type checker cannot follow a model made from a table, so to it a regime may have any field.
_Dials: Any = create_model(
    "_Dials",
    __config__=ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False),
    label=str,
    **{name: (_type_of(dial), ... if dial.neutral is None else dial.neutral) for name, dial in DIALS.items()},
    sources=(dict[str, str], Field(default_factory=dict)),
)  # type: ignore[call-overload]


class Regime(_Dials):
    """One regime: a label, a value for each dial of `dials.py`, and the source of each."""

    @model_validator(mode="after")
    def _seats_add_up(self) -> "Regime":
        if self.officer_seats + self.lay_members > 1.0 + 1e-9:
            raise ValueError(
                f"officer_seats + lay_members = {self.officer_seats + self.lay_members:.10g}: "
                "no more than all seats, 1"
            )
        return self

    def source_of(self, dial: str) -> str:
        """Return where a dial's value comes from: the regime's own source, or that of the neutral value."""
        return str(self.sources.get(dial, DIALS[dial].source))


def _fields() -> list[tuple[Any, ...]]:
    """Return the fields: words, switches and whole numbers; `votes` (one for each kind); then numbers."""
    whole = [(name, "i8") for name, dial in DIALS.items() if dial.sort in ("words", "switch", "whole")]
    numbers = [(name, "f8") for name, dial in DIALS.items() if dial.sort == "number"]
    return [*whole, ("votes", "i8", (len(KINDS),)), *numbers]


RECORD = np.dtype(_fields())


def record(regimes: list[Regime]) -> np.ndarray:
    """Return the dials of several regimes as numbers in records (shape (len(regimes),), dtype RECORD)."""
    return np.array([_in_numbers(regime) for regime in regimes], RECORD)


def _in_numbers(regime: Regime) -> tuple[Any, ...]:
    dials = {
        name: list(dial.words).index(getattr(regime, name)) if dial.words else getattr(regime, name)
        for name, dial in DIALS.items()
    }
    dials["votes"] = [kind in regime.voters for kind in KINDS]
    if regime.commissioners == "none":
        dials["block"] = 1.0  # nothing is bought, so nothing is paid by the piece
    return tuple(dials[name] for name in RECORD.names or ())
