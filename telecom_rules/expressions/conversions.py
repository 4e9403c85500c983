"""Conversions between types, as `int("12")` or `money(fee * 0.5)` ask for them."""

from __future__ import annotations

import re
from decimal import Decimal, DecimalException
from math import isfinite, trunc

from telecom_rules.errors import EvaluationError
from telecom_rules.expressions.arithmetic import EXACT, INTEGERS, NATURALS, NOT_EXACT, in_range
from telecom_rules.expressions.failures import OUT_OF_RANGE, failure, shown

__all__ = [
    "bool_of_text",
    "bytes_of_text",
    "decimal_of_text",
    "double_of_text",
    "integer_of_decimal",
    "integer_of_double",
    "integer_of_text",
    "money_of_decimal",
    "money_of_text",
    "text_of_boolean",
    "text_of_bytes",
    "text_of_decimal",
    "unsigned_of_double",
    "unsigned_of_integer",
    "unsigned_of_text",
]

CENT = Decimal("0.01")
"""The fen, the smallest amount of money."""
WHOLE = re.compile(r"[-+]?[0-9]{1,20}")
NUMBER = re.compile(r"[-+]?[0-9]{1,99}(?:\.[0-9]{1,99})?")
DOUBLE = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")
BOOLEANS = {
    **dict.fromkeys(("true", "True", "TRUE", "t", "1"), True),
    **dict.fromkeys(("false", "False", "FALSE", "f", "0"), False),
}
"""What a text may say for a boolean. Source: cel-spec, conformance tests of conversions."""


def bool_of_text(text: str) -> bool:
    """Return the boolean a text says."""
    if text not in BOOLEANS:
        raise failure("`{text}` 不是布尔值", "`{text}` is not a boolean", text=shown(text))
    return BOOLEANS[text]


def integer_of_text(text: str) -> int:
    """Return the integer a text writes in decimal digits."""
    if not WHOLE.fullmatch(text):
        raise failure("`{text}` 不是整数", "`{text}` is not a whole number", text=shown(text))
    return in_range(int(text))


def unsigned_of_text(text: str) -> int:
    """Return the unsigned number a text writes in decimal digits."""
    if not WHOLE.fullmatch(text):
        raise failure("`{text}` 不是整数", "`{text}` is not a whole number", text=shown(text))
    return in_range(int(text), NATURALS)


def unsigned_of_integer(value: int) -> int:
    """Return an integer that is not negative as an unsigned number."""
    return in_range(value, NATURALS)


def integer_of_double(value: float) -> int:
    """Return a double rounded towards zero; the ends of the range are left out, as CEL asks."""
    if not isfinite(value) or not -(2.0**63) < value < 2.0**63:
        raise EvaluationError(OUT_OF_RANGE)
    return in_range(trunc(value), INTEGERS)


def unsigned_of_double(value: float) -> int:
    """Return a double rounded towards zero as an unsigned number."""
    if not isfinite(value) or not -1.0 < value < 2.0**64:
        raise EvaluationError(OUT_OF_RANGE)
    return in_range(trunc(value), NATURALS)


def integer_of_decimal(value: Decimal) -> int:
    """Return an exact number rounded towards zero."""
    return in_range(int(value))


def double_of_text(text: str) -> float:
    """Return the double a text writes."""
    if not DOUBLE.fullmatch(text):
        raise failure("`{text}` 不是数字", "`{text}` is not a number", text=shown(text))
    return float(text)


def decimal_of_text(text: str) -> Decimal:
    """Return the exact number a text writes, such as `"0.05"`."""
    if not NUMBER.fullmatch(text):
        raise failure("`{text}` 不是数字", "`{text}` is not a number", text=shown(text))
    try:
        return EXACT.create_decimal(text)
    except DecimalException:
        raise EvaluationError(NOT_EXACT) from None


def money_of_decimal(amount: Decimal) -> Decimal:
    """Return an amount that is a whole number of fen as money."""
    try:
        return EXACT.quantize(amount, CENT)
    except DecimalException:
        raise failure(
            "{amount} 元不是整数分", "{amount} yuan are no whole number of fen", amount=amount
        ) from None


def money_of_text(text: str) -> Decimal:
    """Return the amount a text writes, such as `"80000.00"`."""
    return money_of_decimal(decimal_of_text(text))


def text_of_boolean(value: bool) -> str:  # noqa: FBT001 - the value is the point
    """Return `true` or `false`."""
    return "true" if value else "false"


def text_of_decimal(value: Decimal) -> str:
    """Return an exact number in plain digits."""
    return format(value, "f")


def text_of_bytes(value: bytes) -> str:
    """Return bytes as the text they encode in UTF-8."""
    try:
        return value.decode()
    except UnicodeDecodeError:
        raise failure("字节不是 UTF-8 文本", "the bytes are not UTF-8 text") from None


def bytes_of_text(text: str) -> bytes:
    """Return a text in UTF-8."""
    return text.encode()
