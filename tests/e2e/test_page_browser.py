"""The teaching page in a real browser: every control moved, a partner sent away, each lesson walked,
everything taken home.
"""

import csv
import io
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from page import BROWSER, CONTRAST, FLAGS, NAMELESS, NO_BROWSER, Served, address, serving, settled

from sim.app.lessons import lessons
from sim.app.levers import levers

playwright = pytest.importorskip("playwright.sync_api", reason="needs playwright: pip install '.[test]'")
pytestmark = [pytest.mark.e2e, pytest.mark.skipif(BROWSER is None, reason=NO_BROWSER)]
FUTURES = 50
Open = Callable[..., "playwright.Page"]


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with serving(futures=FUTURES) as page:
        yield page


@pytest.fixture(scope="module")
def browser() -> Iterator["playwright.Browser"]:
    with playwright.sync_playwright() as started:
        chromium = started.chromium.launch(executable_path=BROWSER, args=list(FLAGS))
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(served: Served, browser: "playwright.Browser") -> Iterator[Open]:
    """Opens the page at an address; at the end there was no error in the console, and no request to anywhere
    else.
    """
    troubles: list[str] = []
    contexts = []

    def opened(address: str = "", width: int = 1280, height: int = 900, **more: object) -> "playwright.Page":
        context = browser.new_context(
            viewport={"width": width, "height": height}, accept_downloads=True, **more
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.on(
            "console",
            lambda message: troubles.append(message.text) if message.type in ("error", "warning") else None,
        )
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on(
            "request",
            lambda sent: (
                None if sent.url.startswith((served.address, "blob:", "data:")) else troubles.append(sent.url)
            ),
        )
        page.goto(f"{served.address}/#{address}")
        settled(page)
        return page

    opened.troubles = troubles  # type: ignore[attr-defined]
    yield opened
    for context in contexts:
        context.close()
    assert troubles == []


def send_away(page: "playwright.Page", name: str, words: str) -> None:
    page.get_by_role("button", name=re.compile(f"^{name}")).focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name=words).click()


def test_the_page_opens_with_pictures_headlines_map_and_minutes(open_page: Open):
    page = open_page("month=8")
    playwright.expect(page.locator("#headlines li")).to_have_count(5)
    assert re.search(r"\d+ of 100 futures|No partner", page.locator("#headlines li").first.inner_text())
    figures = page.locator("#fans svg")
    playwright.expect(figures).to_have_count(5)
    for figure in figures.all():
        assert re.search(
            r"A: Voluntary .*: the middle future ends at .* B: Statutory",
            figure.get_attribute("aria-label") or "",
        )
        assert figure.locator(".median").count() == 2 and "NaN" not in figure.inner_html()
    playwright.expect(page.locator("#map .body")).to_have_count(20)
    assert "NaN" not in page.locator("#map").inner_html()
    assert page.locator("#minutes li").count() > 1
    assert page.locator("#progress-words").inner_text() == f"{FUTURES} futures"
    assert "chance only" in page.locator("#chance").inner_text()


def test_every_lever_in_front_moves_the_pictures(open_page: Open):
    page = open_page()
    for lever in [lever for lever in levers() if lever["front"]]:
        row = page.locator(f"[data-lever='{lever['key']}']")
        row.locator("summary").click()
        playwright.expect(row.locator(".source-words")).to_contain_text(re.compile(r"\w{4}"))
        if lever["kind"] == "choice":
            select = row.locator("select[data-side=b]")
            now = select.evaluate("box => box.selectedIndex")
            select.select_option(index=(now + 1) % len(lever["choices"]))
        else:
            row.locator("input").last.focus()
            page.keyboard.press("ArrowRight")
        name = lever["key"].split(".")[1]
        page.wait_for_function(f"() => /\\b(params|b)\\.{name}=/.test(location.hash)")
        assert lever["label"] in page.locator("#moved").inner_text()
        settled(page)
        assert page.locator("#problem").is_hidden()
        row.get_by_role("button", name="Reset").click()
        page.wait_for_function(f"() => !location.hash.includes('{name}')")
    settled(page)


