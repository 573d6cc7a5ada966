"""Indicators of membership, trust and decisions (section 7). They only read the state."""

from sim.kernel.compiled import rule, snap
from sim.rules.bodies import belongs, is_council, is_nhs, takes_part


@rule
def measure_trust(world, out):
    """Measure mean trust over pairs of partners, and over pairs of an NHS body and a council, both ways."""
    org, trust, trusted = world.org, world.trust, world.trusted
    total, lowest, number, across, crossings = 0.0, 1.0, 0.0, 0.0, 0.0
    for j in range(org.size):
        if not takes_part(org[j]):
            continue
        number += 1.0
        total += snap(trusted[j])
        lowest = min(lowest, trusted[j])
        if is_council(org[j]):
            for i in range(org.size):
                if org[i].exists == 1 and is_nhs(org[i]):
                    across += snap(trust[i, j]) + snap(trust[j, i])
                    crossings += 2.0
    out.trust, out.trust_lowest, out.trust_nhs_council = total / number, lowest, across / max(1.0, crossings)


@rule
def measure_members(org, out):
    """Measure membership and relations as means over the partners."""
    number, members, engagement, effort, resentment, value, pressure = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    for i in range(org.size):
        body = org[i]
        if not takes_part(body):
            continue
        number += 1.0
        members += 1.0 if belongs(body) else 0.0
        engagement += snap(body.engagement)
        effort += snap(body.effort)
        resentment += snap(body.resentment)
        value += snap(body.value)
        pressure += snap(body.pressure)
    out.members, out.member_share = members, members / number
    out.engagement, out.effort, out.resentment = engagement / number, effort / number, resentment / number
    out.value, out.pressure = value / number, pressure / number


@rule
def share(part, whole):
    """Return a share of what there has been so far, 0 before there is any."""
    return part / whole if whole > 0.0 else 0.0


@rule
def measure_board(par, board, out):
    out.tabled, out.agreed, out.imposed, out.partial = (
        board.tabled,
        board.agreed,
        board.imposed,
        board.partial,
    )
    out.delivered, out.fell_short, out.died = board.delivered, board.fell_short, board.died
    out.bad_passed, out.bad_blocked, out.good_blocked = (
        board.bad_passed,
        board.bad_blocked,
        board.good_blocked,
    )
    out.found_out, out.refused_table = board.found_out, board.refused_table
    out.promises_due, out.promises_kept = board.promises_due, board.promises_kept
    out.walk_aways, out.walk_aways_council = board.walk_aways, board.walk_aways_council
    out.returns, out.meetings = board.returns, board.meetings
    out.mergers, out.mergers_voluntary = board.mergers, board.mergers_voluntary
    out.mergers_commissioners = board.mergers_commissioners
    out.mergers_directed, out.mergers_blocked, out.mergers_stopped = (
        board.mergers_directed,
        board.mergers_blocked,
        board.mergers_stopped,
    )
    out.delegated, out.adopted, out.revoked = board.delegated, board.adopted, board.revoked
    out.consultations, out.referrals = board.consultations, board.referred
    out.decided_place, out.decided_system, out.decided_nation = (
        board.decided_place,
        board.decided_system,
        board.decided_nation,
    )
    out.decided_open = share(board.decided_open, board.decided_place + board.decided_system)
    out.board_cost = par.consideration_cost * board.meetings


@rule
def measure_decisions(board, out):
    """Measure who decided, who gained and who answers. The last two shares are the accountability gap."""
    out.decided, out.gbp_decided, out.gbp_at_risk = board.decided, board.gbp_decided, board.borne
    out.conflicted_share = share(board.gbp_conflicted, board.gbp_decided)
    out.unanswerable_share = share(float(board.unanswerable), float(board.decided))
    out.unagreed_share = share(board.borne_unagreed, board.borne)
    out.pivotal_trust, out.pivotal_commissioner = board.pivotal_trust, board.pivotal_commissioner
    out.pivotal_council, out.pivotal_other = board.pivotal_council, board.pivotal_other
    out.mediations, out.mediated = board.mediations, board.mediated
