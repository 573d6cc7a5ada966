# The public face: what `sim.` offers, and where it is. `__init__.py` reads this list when it runs, type
# checkers read it as types.

from .analysis.compare import compare as compare
from .engine.branching import branch as branch
from .engine.dataset import simulate as simulate
from .engine.starting_world import reconcile as reconcile
from .inputs.problems import BadInput as BadInput
from .mesa_face.agents import CCG as CCG
from .mesa_face.agents import Council as Council
from .mesa_face.agents import FoundationTrust as FoundationTrust
from .mesa_face.agents import ICSBoard as ICSBoard
from .mesa_face.agents import IndependentProvider as IndependentProvider
from .mesa_face.agents import NHSTrust as NHSTrust
from .mesa_face.agents import PrimaryCareNetwork as PrimaryCareNetwork
from .mesa_face.agents import VoluntaryBody as VoluntaryBody
from .mesa_face.model import LocalSystem as LocalSystem
from .mesa_face.national_body import NationalBody as NationalBody
from .minute_book.minutes import minutes as minutes
from .scenario.composing import load as load
from .scenario.scenario import Scenario as Scenario
from .sweep.reading import read as read
