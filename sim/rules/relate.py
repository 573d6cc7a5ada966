"""4.11 Trust between partners.

t += up K (1 - t) - down B t + c / (n - 1) e_i e_j max(0, cap - t), where K and B sum the month's evidence for and against,
capped so that up K + down B <= 1, and e is engagement. Routine contact is shared over all partners: attention is finite.
"""

from sim.compiled import rule
from sim.rules.bodies import belongs, count_existing, is_provider


@rule
def observe(par, dial, org):
    """Evidence about each body that all its partners take: effort above or below what is expected, and competing."""
    for i in range(org.size):
        body = org[i]
        body.seen = 0.0
        if body.exists == 0:
            continue
        surprise = par.effort_evidence * (body.effort - par.effort_expected)
        body.seen = max(0.0, surprise)
        body.doubt += max(0.0, -surprise)
        if is_provider(body):
            body.doubt += par.tender_evidence * dial.competition


@rule
def relate(par, dial, org, trust, kept, broken):
    observe(par, dial, org)
    contact = par.contact / max(1.0, count_existing(org) - 1.0)
    for i in range(org.size):
        if org[i].exists == 0:
            continue
        warmth = contact * org[i].engagement if belongs(org[i]) else 0.0
        for j in range(org.size):
            up = par.trust_up * (kept[i, j] + org[j].seen)
            down = par.trust_down * (broken[i, j] + org[j].doubt)
            most = max(1.0, up + down)
            t = trust[i, j]
            meeting = warmth * (org[j].engagement if org[j].membership > 0 else 0.0)
            t += (up * (1.0 - t) - down * t) / most + meeting * max(0.0, par.contact_cap - t)
            trust[i, j] = min(1.0, max(0.0, t))
            kept[i, j] = 0.0
            broken[i, j] = 0.0
    for i in range(org.size):
        trust[i, i] = 1.0
        org[i].doubt = 0.0
