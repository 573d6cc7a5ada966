"""Outside chance. A future is a number, and each draw a pure function of (seed, future, name, entity, month).

The generator is Philox 4x32-10 (Salmon, Moraes, Dror and Shaw 2011, "Parallel random numbers: as easy as 1,
2, 3"). It is counter-based: it streams and stores nothing. So one more draw, body or thread changes no other
draw, and two regimes live through the same futures.
"""

import hashlib

import numpy as np

from sim.kernel.compiled import rule

# Names of draws. Never give the number of one draw to another: published results depend on it.
# (They are NumPy integers, because Numba would compile `words` anew for each Python integer.)
DEMAND_SHOCK = np.int64(1)
COST_SHOCK = np.int64(2)
START_MARGIN = np.int64(3)
LEADER = np.int64(4)
ELECTION = np.int64(5)
PROJECT_KIND = np.int64(6)
PROJECT_LUCK = np.int64(7)
PROJECT_HARM = np.int64(8)
APPRAISAL = np.int64(9)
RATIFICATION = np.int64(10)
CHALLENGE_BOARD = np.int64(11)
CHALLENGE_BODY = np.int64(12)
BREACH = np.int64(13)
BOARD_CYCLE = np.int64(14)
PROJECT_PLACE = np.int64(15)
MERGER_PUT_FORWARD = np.int64(31)
MERGER_CASE = np.int64(32)
MERGER_APPRAISAL = np.int64(33)
MERGER_REVIEW = np.int64(34)
MERGER_SYNERGY = np.int64(35)
MERGER_SCRUTINY = np.int64(36)
CAPITAL_SCHEME = np.int64(40)
SCRUTINY = np.int64(41)
STAFF_RICH = np.int64(42)
SPECIAL_MEASURES = np.int64(50)
DIRECTORS = np.int64(51)
ADOPTION = np.int64(63)
LAY_VIEW = np.int64(60)
MEDIATION = np.int64(61)
COMMISSIONER_SEEKS = np.int64(65)
INDEPENDENT_BID = np.int64(55)

MASK = np.uint64(0xFFFFFFFF)
SHIFT = np.uint64(32)
NAME_SHIFT = np.uint64(16)
MULTIPLY_0 = np.uint64(0xD2511F53)
MULTIPLY_1 = np.uint64(0xCD9E8D57)
WEYL_0 = np.uint64(0x9E3779B9)
WEYL_1 = np.uint64(0xBB67AE85)
ROOT_3 = 1.7320508075688772
UNIT = 2.0**-32


def key_of(name: str) -> int:
    """Return a 32-bit key that depends on the entity's name alone, not on its place in a list."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=4).digest(), "little")


@rule
def philox(c0, c1, c2, c3, k0, k1):
    """Run ten rounds on the counter (c0..c3) under the key (k0, k1). All are 32-bit numbers in uint64."""
    for _ in range(10):
        p0 = MULTIPLY_0 * c0
        p1 = MULTIPLY_1 * c2
        c0, c1, c2, c3 = (p1 >> SHIFT) ^ c1 ^ k0, p1 & MASK, (p0 >> SHIFT) ^ c3 ^ k1, p0 & MASK
        k0 = (k0 + WEYL_0) & MASK
        k1 = (k1 + WEYL_1) & MASK
    return c0, c1, c2, c3


@rule
def words(now, name, entity, other, month):
    """Return the four 32-bit words of one named draw."""
    label = (np.uint64(name) << NAME_SHIFT) | np.uint64(month)
    return philox(entity, other, label, now.future, now.seed_low, now.seed_high)


@rule
def uniforms(now, name, entity, other, month):
    """Return four independent draws, each uniform on (0, 1)."""
    a, b, c, d = words(now, name, entity, other, month)
    return (
        (np.float64(a) + 0.5) * UNIT,
        (np.float64(b) + 0.5) * UNIT,
        (np.float64(c) + 0.5) * UNIT,
        (np.float64(d) + 0.5) * UNIT,
    )


@rule
def bell(now, name, entity, other, month):
    """Return a draw of mean 0 and variance 1, near normal: the sum of four uniforms (Irwin-Hall).

    It needs no exp or log.
    """
    a, b, c, d = uniforms(now, name, entity, other, month)
    return (((a + b) + (c + d)) - 2.0) * ROOT_3