def test_the_folded_levers_and_all_other_controls(open_page: Open):
    page = open_page()
    settled(page)  # pictures that arrive move what stands below them, and a click may miss
    page.locator("#more > summary").click()
    for group in page.locator("#folded .group").all():
        group.locator("> summary").press("Enter")
        playwright.expect(group.locator(".lever").first).to_be_visible()  # a group is filled as it opens
    assert page.locator(".lever").count() == len(levers())
    page.locator("[data-lever='params.leader_change'] input").focus()
    page.keyboard.press("ArrowLeft")
    page.locator("[data-lever='dials.bloc_voting'] select[data-side=a]").select_option("yes")
    page.select_option("#payment", "preset")
    page.select_option("#regime-a", "stp_2016")
    page.select_option("#regime-b", "health_boards")
    page.locator("#change").focus()
    page.keyboard.press("ArrowRight")
    settled(page)
    found = address(page)
    for part in ("params.leader_change=", "payment=preset", "a=stp_2016", "b=health_boards", "change=6"):
        assert part in found
    page.get_by_role("button", name="Reset all").click()
    page.select_option("#system", "dorset")
    settled(page)
    assert "params" not in address(page) and "system=dorset" in address(page)
    playwright.expect(
        page.get_by_role("button", name=re.compile("^Dorset County Council|^Dorset Council"))
    ).to_have_count(1)
    assert page.locator("#problem").is_hidden()


def test_a_partner_is_sent_away_comes_back_and_merges(open_page: Open):
    page = open_page("month=24")
    send_away(page, "Sheffield City Council", "Make it leave in April 2018")
    settled(page)
    assert "event=24.leave.sheffield_council" in address(page)
    playwright.expect(
        page.get_by_role("button", name=re.compile("^Sheffield City Council, council: left"))
    ).to_have_count(1)
    assert page.evaluate("document.activeElement.getAttribute('aria-label')").startswith(
        "Sheffield City Council"
    ), "the focus comes back"
    changes = page.locator("#changes")
    assert (
        "without what you made partners do" in changes.inner_text() and "chance alone" in changes.inner_text()
    )
    assert re.search(r"[+−][\d.]+ \([+−]?[\d.]+ to [+−]?[\d.]+\)", changes.inner_text())
    playwright.expect(page.locator("#fans .before")).to_have_count(10)
    assert page.locator("#key-before").is_visible()
    page.locator("#month").fill("60")
    send_away(page, "Sheffield City Council", "Make it return in April 2021")
    settled(page)
    page.get_by_role("button", name=re.compile("^Barnsley Hospital")).click()
    page.get_by_label("The body that merges into it").select_option("rotherham_hospital")
    page.get_by_role("button", name="Merge it into this body in April 2021").click()
    settled(page)
    playwright.expect(page.locator("#events li")).to_have_count(3)
    playwright.expect(page.get_by_role("button", name=re.compile("^The Rotherham NHS"))).to_have_count(0)
    page.get_by_role("button", name="Take back: Sheffield Council leaves").click()
    settled(page)
    assert "leave" not in address(page)


def test_time_moves_map_minutes_and_cursor_together(open_page: Open):
    page = open_page("month=0")
    cursor = page.locator("#fans .cursor").first
    before = cursor.get_attribute("x1")
    page.locator("#month").focus()
    page.keyboard.press("ArrowRight")
    assert page.locator("#month-words").inner_text() == "May 2016"
    assert cursor.get_attribute("x1") != before
    page.locator("#play").click()
    page.wait_for_function("() => Number(document.getElementById('month').value) > 3")
    page.locator("#play").click()
    assert page.locator("#play").inner_text() == "Play"
    page.locator("#month").fill("100")
    main = page.locator("#minutes li").count()
    page.locator("#minutes-all").check()
    assert page.locator("#minutes li").count() > main
    assert "month=100" in address(page)
    page.select_option("#map-side", "b")
    page.get_by_role("button", name="A typical one").click()
    assert "side=b" in address(page)
    page.wait_for_selector("#map .body[aria-label^='The statutory body']")
    page.get_by_role("button", name="One in which most leave").click()
    page.locator("#future").fill("7")
    page.locator("#future").press("Enter")
    assert "future=7" in address(page)


