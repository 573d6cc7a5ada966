"""Membership, money and law in words: each function gives (what happened, the reason) for one kind of
event.
"""

from sim.declarations.dials import DIALS
from sim.kernel.records import FUNCTIONS
from sim.minute_book.wording import (
    Happened,
    Told,
    against_target,
    balance,
    count,
    gain,
    level,
    levels,
    money,
    own_board,
    percent,
)

# --- membership ---
TERMS = (
    "what it gains by joint work",
    "how far it is heard",
    "trust between it and its partners",
    "its resentment at being overruled",
    "the burden of meetings",
)


def _weighs(e: Happened) -> str:
    return f"what weighs most is {TERMS[int(e.figures[3])]} ({level(e.figures[4])})"


def _lapse(amount: float) -> str:
    return f"; {money(amount)} a year that it promised its partners lapses" if amount > 0 else ""


def gave_notice(e: Happened) -> Told:
    value, barrier = levels(*e.figures[:2])
    notice = e.figures[2]
    until = f" in {count(notice, 'month')}" if notice else " at once"
    return (
        f"{e.who} gives notice that it will leave{until}",
        f"membership is worth {value} to it, and below {barrier} it goes; {_weighs(e)}",
    )


def took_notice_back(e: Happened) -> Told:
    value, barrier = levels(*e.figures[:2])
    return f"{e.who} takes back its notice", f"membership is worth {value} to it, no longer below {barrier}"


def left(e: Happened) -> Told:
    value, barrier = levels(*e.figures[:2])
    lost = e.figures[2]
    reason = f"membership is worth {value} to it, and below {barrier} it goes; {_weighs(e)}{_lapse(lost)}"
    return f"{e.who} leaves the partnership", reason


def walked_away(e: Happened) -> Told:
    return (
        f"{e.who} walks away from the partnership",
        f"the scenario has it so, at a membership value of {level(e.figures[0])}{_lapse(e.figures[2])}",
    )


def stayed(e: Happened) -> Told:
    value, barrier = levels(*e.figures[:2])
    return (
        f"{e.who} would leave and may not",
        f"membership is worth {value} to it, below the {barrier} at which it would go; {_weighs(e)}",
    )


def returned(e: Happened) -> Told:
    value, barrier = levels(*e.figures[:2])
    how = e.figures[2]
    if how == 2:
        return f"{e.who} is a member of the partnership again", (
            "the new law makes membership compulsory, and it resents that"
        )
    reason = f"membership would be worth {value} to it, above the {barrier} at which it comes back"
    return f"{e.who} returns to the partnership", "the scenario has it so" if how else reason


def leader_changed(e: Happened) -> Told:
    reset, trust, neutral = e.figures[:3]
    reason = (
        f"partners trusted it {level(trust)} on average, and each tie moves {percent(reset)} of the way to "
        f"{level(neutral)}"
    )
    return f"{e.who} has a new leader", f"{reason}, the trust between strangers"


def elected(e: Happened) -> Told:
    now, before, barrier = e.figures[:3]
    patience = "more" if now > before else "less"
    bound, old = levels(-barrier - now, -barrier - before)
    reason = f"it would leave at a membership value below {bound}, where it was {old}"
    return f"{e.who} is elected anew and bears {patience} with the partnership", reason


# --- money ---
def _year_end(e: Happened) -> str:
    outturn, control = e.figures[:2]
    if e.who:
        return f"it ends the year with {balance(outturn)}, {against_target(outturn, control)}"
    side = "better" if outturn >= 0 else "worse"
    ended = f"the NHS bodies together end the year {money(outturn)} {side} than the balance asked of them"
    return f"what they share is earned by all or by none, and {ended}"


def fund_earned(e: Happened) -> Told:
    earned = f"{money(e.figures[2])} from the sustainability fund"
    return f"{e.who} earns {earned}" if e.who else f"the NHS trusts together earn {earned}", _year_end(e)


def fund_missed(e: Happened) -> Told:
    nothing = "nothing from the sustainability fund"
    return f"{e.who} earns {nothing}" if e.who else f"the NHS trusts together earn {nothing}", _year_end(e)


def risk_shared(e: Happened) -> Told:
    covered, surplus, short = e.figures[:3]
    reason = (
        f"those that did better than was asked have {money(surplus)} to spare, and those that did worse "
        f"lack {money(short)}"
    )
    return f"surpluses cover {money(covered)} of shortfalls under {e.work}", reason


# --- adoption ---
DELEGATION_TERMS = (
    "what such decisions have brought itself",
    "what they have brought the system",
    "the business they have put under joint control",
    "its trust in partners and the worth of membership",
    "the control it would give away",
    "reasons of its own",
)


def _delegation(e: Happened) -> str:
    view, _, own, trust, term = e.figures
    seen = f"such decisions have made it {gain(own)} on average"
    return (
        f"it weighs this at {level(view)}, mostly for {DELEGATION_TERMS[int(term)]}; {seen}, and it trusts "
        f"its partners {level(trust)}"
    )


def adopted(e: Happened) -> Told:
    return f"{own_board(e.body)} delegates {FUNCTIONS[int(e.figures[1])]} to the joint body", _delegation(e)


def revoked(e: Happened) -> Told:
    return f"{own_board(e.body)} takes {FUNCTIONS[int(e.figures[1])]} back from the joint body", _delegation(
        e
    )


# --- law ---
def law_changed(e: Happened) -> Told:
    rule, ratification, leaving = (int(figure) for figure in e.figures[:3])
    decided, own_boards = DIALS["decision_rule"].law[rule], DIALS["ratification"].law[ratification]
    reason = f"{decided}, {own_boards}, and {DIALS['exit'].law[leaving]}"
    return f'the rules are now those of "{e.other}"', reason


def _handed(amount: float) -> str:
    if abs(amount) < 0.0005:
        return ""
    return f", with {money(amount)} {'in hand' if amount > 0 else 'of debt'}"


def absorbed(e: Happened) -> Told:
    return f"{e.who} is abolished", f"{e.other} takes over its places and promises{_handed(e.figures[0])}"


def restored(e: Happened) -> Told:
    share = _handed(e.figures[0])
    by = ", its share by population" if share else ""
    return f"{e.who} is set up again", (
        f"{e.other} {'ends and ' if e.figures[1] else ''}hands it its place{share}{by}"
    )


def independent_ended(e: Happened) -> Told:
    work, settled, *_ = e.figures
    what = f"{e.who} ends its services for the system"
    owners = "its owners are paid" if settled >= 0 else "its owners make good"
    reason = (
        f"the law shuts independent providers out; work worth {money(work)} a year goes to the largest trusts"
    )
    return what, f"{reason}, and {owners} {money(settled)}"


def independent_seated(e: Happened) -> Told:
    if e.figures[0] >= 0.5:
        reason = "the law admits independent providers, also to votes on contracts they gain from"
        return f"{e.who} has a seat and a vote on the board", reason
    reason = "under the law independent providers are paid for their work, and are no partners"
    return f"{e.who} has contracts, but neither seat nor vote", reason
