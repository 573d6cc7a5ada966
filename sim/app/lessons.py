"""Guided lessons: texts lie in `configs/lesson/`; answers are computed from the futures on the page."""

from functools import cache
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, field_validator

from sim.app.fans import difference, number, words_of, yearly
from sim.app.futures import OUTCOMES, Lived
from sim.app.headlines import leaving_by_kind
from sim.app.page_state import State, checked
from sim.declarations import indicators
from sim.inputs import library
from sim.inputs.problems import BadInput, unknown
from sim.scenario.scenario import STRICT

Text = Annotated[str, Field(min_length=3)]


class Difference(BaseModel):
    """Asks whether an outcome is higher: under B than under A, or after the lesson's change than before it.

    `matters` is the smallest difference worth caring about, in the outcome's unit as the page shows it (money
    a year).
    """

    model_config = STRICT
    outcome: str
    between: Literal["sides", "before_a", "before_b"]
    matters: Annotated[float, Field(ge=0)]
    more: Text
    less: Text
    same: Text

    @field_validator("outcome")
    @classmethod
    def _known(cls, name: str) -> str:
        if name not in OUTCOMES:
            raise ValueError(unknown("outcome", name, OUTCOMES))
        return name


class Leavers(BaseModel):
    """Asks which kind of body leaves in most futures, before the lesson's change."""

    model_config = STRICT
    leavers: Literal["a", "b"]


class Question(BaseModel):
    """A question whose answer a class predicts; the measure says how the answer is computed."""

    model_config = STRICT
    question: Text
    measure: Difference | Leavers


class Try(BaseModel):
    """What a class then tries: in words, and as changes to the lesson's first state."""

    model_config = STRICT
    words: Text
    change: dict[str, Any]


class Reveal(BaseModel):
    """What the class looks at beside the answers: words, and one future to open on one side."""

    model_config = STRICT
    look: Text
    side: Literal["a", "b"]
    future: Literal["typical", "most_leave"]


class Teacher(BaseModel):
    model_config = STRICT
    aim: Text
    minutes: Annotated[int, Field(ge=10, le=120)]
    before: tuple[Text, ...]
    notes: tuple[Text, ...]
    caution: Text
    evidence: tuple[Text, ...]


class Lesson(BaseModel):
    """One lesson: predict, try, reveal, discuss."""

    model_config = STRICT
    title: Text
    story: Text
    begin: State
    predict: tuple[Question, ...] = Field(min_length=1, max_length=4)
    attempt: Try
    reveal: Reveal
    discuss: tuple[Text, ...] = Field(min_length=2)
    teacher: Teacher

    def tried(self) -> State:
        """The state after the lesson's change. Raises BadInput."""
        state: State = checked(State, {**self.begin.model_dump(mode="json"), **self.attempt.change})
        return state


@cache
def lessons() -> dict[str, Lesson]:
    """Returns all lessons by name, in the order of their files. Raises BadInput if a file is wrong."""
    found = {}
    for name in library.names("lesson"):
        lesson: Lesson = checked(Lesson, library.read("lesson", name))
        for state in (lesson.begin, lesson.tried()):
            for side in ("a", "b"):
                state.scenario(side)
        found[name] = lesson
    return found


def described(name: str) -> dict[str, Any]:
    """Returns a lesson as the page takes it."""
    lesson = lessons()[name]
    plain = lesson.model_dump(mode="json", exclude_defaults=True, exclude={"begin"})
    for question, declared in zip(plain["predict"], lesson.predict, strict=True):
        if isinstance(declared.measure, Difference):
            unit, _ = yearly(indicators.OUTCOMES[declared.measure.outcome].unit)
            question["measure"] |= {"label": words_of(declared.measure.outcome), "unit": unit}
    return {
        "name": name,
        **plain,
        "begin": lesson.begin.model_dump(mode="json", exclude_none=True),
        "tried": lesson.tried().model_dump(mode="json", exclude_none=True),
    }


def answer(
    measure: Difference | Leavers, now: dict[str, Lived], before: dict[str, Lived] | None, futures: int
) -> dict[str, Any] | None:
    """Answers a question from the futures; None if it needs an earlier state that is missing."""
    if isinstance(measure, Leavers):
        shares = leaving_by_kind((before or now)[measure.leavers], futures)
        most = max(shares.values())
        found = [kind for kind, share in shares.items() if share == most and share > 0]
        told = {kind: number(share) for kind, share in shares.items()}
        return {"answers": found, "shares": told, "before": before is not None, "futures": futures}
    if measure.between == "sides":
        pair = now["a"], now["b"]
    elif before is None:
        return None
    else:
        side = measure.between.removeprefix("before_")
        pair = before[side], now[side]
    row = difference(measure.outcome, *pair, futures)
    return {"answers": [verdict(row, measure.matters)], **row, "matters": measure.matters, "futures": futures}


def verdict(row: dict[str, Any], matters: float) -> str:
    """Returns 'more' or 'less' if the difference is clear of chance and matters, else 'same'."""
    low, high, mean = row["low"], row["high"], row["difference"]
    if mean is None or low is None or high is None or abs(mean) < matters or low <= 0.0 <= high:
        return "same"
    return "more" if mean > 0 else "less"


def answers(
    name: str, now: dict[str, Lived], before: dict[str, Lived] | None, futures: int
) -> list[dict[str, Any] | None]:
    """Answers each of a lesson's questions from the futures. Raises BadInput for an unknown lesson."""
    if name not in lessons():
        raise BadInput(unknown("lesson", name, lessons()))
    return [answer(question.measure, now, before, futures) for question in lessons()[name].predict]
