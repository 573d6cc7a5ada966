"""Finds the sentence of each kind of event: the function with the kind's name in one of these modules."""

from collections.abc import Callable
from types import ModuleType

from sim.minute_book import bodies, changes, decisions, mergers, nation, projects
from sim.minute_book.wording import Happened

Tell = Callable[[Happened], tuple[str, str]]
MODULES = (projects, bodies, mergers, changes, decisions, nation)


def told_in(module: ModuleType) -> dict[str, Tell]:
    """Return the public functions that a module defines itself."""
    return {
        name: value
        for name, value in vars(module).items()
        if not name.startswith("_") and callable(value) and value.__module__ == module.__name__
    }


SENTENCES: dict[str, Tell] = {name: tell for module in MODULES for name, tell in told_in(module).items()}
