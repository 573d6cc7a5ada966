"""4.9 Carries out agreed or directed mergers, after the public has been heard: the smaller body ends.

Several mergers in one month go by the key of the body that was put forward, so their order does not follow
that of the input.
"""

from sim.kernel.compiled import rule
from sim.kernel.records import MERGER_AGREED, MERGER_CLEARED
from sim.rules.mergers.consequences import DIRECTED, unite
from sim.rules.mergers.intention import pair
from sim.rules.mergers.scrutiny import partner_of


@rule
def next_ready(org):
    """Return the body put forward in a merger that can be carried out, or -1; the lowest key comes first."""
    best = -1
    for i in range(org.size):
        ready = org[i].merger_stage == MERGER_AGREED or org[i].merger_stage == MERGER_CLEARED
        if ready and (best < 0 or org[i].key < org[best].key):
            best = i
    return best


@rule
def merge(world, par, log):
    org = world.org
    i = next_ready(org)
    while i >= 0:
        how = org[i].merger_how
        source, into = pair(org, i, partner_of(org, i))
        if how == DIRECTED:
            world.board.decided_nation += 100.0 * org[source].scale
        unite(world, par, source, into, how, log)
        i = next_ready(org)
