"""How long proposals wait: from the table to agreement or death, and to completion. Proposals that are still
open at the end count too.

A proposal ends in one of two ways, so the curves are those of competing outcomes (Aalen and Johansen 1978).
Treating dead proposals as merely unobserved would overstate how many are agreed. Proposals of one future
share its luck and are not independent. So the bands come from leaving out one future at a time (the
delete-one-group jackknife), not from counting each proposal as a study of its own. A proposal that is open at
the horizon is censored there. This assumes that late proposals fare like earlier ones, which may be wrong in
a worsening decade.
"""

import math
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.intervals import checked_level
from sim.analysis.tables import NotedTable, noted, small_print
from sim.inputs.problems import BadInput

if TYPE_CHECKING:
    import xarray as xr

OPEN, AGREED, DIED = range(3)
COLUMNS = ["month", "state", "share", "low", "high", "at_risk"]


def _counts(
    time: np.ndarray, cause: np.ndarray, group: np.ndarray, last: int
) -> tuple[np.ndarray, np.ndarray]:
    """Returns per group: numbers at risk before months 0 ... last (g, t), and ends by cause (g, c, t)."""
    groups, rows = np.unique(group, return_inverse=True)
    causes = max(1, int(cause.max(initial=0)))
    ends = np.zeros((groups.size, causes + 1, last + 2))  # the last column: ends after `last`, not shown
    np.add.at(ends, (rows, cause, np.minimum(time, last + 1)), 1.0)
    ends = ends[:, :, :-1]
    gone = np.cumsum(ends.sum(axis=1), axis=1)
    at_risk = np.zeros((groups.size, last + 1))
    at_risk[:, 0] = np.bincount(rows, minlength=groups.size)
    at_risk[:, 1:] = at_risk[:, :1] - gone[:, :-1]
    return at_risk, ends[:, 1:]


