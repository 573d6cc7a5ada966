"""The life of a proposal in words: each function gives (what happened, the reason) for one kind of event."""

from sim.kernel.records import CAPITAL, POOL, RECONFIGURE, RISK_SHARE, WORKFORCE
from sim.minute_book.wording import (
    Happened,
    Told,
    bodies,
    count,
    gain,
    level,
    money,
    months_after_tabling,
    own_board,
    percent,
    verb,
    votes,
)
from sim.rules.decisions import reasons


# --- on the table ---
def tabled(e: Happened) -> Told:
    benefit, _, patients, worst, losers = e.figures
    parts = [f"it should be worth {money(patients)} a year to patients"] if patients > 0.0 else []
    net = benefit - patients
    side = "better" if net >= 0 else "worse"
    parts.append(f"{'leave' if parts else 'it should leave'} the bodies {money(net)} a year {side} off")
    loss = "nobody expects to lose by it"
    if e.other:
        rest = f"{bodies(losers)} {verb(losers, 'expects', 'expect')} to lose by it, {e.other}"
        loss = f"{rest} {money(worst)} a year" if losers == 1 else f"{rest} most, {money(worst)} a year"
    return f"{e.proposal} is tabled, with most of the work for {e.who}", f"{' and '.join(parts)}; {loss}"


def table_full(e: Happened) -> Told:
    return f"a proposal (no. {e.project}) is turned away", (
        f"the table holds {count(e.figures[0], 'project')} and is full"
    )


def nothing_at_stake(e: Happened) -> Told:
    own_totals, kind, cost, free, hindered = e.figures
    reason = "it would move nobody's money"
    if kind == RISK_SHARE:
        reason = "the single budget already shares the risk"
        if own_totals:
            reason = "nobody has a surplus that could cover another's shortfall"
    elif kind == POOL:
        reason = "one of the two bodies whose budgets they are has left"
        if hindered:
            reason = "budgets there are pooled already, or it is already proposed that they should be"
    elif kind == RECONFIGURE:
        reason = "no two trusts in the partnership share the place's hospital care"
        if hindered:
            reason = "such a plan is under way there already"
    elif kind == CAPITAL:
        reason = f"it would cost {money(cost)}, and {money(free)} of the capital pot is not spoken for"
        if hindered:
            reason = (
                f"it would cost {money(cost)}, which it does not hold, and the pot is for members of the "
                "partnership"
            )
    elif kind == WORKFORCE:
        reason = "no posts are vacant, or staff are shared already"
    return f"the idea to {e.aim} (no. {e.project}) is dropped", reason


def _obstacle(e: Happened) -> str:
    _, yes, no, price, offer = e.figures
    tally = votes(yes, no)
    if not e.other:
        return "nobody votes for it" if yes == 0 else tally
    if price == reasons.WITHHOLDS_CONSENT:
        return (
            f"{tally}; but {e.other}, which has no vote, does not consent to its own part, without which "
            "it cannot be done"
        )
    if price == reasons.NOT_THERE:
        return f"{tally}; but it cannot be done without {e.other}, which is no longer there to take part"
    if price <= 0.0:
        why = (
            "has no part in it that could be paid for"
            if offer > 0.0
            else ("nobody gains enough to make it an offer")
        )
        return f"{tally}; {e.other} objects most firmly, and {why}"
    has = "nothing more is on offer"
    if offer > 0.0:
        has = f"only {money(offer)} is on offer" if offer >= 0.0005 else "next to nothing is on offer"
    which = "only objector" if no == 1 else "cheapest objector"
    return f"{tally}; {e.other}, the {which} to win over, would want {money(price)} a year, and {has}"


def not_agreed(e: Happened) -> Told:
    if e.again:
        reason = (
            f"{votes(*e.figures[1:3])}, and {e.other} still stands in the way" if e.other else _obstacle(e)
        )
        return f"{e.proposal} is still not agreed", reason
    return f"{e.proposal} is not agreed this month", _obstacle(e)


def died(e: Happened) -> Told:
    return f"{e.proposal} dies on the table after {count(e.figures[0], 'month')}", _obstacle(e)


