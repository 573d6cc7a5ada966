"""4.1 Demand: need grows, integration avoids hospital care and uncovers need, unmet social care adds more."""

import math

from sim.kernel.chance import DEMAND_SHOCK, bell
from sim.kernel.compiled import rule
from sim.rules.services.small_partners import unmet_in

# Each month's distance from the year's mean, April first, as a share of midwinter's distance; the sum is 0.
SEASON = (-0.25, -0.5, -0.5, -0.5, -0.75, -0.5, 0.0, 0.25, 0.75, 1.0, 0.75, 0.25)


@rule
def hospital_part(par, here, unmet):
    """Return hospital care per need: integration avoids some, and unmet social care adds some."""
    return (1.0 - par.hospital_effect * here.integration) * (1.0 + par.spill * unmet)


@rule
def community_part(par, here):
    """Return community care per need: integration uncovers more."""
    return 1.0 + par.uncovered_need * here.integration


@rule
def demand(world, par):
    now, place = world.now, world.place
    steady = math.sqrt(1.0 - par.shock_memory * par.shock_memory)
    season = 1.0 + par.season * SEASON[now.calendar]
    for p in range(place.size):
        here = place[p]
        if now.month > 0:
            here.need_acute *= 1.0 + par.demand_growth / 12.0
            here.need_ambulance *= 1.0 + par.demand_growth / 12.0
            here.need_community *= 1.0 + par.community_growth / 12.0
            here.need_social *= 1.0 + par.care_growth / 12.0
        draw = bell(now, DEMAND_SHOCK, here.key, here.key, now.month)
        here.shock = par.shock_memory * here.shock + par.demand_noise * steady * draw
        unmet = unmet_in(par, world.org, here)
        hospital = hospital_part(par, here, unmet) * (1.0 + here.shock)
        here.demand_acute = here.need_acute * hospital * season
        here.demand_ambulance = here.need_ambulance * hospital * season
        here.demand_community = here.need_community * community_part(par, here)
