"""4.4 The agenda is a queue with limited meeting time; what is contested takes more of it.

Place-level proposals are heard by their place every month; system-level ones queue, oldest first.
"""

from sim.compiled import rule
from sim.world import CASE, TABLE


@rule
def next_in_queue(project):
    """The oldest system-level proposal not yet heard this month, or -1; serials are unique, so there are no ties."""
    best = -1
    for q in range(project.size):
        item = project[q]
        if item.stage == TABLE and item.heard == 0 and item.wait == 0 and item.local == 0:
            if best < 0 or item.serial < project[best].serial:
                best = q
    return best


@rule
def set_agenda(par, project, board):
    for q in range(project.size):
        item = project[q]
        item.heard = 0
        if item.wait > 0:
            item.wait -= 1
        elif item.stage == CASE:
            item.stage = TABLE
        if item.stage == TABLE and item.wait == 0 and item.local == 1:
            item.heard = 1
            board.meetings += 1
    time = par.meeting_items
    while time > 0.0:
        q = next_in_queue(project)
        if q < 0:
            return
        project[q].heard = 1
        board.meetings += 1
        time -= 1.0 + par.contest_time * project[q].objection
