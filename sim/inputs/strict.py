"""How every description from outside is read: no key that is not known, no infinite number, never changed."""

from pydantic import ConfigDict

STRICT = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)
