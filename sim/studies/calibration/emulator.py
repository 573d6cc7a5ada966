"""A cheap stand-in for one counterpart of the model: a polynomial with few terms in the parameters, and how
far it may be off.

Terms are added one by one, each time the one that explains most of the remaining variance (orthogonal
matching pursuit). A term is a parameter, the square of a chosen parameter, or the product of two chosen ones.
Inputs are shares in [-1, 1] of the explored range.
"""

from dataclasses import dataclass
from itertools import combinations_with_replacement

import numpy as np

# a term must be so many standard errors away from 0: luck alone rarely gives 4 among some 300 candidates
LEAST_T = 4.0
MOST_TERMS = 40
LEAST_FREE = 10  # the least number of degrees of freedom that remain


@dataclass(frozen=True)
class Emulator:
    """Predicts the counterpart's mean at a point: coefficients . terms. `terms` are pairs of columns; -1
    stands for the constant 1.
    """

    terms: tuple[tuple[int, int], ...]
    coefficients: np.ndarray
    variance: float  # variance of the residuals, including the luck in each mean
    explained: float  # share of the variance that it explains when each point is predicted from the others

    def mean(self, unit: np.ndarray) -> np.ndarray:
        """Predicts the mean at points, shape (n, parameters) in [-1, 1]; the result has shape (n,)."""
        return _columns(unit, self.terms) @ self.coefficients

    @property
    def active(self) -> list[int]:
        """The parameters that the emulator depends on."""
        return sorted({column for term in self.terms for column in term if column >= 0})


def _columns(unit: np.ndarray, terms: tuple[tuple[int, int], ...]) -> np.ndarray:
    padded = np.column_stack([unit, np.ones(len(unit))])  # column -1 is 1
    first, second = np.array(terms).T
    return padded[:, first] * padded[:, second]


def fit(unit: np.ndarray, values: np.ndarray) -> Emulator:
    """Fits an emulator to points (n, parameters) in [-1, 1] and finite values (n,). Deterministic."""
    terms: list[tuple[int, int]] = [(-1, -1)]
    candidates = [(column, -1) for column in range(unit.shape[1])]
    while True:
        columns = _columns(unit, tuple(terms))
        basis, _ = np.linalg.qr(columns)
        rest = values - basis @ (basis.T @ values)
        free = len(values) - len(terms)
        if free <= LEAST_FREE or len(terms) > MOST_TERMS or not candidates:
            break
        tried = _columns(unit, tuple(candidates))
        tried = tried - basis @ (basis.T @ tried)
        size = np.sqrt((tried**2).sum(axis=0))
        along = np.divide(tried.T @ rest, size, out=np.zeros(len(candidates)), where=size > 1e-9)
        best = int(np.argmax(np.abs(along)))
        left = max(0.0, float(rest @ rest) - along[best] ** 2)
        if along[best] ** 2 * (free - 1) <= LEAST_T**2 * left or along[best] == 0.0:
            break
        terms.append(candidates.pop(best))
        candidates += _products(terms, candidates)
    leverage = (basis**2).sum(axis=1)
    alone = rest / np.maximum(1.0 - leverage, 1e-9)
    total = float(((values - values.mean()) ** 2).sum())
    coefficients = np.linalg.lstsq(columns, values, rcond=None)[0]
    explained = 1.0 - float(alone @ alone) / total if total > 0.0 else 0.0
    return Emulator(tuple(terms), coefficients, float(rest @ rest) / max(1, free), explained)


def _products(terms: list[tuple[int, int]], candidates: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Returns squares and products of the chosen parameters that are neither terms nor candidates yet."""
    active = sorted({column for term in terms for column in term if column >= 0})
    known = {*terms, *candidates}
    return [pair for pair in combinations_with_replacement(active, 2) if pair not in known]