def unheard(e: Happened) -> Told:
    waited, items = e.figures[:2]
    reason = f"the system's board has time for {count(items, 'item')} a month and did not come to it in time"
    return f"{e.proposal} dies in the queue after {count(waited, 'month')}", reason


def agreed(e: Happened) -> Told:
    waited, yes, no, _, bound = e.figures
    reason = votes(yes, no)
    if yes <= no:
        reason += ", and those on the board who stand for no partner tip the balance"
    if bound:
        reason += f"; {bodies(bound)} that objected {verb(bound, 'is', 'are')} outvoted"
    return f"{e.proposal} is agreed {months_after_tabling(waited)}", reason


def agreed_by_the_willing(e: Happened) -> Told:
    waited, yes, no, held, _ = e.figures
    vote = f"the vote is {round(yes)} for, {round(no)} against"
    reason = f"after {count(waited, 'month')} {vote}; those who consent hold {percent(held)} of the work"
    return f"the willing go ahead with {e.proposal} without its objectors", reason


def compensated(e: Happened) -> Told:
    promised, own, belief, trust, _ = e.figures
    start = f"it would {gain(own)}"
    if own >= 0:
        start += " but has other objections,"
    elif promised * belief > 1.5 * -own:
        start += ", has other objections too,"
    source = (
        f"since it trusts {e.other}, which would pay most, {level(trust)}"
        if e.other
        else ("for want of trust")
    )
    worth = f"counts the promise at {percent(belief)} of its face value, {source}"
    return f"{e.who} is offered {money(promised)} a year to accept {e.proposal}", f"{start} and {worth}"


# --- objections and own boards ---
GROUNDS = {
    reasons.OWN_LOSS: "",
    reasons.BUSINESS_CEDED: "too much of its own business would come under joint control",
    reasons.ACCESS_LOST: "its voters would see a local service go",
    reasons.REFUSED_BEFORE: "it has refused this before and stands by that",
    reasons.PARTNERS_DOUBT: "partners it trusts think little of it",
    reasons.OTHERS_LOSS: "it would have to answer for losses that others may make",
    reasons.OWN_DOUBT: "it judges the case weak",
    reasons.NOT_IN_THE_ROOM: "it was not in the room and thinks less of the case than those who were",
    reasons.NO_GROUND: "too little in it speaks for it",
}


def _grievance(e: Happened) -> str:
    """Say why a body refuses: what weighs most, what it would gain or lose, and who promises it how much."""
    _, own, promised, trust, ground = e.figures
    promise = "is promised nothing" if own < 0 else ""
    if promised > 0:
        promise = f"is promised {money(promised)}"
        promise += f", mostly by {e.other}, whom it trusts {level(trust)}" if e.other else ""
    main = GROUNDS[int(ground)]
    if not main:
        return " and ".join(part for part in (f"it would {gain(own)}", promise) if part)
    effect = f"it would {gain(own)}" if own < 0 else f"though it would {gain(own)}"
    if own < 0:
        return f"{main}; {effect} and {promise}"
    return f"{main}, {effect}" + (f" and {promise}" if promise else "")


def objected(e: Happened) -> Told:
    return f"{e.who} objects to {e.proposal} and is outvoted", _grievance(e)


def opted_out(e: Happened) -> Told:
    return f"{e.who} wants no part in {e.proposal}", _grievance(e)


def sent_back(e: Happened) -> Told:
    return f"{own_board(e.body)} sends back {e.proposal}", _grievance(e)


def given_up(e: Happened) -> Told:
    waited, times = e.figures[:2]
    return f"{e.proposal} is given up {months_after_tabling(waited)}", (
        f"own boards have sent it back {count(times, 'time')}"
    )


