"""4.13 England: what the national body sees of one system at the turn of the year, and what it gives to it;
see `sim/engine/england.py`.

These entries run between two years of `run_chunk`: no month knows of another system.
"""

from sim.kernel.compiled import entry, rule, snap
from sim.kernel.records import ACUTE, AMBULANCE, COMMUNITY, NO_SECTOR
from sim.rules.oversight.support import mean_score
from sim.rules.run import copy_words
from sim.rules.services.demand import community_part, hospital_part
from sim.rules.services.small_partners import unmet_in

# The national body sees a system's score for support (`oversight/support.py`), then by sector what its
# patients need outside it, GBP m a month.
SCORE, SEEN = 0, 4


@rule
def look(par, dial, org, place, view):
    """Fill what is seen of a system, shape (SEEN,). Patients' need outside leaves out season and luck."""
    view[SCORE] = mean_score(par, dial, org, place)
    view[ACUTE], view[COMMUNITY], view[AMBULANCE] = 0.0, 0.0, 0.0
    for p in range(place.size):
        here = place[p]
        hospital = hospital_part(par, here, unmet_in(par, org, here))
        view[ACUTE] += snap(here.outside_acute * here.need_acute * hospital)
        view[COMMUNITY] += snap(here.outside_community * here.need_community * community_part(par, here))
        view[AMBULANCE] += snap(here.outside_ambulance * here.need_ambulance * hospital)


@entry
def look_at(par, dials, worlds, block, world, view):
    """Fill what is seen of a system in each of f futures: worlds (f, words), `block` the memory behind
    `world`, view (f, SEEN).
    """
    for f in range(worlds.shape[0]):
        copy_words(worlds[f], block)
        look(par, dials[world.board.law], world.org, world.place, view[f])


@entry
def grant(worlds, block, world, shares, crossing):
    """Give a system its national share in each of f futures, shape (f,). Its providers' patients from
    elsewhere grow by `crossing`, a factor by sector, shape (f, SEEN); its first column is not used.
    """
    org = world.org
    for f in range(worlds.shape[0]):
        copy_words(worlds[f], block)
        world.board.national_share = shares[f]
        for i in range(org.size):
            if org[i].sector != NO_SECTOR:
                org[i].outside_demand *= crossing[f, org[i].sector]
        copy_words(block, worlds[f])
