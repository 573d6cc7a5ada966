"""The dates of each proposal (section 7). These rules only read the state."""

import numpy as np

from sim.kernel.compiled import rule
from sim.kernel.records import BY_EVENTS, EMPTY, IN_FORCE

UNDECIDED, AGREED, DIED = 0.0, 1.0, 2.0


@rule
def follow_projects(now, par, project, history):
    """Keep each proposal's dates in the row of its serial number, NaN until known. Proposals that events
    brought have the last rows, backwards.
    """
    for q in range(project.size):
        item = project[q]
        at = np.int64(item.serial)
        if item.serial > BY_EVENTS:
            at = history.size - np.int64(item.serial - BY_EVENTS)
        if at <= 0 or at >= history.size:
            continue
        row = history[at]
        if np.isnan(row.project_tabled):
            if item.stage == EMPTY:
                continue
            row.project_kind, row.project_place, row.project_tabled = item.kind, item.place, item.tabled
            row.project_local = item.local
            row.project_harmful, row.project_outcome = item.harmful, UNDECIDED
        if row.project_outcome == UNDECIDED:
            if item.stage >= IN_FORCE:
                row.project_outcome, row.project_decided = AGREED, now.month
                row.project_imposed, row.project_partial = item.imposed, item.partial
            elif item.stage == EMPTY:
                row.project_outcome, row.project_decided = DIED, now.month
        elif (
            row.project_outcome == AGREED
            and np.isnan(row.project_delivered)
            and item.phased >= par.phase_months
        ):
            row.project_delivered, row.project_realised = now.month, item.realised / par.phase_months
