"""Reads the arguments of public functions: of another kind, they are an `ArgumentError`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from itertools import islice

from telecom_rules.errors import ArgumentError
from telecom_rules.wording import Wording, quote_found

LONGEST_ACTOR = 200
"""Characters of the name of an actor."""

MOST_KEYS = 1_000
"""Keys of an object of a host that is read as a mapping: it may go on for ever."""

NOT_A_TEXT = Wording("应为文本，而不是 {found}", "expected a text, found {found}")
NOT_AN_ACTOR = Wording(
    f"应为 1 至 {LONGEST_ACTOR} 个可打印字符的文本，而不是 {{found}}",
    f"expected a text of 1 to {LONGEST_ACTOR} printable characters, found {{found}}",
)
NOT_A_DAY = Wording(
    "应为日期（如 2026-03-01），而不是 {found}；它决定适用哪些规定",
    "expected a date such as 2026-03-01, not an instant or a text, found {found}: it says which"
    " rules apply",
)
NOT_AN_OBJECT = Wording(
    "应为从 JSON 读回的对象，而不是 {found}",
    "expected an object read back from JSON, found {found}",
)
NOT_READ_YET = Wording(
    "应为从 JSON 读回的对象，而不是文本；请先用 `json.loads` 读取",
    "expected an object read back from JSON, found its text; read it by `json.loads` first",
)


def read_text(argument: str, value: object) -> str:
    """Return a text as a plain `str`, whatever a subclass of it does.

    Raises:
        ArgumentError: it is not a text.
    """
    if not issubclass(type(value), str):  # `isinstance` would ask the value for its class
        raise ArgumentError(argument, NOT_A_TEXT.fill(found=quote_found(value)))
    return str.__str__(value)


def read_actor(value: object) -> str:
    """Return who caused an entry, as the host calls them.

    Raises:
        ArgumentError: it is not a printable text, empty or too long.
    """
    text = read_text("actor", value)
    if not (0 < len(text) <= LONGEST_ACTOR and text.isprintable()):
        raise ArgumentError("actor", NOT_AN_ACTOR.fill(found=quote_found(value)))
    return text


def read_day(argument: str, value: object) -> date:
    """Return a day as a plain `date`. An instant is not one, though Python calls it a date.

    Raises:
        ArgumentError: it is not a day.
    """
    if type(value) is date:
        return value
    if not issubclass(type(value), date) or issubclass(type(value), datetime):
        raise ArgumentError(argument, NOT_A_DAY.fill(found=quote_found(value)))
    return date.fromordinal(date.toordinal(value))  # type: ignore[arg-type]  # a `date`


def read_object(argument: str, value: object) -> dict[str, object]:
    """Return an object of JSON as a `dict`.

    Raises:
        ArgumentError: it is not an object.
    """
    copied = copy_object(value)
    if copied is None:
        is_text = issubclass(type(value), str | bytes | bytearray)
        why = NOT_READ_YET if is_text else NOT_AN_OBJECT.fill(found=quote_found(value))
        raise ArgumentError(argument, why)
    return copied


def copy_object(value: object) -> dict[str, object] | None:
    """Return what was read from a store as a `dict`, or `None` if it is not an object of JSON.

    A mapping of a host's own class is copied, so that it answers only once.
    """
    if type(value) is dict:
        return value
    try:
        if issubclass(type(value), dict):
            return dict(dict.items(value))  # type: ignore[arg-type]  # a `dict`
        if isinstance(value, Mapping):
            return {name: value[name] for name in islice(value, MOST_KEYS)}
    except MemoryError:
        raise
    except Exception:  # code of the host
        return None
    return None
