"""Reads the arguments of public functions: of another kind, they are an `ArgumentError`.

This is the door for objects of a host, whose classes may do anything: answer `__class__` with a
lie, fail when they are hashed, compared or iterated, or have a metaclass that fails. Whatever they
do, nothing comes out but an error of this library. So a value is judged by its type, which it
cannot change, and read once, by the methods of the plain type or under a guard. Two things pass: a
`MemoryError`, which may be one of the process, and what is not an `Exception`, such as the
interrupt of a user. Operators that a host applies itself, such as `case == other`, are Python's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from itertools import islice
from os import fspath
from typing import TypeVar

from telecom_rules.errors import ArgumentError
from telecom_rules.wording import Wording, quote_found

T = TypeVar("T")
C = TypeVar("C")

LONGEST_ACTOR = 200
"""Characters of the name of an actor."""

LONGEST_SENT = 500
"""Characters of an event or a role that are kept of a refusal; no name of a pack is as long."""

MOST_ROLES = 100
"""Roles of one person that are tried."""

MOST_KEYS = 1_000
"""Keys of an object of a host that is read as a mapping: it may go on for ever."""

MOST_COUNTED = 1_000_000
"""The greatest number that is read where something is counted, such as attempts."""

LONGEST_WAIT = timedelta(days=365)
"""The longest time that something may be made to wait."""

NOT_OF_KIND = Wording("应为 `{kind}`，而不是 {found}", "expected a `{kind}`, found {found}")
NOT_A_TEXT = Wording("应为文本，而不是 {found}", "expected a text, found {found}")
NOT_AN_ACTOR = Wording(
    f"应为 1 至 {LONGEST_ACTOR} 个可打印字符的文本，而不是 {{found}}",
    f"expected a text of 1 to {LONGEST_ACTOR} printable characters, found {{found}}",
)
NOT_ROLES = Wording(
    f"应为角色名，或不超过 {MOST_ROLES} 个角色名的列表，而不是 {{found}}",
    f"expected the name of a role, or a list of at most {MOST_ROLES} names, found {{found}}",
)
NOT_A_FUNCTION = Wording("应为可调用的函数，而不是 {found}", "expected a function, found {found}")
NOT_A_FLAG = Wording("应为 True 或 False，而不是 {found}", "expected True or False, found {found}")
NOT_A_COUNT = Wording(
    f"应为 1 至 {MOST_COUNTED} 的整数，而不是 {{found}}",
    f"expected a whole number of 1 to {MOST_COUNTED}, found {{found}}",
)
NOT_A_WAIT = Wording(
    f"应为 0 至 {LONGEST_WAIT.days} 天的 timedelta，而不是 {{found}}",
    f"expected a timedelta from 0 to {LONGEST_WAIT.days} days, found {{found}}",
)
NOT_A_DAY = Wording(
    "应为日期（如 2026-03-01），而不是 {found}；它决定适用哪些规定",
    "expected a date such as 2026-03-01, not an instant or a text, found {found}: it says which"
    " rules apply",
)
NOT_A_PATH = Wording(
    "应为路径（文本或 Path），而不是 {found}",
    "expected a path, as a text or a `Path`, found {found}",
)
NOT_FILES = Wording(
    "应为各文件名及其字节，而不是 {found}",
    "expected names of files with their bytes, found {found}",
)
NOT_ROWS = Wording(
    "应为可逐行读取的若干行，而不是 {found}", "expected rows to iterate over, found {found}"
)
NOT_AN_OBJECT = Wording(
    "应为从 JSON 读回的对象，而不是 {found}",
    "expected an object read back from JSON, found {found}",
)
NOT_READ_YET = Wording(
    "应为从 JSON 读回的对象，而不是文本；请先用 `json.loads` 读取",
    "expected an object read back from JSON, found its text; read it by `json.loads` first",
)


def read_instance(argument: str, value: object, kind: type[T]) -> T:
    """Return a value that this library has made, such as a `Workflow`.

    Raises:
        ArgumentError: it is of another kind.
    """
    if not issubclass(type(value), kind):  # `isinstance` would ask the value for its class
        name = Wording.same(kind.__name__)
        raise ArgumentError(argument, NOT_OF_KIND.fill(kind=name, found=quote_found(value)))
    return value  # type: ignore[return-value]  # a `kind`


def find_text(value: object) -> str | None:
    """Return a text as a plain `str`, or `None` for anything else."""
    return str.__str__(value) if issubclass(type(value), str) else None


def read_text(argument: str, value: object) -> str:
    """Return a text as a plain `str`, whatever a subclass of it does.

    Raises:
        ArgumentError: it is not a text.
    """
    text = find_text(value)
    if text is None:
        raise ArgumentError(argument, NOT_A_TEXT.fill(found=quote_found(value)))
    return text


def cut_name(text: str) -> str:
    """Return the name of an event or a role as a refusal keeps it: cut if no pack can have it."""
    return text if len(text) <= LONGEST_SENT else f"{text[:LONGEST_SENT]}…"


def read_actor(value: object) -> str:
    """Return who caused an entry, as the host calls them.

    Raises:
        ArgumentError: it is not a printable text, empty or too long.
    """
    text = read_text("actor", value)
    if not (0 < len(text) <= LONGEST_ACTOR and text.isprintable()):
        raise ArgumentError("actor", NOT_AN_ACTOR.fill(found=quote_found(value)))
    return text


def read_callable(argument: str, value: C) -> C:
    """Return a function of a host, which is called later.

    Raises:
        ArgumentError: it cannot be called.
    """
    try:
        found = callable(value)
    except MemoryError:
        raise
    except Exception:  # code of the host: a metaclass that fails
        found = False
    if not found:
        raise ArgumentError(argument, NOT_A_FUNCTION.fill(found=quote_found(value)))
    return value


def read_flag(argument: str, value: object) -> bool:
    """Return whether something is to be so: only `True` and `False` say it.

    Raises:
        ArgumentError: it is neither.
    """
    if type(value) is not bool:
        raise ArgumentError(argument, NOT_A_FLAG.fill(found=quote_found(value)))
    return value


def read_count(argument: str, value: object) -> int:
    """Return how many, at least one.

    Raises:
        ArgumentError: it is not a whole number, or out of range.
    """
    if type(value) is not int or not 1 <= value <= MOST_COUNTED:
        raise ArgumentError(argument, NOT_A_COUNT.fill(found=quote_found(value)))
    return value


def read_wait(argument: str, value: object) -> timedelta:
    """Return how long something waits at most.

    Raises:
        ArgumentError: it is not a length of time, or out of range.
    """
    if type(value) is not timedelta or not timedelta(0) <= value <= LONGEST_WAIT:
        raise ArgumentError(argument, NOT_A_WAIT.fill(found=quote_found(value)))
    return value


def read_roles(value: object, argument: str = "by") -> tuple[str, ...]:
    """Return the roles of whoever sends an event, each once, in the order given.

    A set has no order, so its names are sorted: the same roles give the same outcome. A name that
    no role can have is cut.

    Args:
        value: the roles.
        argument: its name, for the error.

    Raises:
        ArgumentError: it is neither a text nor texts, or too many.
    """
    text = find_text(value)
    names = [text] if text is not None else copy_items(value, MOST_ROLES + 1)
    roles = [] if names is None else [each for each in map(find_text, names) if each is not None]
    if names is None or len(roles) < len(names) or len(roles) > MOST_ROLES:
        raise ArgumentError(argument, NOT_ROLES.fill(found=quote_found(value)))
    ordered = sorted(roles) if issubclass(type(value), set | frozenset) else roles
    return tuple(dict.fromkeys(map(cut_name, ordered)))


def copy_items(value: object, most: int) -> list[object] | None:
    """Return the items of a collection of a host, at most `most`, or `None` if it has none.

    Those of a mapping or of bytes are not what a caller means.
    """
    try:
        if issubclass(type(value), Mapping | bytes | bytearray) or not isinstance(value, Iterable):
            return None
        return list(islice(value, most))
    except MemoryError:
        raise
    except Exception:  # code of the host
        return None


def read_path(argument: str, value: object) -> str:
    """Return a path as a plain text.

    Raises:
        ArgumentError: it is neither a text nor a path.
    """
    try:
        path = value if issubclass(type(value), str) else fspath(value)  # type: ignore[call-overload]  # refused if it has none
    except MemoryError:
        raise
    except Exception:  # code of the host
        path = None
    text = find_text(path)
    if text is None:
        raise ArgumentError(argument, NOT_A_PATH.fill(found=quote_found(value)))
    return text


def read_files(argument: str, value: object) -> dict[str, bytes]:
    """Return the files of a pack, by name.

    Raises:
        ArgumentError: they are not names with bytes.
    """
    copied = copy_object(value)
    if copied is None or not all(
        issubclass(type(name), str) and issubclass(type(data), bytes)
        for name, data in copied.items()
    ):
        raise ArgumentError(argument, NOT_FILES.fill(found=quote_found(value)))
    return {str.__str__(name): b"".join([data]) for name, data in copied.items()}  # type: ignore[list-item]  # bytes


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


def read_iterator(argument: str, value: object) -> Iterator[object]:
    """Return an iterator over the rows of a host.

    Raises:
        ArgumentError: it cannot be iterated, or is a text or one mapping.
    """
    try:
        if not issubclass(type(value), str | bytes | bytearray | Mapping):
            return iter(value)  # type: ignore[call-overload, no-any-return]  # refused if it has none
    except MemoryError:
        raise
    except Exception:  # code of the host
        raise ArgumentError(argument, NOT_ROWS.fill(found=quote_found(value))) from None
    raise ArgumentError(argument, NOT_ROWS.fill(found=quote_found(value)))


def read_items(argument: str, value: object) -> list[object]:
    """Return the items of a collection of a host.

    Raises:
        ArgumentError: it cannot be iterated, or is a text or one mapping.
    """
    iterator = read_iterator(argument, value)
    try:
        return list(iterator)
    except MemoryError:
        raise
    except Exception:  # code of the host
        raise ArgumentError(argument, NOT_ROWS.fill(found=quote_found(value))) from None


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
