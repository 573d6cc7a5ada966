"""Outcomes by name, as tables and figures speak of them; each is declared in
`sim/declarations/indicators.py`.
"""

from collections.abc import Iterable, Sequence

from sim.declarations.indicators import DOWN, HEADLINE, OUTCOMES, Outcome
from sim.inputs.problems import BadInput, unknown


def known(names: Iterable[str] | None) -> tuple[str, ...]:
    """The outcomes asked for, or the headline list. Raises BadInput naming what is no outcome."""
    if names is None:
        return HEADLINE
    asked: Sequence[str] = (names,) if isinstance(names, str) else tuple(names)
    problems = [unknown("outcome", name, OUTCOMES) for name in asked if name not in OUTCOMES]
    if problems:
        raise BadInput("\n".join(problems))
    return tuple(asked)


def describe(name: str) -> Outcome:
    """The outcome's declaration: unit, labels, which way is better, what is worth caring about."""
    return OUTCOMES[name]


def more_is_worse(name: str) -> bool:
    """Whether a higher value of the outcome is the worse one."""
    return OUTCOMES[name].better == DOWN


def short(name: str) -> str:
    """The words a figure shows for an outcome."""
    return OUTCOMES[name].short


def with_unit(name: str) -> str:
    """The short words and, unless they name it already, the unit: 'mean wait, last year (weeks)'."""
    words, unit = short(name), OUTCOMES[name].unit
    return words if unit in words else f"{words} ({unit})"