def test_arrow_keys_go_from_body_to_body(open_page: Open):
    page = open_page()
    page.locator("#map .body[tabindex='0']").focus()
    first = page.evaluate("document.activeElement.getAttribute('data-body')")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.getAttribute('data-body')") != first
    page.keyboard.press("Enter")
    playwright.expect(page.locator("dialog[open]")).to_have_count(1)
    page.keyboard.press("Escape")
    playwright.expect(page.locator("dialog[open]")).to_have_count(0)


@pytest.mark.parametrize("name", list(lessons()))
def test_each_lesson_is_walked(open_page: Open, name):
    lesson = lessons()[name]
    page = open_page()
    page.get_by_role("button", name=lesson.title).click()
    panel = page.locator("#lesson")
    page.wait_for_function(
        "n => document.querySelectorAll('#lesson fieldset input').length >= n", arg=2 * len(lesson.predict)
    )
    settled(page)
    pictures = page.locator("#fans, #headlines, #differences")
    assert not any(picture.is_visible() for picture in pictures.all())
    for fieldset in panel.locator("fieldset").all():
        fieldset.locator("input").first.check()
    panel.get_by_role("button", name="Next: try").click()
    assert all(picture.is_visible() for picture in pictures.all())
    panel.get_by_role("button", name="Do it for me").click()
    settled(page)
    assert "as the lesson began" in page.locator("#changes").inner_text()
    panel.get_by_role("button", name="Next: reveal").click()
    answers = panel.locator(".answer")
    assert answers.count() == len(lesson.predict)
    for answer in answers.all():
        assert re.search(r"You said( so)?: ", answer.inner_text())
        assert (
            f"{FUTURES} futures" in answer.inner_text() and "Do what step 2 asks" not in answer.inner_text()
        )
    panel.get_by_role("button", name="Next: discuss").click()
    assert panel.locator(".discuss li").count() == len(lesson.discuss)
    panel.get_by_text("Teacher's notes").click()
    assert lesson.teacher.notes[0] in panel.inner_text()
    page.evaluate("window.print = () => { window.printed = true; }")
    panel.get_by_role("button", name="Print the sheet").click()
    page.emulate_media(media="print")
    assert (
        page.evaluate("window.printed")
        and page.locator("#sheet").is_visible()
        and page.locator("#results").is_hidden()
    )
    assert lesson.predict[0].question in page.locator("#sheet").inner_text()
    assert f"lesson={name}" in address(page)


def test_what_a_class_predicts_can_be_seen_before(open_page: Open):
    page = open_page("lesson=2_consensus_or_majority")
    settled(page)
    assert page.locator("#fans").is_hidden()
    page.get_by_role("button", name="Show them now").click()
    assert page.locator("#fans").is_visible() and page.locator("#cover").is_hidden()
    page.get_by_role("button", name="1  Predict").click()
    assert page.locator("#fans").is_visible()
    page.get_by_role("button", name="Leave the lesson").click()
    assert page.locator("#fans").is_visible()


def test_an_address_that_names_a_lesson_alone_opens_where_it_begins(open_page: Open):
    """And one in which its laws were set back to the page's own keeps these."""
    page = open_page("lesson=2_consensus_or_majority")
    settled(page)
    assert "a=option2&a.decision_rule=unanimity" in address(page) and "b.decision_rule=majority" in address(
        page
    )
    page = open_page("a=joint_committee&lesson=2_consensus_or_majority")
    settled(page)
    assert "a=joint_committee" in address(page) and "decision_rule" not in address(page)


