"""Indicators of places and their people (section 7). State is only read."""

from sim.compiled import rule, snap
from sim.rules.account_money import place_spend
from sim.rules.bodies import sector_demand
from sim.rules.small_partners import unmet_in
from sim.world import ACUTE

MILLION = 1_000_000.0


@rule
def measure_places(par, org, place, out):
    """Places and their people."""
    people, integration, confidence, best, worst, wants, unmet, lost = 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0
    for p in range(place.size):
        here = place[p]
        people += here.population
        integration += snap(here.population * here.integration)
        confidence += snap(here.population * here.confidence)
        lost += snap(here.population * here.access_lost)
        best = max(best, here.integration)
        worst = min(worst, here.integration)
        wants += snap(here.need_social)
        unmet += snap(here.need_social * unmet_in(par, org, here))
    out.integration, out.integration_gap = integration / people, best - worst
    out.confidence, out.unmet, out.access_lost = confidence / people, unmet / wants, lost / people


@rule
def care_by_place(org, here, flow):
    """Mean wait in weeks and mean quality of the system's providers a place's patients go to, weighted by demand."""
    weight, waiting, quality = 0.0, 0.0, 0.0
    for i in range(org.size):
        body = org[i]
        if flow[i] > 0.0 and body.exists == 1:
            part = flow[i] * sector_demand(here, body.sector)
            weight += snap(part)
            waiting += snap(part * body.waiting)
            quality += snap(part * body.quality)
    if weight <= 0.0:  # all care is given outside: nothing is known of it
        return 0.0, 1.0
    return waiting / weight, quality / weight


@rule
def choice(org, here, flow):
    """The effective number of acute providers, 1 / sum of squared shares; all outside ones count as one."""
    total, squares = snap(here.outside_acute), snap(here.outside_acute * here.outside_acute)
    for i in range(org.size):
        if flow[i] > 0.0 and org[i].exists == 1 and org[i].sector == ACUTE:
            total += snap(flow[i])
            squares += snap(flow[i] * flow[i])
    return total * total / squares if squares > 0.0 else 0.0


@rule
def timely(par, weeks):
    """1 for no wait, a half at `waiting_half`, towards 0 for ever longer ones."""
    return par.waiting_half / (par.waiting_half + weeks)


@rule
def wellbeing_of(par, here, unmet, weeks):
    """Assumed index of wellbeing: the mean of integration, met social care, timely care and public confidence."""
    return 0.25 * (here.integration + (1.0 - unmet) + timely(par, weeks) + here.confidence)


@rule
def experience_of(par, here, weeks, quality):
    """Assumed index of patients' experience: the mean of integration, timely care, quality and access: integration is a means."""
    return 0.25 * (here.integration + timely(par, weeks) + quality + (1.0 - here.access_lost))


@rule
def measure_people(par, dial, org, place, board, flow, contract, out):
    """Wellbeing, experience, choice, money a head, and gaps between deprived and affluent places.

    A gap is the slope of a line through the places, weighted by residents, times the range of deprivation: what the most
    deprived place has more than the least deprived. Equal places, or places equally deprived, have gap 0.
    """
    people, wellbeing, experience, choices, deprived, low, high = 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0
    spread, waits_up, unmets_up, spends_up = 0.0, 0.0, 0.0, 0.0
    by_activity = (1.0 - dial.block) * board.price
    for p in range(place.size):
        people += place[p].population
        deprived += snap(place[p].population * place[p].deprivation)
    middle = deprived / people
    for p in range(place.size):
        here = place[p]
        weeks, quality = care_by_place(org, here, flow[p])
        unmet = unmet_in(par, org, here)
        paid = place_spend(by_activity, dial, org, here, flow[p], contract[p])
        spend = (paid[0] + paid[1] + paid[2]) / (here.need_acute + here.need_community + here.need_ambulance)
        off = here.population * (here.deprivation - middle)
        low, high = min(low, here.deprivation), max(high, here.deprivation)
        wellbeing += snap(here.population * wellbeing_of(par, here, unmet, weeks))
        experience += snap(here.population * experience_of(par, here, weeks, quality))
        choices += snap(here.population * choice(org, here, flow[p]))
        spread += snap(off * (here.deprivation - middle))
        waits_up += snap(off * weeks)
        unmets_up += snap(off * unmet)
        spends_up += snap(off * spend)
    out.wellbeing, out.experience, out.choice = wellbeing / people, experience / people, choices / people
    out.balance_per_head = 12.0 * MILLION * out.balance / people
    reach = (high - low) / spread if high > low and spread > 0.0 else 0.0
    out.waiting_gap, out.unmet_gap, out.spend_gap = reach * waits_up, reach * unmets_up, reach * spends_up


@rule
def measure_each_place(par, org, place, flow, rows):
    for p in range(place.size):
        here, row = place[p], rows[p]
        row.place_integration = here.integration
        row.place_unmet = unmet_in(par, org, here)
        row.place_confidence = here.confidence
        row.place_demand = here.demand_acute
        weeks, quality = care_by_place(org, here, flow[p])
        row.place_waiting, row.place_choice = weeks, choice(org, here, flow[p])
        row.place_wellbeing = wellbeing_of(par, here, row.place_unmet, weeks)
        row.place_experience = experience_of(par, here, weeks, quality)
