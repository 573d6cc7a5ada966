"""What an entry holds is optimised as one program.

Numba lets every compiled function be called from anywhere, so each takes all the words of every array it is
given, used or not: a `World` is some 120. Inside an entry nobody else calls them. Told so, LLVM passes only
what is used, and puts small functions where they are called; without it the model runs a fifth slower. Put in
everywhere, large ones would give 3 % more, and take a third longer to compile.

This reaches into Numba (its public settings end at single functions). `SIM_LINKING=off` turns it off. Where
another version of Numba lacks the place, names its functions in another way or fails here, only speed is
lost: `acts()` tells.
"""

import os
from collections.abc import Callable
from typing import Any

import numba
from llvmlite import binding
from numba.core import codegen

ON = os.environ.get("SIM_LINKING") != "off"
LARGE = 20  # basic blocks; a larger function stays one

_entries: set[str] = set()  # how the names of their machine code begin
_closed = 0


def mark(function: Callable[..., Any]) -> None:
    """This function is called from Python alone: what it holds is its own."""
    _entries.add(_code_name(function))


def acted() -> int:
    """How many entries have been optimised as one program, since this process began to compile."""
    return _closed


def acts() -> bool:
    """Whether entries are optimised as one program here: compiles a small one to see."""

    def held(x: float) -> float:
        return x + 1.0

    held = numba.njit(held)

    def holder(x: float) -> float:
        return held(held(x))

    mark(holder)
    before = acted()
    numba.njit(holder)(1.0)
    return acted() > before


def close(module: Any) -> None:
    """Nobody outside the module may call what Numba linked into it."""
    for function in module.functions:
        if not function.is_declaration and function.linkage == binding.Linkage.linkonce_odr:
            function.linkage = binding.Linkage.internal
            if sum(1 for _ in function.blocks) > LARGE:
                function.add_function_attribute("noinline")


def _code_name(function: Callable[..., Any]) -> str:
    """How Numba's name of a function's machine code begins: its module and its qualified name. Empty if
    Numba has changed.
    """
    try:
        from numba.core.itanium_mangler import mangle

        return str(mangle(f"{function.__module__}.{function.__qualname__}", ())).removesuffix("E")
    except Exception:
        return ""


def is_entry(module: Any) -> bool:
    """Whether a module is the machine code of an entry: it defines one that others may call."""
    for function in module.functions:
        if not function.is_declaration and function.linkage == binding.Linkage.external:
            name = str(function.name)
            # After the name come a tag (B) or the end (E); a function inside it would begin with a digit.
            if any(name.startswith((f"{begins}B", f"{begins}E")) for begins in _entries if begins):
                return True
    return False


def _install() -> None:
    library: Any = getattr(codegen, "CPUCodeLibrary", None)
    optimise = getattr(library, "_optimize_final_module", None)
    if optimise is None:
        return

    def optimise_closed(self: Any) -> None:
        global _closed
        try:
            if is_entry(self._final_module):
                close(self._final_module)
                _closed += 1
        except Exception:  # another Numba than this was written for: only speed is lost
            pass
        optimise(self)

    library._optimize_final_module = optimise_closed


if ON:
    _install()
