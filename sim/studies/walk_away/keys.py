"""What a study of departures is given: its keys, the variants that they mean, and who exists when."""

from typing import Annotated, ClassVar

from pydantic import Field, model_validator

from sim.analysis.criticality import candidates
from sim.analysis.outcomes import known
from sim.inputs.problems import unknown
from sim.scenario.events import PROVIDERS
from sim.scenario.scenario import Scenario
from sim.studies.experiment import Experiment
from sim.sweep.plan import changed
from sim.sweep.request import Request
from sim.sweep.variants import Variant

STAYS, LEAVES, BACK, GRANTED = "stays", "leaves", "back", "granted"
SERIES = ("integration", "engagement", "trust")  # kept month by month where consequences are wanted


class WalkAwayKeys(Experiment):
    """The keys of `configs/experiment/walk_away.yaml`."""

    experiment: ClassVar[str] = "walk_away"

    month: Annotated[int, Field(ge=0)] = 24
    outcome: str = "integration_mean"
    consequences: bool = False
    partner: str | None = None
    back_after: Annotated[int, Field(ge=1)] = 12
    shapley: Annotated[int, Field(ge=0, le=100_000)] = 0
    map: bool = False
    map_months: tuple[Annotated[int, Field(ge=0)], ...] = (6, 24, 42, 60, 84)
    map_trust: tuple[Annotated[float, Field(ge=0, le=1)], ...] = (0.15, 0.3, 0.45, 0.6, 0.75)

    def planned(self) -> dict[str, Request]:
        problems = self._problems()
        if problems:
            raise ValueError("\n".join(problems))
        variants = {STAYS: Variant()}
        for name in self.leavers:
            variants |= self.ways_of(name)
        kept = tuple(
            dict.fromkeys([*known(self.outcomes if self.outcomes != "headline" else None), self.outcome])
        )
        found = {
            "ranking": self.over_sets(variants, outcomes=kept, series=SERIES if self.consequences else ())
        }
        if self.map:
            found["map"] = self.over_sets(self.map_variants(), outcomes=(self.outcome,), series=())
        return found

    def _problems(self) -> list[str]:
        found = (
            [unknown("partner", self.partner, self.leavers)]
            if self.partner is not None and self.partner not in self.leavers
            else []
        )
        if self.systems is not None:
            found.append("systems: partners are of one system; name it with system=...")
        if self.map and self.partner is None:
            found.append("partner: missing; map=true needs one, such as the one that the ranking puts first")
        last = self.month + (self.back_after if self.consequences else 0)
        if last >= self.months:
            found.append(
                f"month = {self.month}: the last event is in month {last}; the horizon is "
                f"{self.months} months"
            )
        late = [month for month in self.map_months if month >= self.months] if self.map else []
        return found + [
            f"map_months: {month} is after the horizon; allowed from 0 to {self.months - 1}" for month in late
        ]

    @property
    def leavers(self) -> tuple[str, ...]:
        """Every partner of the system; the ranking checks which of them exist under a regime."""
        return tuple(self.system.get("partners", {}))

    def ways_of(self, partner: str) -> dict[str, Variant]:
        """Returns the variants for one partner. It leaves; with `consequences` it is also brought back, once
        alone and once together with a proposal that it wants.
        """
        gone = {"month": self.month, "partner": partner, "do": "leave"}
        found = {f"{LEAVES}:{partner}": Variant(events=(gone,))}
        if self.consequences and self.partner in (None, partner):
            again = {"month": self.month + self.back_after, "partner": partner, "do": "return"}
            found[f"{BACK}:{partner}"] = Variant(events=(gone, again))
            wish = self.wish_of(partner)
            if wish:
                asked = {"month": self.month + self.back_after, "do": "table", **wish}
                found[f"{GRANTED}:{partner}"] = Variant(events=(gone, again, asked))
        return found

    def wish_of(self, partner: str) -> dict[str, str]:
        """Returns the proposal that a partner would ask for: a trust its capital scheme; a commissioner or
        council a move of care out of hospital in its place. Empty if it has no place.
        """
        body = self.system["partners"][partner]
        if body["kind"] in PROVIDERS:
            return {"kind": "capital", "partner": partner}
        own = [
            name
            for name, place in self.system["places"].items()
            if partner in (place["commissioner"], place["council"])
        ]
        return (
            {"kind": "shift", "place": max(own, key=lambda name: self.system["places"][name]["population"])}
            if own
            else {}
        )

    def map_variants(self) -> dict[str, Variant]:
        found = {}
        for trust in self.map_trust:
            begins = {"trust_start": trust}
            found[f"{STAYS}:{trust:g}"] = Variant(params=begins)
            for month in self.map_months:
                gone = {"month": month, "partner": self.partner, "do": "leave"}
                found[f"{month}:{trust:g}"] = Variant(params=begins, events=(gone,))
        return found

    def scenario_of(self, regime: str, point: int) -> Scenario:
        """Returns the scenario of one parameter set in which nobody is made to leave."""
        return changed(
            self.scenario(regime), {str(key): float(value) for key, value in self.table.iloc[point].items()}
        )

    def there(self, regime: str) -> tuple[str, ...]:
        """Returns the partners that exist under a regime in the month of departure."""
        return candidates(self.scenario(regime), self.month)

    @model_validator(mode="after")
    def _outcome_exists(self) -> "WalkAwayKeys":
        known(self.outcome)
        return self