def approved(e: Happened) -> Told:
    waited, boards, spared = e.figures[:3]
    if spared:
        others = (
            f"{bodies(spared)} that {verb(spared, 'takes', 'take')} part {verb(spared, 'has', 'have')} "
            "delegated it"
        )
        met = "the only one" if boards == 1 else f"the last of {round(boards)}"
        return (
            f"the own boards of those that have not delegated it approve {e.proposal}",
            f"{met} met {months_after_tabling(waited)}, and {others}",
        )
    if boards < 1:
        return f"no own board has to approve {e.proposal}", (
            "the statutory body alone takes part, and its board has just decided"
        )
    if boards == 1:
        return f"the only own board that must approve {e.proposal} does so", (
            f"it met {months_after_tabling(waited)}"
        )
    met = f"the last of {round(boards)} met {months_after_tabling(waited)}"
    return f"the own boards that must approve {e.proposal} have all done so", met


def _shortcoming(truth: float) -> str:
    """Say what a bad project really brings."""
    if abs(truth) < 0.005:
        return "nothing of what it claims"
    return (
        f"only {percent(truth)} of what it claims"
        if truth > 0
        else (f"harm, {percent(-truth)} as large as the good it claims")
    )


def found_out(e: Happened) -> Told:
    finder = (
        f"{own_board(e.who)}"
        if e.who
        else "public consultation"
        if e.figures[1]
        else ("challenge at the joint board")
    )
    return f"{finder} finds {e.proposal} to be a bad one, and it is dropped", (
        f"it would bring {_shortcoming(e.figures[0])}"
    )


# --- in force ---
def in_force(e: Happened) -> Told:
    waited, promised, bound, taking_part, months = e.figures
    parts = [f"{bodies(taking_part)} {verb(taking_part, 'takes', 'take')} part"]
    if promised > 0:
        parts.append(
            f"those who gain promise those who lose {money(promised)} a year for {count(months, 'month')}"
        )
    if bound:
        parts.append(
            f"{bodies(bound)} {verb(bound, 'is', 'are')} bound against {verb(bound, 'its', 'their')} will"
        )
    return f"{e.work} comes into force {months_after_tabling(waited)}", "; ".join(parts)


def delivered(e: Happened) -> Told:
    share, _, enough, _, months = e.figures
    effort = f"its partners gave {percent(share)} of the effort it needed, and {percent(enough)} is enough"
    reason = f"over {count(months, 'month')} {effort}"
    return f"{e.work} is delivered", reason


def fell_short(e: Happened) -> Told:
    share, _, enough, effort, months = e.figures
    given = f"{percent(share)} of the effort it needed, less than {percent(enough)}"
    if percent(share) == percent(enough):
        given = f"hardly less than {percent(enough)} of the effort it needed, which is enough"
    reason = f"over {count(months, 'month')} its partners gave {given}"
    if e.other:
        reason += f"; {e.other} holds back most and gives {percent(effort)} at the end"
    return f"{e.work} falls short", reason


def harm_came_to_light(e: Happened) -> Told:
    truth, confidence = e.figures[:2]
    reason = f"it brings {_shortcoming(truth)}"
    if confidence and e.place:
        reason += f", and public confidence in {e.place} falls by {level(confidence)}"
    return f"{e.work} turns out to be a bad one", reason


def promise_broken(e: Happened) -> Told:
    due, pressure, penniless, chance, _ = e.figures
    reason = (
        f"money presses on it at {level(pressure)} on a scale from 0 to 1, where it breaks "
        f"{percent(chance)} of its promises"
    )
    if penniless:
        reason = "it has no money left, and a council may not overspend"
    whom = f", owed mostly to {e.other}," if e.other else ""
    return f"{e.who} breaks its promise of {money(due)} this month{whom} under {e.work}", reason


def withdrew(e: Happened) -> Told:
    part, rest, back, begun, _ = e.figures
    if back:
        return f"{e.proposal} goes back to the table", (
            f"{e.who} has left, which held {percent(part)} of the work, and it cannot be done so"
        )
    reason = f"it has left and held {percent(part)} of the work; those who go on hold {percent(rest)}"
    return f"{e.who} takes no further part in {e.work if begun else e.proposal}", reason


def pool_dissolved(e: Happened) -> Told:
    return f"{e.work} ends and the budgets part", f"{e.who} has left, which was to {gain(e.figures[0])} by it"
