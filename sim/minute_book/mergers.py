"""Mergers in words: each function gives (what happened, the reason) for one kind of event."""

from sim.minute_book.wording import Happened, Told, count, gain, level, money, percent
from sim.rules.mergers.consequences import BY_EVENT, DIRECTED


def merger_proposed(e: Happened) -> Told:
    distress, shared, pressure, margin = e.figures[:4]
    trouble = f"financial pressure on {e.who} stands at {percent(pressure)}"
    if distress > pressure:
        trouble = f"{e.who} ended last year with a deficit of {percent(-margin)} of its income"
    return (
        f"{e.who} is put forward for a merger with {e.other}",
        f"{trouble}, and the two share {percent(shared)} of the smaller one's work",
    )


def merger_refused(e: Happened) -> Told:
    view, own, benefit, control, willing = e.figures
    case = (
        f"a case that hopes to save {money(benefit)} a year in all"
        if benefit > 0
        else ("a case that does not pay")
    )
    partner = f"{e.other} {'wants it' if willing > 0 else 'refuses too'}"
    reason = (
        f"it would itself {gain(own)} by {case}, and minds the control it would cede by {level(control)}; "
        "in all it values the merger"
    )
    worth = level(view) if view <= -0.005 else "hardly less than nothing"
    return f"{e.who} refuses to merge with {e.other}", f"{reason} at {worth}, while {partner}"


def merger_directed(e: Happened) -> Told:
    distress, benefit, clear, months = e.figures[:4]
    saving = f"hopes to save {money(benefit)} a year" if benefit > 0 else "sees no saving"
    reason = f"distress of {percent(distress)} calls for it, and the business case {saving}"
    if not clear:
        reason = (
            f"a last resort, {count(months, 'month')} after one side alone first refused, and it still does"
        )
    return f"the national body directs the merger of {e.who} and {e.other}", reason


def merger_blocked(e: Happened) -> Told:
    competition, chance = e.figures[:2]
    return (
        f"a competition review blocks the merger of {e.who} and {e.other}",
        f"with competition at {percent(competition)} it blocks {percent(chance)} of mergers",
    )


def merged(e: Happened) -> Told:
    how, cash, bill, months = e.figures[:4]
    why = "both boards want it"
    if how == DIRECTED:
        why = "the national body directs it"
    elif how == BY_EVENT:
        why = "the scenario has it so"
    held = "" if abs(cash) < 0.0005 else f" with {money(cash)} {'in hand' if cash > 0 else 'of debt'}"
    price = f"the merger costs {money(bill)} and distracts for {count(months, 'month')}"
    return f"{e.who} merges into {e.other}{held}", f"{why}; {price}"


def merger_lapsed(e: Happened) -> Told:
    return f"nothing comes of {e.proposal}", (
        f"{e.other} has ended in the {count(e.figures[0], 'month')} since it was decided"
    )


def merger_done(e: Happened) -> Told:
    saved, effort, months = e.figures[:3]
    done = "saves" if saved >= 0 else "costs"
    return (
        f"the merger of {e.who} has run its course and {done} {money(saved)} a year",
        f"what {count(months, 'month')} of effort made of what the merger held, the last at "
        f"{percent(effort)}",
    )


def commissioners_propose(e: Happened) -> Told:
    shared, saving = e.figures[:2]
    reason = (
        f"{percent(shared)} of what the smaller one buys comes from providers they share, and one would cost"
    )
    less = f"{money(saving)} a year less to run than" if saving > 0 else "as much to run as"
    return f"{e.who} and {e.other} consider a merger", f"{reason} {less} two"


def running_cost_saved(e: Happened) -> Told:
    saved, share, voice = e.figures[:3]
    price = (
        f"; the councils of the places whose CCG ends lose {level(voice)} of their voice"
        if voice > 0
        else ("")
    )
    reason = f"one commissioner in place of several costs {percent(share)} less to run{price}"
    return f"{e.who} saves {money(saved)} of running cost a year", reason
