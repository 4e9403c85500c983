"""Conversions between types, such as `int("12")` or `money(fee * 0.5)`."""

from __future__ import annotations

import re
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, DecimalException, Inexact
from math import isfinite, isinf, isnan, trunc
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

from telecom_rules.errors import EvaluationError
from telecom_rules.expressions.operations.arithmetic import (
    EXACT_CONTEXT,
    NOT_EXACT,
    require_in_range,
    to_unsigned,
)
from telecom_rules.expressions.operations.failures import NO_OVERLOAD, OUT_OF_RANGE, failure
from telecom_rules.expressions.operations.kinds import TypeValue, runtime_type_of, type_name_of
from telecom_rules.wording import shorten

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


T = TypeVar("T")

LEAST_PLAIN, MOST_PLAIN = -4, 21
"""The powers of ten between which a double is written without an exponent."""
CENT = Decimal("0.01")
"""The fen, the smallest amount of money."""
ROUNDING_CONTEXT = EXACT_CONTEXT.copy()
"""The arithmetic of exact numbers where a result is rounded on purpose."""
ROUNDING_CONTEXT.traps[Inexact] = False
INTEGER_TEXT_PATTERN = re.compile(r"[-+]?[0-9]{1,20}")
DECIMAL_TEXT_PATTERN = re.compile(r"[-+]?[0-9]{1,99}(?:\.[0-9]{1,99})?")
DOUBLE_TEXT_PATTERN = re.compile(
    r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?|NaN|[-+]?Inf(?:inity)?"
)
BOOLEAN_TEXTS = {
    **dict.fromkeys(("true", "True", "TRUE", "t", "1"), True),
    **dict.fromkeys(("false", "False", "FALSE", "f", "0"), False),
}
"""The texts that are booleans. Source: cel-spec, conformance tests of conversions."""


def bool_of_text(text: str) -> bool:
    """Return the boolean that a text denotes."""
    if text not in BOOLEAN_TEXTS:
        raise failure("`{text}` 不是布尔值", "`{text}` is not a boolean", text=shorten(text))
    return BOOLEAN_TEXTS[text]


def parse_integer(text: str) -> int:
    """Return the whole number that a text denotes in decimal digits, of any size."""
    if not INTEGER_TEXT_PATTERN.fullmatch(text):
        raise failure("`{text}` 不是整数", "`{text}` is not a whole number", text=shorten(text))
    return int(text)


def integer_of_text(text: str) -> int:
    """Return the integer that a text denotes in decimal digits."""
    return require_in_range(parse_integer(text))


def unsigned_of_text(text: str) -> int:
    """Return the unsigned number that a text denotes in decimal digits."""
    return to_unsigned(parse_integer(text))


def integer_of_double(value: float) -> int:
    """Return a double rounded towards zero; the ends of the range are errors, as in CEL."""
    if not isfinite(value) or not -(2.0**63) < value < 2.0**63:
        raise EvaluationError(OUT_OF_RANGE)
    return require_in_range(trunc(value))


def unsigned_of_double(value: float) -> int:
    """Return a double rounded towards zero as an unsigned number."""
    if not isfinite(value) or not 0.0 <= value < 2.0**64:
        raise EvaluationError(OUT_OF_RANGE)
    return to_unsigned(trunc(value))


def integer_of_exact(value: Decimal | int) -> int:
    """Return an exact or unsigned number as an integer, rounded towards zero."""
    return require_in_range(int(value))


def double_of_text(text: str) -> float:
    """Return the double that a text denotes."""
    if not DOUBLE_TEXT_PATTERN.fullmatch(text):
        raise failure("`{text}` 不是数字", "`{text}` is not a number", text=shorten(text))
    return float(text)


def decimal_of_text(text: str) -> Decimal:
    """Return the exact number that a text denotes, such as `"0.05"`."""
    if not DECIMAL_TEXT_PATTERN.fullmatch(text):
        raise failure("`{text}` 不是数字", "`{text}` is not a number", text=shorten(text))
    try:
        return EXACT_CONTEXT.create_decimal(text)
    except DecimalException:
        raise EvaluationError(NOT_EXACT) from None


def money_of_decimal(amount: Decimal) -> Decimal:
    """Return an amount that is a whole number of fen as money."""
    try:
        return EXACT_CONTEXT.quantize(amount, CENT)
    except DecimalException:
        raise failure(
            "{amount} 元不是整数分", "{amount} yuan is not a whole number of fen", amount=amount
        ) from None


