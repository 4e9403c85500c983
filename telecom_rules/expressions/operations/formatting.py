"""Texts with values put into them: `"%s: %.2f".format([name, share])`.

Source: the strings extension of CEL. The clauses are `%s %d %f %e %b %o %x %X %%`; `%f` and `%e`
take a precision. Numbers are written independently of the locale.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from telecom_rules.expressions.operations.collections import limit_length
from telecom_rules.expressions.operations.conversions import (
    text_of_bytes,
    text_of_decimal,
    text_of_double,
)
from telecom_rules.expressions.operations.failures import failure
from telecom_rules.expressions.operations.kinds import (
    CEL_INTEGER_TYPES,
    CEL_NUMERIC_TYPES,
    TypeValue,
    runtime_type_of,
    type_name_of,
)
from telecom_rules.expressions.operations.moments import text_of_instant, text_of_span
from telecom_rules.vocabulary.types import (
    BOOLEAN,
    BYTES,
    DYNAMIC,
    TEXT,
    ListType,
    MapType,
    OptionalType,
    Type,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from telecom_rules.errors import EvaluationError


CLAUSE_PATTERN = re.compile(r"%(?:(?P<precision>\.[0-9]{0,2})?(?P<letter>[sdfeboxX])|%)")
TOO_FEW_VALUES = ("值不够填入文本", "there are fewer values than clauses in the text")
CLAUSE_TYPES: Mapping[str, tuple[Type, ...]] = {
    "d": CEL_NUMERIC_TYPES, "f": CEL_NUMERIC_TYPES, "e": CEL_NUMERIC_TYPES,
    "o": CEL_INTEGER_TYPES, "b": (*CEL_INTEGER_TYPES, BOOLEAN),
    "x": (*CEL_INTEGER_TYPES, TEXT, BYTES), "X": (*CEL_INTEGER_TYPES, TEXT, BYTES),
}  # fmt: skip
"""The types that each clause takes; `%s` takes any but optional values, as in cel-go."""
DEFAULT_PRECISION = 6
"""Digits after the point without a precision."""


def fill_format(text: str, values: tuple[Any, ...]) -> str:
    """Return a text with each clause replaced by the next value."""
    return concatenate(iter_filled(text, values))


def iter_filled(text: str, values: tuple[Any, ...]) -> Iterator[str]:
    """Yield the parts of a text, with values in place of its clauses."""
    left = list(reversed(values))
    for piece in split_clauses(text):
        if isinstance(piece, str):
            yield piece
        elif left:
            yield fill_clause(piece, left.pop())
        else:
            raise failure(*TOO_FEW_VALUES)


def concatenate(parts: Iterable[str], separator: str = "") -> str:
    """Return texts joined to one; what lies beyond the limit of a text is not computed."""
    made: list[str] = []
    size = 0
    for part in parts:
        made.append(part)
        size += len(part) + len(separator)
        limit_length(range(size - len(separator)))
    return separator.join(made)


def refuse_misfit(text: str, kinds: Sequence[Type]) -> None:
    """Refuse a format that cannot be filled with values of these types, before there are any.

    Raises:
        EvaluationError: a clause cannot be read, has no value, or does not take one of its type.
    """
    left = list(reversed(kinds))
    for piece in split_clauses(text):
        if isinstance(piece, str):
            continue
        if not left:
            raise failure(*TOO_FEW_VALUES)
        kind, letter = left.pop(), piece["letter"]
        fits = kind in CLAUSE_TYPES[letter] if letter in CLAUSE_TYPES else can_be_written(kind)
        if kind is not DYNAMIC and not fits:
            raise clause_error(letter, kind)


def can_be_written(kind: Type) -> bool:
    """Return whether `%s` takes values of a type: all but optional ones and lists of them."""
    match kind:
        case ListType(item=inner) | MapType(value=inner):
            return can_be_written(inner)
    return not isinstance(kind, OptionalType)


def split_clauses(text: str) -> Iterator[str | re.Match[str]]:
    """Yield the parts of a format: literal characters, and clauses to be filled."""
    at = 0
    while (found := text.find("%", at)) >= 0:
        clause = CLAUSE_PATTERN.match(text, found)
        if clause is None or (clause["precision"] is not None and clause["letter"] not in "fe"):
            raise failure(
                "没有 `{text}` 这种格式", "`{text}` is not a format clause", text=text[found:][:2]
            )
        yield text[at:found]
        yield clause if clause["letter"] else "%"
        at = clause.end()
    yield text[at:]


def fill_clause(clause: re.Match[str], value: Any) -> str:
    """Return a value as a clause formats it."""
    letter, precision = clause["letter"], clause["precision"]
    digits = DEFAULT_PRECISION if precision is None else int(precision[1:] or 0)
    if letter in "fe" and is_number(value):
        return format_exponent(value, digits) if letter == "e" else format_fixed(value, digits)
    return CLAUSE_FORMATTERS.get(letter, refuse_value)(letter, value)


def is_number(value: Any) -> bool:
    """Return whether a value is a number."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def format_fixed(value: float, digits: int) -> str:
    """Return a number with `digits` digits after the point, ties to even."""
    return f"{value:.{digits}f}" if math.isfinite(value) else text_of_double(value)


