"""The last step of the month: measure. It reads the state and changes nothing; this folder has its parts."""

from sim.kernel.compiled import rule
from sim.rules.measures.governance import measure_board, measure_decisions, measure_members, measure_trust
from sim.rules.measures.money import measure_bodies, measure_contracts, measure_spend, measure_staff
from sim.rules.measures.nation import measure_nation
from sim.rules.measures.partners import measure_partners
from sim.rules.measures.people import deprivation_line, measure_people, measure_places
from sim.rules.measures.projects import follow_projects


@rule
def measure(world, par, dial, outputs):
    """Measure this month. `partners`, `full` and `places` have no rows if nobody asked for them."""
    out, partners = outputs.system, outputs.partners
    org, place, board = world.org, world.place, world.board
    measure_trust(world, out)
    measure_members(org, out)
    measure_board(par, board, out)
    measure_decisions(board, out)
    measure_bodies(par, org, world.account, board.abroad, out)
    measure_contracts(par, dial, org, board, out)
    measure_staff(org, board, out)
    measure_places(par, org, place, out)
    middle, reach = deprivation_line(place)
    measure_people(world, par, middle, reach, out, outputs.places)
    measure_spend(par, dial, org, place, middle, reach, out)
    measure_nation(org, board, out)
    follow_projects(world.now, par, world.project, outputs.history)
    if partners.size > 0:
        measure_partners(org, world.trusted, partners, outputs.full)
