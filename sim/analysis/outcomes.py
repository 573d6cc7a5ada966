"""Looks up outcomes by name for tables and figures; `sim/declarations/indicators.py` declares each."""

from collections.abc import Iterable, Sequence

from sim.declarations.indicators import DOWN, HEADLINE, OUTCOMES, Outcome
from sim.inputs.problems import BadInput, unknown


def known(names: Iterable[str] | None) -> tuple[str, ...]:
    """Returns the named outcomes, or the headline list. Raises BadInput that names unknown outcomes."""
    if names is None:
        return HEADLINE
    asked: Sequence[str] = (names,) if isinstance(names, str) else tuple(names)
    problems = [unknown("outcome", name, OUTCOMES) for name in asked if name not in OUTCOMES]
    if problems:
        raise BadInput("\n".join(problems))
    return tuple(asked)


def describe(name: str) -> Outcome:
    """Returns the outcome's declaration: unit, labels, which way is better, what is worth caring about."""
    return OUTCOMES[name]


def more_is_worse(name: str) -> bool:
    """Says whether a higher value of the outcome is the worse one."""
    return OUTCOMES[name].better == DOWN


def short(name: str) -> str:
    """Returns the words for an outcome in figures."""
    return OUTCOMES[name].short


def with_unit(name: str) -> str:
    """Returns the short words, with the unit unless they name it already: 'mean wait, last year (weeks)'."""
    words, unit = short(name), OUTCOMES[name].unit
    return words if unit in words else f"{words} ({unit})"
