"""Counterparts: the quantities of the model that published figures are compared with. Each is a ratio of two
sums over all systems.

Month 0 is April 2016. The accounts hold figures of a financial year from its last month on. Systems have luck
of their own, so luck alone gives the ratio R = sum(N) / sum(D) over systems the variance sum(var(N - R D)) /
sum(D)^2 (the usual estimator for a ratio).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from sim.declarations.parameters import PARAMETERS

Parts = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True)
class Lived:
    """Results of a wave's runs for p points, f futures and s systems; NaN where there is nothing to count."""

    series: dict[tuple[str, int], np.ndarray]  # (indicator, month) -> (p, f, s)
    outcomes: dict[str, np.ndarray]  # outcome -> (p, f, s)
    params: pd.DataFrame  # p rows, one column per parameter
    councils: np.ndarray  # (s,) how many councils each system has
    # values of parameters that do not vary and differ from their default
    configured: Mapping[str, float] = field(default_factory=dict)

    def parameter(self, name: str) -> np.ndarray:
        """Returns a parameter's value at every point, shape (p, 1, 1), whether it varies or not."""
        if f"params.{name}" in self.params:
            return self.params[f"params.{name}"].to_numpy(float)[:, None, None]
        return np.full((len(self.params), 1, 1), self.configured.get(name, PARAMETERS[name].default))

    def at(self, indicator: str, month: int) -> np.ndarray:
        return self.series[indicator, month]


