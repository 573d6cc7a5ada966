"""Indicators of places and their people (section 7). They only read the state."""

from sim.kernel.compiled import rule, snap
from sim.kernel.records import ACUTE
from sim.rules.bodies import sector_demand
from sim.rules.services.small_partners import unmet_in

MILLION = 1_000_000.0


@rule
def measure_places(par, org, place, out):
    """Measure integration, confidence, unmet social care and access of places and their people."""
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
    """Return mean wait in weeks and mean quality of the system's providers that a place's patients go to,
    weighted by demand; and choice: the effective number of acute providers, 1 / sum of squared shares, where
    all outside providers count as one.
    """
    weight, waiting, quality = 0.0, 0.0, 0.0
    total, squares = snap(here.outside_acute), snap(here.outside_acute * here.outside_acute)
    for i in range(org.size):
        body = org[i]
        if flow[i] > 0.0 and body.exists == 1:
            part = flow[i] * sector_demand(here, body.sector)
            weight += snap(part)
            waiting += snap(part * body.waiting)
            quality += snap(part * body.quality)
            if body.sector == ACUTE:
                total += snap(flow[i])
                squares += snap(flow[i] * flow[i])
    choice = total * total / squares if squares > 0.0 else 0.0
    if weight <= 0.0:  # all care is given outside: nothing is known of it
        return 0.0, 1.0, choice
    return waiting / weight, quality / weight, choice


@rule
def timely(par, weeks):
    """Return how timely care is: 1 for no wait, a half at `waiting_half`, towards 0 for ever longer waits."""
    return par.waiting_half / (par.waiting_half + weeks)


@rule
def wellbeing_of(par, here, unmet, weeks):
    """Return an assumed index of wellbeing: mean of integration, met social care, timely care, confidence."""
    return 0.25 * (here.integration + (1.0 - unmet) + timely(par, weeks) + here.confidence)


@rule
def experience_of(par, here, weeks, quality):
    """Return an assumed index of experience: the mean of integration, timely care, quality and access."""
    return 0.25 * (here.integration + timely(par, weeks) + quality + (1.0 - here.access_lost))


@rule
def deprivation_line(place):
    """Return (mean deprivation, range / spread) for a line through the places by deprivation, weighted by
    residents.

    A gap is the slope of that line times the range of deprivation: how much more the most deprived place has
    than the least deprived. If places are equal, or equally deprived, the gap is 0.
    """
    people, deprived, spread, low, high = 0.0, 0.0, 0.0, 1.0, 0.0
    for p in range(place.size):
        people += place[p].population
        deprived += snap(place[p].population * place[p].deprivation)
    middle = deprived / people
    for p in range(place.size):
        here = place[p]
        low, high = min(low, here.deprivation), max(high, here.deprivation)
        spread += snap(here.population * (here.deprivation - middle) * (here.deprivation - middle))
    return middle, (high - low) / spread if high > low and spread > 0.0 else 0.0


@rule
def measure_people(world, par, middle, reach, out, rows):
    """Measure wellbeing, experience, choice, money a head, and gaps between deprived and affluent places
    (`deprivation_line`). `rows`, one for each place, is empty if nobody asked for it.
    """
    org, place = world.org, world.place
    people, wellbeing, experience, choices, waits_up, unmets_up = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    for p in range(place.size):
        here = place[p]
        weeks, quality, providers = care_by_place(org, here, world.flow[p])
        unmet = unmet_in(par, org, here)
        well, felt = wellbeing_of(par, here, unmet, weeks), experience_of(par, here, weeks, quality)
        off = here.population * (here.deprivation - middle)
        people += here.population
        wellbeing += snap(here.population * well)
        experience += snap(here.population * felt)
        choices += snap(here.population * providers)
        waits_up += snap(off * weeks)
        unmets_up += snap(off * unmet)
        if rows.size > 0:
            row = rows[p]
            row.place_integration, row.place_confidence, row.place_demand = (
                here.integration,
                here.confidence,
                here.demand_acute,
            )
            row.place_unmet, row.place_waiting, row.place_choice = unmet, weeks, providers
            row.place_wellbeing, row.place_experience = well, felt
    out.wellbeing, out.experience, out.choice = wellbeing / people, experience / people, choices / people
    out.balance_per_head = 12.0 * MILLION * out.balance / people
    out.waiting_gap, out.unmet_gap = reach * waits_up, reach * unmets_up
