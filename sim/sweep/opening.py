"""What a script does before a sweep begins: refuse what cannot be run, say what has been done before, tell
the plan.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from sim.results.publishing import say
from sim.sweep.clusters.choice import Cluster
from sim.sweep.store import ANEW, LOCK, alone


def opened(
    folder: Path,
    held: Callable[[], dict[str, Any] | None],
    cluster: Cluster,
    tell_plan: Callable[[], None],
    plan_only: bool,
) -> int | None:
    """The status if there is nothing (more) to do, else None.

    `held` gives what the folder's `run.json` says if it is finished. Raises BadInput where that does, if
    another is at work there, or the cluster cannot be reached.
    """
    if (folder / LOCK).exists():
        with alone(folder):  # another may be at work there
            pass
    done = held()
    if not plan_only:
        if done is not None and not done["failed"]:
            say(f"Finished already: {folder}, {done['runs']:,} runs. {ANEW}")
            return 0
        cluster.check()
    tell_plan()
    return 0 if plan_only else None
