"""Clear words for bad input: the key, the value, what is allowed, and the nearest valid name."""

import difflib
from collections.abc import Callable, Iterable, Mapping
from numbers import Integral
from typing import Any, TypeVar, cast

from pydantic import BaseModel, ValidationError


class BadInput(ValueError):
    """Input that cannot be run. Its text is one message, meant for the person who typed it."""


def nearest(name: str, names: Iterable[str]) -> str:
    """Return '; did you mean x?' if a name is close, or begins with the same word; else the valid names."""
    names = list(names)
    close = difflib.get_close_matches(str(name), names, n=1, cutoff=0.5)
    word = str(name).partition("_")[0]
    if not close and "_" in str(name):
        close = sorted((known for known in names if known.startswith(word)), key=len)
    if close:
        return f"; did you mean '{close[0]}'?"
    return "; valid: " + ", ".join(sorted(names)) if names else ""


def not_whole(name: str, value: object, low: int, high: int) -> list[str]:
    """Say what is wrong with a value that must be a whole number within bounds: one line, or none."""
    if isinstance(value, Integral) and not isinstance(value, bool) and low <= int(value) <= high:
        return []
    return [f"{name} = {value!r}: must be a whole number from {low} to {high}"]


def unknown(what: str, name: object, names: Iterable[str]) -> str:
    return f"{what}: '{name}' is not known{nearest(str(name), names)}"


def fields_at(model: type[BaseModel], path: tuple[Any, ...]) -> list[str]:
    """Return the names of the fields allowed where an unknown key stood."""
    current: Any = model
    for step in path:
        if not (isinstance(current, type) and issubclass(current, BaseModel)):
            break
        if isinstance(step, str) and step in current.model_fields:
            current = current.model_fields[step].annotation
            for inner in getattr(current, "__args__", ()):
                if isinstance(inner, type) and issubclass(inner, BaseModel):
                    current = inner
    if isinstance(current, type) and issubclass(current, BaseModel):
        return list(current.model_fields)
    return []


def explain(error: ValidationError, model: type[BaseModel], prefix: str = "") -> str:
    """List every problem pydantic found, one line each, with dotted keys."""
    lines = []
    for item in error.errors():
        path = item["loc"]
        key = (prefix + ".".join(str(step) for step in path)).rstrip(".")
        if item["type"] == "extra_forbidden":
            lines.append(f"{key}: unknown key{nearest(str(path[-1]), fields_at(model, path[:-1]))}")
        elif item["type"] == "missing":
            lines.append(f"{key}: missing")
        elif item["type"] == "too_short":
            lines.append(
                f"{key}: at least {item['ctx']['min_length']} needed, not {item['ctx']['actual_length']}"
            )
        else:
            message = item["msg"].removeprefix("Value error, ").removeprefix("Input should be ")
            shown = item["input"]
            given = "" if isinstance(shown, (dict, BaseModel)) else f" = {shown!r}"
            start = "should be " if item["msg"].startswith("Input should be ") else ""
            guess = ""
            if item["type"] == "literal_error":
                guess = nearest(
                    str(shown),
                    [w.strip("' ") for w in item["ctx"]["expected"].replace(" or ", ", ").split(",")],
                )
                guess = guess if "did you mean" in guess else ""
            says_where = bool(key) and message.startswith((f"{key}:", f"{key} =", f"{key}."))
            lines.append(f"{key}{given}: {start}{message}{guess}" if key and not says_where else message)
    return "\n".join(lines)


Model = TypeVar("Model", bound=BaseModel)


def of_its_kind(
    given: Any,
    kinds: Mapping[str, type[Model]],
    key: str,
    hints: Callable[[type[Model], dict[str, Any]], list[str]] | None = None,
) -> Model:
    """Build a model from plain data: `kind` chooses the class, and the rest are its fields. A model stays as
    it is.

    Raises ValueError that names every key at fault (as `key.name`), with the lines of `hints(model, given)`.
    """
    if isinstance(given, tuple(kinds.values())):
        return cast(Model, given)
    if not isinstance(given, dict) or given.get("kind") not in kinds:
        raise ValueError(
            unknown(f"{key}.kind", given.get("kind") if isinstance(given, dict) else given, kinds)
        )
    model = kinds[given["kind"]]
    try:
        return model.model_validate(given)
    except ValidationError as error:
        raise ValueError(
            "\n".join([explain(error, model, f"{key}."), *(hints(model, given) if hints else [])])
        ) from None
