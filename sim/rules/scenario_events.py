"""4.12, 4.14 Scenario events: what happens in a month, whatever the rules or the law say."""

import numpy as np

from sim.declarations.dials import MANY
from sim.kernel.compiled import rule
from sim.rules.law.change_of_law import change_law
from sim.rules.mergers.consequences import BY_EVENT, unite
from sim.rules.partnership.leave_and_return import come_back, walk_away
from sim.rules.partnership.withdrawal import withdraw
from sim.rules.services.independent_providers import seat_independents

# the step `table` brings what events put on the table
LEAVE, RETURN, CHANGE_REGIME, MERGE, PUT_ON_TABLE = range(5)
HAPPENING = np.dtype([("month", "i8"), ("do", "i8"), ("which", "i8"), ("other", "i8")])


@rule
def happen(world, par, dials, happenings, log):
    """Apply this month's events, and start the first regime in month 0. `board.law` numbers the regime."""
    now, org, board = world.now, world.org, world.board
    starts = now.month == 0
    changes = starts and dials[board.law].commissioners != MANY
    for e in range(happenings.size):
        if happenings[e].month == now.month and happenings[e].do == CHANGE_REGIME:
            board.law = happenings[e].which
            changes = True
            starts = True
    if changes:
        change_law(world, par, dials[board.law], log)
    if starts:
        seat_independents(world, par, dials[board.law], log)
    gone = starts  # an independent provider that lost its seat leaves projects like any leaver
    for e in range(happenings.size):
        event = happenings[e]
        if event.month != now.month:
            continue
        if event.do == LEAVE:
            walk_away(world, par, dials[board.law], event.which, log)
            gone = True
        elif event.do == RETURN:
            come_back(world, event.which, log)
        # otherwise the rules have merged one of the two before
        elif event.do == MERGE and org[event.which].exists == 1 and org[event.other].exists == 1:
            unite(world, par, event.other, event.which, BY_EVENT, log)
    if gone:
        withdraw(world, par, log)
