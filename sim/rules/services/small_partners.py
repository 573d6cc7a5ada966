"""4.3 Primary care networks and voluntary bodies (2): their income, and what they bring.

Without such bodies nothing here acts. A network is paid its place's primary care money, and `practice_paid`
of the work that shifts have added to practices. A voluntary body lives on grants: council_grant x the
council's money for the place + commissioner_grant x the place's NHS money, each cut by grant_cut x its
payer's pressure. Both spend what they hold, and no more. A grant replaces part of what its payer would
otherwise have bought itself. A voluntary body's effort reaches people whom the council's services do not, and
wins public confidence (E16).
"""

from sim.declarations.bodies import PRIMARY_CARE
from sim.kernel.compiled import rule, snap
from sim.kernel.records import SUPPLIERS
from sim.rules.bodies import outside, pay


@rule
def pay_network(par, org, account, here):
    """Pay a place's network. Returns the primary care money that went to it instead of to suppliers."""
    if here.network < 0:
        return 0.0
    network = org[here.network]
    network.wants += snap(here.primary) + snap(here.practice_load)
    taken = pay(org, account, here.commissioner, here.network, here.primary)
    pay(org, account, here.commissioner, here.network, par.practice_paid * here.practice_load)
    return taken


@rule
def grant(par, org, account, payer, payee, whole):
    """Pay one grant, cut as far as its payer is pressed. Returns what was paid."""
    org[payee].wants += snap(whole)
    return pay(org, account, payer, payee, whole * (1.0 - par.grant_cut * org[payer].pressure))


@rule
def pay_grants(par, org, account, here):
    """Let council and commissioner pay a voluntary body. Returns the commissioner's grant before cuts."""
    if here.voluntary < 0:
        return 0.0
    council = org[here.council]
    whole = par.council_grant * here.council_part * council.allocation
    council.granted += grant(par, org, account, here.council, here.voluntary, whole)
    planned = snap(par.commissioner_grant * here.allocation)
    grant(par, org, account, here.commissioner, here.voluntary, planned)
    return planned


@rule
def pay_small_partners(par, org, account, here):
    """Pay a place's network and voluntary body. Returns what the commissioner need not buy from suppliers."""
    return pay_network(par, org, account, here) + pay_grants(par, org, account, here)


@rule
def spend(org, account, i):
    """Let a network or voluntary body spend what it holds; `unmet` is the share of work without money."""
    body = org[i]
    spent = pay(org, account, i, outside(SUPPLIERS), max(0.0, body.cash))
    body.unmet = 0.0 if body.wants <= 0.0 else 1.0 - spent / max(spent, body.wants)


@rule
def unmet_in(par, org, here):
    """Return the unmet social care of a place: its council's, less what a voluntary body reaches."""
    unmet = org[here.council].unmet
    if here.voluntary >= 0:
        unmet *= 1.0 - par.voluntary_relief * org[here.voluntary].effort
    return unmet


@rule
def confidence_target(par, org, here):
    """Return the public confidence a place returns to: its start, plus what the voluntary body wins."""
    if here.voluntary < 0:
        return par.confidence_start
    return min(1.0, par.confidence_start + par.voluntary_confidence * org[here.voluntary].effort)


@rule
def noise_of(par, body):
    """Return how much wider a body's appraisals spread: a network's view is that of many practices (E28)."""
    return par.network_noise if body.kind == PRIMARY_CARE else 1.0


@rule
def engagement_base(par, body):
    """Return engagement at membership value 0; practices are less engaged than bodies at the table."""
    return par.engagement_base - (par.network_distance if body.kind == PRIMARY_CARE else 0.0)
