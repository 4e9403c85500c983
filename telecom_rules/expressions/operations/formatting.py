"""Texts with values put into them: `"%s: %.2f".format([name, share])`.

Source: the strings extension of CEL. The clauses are `%s %d %f %e %b %o %x %X %%`; `%f` and `%e`
take a precision. Numbers are written the same everywhere, whatever the machine's language.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from telecom_rules.expressions.operations.collections import not_longer
from telecom_rules.expressions.operations.conversions import text_of_bytes, text_of_double
from telecom_rules.expressions.operations.failures import failure
from telecom_rules.expressions.operations.kinds import TypeValue, kind_of, name_of
from telecom_rules.expressions.operations.moments import text_of_instant, text_of_span
from telecom_rules.vocabulary.types import (
    BOOLEAN,
    BYTES,
    DOUBLE,
    DYNAMIC,
    INTEGER,
    TEXT,
    UNSIGNED,
    Type,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from telecom_rules.errors import EvaluationError

__all__ = ["format_text", "refuse_misfit", "written"]

CLAUSE = re.compile(r"%(?:(?P<precision>\.[0-9]{0,2})?(?P<letter>[sdfeboxX])|%)")
TOO_FEW = ("值不够填入文本", "there are fewer values than the text asks for")
WHOLE = frozenset({INTEGER, UNSIGNED})
NUMBERS = WHOLE | {DOUBLE}
TAKEN: Mapping[str, frozenset[Type]] = {
    "d": NUMBERS, "f": NUMBERS, "e": NUMBERS, "o": WHOLE, "b": WHOLE | {BOOLEAN},
    "x": WHOLE | {TEXT, BYTES}, "X": WHOLE | {TEXT, BYTES},
}  # fmt: skip
"""The types that each clause takes; `%s` takes any."""
PRECISION = 6
"""Digits behind the point where none are asked for."""


def format_text(text: str, values: tuple[Any, ...]) -> str:
    """Return a text with each clause replaced by the next value."""
    parts: list[str] = []
    left = list(reversed(values))
    size = 0
    for piece in pieces(text):
        if isinstance(piece, str):
            part = piece
        elif not left:
            raise failure(*TOO_FEW)
        else:
            part = filled(piece, left.pop())
        parts.append(part)
        size += len(part)
        not_longer(range(size))
    return "".join(parts)


def refuse_misfit(text: str, kinds: Sequence[Type]) -> None:
    """Refuse a format that cannot be filled with values of these types, before there are any.

    Raises:
        EvaluationError: a clause cannot be read, has no value, or does not take one of its type.
    """
    left = list(reversed(kinds))
    for piece in pieces(text):
        if isinstance(piece, str):
            continue
        if not left:
            raise failure(*TOO_FEW)
        kind, letter = left.pop(), piece["letter"]
        if kind is not DYNAMIC and kind not in TAKEN.get(letter, {kind}):
            raise unfit(letter, kind)


def pieces(text: str) -> Iterator[str | re.Match[str]]:
    """Yield the parts of a text: characters that stay, and clauses to be filled."""
    at = 0
    while (found := text.find("%", at)) >= 0:
        clause = CLAUSE.match(text, found)
        if clause is None or (clause["precision"] is not None and clause["letter"] not in "fe"):
            raise failure(
                "没有 `{text}` 这种格式", "there is no format like `{text}`", text=text[found:][:2]
            )
        yield text[at:found]
        yield clause if clause["letter"] else "%"
        at = clause.end()
    yield text[at:]


def filled(clause: re.Match[str], value: Any) -> str:
    """Return a value in the form that a clause asks for."""
    letter, precision = clause["letter"], clause["precision"]
    digits = PRECISION if precision is None else int(precision[1:] or 0)
    if letter in "fe" and number(value):
        return exponent(value, digits) if letter == "e" else fixed(value, digits)
    return WRITTEN.get(letter, refused)(letter, value)


def number(value: Any) -> bool:
    """Return whether a value is a number."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def fixed(value: float, digits: int) -> str:
    """Return a number with so many digits behind the point, ties to even."""
    return f"{value:.{digits}f}" if math.isfinite(value) else text_of_double(value)


def exponent(value: float, digits: int) -> str:
    """Return a number with an exponent of at least two digits."""
    return f"{value:.{digits}e}" if math.isfinite(value) else text_of_double(value)


def whole(letter: str, value: Any) -> str:
    """Return a whole number in decimal."""
    if isinstance(value, float) and not math.isfinite(value):
        return text_of_double(value)
    if not isinstance(value, int) or isinstance(value, bool):
        raise unfit(letter, kind_of(value))
    return str(int(value))


def binary(letter: str, value: Any) -> str:
    """Return a whole number or a boolean in binary."""
    if not isinstance(value, int):
        raise unfit(letter, kind_of(value))
    return format(int(value), "b")


def octal(letter: str, value: Any) -> str:
    """Return a whole number in octal."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise unfit(letter, kind_of(value))
    return format(int(value), "o")


def hexadecimal(letter: str, value: Any) -> str:
    """Return a whole number, or the octets of a text or of bytes, in hexadecimal."""
    if isinstance(value, str | bytes):
        text = (value.encode() if isinstance(value, str) else value).hex()
    elif isinstance(value, int) and not isinstance(value, bool):
        text = format(int(value), "x")
    else:
        raise unfit(letter, kind_of(value))
    return text.upper() if letter == "X" else text


def plain(letter: str, value: Any) -> str:  # noqa: ARG001 - one signature for all clauses
    """Return a value of any type."""
    return written(value)


def refused(letter: str, value: Any) -> str:
    """Refuse a value that the clause does not take."""
    raise unfit(letter, kind_of(value))


WRITTEN: Mapping[str, Callable[[str, Any], str]] = {
    "s": plain, "d": whole, "b": binary, "o": octal, "x": hexadecimal, "X": hexadecimal,
}  # fmt: skip


def written(value: Any) -> str:  # noqa: C901 - one case a type
    """Return a value of any type as `%s` writes it."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case float():
            return text_of_double(value)
        case bytes():
            return text_of_bytes(value)
        case datetime():
            return text_of_instant(value)
        case timedelta():
            return text_of_span(value)
        case TypeValue(name):
            return name
        case tuple():
            return f"[{', '.join(map(written, value))}]"
        case Mapping():
            entries = sorted((written(key), written(each)) for key, each in value.items())
            return f"{{{', '.join(f'{key}: {each}' for key, each in entries)}}}"
        case str():
            return value
        case int():
            return str(int(value))
    return str(value)


def unfit(letter: str, kind: Type) -> EvaluationError:
    """Return the error of a value of a type that a clause does not take."""
    return failure(
        "`%{letter}` 不能用于 {kind} 类型的值",
        "`%{letter}` does not go with a value of type {kind}",
        letter=letter, kind=name_of(kind),
    )  # fmt: skip
