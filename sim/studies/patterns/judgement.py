"""Judges the patterns: how probable each is over parameter sets, how large, and how much of it remains
without the rule that it depends on.
"""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.intervals import mean_interval, share_interval
from sim.analysis.tables import NotedTable, noted, number, with_interval
from sim.analysis.verdicts import (
    COMES_OUT,
    FEW,
    MOST,
    NOT,
    OPPOSITE,
    SOME,
    STAYS,
    VANISHES,
    WEAKENS,
    as_they_are,
    without,
)
from sim.studies.patterns.pattern import Pattern, Seen

RESAMPLES = 400  # of the sets, for the interval of a pooled effect
COLUMNS = [
    "pattern",
    "sentence",
    "claims",
    "tag",
    "why",
    "without",
    "sets",
    "probability",
    "low",
    "high",
    "effect",
    "effect_low",
    "effect_high",
    "effect_5",
    "effect_95",
    "unit",
    "measure",
    "least",
    "verdict",
]


def judged(
    patterns: list[Pattern],
    lived: Mapping[str, Mapping[str, np.ndarray]],
    systems: list[str],
    councils: np.ndarray,
    seed: int,
) -> dict[str, pd.DataFrame]:
    """Returns the tables. `lived[setting.key][outcome]` has shape (sets, futures). `systems` names the system
    of each set, `councils` how many councils it has; `seed` is that of resampling.

    Verdicts: a pattern comes out if the 95 % interval of its probability lies above `MOST`, and does not if
    it lies below `FEW`. In an ablation a pattern vanishes if less than a tenth of its mean effect is left,
    weakens if less than two thirds, and otherwise stays.
    """
    rows: list[dict[str, Any]] = []
    parts = []
    for pattern in patterns:
        whole = math.nan  # the mean effect that ablations are compared with
        for variant in pattern.variants():
            words = variant.words if variant else ""
            settings = pattern.settings_of(variant)
            named = [
                (name, setting.key, outcome)
                for name, setting in settings.items()
                for outcome in pattern.outcomes
            ]
            seen = Seen({(name, outcome): lived[key][outcome] for name, key, outcome in named}, councils)
            effect, found = summed(pattern, seen, seed)
            verdict = found.pop("verdict") if variant is None else left_of(whole, found["effect"])
            if variant is None and verdict in (COMES_OUT, SOME):
                whole = found["effect"]
            rows.append(
                {
                    "pattern": pattern.name,
                    "sentence": pattern.sentence,
                    "claims": " ".join(pattern.claims),
                    "tag": pattern.tag,
                    "why": pattern.why,
                    "without": words,
                    "unit": pattern.unit,
                    "measure": pattern.measure,
                    "least": pattern.least,
                    **found,
                    "verdict": verdict,
                }
            )
            where = systems if len(effect) == len(systems) else [""] * len(effect)
            parts.append(
                pd.DataFrame(
                    {
                        "pattern": pattern.name,
                        "without": words,
                        "set": range(len(effect)),
                        "system": where,
                        "effect": effect,
                    }
                )
            )
    return {"patterns": pd.DataFrame(rows)[COLUMNS], "effects": pd.concat(parts, ignore_index=True)}


def summed(pattern: Pattern, seen: Seen, seed: int) -> tuple[np.ndarray, dict[str, Any]]:
    """Returns the effect in each set (or the pooled one), and its row in the table."""
    effect = np.asarray(pattern.effect(seen), float)
    if pattern.pooled:
        return effect, _pooled(pattern, seen, float(effect[0]), seed)
    known = effect[np.isfinite(effect)]
    probability, low, high = share_interval(int((known > pattern.least).sum()), known.size)
    _, against, _ = share_interval(int((known < -max(pattern.least, 1e-12)).sum()), known.size)
    mean, mean_low, mean_high = mean_interval(known)
    below, above = np.quantile(known, (0.05, 0.95)) if known.size else (math.nan, math.nan)
    verdict = COMES_OUT if low >= MOST else OPPOSITE if against >= MOST else NOT if high <= FEW else SOME
    return effect, {
        "sets": known.size,
        "probability": probability,
        "low": low,
        "high": high,
        "effect": mean,
        "effect_low": mean_low,
        "effect_high": mean_high,
        "effect_5": below,
        "effect_95": above,
        "verdict": verdict,
    }


def _pooled(pattern: Pattern, seen: Seen, effect: float, seed: int) -> dict[str, Any]:
    """Returns the interval and the probability of an effect over all sets, by resampling the sets."""
    sets = next(iter(seen.values.values())).shape[0]
    chance = np.random.default_rng(seed)
    drawn = chance.integers(0, sets, (RESAMPLES, sets))
    again = np.array([float(pattern.effect(seen.taken(row))[0]) for row in drawn])
    low, high = (float(np.quantile(again, share)) for share in (0.025, 0.975))
    verdict = COMES_OUT if low > pattern.least else NOT if high <= pattern.least else SOME
    verdict = OPPOSITE if high < -max(pattern.least, 1e-12) else verdict
    return {
        "sets": sets,
        "probability": float((again > pattern.least).mean()),
        "low": math.nan,
        "high": math.nan,
        "effect": effect,
        "effect_low": low,
        "effect_high": high,
        "effect_5": math.nan,
        "effect_95": math.nan,
        "verdict": verdict,
    }


def left_of(whole: float, left: float) -> str:
    """Says in one word what an ablation leaves of a mean effect; '–' if the whole is NaN or not above 0."""
    if not whole > 0.0 or not math.isfinite(left):
        return "–"
    return VANISHES if left < 0.1 * whole else WEAKENS if left < whole * 2.0 / 3.0 else STAYS


def in_words(patterns: pd.DataFrame) -> NotedTable:
    """Returns one row per pattern: how probable and how large it is, and what is left without the rule."""
    rows = []
    for row in as_they_are(patterns):
        left = ", ".join(other.verdict for other in without(patterns, row.pattern))
        effect = with_interval(row.effect, row.effect_low, row.effect_high, True)
        rows.append(
            {
                "pattern": row.sentence.rstrip("."),
                "in sets": f"{number(row.probability, 2)}: {row.verdict}",
                "effect": f"{effect} {row.unit}",
                "without the rule": left,
            }
        )
    note = (
        "In sets: share of parameter sets in which the effect exceeds the smallest that matters. Effect: "
        "mean over sets, ± half its "
    )
    return noted(rows, list(rows[0]), note + "95 % interval. What was taken away stands in patterns.csv.")