def test_everything_is_taken_home(open_page: Open, tmp_path: Path):
    page = open_page("event=24.leave.sheffield_council&params.squeeze=0.02")

    def taken(button: str, suffix: str) -> bytes:
        with page.expect_download() as started:
            page.locator(button).click()
        assert started.value.suggested_filename.endswith(suffix)
        path = tmp_path / started.value.suggested_filename
        started.value.save_as(path)
        return path.read_bytes()

    drawing = taken("#get-svg", ".svg").decode()
    root = ET.fromstring(drawing)
    assert root.tag.endswith("svg") and len(root.findall(".//*[@class='median']")) == 10
    assert "chance only" in drawing and "var(" not in drawing, "it stands by itself"
    assert taken("#get-png", ".png").startswith(b"\x89PNG")
    rows = list(csv.DictReader(io.StringIO(taken("#get-csv", ".csv").decode())))
    assert len(rows) == 5 * 2 * 120
    last = next(
        row
        for row in rows
        if row["series"] == "trust" and row["law"].startswith("B") and row["month"] == "119"
    )
    assert 0 < float(last["5 %"]) <= float(last["50 %"]) <= float(last["95 %"]) < 1
    script = taken("#get-script", ".sh").decode()
    assert (
        "python experiments/regimes.py" in script
        and "params.squeeze=0.02" in script
        and "sheffield_council" in script
    )
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator("#copy").click()
    assert page.evaluate("navigator.clipboard.readText()") == page.url


def test_axes_are_round_and_cover_what_they_show(open_page: Open):
    page = open_page()
    cases = [[0.18, 0.29], [5, 5], [0, 0], [-187.2, 64], [1e-9, 2e-9], [-3000, 4]]
    found = page.evaluate(
        "cases => import('/fans.js').then((fans) => cases.map(([low, high]) => fans.ticks(low, high)))", cases
    )
    for (low, high), marks in zip(cases, found, strict=True):
        assert (
            2 <= len(marks) <= 6 and marks[0] <= low and marks[-1] >= high and sorted(set(marks)) == marks
        ), (low, high, marks)
    assert page.evaluate("() => import('/fans.js').then((fans) => fans.ticks(Infinity, -Infinity))") == [
        0,
        1,
    ], "nothing to show"


def test_an_address_brings_back_what_was_shared(open_page: Open):
    law = "system=dorset&a=alliance&b=option1&b.threshold=0.6&params.squeeze=0.02&payment=preset"
    page = open_page(f"{law}&event=12.leave.poole_council&side=b&future=3&month=50")
    assert page.input_value("#system") == "dorset" and page.input_value("#regime-b") == "option1"
    assert page.input_value("#future") == "3" and page.locator("#month-words").inner_text() == "June 2020"
    assert page.locator("[data-lever='params.squeeze'] input").input_value() == "0.02"
    first = page.locator("#headlines").inner_text()
    again = open_page(address(page)[1:])
    assert again.locator("#headlines").inner_text() == first


def test_a_wrong_address_is_named_and_the_page_goes_on(open_page: Open):
    page = open_page("params.sqeeze=0.02")
    assert "did you mean 'squeeze'" in page.locator("#problem").inner_text()
    page.get_by_role("button", name="Reset all").click()
    settled(page)
    page.wait_for_selector("#fans svg")
    assert page.locator("#problem").is_hidden()
    errors = [words for words in open_page.troubles if "400" in words]  # type: ignore[attr-defined]
    assert errors, "the browser itself notes the refusal"
    open_page.troubles[:] = [words for words in open_page.troubles if words not in errors]  # type: ignore[attr-defined]


@pytest.mark.parametrize("width, scheme", [(390, "light"), (1024, "dark")])
def test_it_fits_a_phone_and_is_readable_light_and_dark(open_page: Open, width, scheme):
    page = open_page(
        "event=24.leave.sheffield_council&lesson=3_money_and_silos",
        width=width,
        color_scheme=scheme,
        reduced_motion="reduce",
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(CONTRAST) == []
    assert page.evaluate(NAMELESS) == []
