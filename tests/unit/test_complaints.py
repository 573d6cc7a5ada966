"""Whatever is mistyped on a command line ends in one plain line that names it."""

import pytest

from sim.inputs.problems import BadInput
from sim.scenario.composing import Composed, check, compose, load
from sim.sweep.request import Request, ask


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("events={month: 2}", "events: a list is needed, in [ ]"),
        ("rules=[bargain]", "rules: names with values are needed, in { }"),
        ("params=[1,2]", "params: names with values are needed, in { }"),
        ("futures=[1", "futures=[1: cannot be read; write KEY=VALUE"),
        ("futures", "futures: cannot be read; write KEY=VALUE"),
        ("", "an empty word: cannot be read"),
        ("=3", "a word without a key"),
        ("futures=1,2", "futures=1,2: several values; a list is written in [ ]"),
        ("+futures=3", "futures: stands there already; write it without +"),
        ("+system=dorset", "system=dorset: write it without +"),
        ("system=atlantis", "system: 'atlantis' is not known; valid: "),
        ("~nope", "nope: unknown key; valid: "),
        ("Futures=3", "Futures: unknown key; did you mean 'futures'?"),
        ("futures.x=3", "futures.x: unknown key"),
        ("regime=option2", "regime: unknown key; did you mean 'regimes'?"),
        ("regimes.nope=1", "nope: no place in a list"),
        ("events.0.month=3", "events[0]: is not in the list"),
        ("system.bugdet=3", "system.bugdet: unknown key"),
        (
            "system.partners.sheffield_ccg.lable=x",
            "system.partners.sheffield_ccg.lable: unknown key; did you mean 'label'?",
        ),
        ("system.partners.nobody.kind=ccg", "system.partners.nobody: the system has none of this name"),
        ("futures=${nope}", "futures: refers to a key that does not exist"),
        ("hydra.nope=3", "hydra.nope: unknown key"),
    ],
)
def test_a_slip_is_named_in_one_line(word, said):
    with pytest.raises(BadInput) as caught:
        compose("experiment/regimes", [word])
    assert str(caught.value).startswith(said)
    assert "\n" not in str(caught.value)


def test_a_dial_is_not_turned_by_the_name_of_the_regime():
    """Hydra would take it, and nothing would come of it."""
    with pytest.raises(
        BadInput,
        match=r"^regime\.threshold: a regime is chosen by name.* its dials are turned by dials\.threshold=",
    ):
        load("regime=stp_2016", "regime.threshold=0.9")


def test_keys_are_offered_once():
    with pytest.raises(BadInput) as caught:
        compose("experiment/regimes", ["zzz=1"])
    offered = str(caught.value).partition("valid: ")[2].split(", ")
    assert len(offered) == len(set(offered)) > 10


def test_nothing_in_place_of_a_list_is_named():
    composed, choices = compose("scenario", ["events=null"])
    composed.pop("regime")
    with pytest.raises(
        BadInput, match=r"^events = None: should be a list, or the name of a file in configs/event$"
    ):
        check(Composed, {**composed, "system_name": choices["system"]})
    composed, choices = compose("experiment/sweep", ["regimes=[]"])
    with pytest.raises(BadInput, match="regimes: at least 1 needed, not 0"):
        check(Request, {**composed, "system_name": choices["system"]})


@pytest.mark.parametrize(
    ("word", "said"),
    [("systems=[]", "systems: at least 1 needed, not 0"), ("design=table", "design.file: name a CSV")],
)
def test_what_a_sweep_cannot_do_is_named_once(word, said):
    with pytest.raises(BadInput) as caught:
        ask(word)
    assert str(caught.value).startswith(said)
