"""4.9 Agreement on the merger put forward: both boards want it, or the national body directs it.

The national body can direct NHS trusts under every regime, and foundation trusts by the dial `ft_mergers`.
`targeted`: where a clear benefit is expected (distress of the one put forward >= merger_direction, and the
business case pays). `last_resort`: where one side alone refuses, and refused before, at least
`merger_patience` and `resolution_months` ago, since local resolution comes first (E32). A competition review
blocks a merger with chance merger_block x competition (E38). A board holds it against the other board if that
refuses; a board that a direction binds against its will resents that (4.10). CCGs merge only if both boards
want it, and without a review. A decided merger then faces the public (`mergers/scrutiny.py`) before it is
carried out (`mergers/carrying_out.py`).
"""

from sim.declarations.bodies import NHS_TRUST
from sim.declarations.dials import LAST_RESORT, TARGETED
from sim.kernel.chance import MERGER_REVIEW, uniforms
from sim.kernel.compiled import rule
from sim.kernel.event_log import MERGER_BLOCKED, MERGER_DIRECTED, MERGER_REFUSED, add_reason, note
from sim.kernel.records import MERGER_AGREED
from sim.rules.bodies import is_provider
from sim.rules.decisions.local_resolution import months_of_patience
from sim.rules.mergers.consequences import DIRECTED, VOLUNTARY
from sim.rules.mergers.intention import control_lost, hoped
from sim.rules.mergers.proposal import distress


@rule
def refused_for(now, one, other):
    """Return the months since one of these two first refused the other, or -1."""
    months = -1
    if one.refused_with == other.key:
        months = now.month - one.refused_since
    if other.refused_with == one.key:
        months = max(months, now.month - other.refused_since)
    return months


@rule
def can_direct(now, par, dial, body, one, other, clear):
    """Return whether the national body may make this board, which refuses, merge."""
    if not is_provider(body):
        return False
    if body.kind == NHS_TRUST:
        return clear
    if dial.ft_mergers == TARGETED:
        return clear
    before = refused_for(now, one, other)
    alone = one.merger_wish != other.merger_wish
    return dial.ft_mergers == LAST_RESORT and alone and before >= 0 and before >= months_of_patience(par)


@rule
def remember(now, par, one, other):
    """Remember that only one side refused the attempt of `one`: it may come back as a last resort."""
    before = refused_for(now, one, other)
    if before < 0 or before >= months_of_patience(par):
        one.refused_with = other.key
        one.refused_since = now.month
        if other.refused_with == one.key:
            other.refused_with = 0


@rule
def say_no(world, par, i, j, log):
    """Let board i refuse to merge with j; if j wanted it, j holds it against i."""
    now, org = world.now, world.org
    if org[j].merger_wish > 0:
        world.broken[j, i] += par.veto_evidence
    if log.size > 1:
        benefit = hoped(world, par, i, j)
        note(
            log, now.month, MERGER_REFUSED, i, j, org[i].key, org[i].merger_view, org[i].merger_gain, benefit
        )
        add_reason(log, -1, control_lost(world, par, i, j), float(org[j].merger_wish))


@rule
def direct(world, par, dial, i, j, log):
    """Return whether the national body directs the merger of two bodies of which at least one refuses."""
    now, org = world.now, world.org
    one, other = org[i], org[j]
    benefit = hoped(world, par, i, j)
    clear = distress(par, one) >= par.merger_direction and benefit > 0.0
    for body in (one, other):
        if body.merger_wish < 0 and not can_direct(now, par, dial, body, one, other, clear):
            return False
    note(log, now.month, MERGER_DIRECTED, i, j, one.key, distress(par, one), benefit, 1.0 if clear else 0.0)
    add_reason(log, -1, float(refused_for(now, one, other)), 0.0)
    return True


@rule
def resent(par, body):
    """Add the resentment of a board that is bound against its will, as after a loss imposed (4.10)."""
    if body.merger_wish < 0:
        body.resentment = min(1.0, body.resentment - par.imposition * min(0.0, body.merger_view))


@rule
def blocked(now, par, dial, one, other):
    """Return whether the competition review stops the merger."""
    drawn = uniforms(now, MERGER_REVIEW, min(one.key, other.key), max(one.key, other.key), now.month)[0]
    return drawn < par.merger_block * dial.competition


@rule
def agree(now, one, other, how):
    """Record that the two are to merge; until they have merged, neither is free for another."""
    one.merging_with, other.merging_with = other.key, one.key
    one.merger_since, other.merger_since = now.month, now.month
    one.merger_stage, one.merger_how = MERGER_AGREED, how


@rule
def agree_merger(world, par, dial, log):
    now, org, board = world.now, world.org, world.board
    i, j = board.candidate, board.neighbour
    # no merger was put forward, or a board has not considered it
    if i < 0 or org[i].merger_wish == 0 or org[j].merger_wish == 0:
        return
    # the Mesa face put it forward while one of the two waits for another merger
    if org[i].merging_with != 0 or org[j].merging_with != 0:
        return
    how = VOLUNTARY
    if org[i].merger_wish < 0:
        say_no(world, par, i, j, log)
    if org[j].merger_wish < 0:
        say_no(world, par, j, i, log)
    if org[i].merger_wish < 0 or org[j].merger_wish < 0:
        if not direct(world, par, dial, i, j, log):
            if org[i].merger_wish != org[j].merger_wish:
                remember(now, par, org[i], org[j])
            else:
                org[i].refused_with = 0
            return
        how = DIRECTED
    if is_provider(org[i]) and blocked(now, par, dial, org[i], org[j]):
        board.mergers_blocked += 1
        org[i].refused_with = 0
        note(
            log,
            now.month,
            MERGER_BLOCKED,
            i,
            j,
            org[i].key,
            dial.competition,
            par.merger_block * dial.competition,
            0.0,
        )
        return
    resent(par, org[i])
    resent(par, org[j])
    agree(now, org[i], org[j], how)
