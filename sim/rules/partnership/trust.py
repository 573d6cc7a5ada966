"""4.11 Trust between partners.

t += up K (1 - t) - down B t + c / (n - 1) e_i e_j max(0, cap - t), where K and B sum the month's evidence for
and against, down B <= 1 and up K <= 1 - down B, and e is engagement. Routine contact is shared over all
partners: attention is finite.
"""

import math

from sim.kernel.compiled import rule, snap
from sim.rules.bodies import belongs, count_partners, is_provider, takes_part


@rule
def observe(world, par, dial):
    """Set the evidence that all partners have of each body: effort against expectation, and competition."""
    org, seen, doubt, contact = world.org, world.seen, world.doubt, world.contact
    share = math.sqrt(par.contact / max(1.0, count_partners(org) - 1.0))
    for i in range(org.size):
        body = org[i]
        seen[i] = 0.0
        contact[i] = share * body.engagement if belongs(body) else 0.0
        if takes_part(body):
            surprise = par.effort_evidence * (body.effort - par.effort_trusted)
            seen[i] = max(0.0, surprise)
            doubt[i] += max(0.0, -surprise)
            if is_provider(body):
                doubt[i] += par.tender_evidence * dial.competition


@rule
def relate(world, par, dial):
    org, trust, kept, broken = world.org, world.trust, world.kept, world.broken
    seen, doubt, contact = world.seen, world.doubt, world.contact
    observe(world, par, dial)
    # Read parameters once, and write to one array at a time: a loop that reads from records, or writes in
    # several places, is not vectorised.
    gain, loss, cap = par.trust_up, par.trust_down, par.contact_cap
    for i in range(org.size):
        mine = contact[i]
        if takes_part(org[i]):
            for j in range(org.size):
                down = min(1.0, loss * (broken[i, j] + doubt[j]))
                up = min(1.0 - down, gain * (kept[i, j] + seen[j]))
                t = trust[i, j]
                t += up * (1.0 - t) - down * t + mine * contact[j] * max(0.0, cap - t)
                trust[i, j] = min(1.0, max(0.0, t))
            trust[i, i] = 1.0
        for j in range(org.size):
            kept[i, j] = 0.0
        for j in range(org.size):
            broken[i, j] = 0.0


@rule
def take_stock(world):
    """Set the mean trust of the others in each body, and of it in them; clear evidence about bodies."""
    org, trust, doubt = world.org, world.trust, world.doubt
    trusted, trusting = world.trusted, world.trusting
    for j in range(org.size):
        doubt[j] = 0.0
        trusted[j] = 0.0
        trusting[j] = 0.0
    for i in range(org.size):
        if takes_part(org[i]):
            for j in range(org.size):
                trusted[j] += snap(trust[i, j])
            for j in range(org.size):
                trusting[j] += snap(trust[j, i])
    others = max(1.0, count_partners(org) - 1.0)
    for i in range(org.size):  # leave out the 1 by which each body trusts itself
        trusted[i] = (trusted[i] - 1.0) / others
        trusting[i] = (trusting[i] - 1.0) / others