def format_exponent(value: float, digits: int) -> str:
    """Return a number with an exponent of at least two digits."""
    return f"{value:.{digits}e}" if math.isfinite(value) else text_of_double(value)


def format_integer(letter: str, value: Any) -> str:
    """Return a whole number in decimal."""
    if isinstance(value, float) and not math.isfinite(value):
        return text_of_double(value)
    if not isinstance(value, int) or isinstance(value, bool):
        raise clause_error(letter, runtime_type_of(value))
    return str(int(value))


def format_binary(letter: str, value: Any) -> str:
    """Return a whole number or a boolean in binary."""
    if not isinstance(value, int):
        raise clause_error(letter, runtime_type_of(value))
    return format(int(value), "b")


def format_octal(letter: str, value: Any) -> str:
    """Return a whole number in octal."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise clause_error(letter, runtime_type_of(value))
    return format(int(value), "o")


def format_hexadecimal(letter: str, value: Any) -> str:
    """Return a whole number, or the octets of a text or of bytes, in hexadecimal."""
    if isinstance(value, str | bytes):
        text = (value.encode() if isinstance(value, str) else value).hex()
    elif isinstance(value, int) and not isinstance(value, bool):
        text = format(int(value), "x")
    else:
        raise clause_error(letter, runtime_type_of(value))
    return text.upper() if letter == "X" else text


def format_any(letter: str, value: Any) -> str:  # noqa: ARG001 - one signature for all clauses
    """Return a value of any type."""
    return format_value(value)


def refuse_value(letter: str, value: Any) -> str:
    """Refuse a value that the clause does not take."""
    raise clause_error(letter, runtime_type_of(value))


CLAUSE_FORMATTERS: Mapping[str, Callable[[str, Any], str]] = {
    "s": format_any, "d": format_integer, "b": format_binary, "o": format_octal,
    "x": format_hexadecimal, "X": format_hexadecimal,
}  # fmt: skip


def format_value(value: Any) -> str:  # noqa: C901, PLR0912 - one case a type
    """Return a value as `%s` writes it.

    Raises:
        EvaluationError: the value has no text, or a text that is too long.
    """
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
            return f"[{concatenate(map(format_value, value), ', ')}]"
        case Mapping():
            entries = sorted((format_value(key), key) for key in value)
            texts = (f"{text}: {format_value(value[key])}" for text, key in entries)
            return f"{{{concatenate(texts, ', ')}}}"
        case str():
            return value
        case int():
            return str(int(value))
        case Decimal():
            return text_of_decimal(value)
        case date():
            return value.isoformat()
    raise clause_error("s", runtime_type_of(value))


def clause_error(letter: str, kind: Type) -> EvaluationError:
    """Return the error of a value of a type that a clause does not take."""
    return failure(
        "`%{letter}` 不能用于 {kind} 类型的值",
        "`%{letter}` does not apply to a value of type {kind}",
        letter=letter, kind=type_name_of(kind),
    )  # fmt: skip
