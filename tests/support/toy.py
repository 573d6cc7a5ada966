"""Small systems for tests, in the same form as the files in configs/system."""

from typing import Any

BUDGETS = {
    "acute": 800.0,
    "community": 300.0,
    "ambulance": 40.0,
    "primary": 250.0,
    "running": 20.0,
    "social_care": 300.0,
}


def toy_system(places: int = 2, hospitals: int = 2, outside: float = 0.1) -> dict[str, Any]:
    """Makes places with a CCG and a council each, some hospitals that all places share, one community and one
    ambulance trust.
    """
    names = [f"place_{p}" for p in range(places)]
    partners: dict[str, Any] = {}
    for name in names:
        partners[f"{name}_ccg"] = {"label": f"CCG of {name}", "kind": "ccg"}
        partners[f"{name}_council"] = {"label": f"Council of {name}", "kind": "council"}
    for h in range(hospitals):
        kind = "foundation_trust" if h % 2 else "nhs_trust"
        partners[f"hospital_{h}"] = {
            "label": f"Hospital {h}",
            "kind": kind,
            "sector": "acute",
            "outside_income": 20.0 + 7 * h,
        }
    partners["community"] = {
        "label": "Community trust",
        "kind": "foundation_trust",
        "sector": "mental_health",
        "outside_income": 5.0,
    }
    partners["ambulance"] = {
        "label": "Ambulance trust",
        "kind": "nhs_trust",
        "sector": "ambulance",
        "outside_income": 3.0,
    }
    shares = [h + 1.0 for h in range(hospitals)]
    acute = {f"hospital_{h}": (1 - outside) * shares[h] / sum(shares) for h in range(hospitals)}
    acute["outside"] = 1.0 - sum(acute.values())
    return {
        "label": "Toy",
        "budgets": BUDGETS,
        "places": {
            name: {
                "label": name,
                "population": 150_000.0 + 70_000 * p,
                "commissioner": f"{name}_ccg",
                "council": f"{name}_council",
            }
            for p, name in enumerate(names)
        },
        "partners": partners,
        "flows": {
            "acute": {name: dict(acute) for name in names},
            "community": {name: {"community": 0.9, "outside": 0.1} for name in names},
            "ambulance": {name: {"ambulance": 1.0} for name in names},
        },
    }
