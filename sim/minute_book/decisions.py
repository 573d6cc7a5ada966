"""How decisions come about, in words: contracts, votes that turned, local resolution and the chair's
agenda.
"""

from sim.minute_book.wording import Happened, Told, bodies, count, level, months_after_tabling, percent, votes
from sim.rules.decisions.accountability import BY_A_BLOC, BY_LAY_MEMBERS


def contracted(e: Happened) -> Told:
    waited, wanted, refused, held, _ = e.figures
    rest = (
        f"{bodies(refused)} {'stays' if round(refused) == 1 else 'stay'} out"
        if refused
        else ("nobody stays out")
    )
    signer = "the buyer" if e.place else "whoever brings it"
    reason = (
        f"{signer} signs, {bodies(wanted)} in all {'wants' if round(wanted) == 1 else 'want'} it and {rest}"
    )
    what = f"contracts are signed for {e.proposal} {months_after_tabling(waited)}"
    return what, f"{reason}; those who sign hold {percent(held)} of the work"


def vote_turned(e: Happened) -> Told:
    why, yes, no, figure, passes = e.figures
    turned = "is carried" if passes else "is not carried"
    tally = votes(yes, no)
    if why == BY_LAY_MEMBERS:
        side = "for" if figure > 0 else "against"
        reason = (
            f"they value what it brings patients and bodies together at {level(figure)} and are {side} it; "
            f"{tally}"
        )
        return f"lay members decide that {e.proposal} {turned}", reason
    if why == BY_A_BLOC:
        return f"the providers' common vote decides that {e.proposal} {turned}", (
            f"{bodies(figure)} would have voted otherwise; {tally}"
        )
    reason = f"{bodies(figure)} with a large interest of their own stepped out of the vote; {tally}"
    return f"without those who stepped out, {e.proposal} {turned}", reason


def local_resolution(e: Happened) -> Told:
    trust, backers, objectors, works, months = e.figures
    result = (
        "they come to terms on talking about all there is to gain"
        if works > 0
        else ("they come no nearer to each other")
    )
    sides = f"{bodies(backers)} for and {bodies(objectors)} against"
    return (
        f"partners try for {count(months, 'month')} to settle their dispute over {e.proposal} themselves",
        (f"{sides} trust each other {level(trust)} on average, and {result}"),
    )


def held_back(e: Happened) -> Told:
    waited, place, ahead, _, _ = e.figures
    what = f"the chair, who leads {e.body}, hears others before {e.proposal}"
    first = f"a younger proposal stands at {level(ahead)} months in the queue"
    return what, (
        f"it has waited {count(waited, 'month')}, but what the chair thinks of it puts it at "
        f"{level(place)}, and {first}"
    )
