"""Crosses every parameter set with every setting, as the design of a sweep."""

import json
from functools import cached_property, lru_cache
from typing import Any

import pandas as pd
from pydantic import Field

from sim.sweep.designs import Table
from sim.sweep.points import checked


class Crossed(Table):
    """Each row of a table of sets, repeated for every setting: row s x sets + k combines setting s with set
    k.

    `settings` holds {column: value} for each setting, such as {"regime": "option2", "params.squeeze": 0.02};
    each names the same axes (`regime`).
    """

    settings: tuple[dict[str, Any], ...] = Field(min_length=1)

    @property
    def content(self) -> str:
        return json.dumps([super().content, self.settings], sort_keys=True)

    @cached_property
    def rows(self) -> pd.DataFrame:
        sets = _read(self.file, self.text)
        for setting in self.settings:
            checked(pd.DataFrame([setting], dtype=object), "settings")
        return pd.concat([sets.assign(**setting) for setting in self.settings], ignore_index=True)


@lru_cache(maxsize=4)
def _read(file: str, text: str) -> pd.DataFrame:
    """Read and check a table of sets once, although several sweeps use it."""
    return Table(kind="table", file=file, text=text).rows
