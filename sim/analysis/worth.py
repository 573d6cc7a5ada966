"""The smallest difference worth caring about, for each outcome that experiments report: an assumption, and
always labelled as one.

A difference that is certain may still be too small to matter. These say what somebody in such a system would
notice; no source gives them. They judge differences and change no run.
"""

from sim.analysis.outcomes import describe

# One line an outcome: the size, in the outcome's unit, and why.
_TABLE = """
member_share_last: 0.05: one body in twenty
walk_aways_last: 0.5: a departure more in every second future
trust_mean: 0.02: about what one change of leader takes from the mean trust in a body
engagement_final_year: 0.03: a twentieth of what bodies begin with
effort_final_year: 0.03: as engagement
months_to_decision: 1: a month
months_to_delivery: 2: two months
agreed_share: 0.05: one proposal in twenty
delivered_last: 1: one project in ten years
bad_passed_last: 0.5: a harmful project in every second future
good_blocked_last: 1: one project in ten years
promises_kept_share: 0.05: one promise in twenty
integration_mean: 0.01: a twentieth of what places begin with
integration_final_year: 0.015: as the mean, at its end
integration_gap_final_year: 0.01: as integration
waiting_final_year: 0.5: half a week
quality_final_year: 0.01: a hundredth of the index
wellbeing_final_year: 0.01: a hundredth of the index
unmet_final_year: 0.005: one in two hundred of those who need care
balance_mean: 1: GBP 12 million a year in a system
in_the_red_final_year: 0.05: one trust in twenty
resentment_final_year: 0.02: a fiftieth of the whole scale
mergers_last: 0.5: a merger more in every second future
waiting_gap_final_year: 0.2: a fifth of a week
unmet_gap_final_year: 0.005: as unmet care
"""
WORTH: dict[str, tuple[float, str]] = {}
for _line in _TABLE.strip().splitlines():
    _name, _size, _why = (part.strip() for part in _line.split(":", 2))
    WORTH[_name] = (float(_size), _why)

UNDECLARED = {"share": 0.02, "index": 0.01, "weeks": 0.5, "months": 1.0, "projects": 1.0, "bodies": 0.5}


def worth(outcome: str) -> float:
    """The smallest difference worth caring about, in the outcome's unit; by its unit where none is declared,
    else 0.
    """
    return WORTH[outcome][0] if outcome in WORTH else UNDECLARED.get(describe(outcome).unit, 0.0)
