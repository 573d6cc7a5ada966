"""Reconfiguration, public scrutiny, capital and staff in words: each function gives (what happened, the
reason).
"""

from sim.minute_book.wording import (
    Happened,
    Told,
    bodies,
    count,
    gain,
    level,
    money,
    months_after_tabling,
    percent,
    verb,
)


# --- reconfiguration and scrutiny ---
def services_move(e: Happened) -> Told:
    share, worth, fall, own, _ = e.figures
    what = f"{e.who} begins to lose a hospital service to {e.other or 'another site'} under {e.work}"
    moved = f"{percent(share)} of the place's hospital care, worth {money(worth)} a year, is to move"
    return what, f"{moved}, by which {e.who} should {gain(own)}; public confidence falls by {level(fall)}"


def consultation(e: Happened) -> Told:
    months, lost, confidence, involvement, transparency = e.figures
    length = f"for {count(months, 'month')}" if months >= 0.5 else "at once"
    decided = "it has been agreed" if e.project is not None else "it is to go ahead"
    reason = f"{decided}, and the public is involved {level(involvement)} on a scale from 0 to 1"
    if lost > 0:
        closed = f"it was prepared in meetings open to the public only {level(transparency)} on such a scale"
        reason += f"; {closed}, and public confidence falls by {level(lost)} to {level(confidence)}"
    return f"the public is consulted {length} on {e.proposal}", reason


def _by_whom(e: Happened, court: float) -> str:
    if court:
        return "a judicial review"
    return f"a referral by {e.named}" if e.named else "a referral by councillors"


def _after(e: Happened, months: float) -> str:
    if e.project is not None:
        return months_after_tabling(months)
    return f"{count(months, 'month')} after it was decided"


def referred(e: Happened) -> Told:
    months, confidence, chance, court, _ = e.figures
    if court:
        what = f"campaigners take {e.proposal} to court"
    else:
        what = f"{e.named or 'the council'} refers {e.proposal} to the Secretary of State"
    likely = f"{percent(chance)} of plans prepared in such meetings meet with this"
    reason = f"public confidence there is {level(confidence)}, at which {likely}"
    return what, f"{reason}; it costs {count(months, 'month')}"


def cleared(e: Happened) -> Told:
    waited, was_referred, chance, *_ = e.figures
    if was_referred:
        return f"{e.proposal} survives its review {_after(e, waited)}", (
            f"{percent(chance)} of those under review are lost"
        )
    return (
        f"{e.proposal} passes public consultation {_after(e, waited)}",
        f"nobody refers it or goes to court, though the chance of that was {percent(chance)}",
    )


def stopped(e: Happened) -> Told:
    waited, court, chance, *_ = e.figures
    reason = f"{_by_whom(e, court)} ends against it, as {percent(chance)} of them do"
    return f"{e.proposal} is stopped {_after(e, waited)}", reason


# Mergers pass the same scrutiny, and the minutes use the same words.
merger_consultation, merger_referred, merger_cleared, merger_stopped = (
    consultation,
    referred,
    cleared,
    stopped,
)


# --- capital ---
def capital_granted(e: Happened) -> Told:
    spent, saving, left, asked, _ = e.figures
    reason = (
        f"it should {gain(saving)} by it; {money(left)} is left in the pot, of which schemes have asked "
        f"for {money(asked)} so far"
    )
    return f"{e.who} is granted {money(spent)} of capital under {e.work}", reason


def went_alone(e: Happened) -> Told:
    cost, held, saving, *_ = e.figures
    reason = (
        f"as a foundation trust it needs nobody's leave, holds {money(held)}, and should {gain(saving)} by it"
    )
    return f"{e.who} pays {money(cost)} for a building scheme of its own without the board", reason


def capital_limited(e: Happened) -> Told:
    cost, held, short, *_ = e.figures
    reason = (
        f"it holds {money(held)}, but is forecast to end the year {money(short)} worse than it was asked, "
        "and its capital is limited"
    )
    return f"{e.who} may not pay {money(cost)} for a building scheme of its own", reason


# --- staff ---
def staff_shared(e: Happened) -> Told:
    sharing, saved, sharers, *_ = e.figures
    effect = "saves" if saved >= 0 else "costs"
    reason = (
        f"{bodies(sharers)} {verb(sharers, 'shares', 'share')} staff, which {effect} {money(saved)} a year "
        "in agency premium"
    )
    return (
        f"after {e.work}, {percent(sharing)} of vacancies are filled by sharing rather than bidding",
        reason,
    )
