"""Puts errors of Hydra and OmegaConf into this program's words: the key, its value, and what is allowed."""

import re
from collections.abc import Callable

from hydra.errors import MissingConfigException, OverrideParseException

from sim.inputs import library
from sim.inputs.problems import fields_at, nearest, unknown
from sim.systems.made_up import BOUNDS
from sim.systems.system import System

WRITTEN = "write KEY=VALUE, a list in [ ], names with values in { }, and quotes around what holds other signs"
MAPPING = "names with values are needed, in { }"


def in_plain_words(error: Exception, keys: Callable[[], list[str]]) -> str:
    """Return one line for the person who typed the command; `keys()` are those that a command may set."""
    if isinstance(error, MissingConfigException):
        return _no_such_file(str(error))
    if isinstance(error, OverrideParseException):
        return f"{error.override or 'an empty word'}: cannot be read; {WRITTEN}"
    message = f"{error}\n{error.__cause__ or ''}"
    for pattern, words in COMPLAINTS:
        found = re.search(pattern, message)
        if found:
            return words(found.groupdict(), keys)
    return str(error.__cause__ or error).splitlines()[0]


def _no_such_file(message: str) -> str:
    found = re.search(r"find '(?:experiment/)?([\w-]+)/([^']*)'", message)
    if not found:
        return message.splitlines()[0]
    group, name = found.groups()
    if name in library.names(group):
        return f"{group}={name}: write it without +"
    return unknown(group, name, library.names(group))


def _no_such_key(found: dict[str, str], keys: Callable[[], list[str]]) -> str:
    """Name an unknown key, and the nearest of those that could stand there."""
    *above, name = path = found["key"].split(".")
    if not above:
        return f"{name}: unknown key{nearest(name, keys())}"
    if path[:2] in (["system", "partners"], ["system", "places"]) and len(path) == 3:
        return f"{found['key']}: the system has none of this name"
    known = fields_at(System, tuple(above[1:])) if above[0] == "system" else []
    return (
        f"{found['key']}: unknown "
        f"key{nearest(name, [*known, *BOUNDS, 'also'] if above == ['system'] else known)}"
    )


def _no_such_group(found: dict[str, str], keys: Callable[[], list[str]]) -> str:
    """Explain a list in the wrong place; Hydra takes it for the choice of a group."""
    return f"{found['key']}: {MAPPING}" if found["key"] in keys() else _no_such_key(found, keys)


Words = Callable[[dict[str, str], Callable[[], list[str]]], str]
COMPLAINTS: tuple[tuple[str, Words], ...] = (
    (r"(?s)not in (?:struct|').*full_key: (?P<key>\S+)", _no_such_key),
    (r"override '(?P<key>[^']+)'. No match in the defaults list", _no_such_group),
    (r"delete from config. '(?P<key>[^']+)' does not exist", _no_such_key),
    (
        r"already at '(?P<key>[^']+)'",
        lambda found, _: f"{found['key']}: stands there already; write it without +",
    ),
    (
        r"(?s)Cannot merge .*full_key: (?P<key>\S+)\s+object_type=list",
        lambda found, _: f"{found['key']}: a list is needed, in [ ]",
    ),
    (r"(?s)Cannot merge .*full_key: (?P<key>\S+)", lambda found, _: f"{found['key']}: {MAPPING}"),
    (
        r"Ambiguous value for argument '(?P<word>[^']+)'",
        lambda found, _: f"{found['word']}: several values; a list is written in [ ]",
    ),
    (
        r"(?s)list index .*full_key: (?P<key>\S+)",
        lambda found, _: f"{found['key']}: is not in the list; write the whole list, in [ ]",
    ),
    (
        r"invalid literal .*: '(?P<name>[^']*)'",
        lambda found, _: f"{found['name']}: no place in a list; write the whole list, in [ ]",
    ),
    (
        r"(?s)Interpolation key .*full_key: (?P<key>\S+)",
        lambda found, _: f"{found['key']}: refers to a key that does not exist",
    ),
    (
        r"must be a string or a list",
        lambda _, __: f"a word without a key, or a system without a name; {WRITTEN}",
    ),
)
