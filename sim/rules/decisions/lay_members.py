"""4.7 Lay members of the joint body vote by what a proposal brings to patients and to the system as a whole
(HSC 2019 §107; E42, E48).

view = B / S + noise. All lay members share this view, which is drawn once for each proposal. They hold the
share `lay_members` of the seats, or of the votes cast.
"""

from sim.kernel.chance import LAY_VIEW, bell
from sim.kernel.compiled import rule


@rule
def lay_view(now, par, dial, item):
    """Return what lay members think: all their weight is on the system, whatever a benefit is made of."""
    if dial.lay_members <= 0.0 or item.stakes <= 0.0:
        return 0.0
    benefit = item.benefit / item.stakes
    luck = bell(now, LAY_VIEW, item.serial, item.serial, 0)
    return benefit + par.noise * (par.noise_floor + min(1.0, abs(benefit))) * luck


@rule
def lay_vote(par, item):
    """Return the lay members' vote, by the rule for any other voter: -1 against, 0 abstaining, 1 for."""
    if item.lay_view > 0.0:
        return 1
    return -1 if item.lay_view < -par.consent_band else 0
