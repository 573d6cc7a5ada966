"""The server of the teaching page: what it answers is what `sim.simulate` gives, and nothing a visitor sends
breaks it.
"""

import asyncio
import json
import math
import re
import subprocess
import sys
import time

import httpx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from page import Served, free_port
from script import hears_ctrl_c, interrupted

import sim
from sim.app import __main__ as program
from sim.app.files import HERE, files
from sim.app.futures import CHUNK, Lived, over_twelve_months
from sim.app.guard import HEADERS
from sim.app.levers import regimes
from sim.app.page_state import State
from sim.app.places import map_of
from sim.app.pool import Pool
from sim.declarations.parameters import PARAMETERS
from sim.declarations.regimes import Regime

pytestmark = pytest.mark.e2e
LEAVES = {"month": 24, "do": "leave", "partner": "sheffield_council"}


def test_pictures_are_quantiles_of_what_simulate_gives(served: Served):
    first, *_, last = served.pictures(
        {"now": {"params": {"squeeze": 0.02}, "change": 24, "events": [LEAVES]}}
    )
    assert (first["futures"], last["futures"], last["of"], last["done"]) == (25, 100, 100, True)
    state = State(params={"squeeze": 0.02}, change=24, events=[LEAVES])
    wanted = sim.load(
        "payment=equal", "params.squeeze=0.02", "events=[{month: 24, do: leave, partner: sheffield_council}]"
    )
    assert state.scenario("a") == wanted
    assert state.scenario("b").regimes.keys() == {"joint_committee", "option2"}
    for side, scenario in (("a", wanted), ("b", state.scenario("b"))):
        data = sim.simulate(scenario, futures=100, seed=1)
        for name in ("integration", "waiting", "trust", "members"):
            expected = np.quantile(data[name].values, (0.05, 0.25, 0.5, 0.75, 0.95), axis=0)
            assert np.allclose(last["bands"][side][name], expected, rtol=2e-3, atol=1e-6), name
        money = over_twelve_months(data["balance"].values)
        assert np.allclose(last["bands"][side]["balance"][2], np.median(money, axis=0), rtol=2e-3, atol=1e-3)
        assert np.allclose(money[:, 30], data["balance"].values[:, 19:31].sum(axis=1)), (
            "twelve months, no more"
        )


def test_what_is_compared_is_paired_over_the_same_futures(served: Served):
    last = served.last({"now": {"events": [LEAVES]}, "before": {}})
    base = sim.load("payment=equal")
    table = sim.compare(
        sim.simulate(base, 100, 1), sim.simulate(base.with_events(LEAVES), 100, 1), ["trust_final_year"]
    )
    row = next(row for row in last["before"]["differences"]["a"] if row["outcome"] == "trust_final_year")
    for key in ("difference", "low", "high"):
        assert math.isclose(row[key], table.iloc[0][key], rel_tol=1e-3, abs_tol=1e-6)
    assert last["before"]["medians"]["a"]["trust"][:24] == last["bands"]["a"]["trust"][2][:24], (
        "nothing differs before it leaves"
    )


