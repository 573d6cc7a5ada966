"""What an entry holds is optimised as one program.

Numba lets every compiled function be called from anywhere, so each takes all seven words of every array it is
given, used or not, and says whether it failed. Inside an entry nobody else calls them. Told so, LLVM passes
only what is used, and puts small functions where they are called: 7 % more futures a second. Put in
everywhere, large ones would give 3 % more, and take a third longer to compile.

This reaches into Numba (its public settings end at single functions): where another version has no such
place, only speed is lost.
"""

from typing import Any

from llvmlite.binding import Linkage
from numba.core import codegen

LARGE = 20  # basic blocks; a larger function stays one

_entries: set[str] = set()


def mark(name: str) -> None:
    """Functions of this qualified name are called from Python alone: what they hold is theirs."""
    _entries.add(name)


def close(module: Any) -> None:
    """Nobody outside the module may call what Numba linked into it."""
    for function in module.functions:
        if not function.is_declaration and function.linkage == Linkage.linkonce_odr:
            function.linkage = Linkage.internal
            if sum(1 for _ in function.blocks) > LARGE:
                function.add_function_attribute("noinline")


def _install() -> None:
    library: Any = getattr(codegen, "CPUCodeLibrary", None)
    optimise = getattr(library, "_optimize_final_module", None)
    if optimise is None:
        return

    def optimise_closed(self: Any) -> None:
        if self.name in _entries:
            close(self._final_module)
        optimise(self)

    library._optimize_final_module = optimise_closed


_install()
