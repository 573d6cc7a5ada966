"""Prints a hash of everything a few runs give, and of their minutes; run as a program, to compare processes
with each other.
"""

import hashlib
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from scenarios import PRESETS, preset
from toy import toy_system

from sim.engine import simulation
from sim.scenario.scenario import Scenario, make_scenario
from sim.systems.extra_partners import ADDED
from sim.systems.made_up import spelt_out

MONTHS = 40
# Defaults until calibration changed them: what is compared with earlier versions stays comparable.
BEFORE = {"start_margin": 0.0, "start_margin_spread": 0.02, "sustainability_fund": 0.015}


def bytes_of(output: simulation.Output) -> dict[str, bytes]:
    return {name: array.tobytes() for name, array in vars(output).items()}


def busy_scenarios() -> dict[str, Scenario]:
    """Every regime, much going on: pressure, harm, breaches, mergers, departures, a return and two changes of
    law.
    """
    found = {}
    for name in PRESETS:
        events = [
            {"month": 9, "do": "leave", "partner": "place_0_council"},
            {"month": 20, "do": "return", "partner": "place_0_council"},
            {"month": 15, "do": "change_regime", "regime": "option2"},
            {"month": 30, "do": "change_regime", "regime": "stp_2016"},
            {"month": 30, "do": "leave", "partner": "hospital_1"},
        ]
        found[name] = make_scenario(
            system_name="toy",
            system=toy_system(2, 2),
            regime=name,
            regimes={each: preset(each) for each in PRESETS},
            months=MONTHS,
            params={
                "programme_rate": 2.0,
                "squeeze": 0.04,
                "case_months": 1.0,
                "breach_from": 0.0,
                "exit_barrier": 0.1,
                "procurement_months": 2.0,
                "catalyst": 0.1,
                "merger_rate": 3.0,
                "merger_from": 0.1,
                "special_chance": 12.0,
                "special_months": 1.0,
                "special_deficit": 0.01,
                "removal_chance": 6.0,
                "status_engagement": 0.3,
                "status_deficit": 0.2,
                "status_integration": 0.15,
                "commissioner_merger_rate": 0.9,
                "commissioner_ties": 0.0,
                **BEFORE,
            },
            events=events,
        )
    found["all kinds"] = with_all_kinds(found["joint_committee"])
    found["tabled"] = found["joint_committee"].with_events(
        {"month": 3, "do": "table", "kind": "reconfigure", "place": "place_1"},
        {"month": 12, "do": "table", "kind": "shift", "place": "place_0"},
        {"month": 12, "do": "table", "kind": "capital", "partner": "hospital_1"},
    )
    return found


def with_all_kinds(scenario: Scenario) -> Scenario:
    """The same with networks, voluntary bodies, and an independent provider that sits on the board until a
    law shuts it out.
    """
    seats = {"joint_committee": "on_board", "option2": "on_board", "stp_2016": "excluded"}
    everybody = [*preset("option2").voters, "ccg", "voluntary_body"]
    regimes = {
        name: preset(name, independent_providers=seat, voters=everybody) for name, seat in seats.items()
    }
    system = spelt_out({**toy_system(2, 2), "also": list(ADDED)})
    return scenario.changed(system=system, regimes={**scenario.regimes, **regimes})


def main() -> None:
    with np.errstate(all="ignore"):
        for name, scenario in busy_scenarios().items():
            output, log = simulation.run_with_log(scenario, 7, 3)
            digest = hashlib.blake2b(log.tobytes(), digest_size=16)
            for part in bytes_of(output).values():
                digest.update(part)
            print(name, digest.hexdigest())


if __name__ == "__main__":
    main()
