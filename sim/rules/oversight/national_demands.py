"""4.13 National demands: the share of programme capacity that answering the national bodies takes (E26).

demands = national_demands x (1 - status_autonomy with ICS status + intervention_demands x (share of trusts in
special measures + 1 where status was withdrawn)). Systems at the bottom find the centre's approach makes it
harder (HSC 2018 §249); those with status are left alone more (HSC 2018 §95).
"""

from sim.kernel.compiled import clamp, rule
from sim.rules.bodies import is_trust
from sim.rules.oversight.status import GRANTED, WITHDRAWN


@rule
def in_measures(org):
    """Return (number of trusts in special measures, number of trusts)."""
    held, trusts = 0.0, 0.0
    for i in range(org.size):
        if org[i].exists == 1 and is_trust(org[i]):
            trusts += 1.0
            held += org[i].special
    return held, trusts


@rule
def make_demands(par, org, board):
    held, trusts = in_measures(org)
    factor = 1.0 + par.intervention_demands * (held / max(1.0, trusts))
    if board.status == GRANTED:
        factor -= par.status_autonomy
    elif board.status == WITHDRAWN:
        factor += par.intervention_demands
    board.demands = clamp(par.national_demands * factor, 0.0, 1.0)