def test_one_future_is_told_as_the_minutes_tell_it(served: Served):
    told = served.client.post(
        "/api/future", json={"now": {"events": [LEAVES]}, "side": "a", "future": 7}
    ).json()
    scenario = State(events=[LEAVES]).scenario("a")
    assert [entry["sentence"] for entry in told["minutes"]] == sim.minutes(scenario, 1, 7)[
        "sentence"
    ].tolist()
    names = [body["name"] for body in map_of("south_yorkshire_bassetlaw")["bodies"]]
    at = names.index("sheffield_council")
    assert {month[at] for month in told["members"][:24]} <= {"1", "2"} and told["members"][24][at] == "0"
    data = sim.simulate(scenario, 1, 1, first=7, record="full")
    trust = data["trust_in"].values[0, 60]
    i, j = 1, 4
    at = 2 * (i * len(names) - i * (i + 1) // 2 + (j - i - 1))
    assert abs(int(told["trust"][60][at : at + 2], 36) / 1295 - (trust[i, j] + trust[j, i]) / 2) < 1 / 1295


def test_what_two_ask_for_is_lived_once(served: Served):
    body = {"now": {"params": {"squeeze": 0.0171}}}
    before = served.app.state.pool.lived
    first, again = (
        served.last(body),
        served.pictures({"now": {"params": {"squeeze": 0.0171, "harmful": PARAMETERS["harmful"].default}}}),
    )
    assert served.app.state.pool.lived - before == 200, "two laws, a hundred futures each"
    assert again == [first], "what is there already comes at once, and a lever at its default changes nothing"


def test_first_pictures_come_first_then_whoever_waits_longest_and_nobody_lives_for_those_who_left():
    scenarios = [State(params={"squeeze": value}).scenario("a") for value in (0.01, 0.02, 0.03, 0.04)]

    async def scene() -> None:
        pool = Pool(seed=1, futures=200, workers=0)
        one = pool.wish([scenarios[0]], [scenarios[1]], 200)
        assert [hand_out(pool) for _ in range(4)] == [scenarios[0]] * 4
        two = pool.wish([scenarios[2]], [], 50)
        assert [hand_out(pool) for _ in range(4)] == [scenarios[2], scenarios[2], scenarios[0], scenarios[1]]
        three = pool.wish([scenarios[3]], [], 200)
        assert [hand_out(pool) for _ in range(4)] == [scenarios[3]] * 4
        one_after_the_other = [*scenarios[:2] * 3, *scenarios[1:2] * 4, *scenarios[3:] * 4]
        assert [hand_out(pool) for _ in one_after_the_other] == one_after_the_other
        with one, two, three:
            pass
        assert pool._next() is None

    def hand_out(pool: Pool):
        run = pool._next()
        assert run is not None
        run.next_chunk()
        return run.scenario

    asyncio.run(scene())


def test_a_visitor_who_goes_away_stops_the_work(served: Served):
    pool = served.app.state.pool
    body = {"now": {"system": "greater_manchester", "params": {"squeeze": 0.0199}}}
    with served.client.stream("POST", "/api/futures", json=body) as answer:
        next(answer.iter_lines())
    for _ in range(500):
        if not pool.wishes:
            break
        time.sleep(0.02)
    assert not pool.wishes


def test_chunks_may_come_in_any_order():
    run = Lived(State().scenario("a"), 1, 3 * CHUNK)
    parts = [run.live(*run.next_chunk()) for _ in range(3)]
    run.keep(parts[2])
    assert run.done == 0
    run.keep(parts[0])
    assert run.done == CHUNK
    run.keep(parts[1])
    assert run.done == 3 * CHUNK
    data = sim.simulate(run.scenario, 3 * CHUNK, 1)
    assert (run.outcome("trust_final_year", 3 * CHUNK) == data["trust_final_year"].values).all()


def test_a_class_of_thirty_is_served(served: Served):
    async def one(client, number):
        asked = {"now": {"params": {"squeeze": 0.01 + number / 5000}}, "futures": 25}
        answer = await client.post("/api/futures", json=asked)
        return answer.status_code, json.loads(answer.text.splitlines()[-1])["bands"]["a"]["integration"][2][
            -1
        ]

    async def everybody():
        async with httpx.AsyncClient(base_url=served.address, timeout=120, trust_env=False) as client:
            return await asyncio.gather(*(one(client, number) for number in range(30)))

    answers = asyncio.run(everybody())
    assert {status for status, _ in answers} == {200}
    assert len({value for _, value in answers}) > 20, "each has its own answer"


# What is asked is checked.


def refused(served: Served, body: object, path: str = "/api/futures") -> str:
    answer = served.client.post(path, json=body)
    assert answer.status_code == 400, answer.text
    return answer.json()["error"]


@pytest.mark.parametrize(
    "body, words",
    [
        ({"now": {"system": "dorsett"}}, "did you mean 'dorset'"),
        ({"now": {"a": {"regime": "option3"}}}, "did you mean 'option"),
        ({"now": {"params": {"sqeeze": 0.01}}}, "did you mean 'squeeze'"),
        ({"now": {"params": {"squeeze": 9}}}, "allowed from -0.1 to 0.2"),
        ({"now": {"a": {"regime": "option2", "dials": {"threshold": 2}}}}, "threshold"),
        ({"now": {"a": {"regime": "option2", "dials": {"label": "x"}}}}, "dials.label"),
        ({"now": {"change": 24, "a": {"regime": "option1", "dials": {"block": 0.1}}}}, "b.dials"),
        ({"now": {"change": 120}}, "change"),
        (
            {"now": {"events": [{"month": 3, "do": "change_regime", "regime": "option2"}]}},
            "one of leave, return, merge",
        ),
        ({"now": {"events": [{"month": 3, "do": "leave", "partner": "luton_council"}]}}, "luton_council"),
        ({"now": {"events": [LEAVES] * 25}}, "events"),
        ({"now": {}, "lesson": "none"}, "lesson"),
        ({"now": {}, "futures": 10_000}, "futures"),
        ({"nwo": {}}, "did you mean 'now'"),
    ],
)
def test_bad_input_is_named(served: Served, body, words):
    assert words in refused(served, body)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
NUMBERS = st.one_of(JSON, st.sampled_from([1e308, -1e308, 10**400, 1e-320, 0]))
LAWS = st.fixed_dictionaries(
    {"regime": st.sampled_from([regime["name"] for regime in regimes()]) | JSON},
    optional={
        "dials": st.dictionaries(st.sampled_from(sorted(Regime.model_fields)), NUMBERS, max_size=2) | JSON
    },
)
EVENTS = st.fixed_dictionaries(
    {
        "month": st.integers(-1, 130),
        "do": st.sampled_from(["leave", "return", "merge"]) | JSON,
        "partner": st.sampled_from(["dorset_ccg", "sheffield_council"]) | JSON,
    }
)
STATES = st.fixed_dictionaries(
    {},
    optional={
        "system": st.sampled_from(["dorset", "generated"]) | JSON,
        "a": LAWS | JSON,
        "b": LAWS | JSON,
        "change": st.integers(-1, 130) | JSON,
        "params": st.dictionaries(st.sampled_from(sorted(PARAMETERS)), NUMBERS, max_size=3) | JSON,
        "payment": JSON,
        "equal_block": NUMBERS,
        "events": JSON | st.lists(EVENTS, max_size=3),
    },
)
MORE = st.dictionaries(st.sampled_from(["side", "future", "lesson", "x"]), JSON, max_size=2)


@settings(max_examples=60)
@given(now=STATES | JSON, before=st.none() | STATES, more=MORE)
def test_no_request_breaks_the_server(served: Served, now, before, more):
    """Whatever is sent is answered, or refused with a plain message; nothing ends in an error of the
    server.
    """
    many, one = {"now": now, "before": before, "futures": 25, **more}, {"now": now, **more}
    for path, body in (("/api/futures", many), ("/api/future", one), ("/api/command", {"now": now})):
        answer = served.client.post(
            path, content=json.dumps(body).encode(), headers={"content-type": "application/json"}
        )
        assert answer.status_code == 200 or 400 <= answer.status_code < 500, (path, body, answer.text)
        if answer.status_code != 200:
            assert answer.json()["error"] and "Traceback" not in answer.text


NO_JSON = [
    b"",
    b"{",
    b"[" * 9000,
    b"\xff\xfe",
    b'{"now": NaN}',
    b'{"now": {"params": {"squeeze": Infinity}}}',
    b'"\\ud800"',
    b"1" * 9000,
]


@pytest.mark.parametrize("body", NO_JSON)
def test_what_is_no_json_is_refused(served: Served, body):
    answer = served.client.post("/api/futures", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 400 and answer.json()["error"]


def test_other_ways_of_asking_are_refused(served: Served):
    client = served.client
    assert (
        client.post("/api/futures", content=b"{}", headers={"content-type": "text/plain"}).status_code == 400
    ), "no form of another site"
    assert client.post("/api/futures", json={"now": "x" * 20_000}).status_code == 400
    assert client.get("/api/futures").status_code == 405
    assert client.put("/").status_code == 405
    for path in (
        "/etc/passwd",
        "/%2e%2e/pyproject.toml",
        "/static/main.js",
        "/api/system/..%2f..%2fx",
        "/api/system/nowhere",
        "/%00",
    ):
        assert client.get(path).status_code == 404, path


def test_every_answer_tells_the_browser_how_little_it_may_do(served: Served):
    answers = [served.client.get(path) for path in ("/", "/main.js", "/api/catalogue", "/nowhere")]
    answers.append(served.client.post("/api/futures", json={}))
    answers.append(served.client.get("/", headers={"host": "elsewhere.example"}))
    for answer in answers:
        assert {name: answer.headers[name] for name in HEADERS} == HEADERS
        assert "server" not in answer.headers


@pytest.mark.parametrize(
    "host, known",
    [
        ("localhost:8765", True),
        ("127.0.0.1", True),
        ("192.168.1.20:8765", True),
        ("[::1]:8765", True),
        ("elsewhere.example", False),
        ("127.0.0.1.elsewhere.example", False),
        ("", False),
        ("localhost:x", False),
    ],
)
def test_only_known_host_names_are_answered(served: Served, host, known):
    assert (served.client.get("/", headers={"host": host}).status_code == 200) == known


def test_the_page_is_whole_and_asks_nobody_else():
    assert {"/", "/main.js", "/style.css"} <= files().keys() and len(files()) == len(list(HERE.iterdir()))
    for path, file in files().items():
        text = file.content.decode()
        assert not re.findall(r"https?://(?!www\.w3\.org/)", text), path
        for name in re.findall(r'(?:from|src=|href=) ?"\.?/?([\w.]+\.(?:js|css|svg))"', text):
            assert f"/{name}" in files(), (path, name)
        assert "innerHTML" not in text and "eval(" not in text
        assert not re.search(r"<[^>]+ (style|on\w+)=", text), (
            "no style or script inside the page: the policy forbids both"
        )


@pytest.mark.parametrize("words", [["--port", "x"], ["--port", "0"], ["--port", "70000"]])
def test_a_bad_port_is_named(words, capsys):
    with pytest.raises(SystemExit) as ended:
        program.main(words)
    assert ended.value.code == 2 and "1 to 65535" in capsys.readouterr().err


def test_ctrl_c_ends_it_while_somebody_waits(tmp_path):
    command = [sys.executable, "-m", "sim.app", "--port", str(free_port())]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, preexec_fn=hears_ctrl_c)
    assert process.stderr is not None
    while not (address := re.search(r"http://\S+", process.stderr.readline())):
        pass
    body = {"now": {"system": "greater_manchester"}}
    with httpx.stream("POST", f"{address[0]}/api/futures", json=body, timeout=60, trust_env=False) as answer:
        lines = answer.iter_lines()
        next(lines)
        said = interrupted(process)
    assert process.returncode == 130
    assert said.split() == ["Stopped."], said


def test_a_port_in_use_is_named(served: Served, capsys):
    assert program.main(["--port", served.address.rsplit(":", 1)[1]]) == 2
    assert "Cannot listen" in capsys.readouterr().err
