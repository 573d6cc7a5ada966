"""Writes plain sentences about many futures. Every number in them is counted from the simulated data."""

from calendar import month_name

import numpy as np

from sim.app.futures import SERIES, STAYS, Lived
from sim.declarations.bodies import KINDS as KIND_NAMES
from sim.declarations.bodies import KINDS_OF_BODY

FIVE_YEARS = 60
# The order in which departures are counted: councils first, because the page is mostly about them.
GROUPS: dict[str, tuple[int, ...]] = {}
for _number, _kind in sorted(enumerate(KINDS_OF_BODY.values()), key=lambda entry: not entry[1].elected):
    if _kind.partner:
        GROUPS[_kind.some] = (*GROUPS.get(_kind.some, ()), _number)


def date_of(month: int) -> str:
    """Returns the month's date: 'April 2021' for month 60."""
    return f"{month_name[(month + 3) % 12 + 1]} {2016 + (month + 3) // 12}"


def share_leaving(
    run: Lived, futures: int, kinds: tuple[int, ...] | None = None, month: int | None = None
) -> float:
    """Returns the share of futures in which a partner (of `kinds`) leaves by choice (before `month`)."""
    made_to = {event.partner for event in run.scenario.events if event.do == "leave"}
    partners = run.scenario.system.partners.items()
    chosen = [
        name not in made_to and (kinds is None or KIND_NAMES.index(partner.kind) in kinds)
        for name, partner in partners
    ]
    gone = run.gone[:futures, : len(chosen)][:, np.array(chosen)]
    left = (gone != STAYS) & (gone < (month if month is not None else run.scenario.months))
    return float(left.any(axis=1).mean()) if left.size else 0.0


def leaving_by_kind(run: Lived, futures: int) -> dict[str, float]:
    """Returns the share of futures in which at least one body leaves, for each kind that the system has."""
    has = {KIND_NAMES.index(partner.kind) for partner in run.scenario.system.partners.values()}
    return {words: share_leaving(run, futures, kinds) for words, kinds in GROUPS.items() if has & set(kinds)}


def of_hundred(share: float) -> str:
    """Writes '71 of 100 futures'; a rare or nearly sure event is not rounded to never or always."""
    if 0.0 < share < 0.005:
        return "fewer than 1 of 100 futures"
    if 0.995 < share < 1.0:
        return "more than 99 of 100 futures"
    return (
        f"{100.0 * share:.0f} of 100 futures"
        if 0.0 < share < 1.0
        else "no future"
        if share == 0.0
        else ("every future")
    )


def headlines(a: Lived, b: Lived, futures: int) -> list[str]:
    """Returns the sentences above the pictures: A against B over the same futures."""
    return [
        departures(a, b, futures),
        joined_up(a, b, futures),
        waits(a, b, futures),
        money(a, b, futures),
        trust(a, b, futures),
    ]


def departures(a: Lived, b: Lived, futures: int) -> str:
    kinds = leaving_by_kind(a, futures)
    others = leaving_by_kind(b, futures)
    most = max(kinds, key=lambda kind: max(kinds[kind], others[kind]))
    if max(kinds[most], others[most]) == 0.0:
        return (
            f"No partner leaves of its own will in any future under A or B, to {date_of(a.scenario.months)}."
        )
    early = [share_leaving(run, futures, GROUPS[most], FIVE_YEARS) for run in (a, b)]
    end = date_of(a.scenario.months)
    return (
        f"In {of_hundred(kinds[most])} {most} leaves of its own will by {end} under A, in "
        f"{of_hundred(others[most])} under B"
        f" (by {date_of(FIVE_YEARS)}: {100 * early[0]:.0f} and {100 * early[1]:.0f} of 100)."
    )


def joined_up(a: Lived, b: Lived, futures: int) -> str:
    change = b.outcome("integration_final_year", futures) - a.outcome("integration_final_year", futures)
    better, worse = float((change > 0).mean()), float((change < 0).mean())
    if better == worse == 0.0:
        return "Care is joined up exactly as far under A as under B."
    return (
        f"Care ends better joined up under B than under A in {of_hundred(better)}, less so in "
        f"{of_hundred(worse)}."
    )


def waits(a: Lived, b: Lived, futures: int) -> str:
    weeks = [float(np.median(run.outcome("waiting_final_year", futures))) for run in (a, b)]
    return (
        f"In half of all futures people wait {weeks[0]:.1f} weeks or more on average in the last year "
        f"under A, {weeks[1]:.1f} under B."
    )


def money(a: Lived, b: Lived, futures: int) -> str:
    deficit = [float((run.outcome("balance_final_year", futures) < 0).mean()) for run in (a, b)]
    return (
        f"All bodies together end in deficit in {of_hundred(deficit[0])} under A, in "
        f"{of_hundred(deficit[1])} under B."
    )


def trust(a: Lived, b: Lived, futures: int) -> str:
    row = SERIES.index("trust")
    rises = [
        float((run.outcome("trust_final_year", futures) > run.series[row, :futures, 0]).mean())
        for run in (a, b)
    ]
    counts = [of_hundred(share) for share in rises]
    return (
        f"Partners trust each other more at the end than at the start in {counts[0]} under A, in "
        f"{counts[1]} under B."
    )
