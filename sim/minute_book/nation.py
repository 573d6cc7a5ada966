"""The national body in words: each function gives (what happened, the reason) for one kind of event."""

from sim.declarations.dials import AHEAD, PER_HEAD
from sim.minute_book.wording import Happened, Told, count, level, levels, money, percent


# --- support ---
def _a_head(pounds: float) -> str:
    return f"GBP {pounds:.2f} a head"


def earmarked(e: Happened) -> Told:
    total, most, least, mean, support = e.figures
    what = f"{money(total)} of the year's transformation money is set aside for places"
    if support == PER_HEAD or not e.place:
        return what, f"every place has the same, {_a_head(mean)}"
    why = (
        "care is joined up furthest there"
        if support == AHEAD
        else ("deprivation and unmet need for care together are greatest there")
    )
    share = f"it has {_a_head(most)}, where {_a_head(mean)} is the mean and {_a_head(least)} the least"
    return f"{what}, most a head for {e.place}", f"{why}; {share}"


def fund_raided(e: Happened) -> Told:
    paid, unspent, short, trusts, fenced = e.figures
    reason = f"{count(trusts, 'trust')} fell short of what they were asked by {money(short)} in all"
    if round(trusts) == 1:
        reason = f"1 trust fell short of what it was asked by {money(short)}"
    fence = (
        "none of what was left is ring-fenced"
        if fenced <= 0
        else (f"{percent(fenced)} of what was left is ring-fenced")
    )
    return f"{money(paid)} of the {money(unspent)} left in the transformation fund goes into deficits", (
        f"{reason}, and {fence}"
    )


# --- status ---
CRITERIA = ("how far its bodies engage", "the trusts' money", "how far care is joined up")


def _measured(which: float, found: float, asked: float) -> str:
    """Say what a criterion is, what was found and what is required."""
    name = CRITERIA[int(which)]
    if int(which) == 1:
        ended, allowed = _margins(found, asked)
        return f"{name} (together they end the year with {ended}, where {allowed} is allowed)"
    one, other = levels(found, asked)
    return f"{name} ({one}, where {other} is asked)"


def _margin(share: float, digits: int = 2) -> str:
    if abs(share) < 0.00005:
        return "an even balance"
    return f"a {'surplus' if share > 0 else 'deficit'} of {abs(100.0 * share):.{digits}f}% of income"


def _margins(one: float, other: float) -> tuple[str, str]:
    """Format two margins with as many decimals as it takes to tell them apart."""
    digits = len(levels(100.0 * one, 100.0 * other)[0].split(".")[1])
    return _margin(one, digits), _margin(other, digits)


def status_granted(e: Happened) -> Told:
    engagement, margin, integration, decides, _ = e.figures
    reason = (
        f"engagement is {level(engagement)}, integration {level(integration)}, and the trusts end the year "
        f"with {_margin(margin)}"
    )
    return "the system is granted ICS status", (
        f"{reason}; it now decides over {money(decides)} a year of national money"
    )


def status_refused(e: Happened) -> Told:
    return "the system is not granted ICS status", (
        f"what is furthest from enough is {_measured(*e.figures[:3])}"
    )


def status_withdrawn(e: Happened) -> Told:
    slack = e.figures[3]
    leeway = f", which is short by more than the {percent(slack)} that is overlooked" if slack > 0 else ""
    return "the system loses its ICS status", f"it has clearly failed on {_measured(*e.figures[:3])}{leeway}"


# --- special measures ---
def _state(e: Happened) -> str:
    margin, allowed, quality, wanted, _ = e.figures
    ended, worst = _margins(margin, allowed)
    money_ = f"it ended last year with {ended}, where {worst} is the worst allowed"
    if quality < 0:  # a commissioner has no quality of its own
        return money_
    one, other = levels(quality, wanted)
    return f"{money_}, and its quality is {one}, where {other} is the least"


def put_in_measures(e: Happened) -> Told:
    return f"{e.who} is put in special measures", (
        f"after {count(e.figures[4], 'month')} of failing, {_state(e)}"
    )


def measures_ended(e: Happened) -> Told:
    return f"{e.who} leaves special measures", (
        f"after {count(e.figures[4], 'month')} without failing, {_state(e)}"
    )


def directors_removed(e: Happened) -> Told:
    lost, trust, engagement, margin, quality = e.figures
    ended = f"it is in special measures, ended last year with {_margin(margin)}"
    held = ended if quality < 0 else f"{ended}, and its quality is {level(quality)}"
    ties = f"the trust of its partners moves from {level(trust)} towards that between strangers"
    effect = f"its engagement falls by {percent(lost)} from {level(engagement)}, and {ties}"
    return f"the national body removes the directors of {e.who}", f"{held}; {effect}"
