"""The results of a calibration as tables: waves, targets, parameters, profiles, emulators, and the set."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from sim.declarations.parameters import PARAMETERS
from sim.studies.calibration.counterparts import COUNTERPARTS
from sim.studies.calibration.keys import CalibrationKeys
from sim.studies.calibration.matching import Measured
from sim.studies.calibration.waves import Matched, Wave, joined

BINS = 10  # bins of a parameter's range in its profile
UNIFORM_SD = 1.0 / np.sqrt(3.0)  # standard deviation of a share drawn evenly from [-1, 1]
DRAWS = 50  # random draws of luck for every member, to predict an interval


def tables(asked: CalibrationKeys, matched: Matched) -> dict[str, pd.DataFrame]:
    """Returns all tables by name; `set` has one row per member and one column per parameter. If no point is
    left, the tables of the set hold no numbers.
    """
    params, measured, _ = joined(matched.waves, asked.cutoff)
    chosen = np.sort(np.random.default_rng(asked.design_seed).permutation(len(params))[: asked.members])
    return {
        "waves": wave_table(asked, matched.waves),
        "targets": target_table(asked, matched, measured),
        "parameters": parameter_table(asked, params),
        "profiles": profile_table(asked, matched.waves),
        "emulators": emulator_table(asked, matched.waves),
        "set": params.iloc[chosen].drop(columns="wave").reset_index(drop=True),
    }


def wave_table(asked: CalibrationKeys, waves: Sequence[Wave]) -> pd.DataFrame:
    """Returns one row per wave: its points, the share of the whole range that they were drawn from, and how
    many of the points no target rules out.
    """
    rows = []
    for number, wave in enumerate(waves, 1):
        members = int(wave.allowed(asked.cutoff).sum())
        share = members / len(wave.params)
        rows.append(
            {
                "wave": number,
                "points": len(wave.params),
                "range_left": wave.space,
                "members": members,
                "member_share": share,
                "members_of_range": wave.space * share,
            }
        )
    return pd.DataFrame(rows)


def target_table(asked: CalibrationKeys, matched: Matched, measured: Measured) -> pd.DataFrame:
    """Returns one row per target: the figure, the result of the configured parameters, and the predictions of
    the range and of the set, luck included.

    `place` is the share of the set's predictions below the figure. `rules_out` is the share of the first wave
    that this target rules out; `alone` is the share that only this target rules out.
    """
    first = matched.waves[0]
    out = first.implausible > asked.cutoff
    rows = []
    for at, target in enumerate(asked.targets):
        counterpart = COUNTERPARTS[target.counterpart]
        prior, found = (
            _predicted(first.measured, at, counterpart.bounds),
            _predicted(measured, at, counterpart.bounds),
        )
        rows.append(
            {
                "target": target.name,
                "label": target.label,
                "unit": target.unit,
                "value": target.value,
                "observed_sd": target.observed_sd,
                "discrepancy_sd": target.discrepancy_sd,
                "luck_sd": float(np.sqrt(np.nanmean(measured.luck[:, at]))) if len(measured.luck) else np.nan,
                "configured": matched.configured.mean[0, at],
                "configured_implausibility": matched.implausible[0, at],
                **{f"range_{name}": value for name, value in _quantiles(prior).items()},
                **{f"set_{name}": value for name, value in _quantiles(found).items()},
                "place": float(np.mean(found < target.value)) if found.size else np.nan,
                "rules_out": float(out[:, at].mean()),
                "alone": float((out[:, at] & (out.sum(axis=1) == 1)).mean()),
                "counterpart": counterpart.words,
                "source": target.source,
                "note": target.note,
            }
        )
    return pd.DataFrame(rows)


def _predicted(measured: Measured, at: int, bounds: tuple[float, float]) -> np.ndarray:
    """Returns the histories of England that points predict for one target: their means with luck added. The
    draws of luck are always the same.
    """
    mean, luck = measured.mean[:, at], measured.luck[:, at]
    known = np.isfinite(mean) & np.isfinite(luck)
    draws = np.random.default_rng(at).standard_normal((int(known.sum()), DRAWS))
    return np.clip(mean[known, None] + np.sqrt(luck[known, None]) * draws, *bounds).ravel()


def _quantiles(values: np.ndarray) -> dict[str, float]:
    if not values.size:
        return {"p05": np.nan, "p50": np.nan, "p95": np.nan}
    return {f"p{share:02d}": float(np.quantile(values, share / 100)) for share in (5, 50, 95)}


def parameter_table(asked: CalibrationKeys, params: pd.DataFrame) -> pd.DataFrame:
    """Returns one row per parameter; those that the record narrows most come first.

    `narrowed` is 1 minus the ratio of the parameter's spread in the set to the spread over its whole range.
    `distance` is the Kolmogorov-Smirnov distance between the two; `chance` says how often luck alone would
    give as much, times the number of parameters (Bonferroni). `goes_with` is the parameter that it correlates
    with most in the set, `correlation` how closely. `identified`: chance below 0.01.
    """
    from scipy.stats import kstest

    factors = asked.varied()
    unit = asked.in_unit(params) if len(params) else np.zeros((0, len(factors)))
    together = np.corrcoef(unit.T) if len(unit) > 2 else np.zeros((len(factors), len(factors)))
    np.fill_diagonal(together, 0.0)
    rows = []
    for at, factor in enumerate(factors):
        parameter = PARAMETERS[factor.key.removeprefix("params.")]
        values, partner = unit[:, at], int(np.argmax(np.abs(together[at])))
        test = kstest(values, "uniform", args=(-1.0, 2.0)) if len(values) else None
        narrowed = 1.0 - float(values.std()) / UNIFORM_SD if len(values) else np.nan
        chance = min(1.0, float(test.pvalue) * len(factors)) if test else np.nan
        own = params[factor.key].to_numpy(float)
        rows.append(
            {
                "parameter": factor.key,
                "label": parameter.label,
                "unit": factor.unit,
                "low": factor.low,
                "high": factor.high,
                "configured": asked.params.get(parameter.name, parameter.default),
                **{f"set_{name}": value for name, value in _quantiles(own).items()},
                "set_mean": float(own.mean()) if len(own) else np.nan,
                "narrowed": narrowed,
                "distance": float(test.statistic) if test else np.nan,
                "chance": chance,
                "goes_with": factors[partner].key,
                "correlation": float(together[at, partner]),
                "identified": bool(chance < 0.01),
            }
        )
    return pd.DataFrame(rows).sort_values(
        ["distance", "parameter"], ascending=[False, True], kind="stable", ignore_index=True
    )


def profile_table(asked: CalibrationKeys, waves: Sequence[Wave]) -> pd.DataFrame:
    """Returns one row per parameter and tenth of its range, over all points simulated there: the least
    implausibility, and how many points are in the set.
    """
    unit = np.concatenate([asked.in_unit(wave.params) for wave in waves])
    worst = np.concatenate([wave.implausible.max(axis=1) for wave in waves])
    rows = []
    for at, factor in enumerate(asked.varied()):
        tenth = np.clip((0.5 * (unit[:, at] + 1.0) * BINS).astype(int), 0, BINS - 1)
        for number in range(BINS):
            here = worst[tenth == number]
            middle = factor.low + (number + 0.5) / BINS * (factor.high - factor.low)
            least = float(here.min()) if here.size else np.nan
            rows.append(
                {
                    "parameter": factor.key,
                    "middle": middle,
                    "points": here.size,
                    "least_implausibility": least,
                    "members": int((here <= asked.cutoff).sum()),
                }
            )
    return pd.DataFrame(rows)


def emulator_table(asked: CalibrationKeys, waves: Sequence[Wave]) -> pd.DataFrame:
    """Returns one row per wave and target: how much of the variance between points the emulator explains, and
    which parameters it uses.
    """
    names = [factor.key.removeprefix("params.") for factor in asked.varied()]
    rows = []
    for number, wave in enumerate(waves, 1):
        for target, emulator in zip(asked.targets, wave.judged.emulators, strict=True):
            left = float(np.sqrt(emulator.variance))
            rows.append(
                {
                    "wave": number,
                    "target": target.name,
                    "explained": emulator.explained,
                    "sd_left": left,
                    "terms": len(emulator.terms),
                    "parameters": " ".join(names[column] for column in emulator.active),
                }
            )
    return pd.DataFrame(rows)