@dataclass(frozen=True)
class Counterpart:
    """Numerator and denominator of each run, shape (p, f, s). With `years` above 0 the ratio is turned into a
    growth rate per year.
    """

    name: str
    unit: str
    words: str
    parts: Callable[[Lived], Parts]
    needs: tuple[tuple[str, int], ...] = ()
    outcomes: tuple[str, ...] = field(default=())
    years: float = 0.0

    @property
    def bounds(self) -> tuple[float, float]:
        """The range of the ratio: 0 to 1 for a share; no bounds for a growth rate or a sum of money."""
        return (0.0, 1.0) if self.unit.startswith("share") and not self.years else (-np.inf, np.inf)

    def measure(self, lived: Lived) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Returns for every point: the mean over futures, the variance that luck gives to one history of
        England, and the variance of the mean. Each has shape (p,).
        """
        above, below = (np.asarray(part, float) for part in self.parts(lived))
        counted = np.isfinite(above) & np.isfinite(below)
        above, below = np.where(counted, above, 0.0), np.where(counted, below, 0.0)
        futures = np.maximum(counted.sum(axis=1), 1)  # futures that count, for each point and system
        total = (below.sum(axis=1) / futures).sum(axis=1)
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = (above.sum(axis=1) / futures).sum(axis=1) / total
            rest = np.where(counted, above - ratio[:, None, None] * below, 0.0)
            centred = np.where(counted, rest - (rest.sum(axis=1) / futures)[:, None, :], 0.0)
            spread = (centred**2).sum(axis=1) / np.maximum(futures - 1, 1)  # (p, s)
            luck, own = spread.sum(axis=1) / total**2, (spread / futures).sum(axis=1) / total**2
            if self.years:
                slope = np.power(ratio, 1.0 / self.years - 1.0) / self.years
                return np.power(ratio, 1.0 / self.years) - 1.0, luck * slope**2, own * slope**2
        return ratio, luck, own


def _sum_of(value: str, month: int) -> Callable[[Lived], Parts]:
    """A sum over systems, as a ratio to 1."""
    return lambda lived: (
        lived.at(value, month) * lived.at(value, month).shape[2],
        np.ones_like(lived.at(value, month)),
    )


def _share_of_trusts(share: str, month: int) -> Callable[[Lived], Parts]:
    return lambda lived: (lived.at(share, month) * lived.at("trusts", month), lived.at("trusts", month))


def _merged(lived: Lived) -> Parts:
    return lived.at("mergers", 71) - lived.at("mergers_commissioners", 71), lived.at("trusts", 0)


def _left(month: int) -> Callable[[Lived], Parts]:
    return lambda lived: (lived.at("commissioners", month), lived.at("commissioners", 0))


def _councils_gone(lived: Lived) -> Parts:
    gone = lived.at("walk_aways_council", 35)
    return gone, np.broadcast_to(3.0 * lived.councils, gone.shape)


def _growth(indicator: str) -> Callable[[Lived], Parts]:
    return lambda lived: (lived.at(indicator, 35), lived.at(indicator, 11))


def _effect(lived: Lived) -> Parts:
    realised = lived.outcomes["realised_share"]
    return lived.parameter("hospital_effect") * lived.parameter("shift_rise") * realised, np.where(
        np.isfinite(realised), 1.0, np.nan
    )


def _months(lived: Lived) -> Parts:
    found = lived.outcomes["months_to_delivery"]
    return found, np.where(np.isfinite(found), 1.0, np.nan)


_ALL = (
    Counterpart("trusts_in_deficit", "share", "trusts with a deficit in the year to March 2017, fund "
                                              "included",
                _share_of_trusts("in_the_red", 12), (("in_the_red", 12), ("trusts", 12))),
    Counterpart("balance_of_trusts", "GBP m", "balance of all trusts in the year to March 2017, fund "
                                              "included",
                _sum_of("trust_balance", 12), (("trust_balance", 12),)),
    Counterpart("totals_too_hard_2016", "share", "trusts whose control total of April 2016 asks for more "
                                                 "than the fund would bring",
                _share_of_trusts("totals_too_hard", 0), (("totals_too_hard", 0), ("trusts", 0))),
    Counterpart("totals_too_hard_2017", "share", "trusts whose control total of April 2017 asks for more "
                                                 "than the fund would bring",
                _share_of_trusts("totals_too_hard", 12), (("totals_too_hard", 12), ("trusts", 12))),
    Counterpart("trusts_merged", "share of trusts", "mergers of providers from April 2016 to March 2022, "
                                                    "of the trusts there were",
                _merged, (("mergers", 71), ("mergers_commissioners", 71), ("trusts", 0))),
    *(Counterpart(f"ccgs_left_{2016 + month // 12}", "share",
                  f"CCGs in April {2016 + month // 12}, of those of April 2016",
                  _left(month), (("commissioners", 0), ("commissioners", month))) for month in (12, 24, 36)),
    Counterpart("councils_gone", "share a council and year",
                "departures of councils from April 2016 to March 2019",
                _councils_gone, (("walk_aways_council", 35),)),
    Counterpart("growth_of_activity", "share a year", "growth of the work of all providers, March 2017 to "
                                                      "March 2019",
                _growth("activity"), (("activity", 11), ("activity", 35)), years=2.0),
    Counterpart("growth_of_contracts", "share a year", "growth of what commissioners pay for contracts, "
                                                       "March 2017 to March 2019",
                _growth("contracts_paid"), (("contracts_paid", 11), ("contracts_paid", 35)), years=2.0),
    Counterpart("effect_of_a_shift", "share of acute care",
                "acute care that a completed shift avoids: hospital_effect x shift_rise x share realised, "
                "mean over projects",
                _effect, outcomes=("realised_share",)),
    Counterpart("months_to_effect", "months", "from table to the end of the phase, mean over projects "
                                              "completed by March 2022",
                _months, outcomes=("months_to_delivery",)),
)  # fmt: skip
COUNTERPARTS: dict[str, Counterpart] = {counterpart.name: counterpart for counterpart in _ALL}


def needed(names: Iterable[str]) -> tuple[list[str], list[int], list[str]]:
    """Returns what every run must keep for these counterparts: indicators, months, outcomes."""
    chosen = [COUNTERPARTS[name] for name in dict.fromkeys(names)]
    series = [pair for counterpart in chosen for pair in counterpart.needs]
    outcomes = [name for counterpart in chosen for name in counterpart.outcomes]
    return (
        list(dict.fromkeys(n for n, _ in series)),
        sorted({m for _, m in series}),
        list(dict.fromkeys(outcomes)),
    )
