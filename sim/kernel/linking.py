"""Makes LLVM optimise an entry together with all the rules it calls, as one program.

Numba lets anything call a compiled function. So each function takes all the words of every array it is given,
used or not: a `World` has some 120 words. Inside an entry, only the entry's own functions call each other.
Once LLVM knows this, it passes only what is used, and puts small functions where they are called. Without it
the model runs a fifth slower. If large functions were put in too, the model would run 3 % faster but take a
third longer to compile.

This reaches into Numba, because its public settings act on single functions only. `SIM_LINKING=off` turns it
off. If another version of Numba lacks the place, names its functions differently or fails here, only speed is
lost: `acts()` tells.
"""

import os
from collections.abc import Callable
from typing import Any

import numba
from llvmlite import binding
from numba.core import codegen

ON = os.environ.get("SIM_LINKING") != "off"
LARGE = 20  # basic blocks; a larger function is not inlined

_entries: set[str] = set()  # how the names of the entries' machine code begin
_closed = 0


def mark(function: Callable[..., Any]) -> None:
    """Mark a function that only Python calls. LLVM may optimise it together with the rules it calls."""
    _entries.add(_code_name(function))


def acted() -> int:
    """Return how many entries have been optimised as one program since this process started."""
    return _closed


def acts() -> bool:
    """Return whether entries are optimised as one program here; compiles a small one to find out."""

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
    """Stop callers outside the module from calling the functions that Numba linked into it."""
    for function in module.functions:
        if not function.is_declaration and function.linkage == binding.Linkage.linkonce_odr:
            function.linkage = binding.Linkage.internal
            if sum(1 for _ in function.blocks) > LARGE:
                function.add_function_attribute("noinline")


def _code_name(function: Callable[..., Any]) -> str:
    """Return how the name of a function's machine code begins: module and qualified name.

    Empty if Numba has changed.
    """
    try:
        from numba.core.itanium_mangler import mangle

        return str(mangle(f"{function.__module__}.{function.__qualname__}", ())).removesuffix("E")
    except Exception:
        return ""


def is_entry(module: Any) -> bool:
    """Return whether a module is the machine code of an entry: it defines one that others may call."""
    for function in module.functions:
        if not function.is_declaration and function.linkage == binding.Linkage.external:
            name = str(function.name)
            # A tag (B) or the end (E) follows the name. For a function inside it, a digit would follow.
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
        except Exception:  # Numba differs from the one this was written for: only speed is lost
            pass
        optimise(self)

    library._optimize_final_module = optimise_closed


if ON:
    _install()
