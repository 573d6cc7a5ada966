"""4.5 Who answers for what a decision puts at risk (HSC 2019 §104, KF 2021 question 3; E19, E41).

At risk are the cost of double running and the losses of those that lose. `own`: each body answers for its own
loss, and the place's commissioner for the double running. `joint`: all that vote answer together, by their
scales. `joint_nhs`: the NHS bodies among them do, since a council cannot answer for NHS money.
`statutory_body`: the ICS body alone does. Where no such body exists, each answers for its own.
"""

from sim.declarations.bodies import ICS_BODY
from sim.declarations.dials import BODY_LIABILITY, NHS_LIABILITY, OWN_LIABILITY
from sim.kernel.compiled import rule, snap
from sim.kernel.records import VOTE
from sim.rules.bodies import is_nhs


@rule
def answers(dial, body, mine):
    """Return whether a body is one of those that answer together."""
    if dial.liability == OWN_LIABILITY or body.exists == 0:
        return False
    if dial.liability == BODY_LIABILITY:
        return body.kind == ICS_BODY
    return mine.say == VOTE and (dial.liability != NHS_LIABILITY or is_nhs(body))


@rule
def answerable_scale(dial, org, row):
    """Return the sum of the scales of those that answer together, 0 where each answers for its own."""
    total = 0.0
    for i in range(row.size):
        if answers(dial, org[i], row[i]):
            total += snap(org[i].scale)
    return total


@rule
def exposure(item, row):
    """Return what a proposal puts at risk, GBP m: double running, and a year's losses of all that lose."""
    total = snap(item.one_off)
    for i in range(row.size):
        if row[i].part > 0.0:
            total += snap(max(0.0, -row[i].gain))
    return total


@rule
def share_liability(dial, org, item, row):
    """Fill `answers`: what each body would answer for together with others, GBP m."""
    size = answerable_scale(dial, org, row)
    at_risk = exposure(item, row) if size > 0.0 else 0.0
    for i in range(row.size):
        row[i].answers = (
            at_risk * org[i].scale / size if size > 0.0 and answers(dial, org[i], row[i]) else 0.0
        )


@rule
def answers_for(place, item, mine, i, shared):
    """Return what a body answers for once a proposal is carried, GBP m: its share, or its own loss and what
    it pays for double running.
    """
    if shared:
        return mine.answers
    own = max(0.0, -mine.gain) if mine.joins == 1 else 0.0
    payer = place[item.place].commissioner if item.place >= 0 else item.sponsor
    return own + (item.one_off if i == payer else 0.0)
