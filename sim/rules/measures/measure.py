"""The last step of the month: measure. Reads the state and changes nothing; the parts lie beside."""

from sim.kernel.compiled import rule
from sim.rules.measures.governance import measure_board, measure_decisions, measure_members, measure_trust
from sim.rules.measures.money import measure_bodies, measure_contracts, measure_spend, measure_staff
from sim.rules.measures.nation import measure_nation
from sim.rules.measures.partners import measure_partners
from sim.rules.measures.people import deprivation_line, measure_people, measure_places
from sim.rules.measures.projects import follow_projects


@rule
def measure(
    now,
    par,
    dial,
    org,
    place,
    board,
    project,
    trust,
    trusted,
    flow,
    account,
    history,
    out,
    partners,
    full,
    places,
):
    """Everything that was asked for this month; `partners`, `full` and `places` have no rows where it was
    not.
    """
    measure_trust(org, trust, trusted, out)
    measure_members(org, out)
    measure_board(par, board, out)
    measure_decisions(board, out)
    measure_bodies(par, org, account, board.abroad, out)
    measure_contracts(par, dial, org, board, out)
    measure_staff(org, board, out)
    measure_places(par, org, place, out)
    middle, reach = deprivation_line(place)
    measure_people(par, org, place, flow, middle, reach, out, places)
    measure_spend(par, dial, org, place, middle, reach, out)
    measure_nation(org, board, out)
    follow_projects(now, par, project, history)
    if partners.size > 0:
        measure_partners(org, trusted, partners, full)
