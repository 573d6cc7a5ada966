"""How pydantic reads every description from outside: no unknown key, no infinite number, no later change."""

from pydantic import ConfigDict

STRICT = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)
