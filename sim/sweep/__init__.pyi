# What `sim.sweep` offers. `__init__.py` reads this list when it runs, type checkers read it as types.

from .plan import Plan as Plan
from .plan import plan_of as plan_of
from .reading import read as read
from .replay import scenario_in as scenario_in
from .request import Request as Request
from .request import ask as ask
from .run import sweep as sweep