def _curves(at_risk: np.ndarray, ends: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Returns the Kaplan-Meier share still open (..., t) and the cumulative incidence by cause (..., c, t)
    from counts (..., t), (..., c, t).
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        hazard = np.where(at_risk[..., None, :] > 0, ends / at_risk[..., None, :], 0.0)
    still = np.cumprod(1.0 - hazard.sum(axis=-2), axis=-1)
    before = np.concatenate([np.ones_like(still[..., :1]), still[..., :-1]], axis=-1)
    return still, np.cumsum(before[..., None, :] * hazard, axis=-1)


def incidence(
    time: np.ndarray, cause: np.ndarray, group: np.ndarray | None = None, last: int | None = None
) -> dict[str, np.ndarray]:
    """Returns the share still open and the shares ended by each cause, month by month, with standard errors.

    `time` (n,) whole months to the end or to censoring; `cause` (n,) 0 censored, 1 ... c how it ended;
    `group` (n,) the group of each observation (its future), by default one group each. An end counts before a
    censoring in the same month. Returns `month` (t,), `at_risk` (t,), `open` (t,), `ended` (c, t), and
    standard errors `open_error`, `ended_error` of the same shapes: delete-one-group jackknife, NaN with one
    group. With one cause `open` is the estimate of Kaplan and Meier (1958), with more `ended` that of Aalen
    and Johansen (1978). Raises BadInput for times or causes below 0, not whole, or of unlike length.
    """
    time, cause = np.asarray(time), np.asarray(cause)
    group = np.arange(time.size) if group is None else np.asarray(group)
    if not time.shape == cause.shape == group.shape or time.ndim != 1:
        raise BadInput(
            f"time, cause and group have shapes {time.shape}, {cause.shape} and {group.shape}: must be alike"
        )
    for name, values in (("time", time), ("cause", cause)):
        if values.size and not (np.all(values >= 0) and np.all(values == np.floor(values))):
            raise BadInput(f"{name}: must be whole numbers of 0 or more")
    time, cause = time.astype(int), cause.astype(int)
    last = int(time.max(initial=0)) if last is None else last
    at_risk, ends = _counts(time, cause, group, last)
    still, ended = _curves(at_risk.sum(axis=0), ends.sum(axis=0))
    without = _curves(at_risk.sum(axis=0) - at_risk, ends.sum(axis=0) - ends)
    return {
        "month": np.arange(last + 1),
        "at_risk": at_risk.sum(axis=0).astype(int),
        "open": still,
        "ended": ended,
        "open_error": _jackknife(without[0]),
        "ended_error": _jackknife(without[1]),
    }


def _jackknife(without: np.ndarray) -> np.ndarray:
    """Returns the standard error from estimates that leave out one group each, shape (g, ...)."""
    groups = without.shape[0]
    if groups < 2:
        return np.full(without.shape[1:], math.nan)
    off = without - without.mean(axis=0)
    return np.sqrt((groups - 1) / groups * (off * off).sum(axis=0))


def waits(data: "xr.Dataset", months: int | None = None) -> dict[str, np.ndarray]:
    """Returns every proposal of every future, each array (n,): `future`; `decision` and `completion` in
    months from the table; and what happened at those times: `decided` (0 undecided, 1 agreed, 2 died) and
    `ended` (0 open, 1 completed, 2 died).

    A proposal that is open at the horizon is censored at the months it had been on the table by then. Raises
    BadInput for a dataset without projects (record="summary").
    """
    if "project_tabled" not in data:
        raise BadInput('data: holds no projects; simulate with record="series"')
    horizon = (data.sizes["month"] if months is None else months) - 1
    tabled, decided, outcome, delivered = (
        data[f"project_{name}"].values for name in ("tabled", "decided", "outcome", "delivered")
    )
    rows, columns = np.nonzero(np.isfinite(tabled))
    tabled, decided, outcome, delivered = (
        values[rows, columns] for values in (tabled, decided, outcome, delivered)
    )
    known, done, died = np.isfinite(decided), np.isfinite(delivered), outcome == DIED
    decision = np.where(known, decided, horizon) - tabled
    completion = np.where(done, delivered, np.where(died, decided, horizon)) - tabled
    return {
        "future": data["future"].values[rows],
        "decision": decision.astype(int),
        "decided": np.where(known, outcome, 0).astype(int),
        "completion": completion.astype(int),
        "ended": np.where(done, 1, np.where(died, 2, 0)),
    }


def waiting(data: "xr.Dataset", level: float = 0.95, longest: int = 60) -> NotedTable:
    """Returns the course of proposals from the table to the decision and to completion, over all proposals of
    all futures; a pandas DataFrame.

    One row per month since tabling (0 ... `longest`) and state: `undecided` (Kaplan-Meier), `agreed` and
    `died` (cumulative incidence; the three add up to 1), `completed` (cumulative incidence of the end of the
    phase, delivered in full or not, against death). Columns: month, state, `share`, `low`, `high` (share ±
    normal quantile x jackknife error over futures, within [0, 1]), `at_risk` (proposals still followed).
    `attrs`: note, futures, seed, proposals, undecided (share of all proposals undecided at the horizon),
    regime, title. Without proposals every share is NaN. Raises BadInput for a dataset without projects.
    """
    level = checked_level(level)
    found = waits(data)
    longest = min(longest, int(data.sizes["month"]) - 1)
    decision = incidence(found["decision"], found["decided"], found["future"], longest)
    completion = incidence(found["completion"], found["ended"], found["future"], longest)
    by_state = {
        "undecided": (decision["open"], decision["open_error"], decision["at_risk"]),
        "agreed": (decision["ended"][0], decision["ended_error"][0], decision["at_risk"]),
        "died": (_row(decision["ended"], 1), _row(decision["ended_error"], 1), decision["at_risk"]),
        "completed": (completion["ended"][0], completion["ended_error"][0], completion["at_risk"]),
    }
    z = NormalDist().inv_cdf(0.5 + level / 2.0)
    proposals = int(found["future"].size)
    rows = []
    for state, (share, error, at_risk) in by_state.items():
        low, high = np.clip(share - z * error, 0.0, 1.0), np.clip(share + z * error, 0.0, 1.0)
        for month in range(longest + 1):
            numbers = (
                (float(share[month]), float(low[month]), float(high[month])) if proposals else (math.nan,) * 3
            )
            rows.append(dict(zip(COLUMNS, (month, state, *numbers, int(at_risk[month])), strict=True)))
    futures, seed = int(data.sizes["future"]), data.attrs.get("seed", "")
    return noted(
        rows,
        COLUMNS,
        f"{small_print(futures, seed, f'{level:.0%} bands')}; from the variation between futures.",
        level=level,
        futures=futures,
        seed=seed,
        proposals=proposals,
        undecided=float((found["decided"] == 0).mean()) if proposals else math.nan,
        regime=data.attrs.get("regime", ""),
        title=data.attrs.get("title", ""),
    )


def _row(values: np.ndarray, row: int) -> np.ndarray:
    """Returns a cause's row, or zeros if nothing ever ended by it."""
    return values[row] if values.shape[0] > row else np.zeros(values.shape[1])
