"""Reads the public tables behind the 42 systems in `configs/data`; its README.md has sources and licences."""

import csv
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from sim.inputs import library
from sim.inputs.problems import BadInput, unknown

LEAST_SHARE = 0.01  # a council with a smaller share of its people in a system is no partner in it


class Trust(NamedTuple):
    """A trust of March 2022. Source: ODS 2022. Income in GBP million of 2018/19, None where none was
    published.
    """

    code: str
    name: str
    sector: str
    foundation: bool
    # CCG codes or councils whose people use it first; empty if there are none. General knowledge
    home: tuple[str, ...]
    known: bool  # it is in the register; otherwise general knowledge
    income: float | None


class Ccg(NamedTuple):
    """A clinical commissioning group of April 2016. `population`: residents of 2019, None if not needed."""

    code: str
    name: str
    councils: tuple[str, ...]
    population: float | None
    known: bool  # the population is published; otherwise general knowledge


class Council(NamedTuple):
    """An upper-tier council's part inside a system. Source: ONS 2021, people of mid-2020; IMD 2015."""

    name: str
    population: int
    share: float  # of the council's people
    deprivation: float  # rank among England's districts, 0 to 1
    averaged: bool  # the extent of deprivation is the mean of a county's districts


@dataclass(frozen=True)
class Footprint:
    """One system in the tables. `population`: residents of mid-2020, boundary of April 2021."""

    code: str
    name: str
    population: int
    note: str
    trusts: tuple[Trust, ...]
    ccgs: tuple[Ccg, ...]
    councils: tuple[Council, ...]  # those with at least `LEAST_SHARE` of their people here


def table(name: str) -> list[dict[str, str]]:
    """Read all rows of `configs/data/<name>.csv`."""
    with open(library.folder() / "data" / f"{name}.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def codes() -> list[str]:
    """Return the ODS codes of the 42 systems, sorted."""
    return sorted(row["code"] for row in table("systems_42"))


@cache
def incomes() -> dict[str, float]:
    """Return published incomes by trust code, GBP million in 2018/19. A merged trust has the sum of its
    predecessors if all were published (BBC 2019).
    """
    found: dict[str, float] = {}
    for row in table("trust_incomes"):
        if row["covers"] == "whole":
            found[row["code"]] = round(found.get(row["code"], 0.0) + float(row["income"]), 3)
    return found


@cache
def deprivation_mean() -> float:
    """Return the mean deprivation rank of England's people, 0 to 1."""
    rank = {row["council"]: float(row["deprivation"]) for row in table("deprivation_2015")}
    people = [(int(row["population"]), rank[row["council"]]) for row in table("councils_2021")]
    return sum(n * d for n, d in people) / sum(n for n, _ in people)


@cache
def read(code: str) -> Footprint:
    """Read the system with this ODS code, such as QHM. Raises BadInput for an unknown code."""
    rows = {row["code"]: row for row in table("systems_42")}
    if code not in rows:
        raise BadInput(unknown("system.footprint", code, rows))
    row = rows[code]
    return Footprint(
        code, row["name"], int(row["population"]), row["note"], _trusts(code), _ccgs(code), _councils(code)
    )


def _trusts(system: str) -> tuple[Trust, ...]:
    return tuple(
        Trust(
            row["code"],
            row["name"],
            "specialist" if row["type"] == "specialist_acute" else row["type"],
            row["foundation_trust"] == "true",
            tuple(filter(None, row["home"].split(";"))),
            row["source"].startswith("ODS"),
            incomes().get(row["code"]),
        )
        for row in table("trusts_2022")
        if row["system"] == system
    )


def _ccgs(system: str) -> tuple[Ccg, ...]:
    return tuple(
        Ccg(
            row["code"],
            row["name"],
            tuple(row["councils"].split("; ")),
            float(row["population"]) if row["population"] else None,
            row["population_status"] == "published",
        )
        for row in table("ccgs_2016")
        if row["system"] == system
    )


def _councils(system: str) -> tuple[Council, ...]:
    rank = {row["council"]: row for row in table("deprivation_2015")}
    return tuple(
        Council(
            row["council"],
            int(row["population"]),
            float(row["share"]),
            float(rank[row["council"]]["deprivation"]),
            rank[row["council"]]["status"] != "published",
        )
        for row in table("councils_2021")
        if row["system"] == system and float(row["share"]) >= LEAST_SHARE
    )