def round_up(amount: Decimal | int) -> Decimal:
    """Return the least money, in whole fen, that is not below an exact number."""
    return round_to_fen(amount, ROUND_CEILING)


def round_down(amount: Decimal | int) -> Decimal:
    """Return the most money, in whole fen, that is not above an exact number."""
    return round_to_fen(amount, ROUND_FLOOR)


def round_to_fen(amount: Decimal | int, rounding: str) -> Decimal:
    """Return the money next to an exact number in one direction; zero has no sign."""
    try:
        rounded = Decimal(amount).quantize(CENT, rounding, ROUNDING_CONTEXT)
        return EXACT_CONTEXT.add(rounded, 0)
    except DecimalException:
        raise EvaluationError(NOT_EXACT) from None


def money_of_text(text: str) -> Decimal:
    """Return the amount that a text denotes, such as `"80000.00"`."""
    return money_of_decimal(decimal_of_text(text))


def text_of_boolean(value: bool) -> str:  # noqa: FBT001 - the value is the point
    """Return `true` or `false`."""
    return "true" if value else "false"


def text_of_decimal(value: Decimal) -> str:
    """Return an exact number in plain digits."""
    return format(value, "f")


def text_of_double(value: float) -> str:
    """Return a double in the fewest digits that identify it, with an exponent where it is long."""
    if isnan(value):
        return "NaN"
    if isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    number = Decimal(repr(value))
    power = number.adjusted()
    if not value or LEAST_PLAIN <= power < MOST_PLAIN:
        plain = format(number, "f")
        return plain.rstrip("0").rstrip(".") if "." in plain else plain
    first, *others = map(str, number.as_tuple().digits)
    fraction = "".join(others).rstrip("0")
    sign, point = "-" * (value < 0), "." * bool(fraction)
    return f"{sign}{first}{point}{fraction}e{power:+03d}"


def type_value_of(value: object) -> TypeValue:
    """Return the type of a value."""
    return TypeValue(type_name_of(runtime_type_of(value)))


def require_boolean(value: object) -> bool:
    """Return a dynamic value, which must be a boolean."""
    if not isinstance(value, bool):
        raise EvaluationError(NO_OVERLOAD)
    return value


def refuse_undefined(text: str) -> NoReturn:
    """Raise the error of an undefined name in an expression that was not checked."""
    raise failure("`{text}` 没有定义", "`{text}` is not defined", text=shorten(text))


def return_unchanged(value: T) -> T:
    """Return the value unchanged: a conversion to its own type."""
    return value


def text_of_bytes(value: bytes) -> str:
    """Return the text that bytes encode in UTF-8."""
    try:
        return value.decode()
    except UnicodeDecodeError:
        raise failure("字节不是 UTF-8 文本", "the bytes are not UTF-8 text") from None


def bytes_of_text(text: str) -> bytes:
    """Return a text encoded in UTF-8."""
    return text.encode()


CONVERSIONS: Mapping[str, Callable[..., Any]] = {
    "same": return_unchanged,
    "type_of": type_value_of,
    "require_boolean": require_boolean,
    "refuse_undefined": refuse_undefined,
    "bool_of_text": bool_of_text,
    "int_of_unsigned": integer_of_exact,
    "int_of_double": integer_of_double,
    "int_of_decimal": integer_of_exact,
    "int_of_money": integer_of_exact,
    "int_of_text": integer_of_text,
    "uint_of_integer": to_unsigned,
    "uint_of_double": unsigned_of_double,
    "uint_of_text": unsigned_of_text,
    "double_of_integer": float,
    "double_of_unsigned": float,
    "double_of_text": double_of_text,
    "decimal_of_integer": Decimal,
    "decimal_of_money": return_unchanged,
    "decimal_of_text": decimal_of_text,
    "money_of_integer": Decimal,
    "money_of_decimal": money_of_decimal,
    "money_of_text": money_of_text,
    "round_up_integer": round_up,
    "round_up_decimal": round_up,
    "round_up_money": round_up,
    "round_down_integer": round_down,
    "round_down_decimal": round_down,
    "round_down_money": round_down,
    "string_of_boolean": text_of_boolean,
    "string_of_integer": str,
    "string_of_unsigned": str,
    "string_of_double": text_of_double,
    "string_of_decimal": text_of_decimal,
    "string_of_money": text_of_decimal,
    "string_of_bytes": text_of_bytes,
    "string_of_code": return_unchanged,
    "bytes_of_text": bytes_of_text,
}
"""The operations, by the ids of their overloads."""
