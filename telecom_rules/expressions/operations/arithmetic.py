"""Arithmetic: the operators `+ - * / %` on numbers.

Every operation returns a value or raises `EvaluationError`, as on overflow of the 64 bits of whole
numbers. Exact numbers have 34 digits (the precision of IEEE 754 decimal128) in a context of their
own, independent of the decimal context of the thread. Doubles follow IEEE 754.
"""

from __future__ import annotations

import operator
from decimal import (
    ROUND_HALF_EVEN,
    Context,
    Decimal,
    DecimalException,
    DivisionByZero,
    FloatOperation,
    Inexact,
    InvalidOperation,
    Overflow,
    Subnormal,
)
from math import isnan
from typing import TYPE_CHECKING, Any

from telecom_rules.documents.scalars import LARGEST_INTEGER, LEAST_INTEGER
from telecom_rules.errors import EvaluationError
from telecom_rules.expressions.operations.failures import OUT_OF_RANGE
from telecom_rules.expressions.operations.kinds import Unsigned
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


EXACT_CONTEXT = Context(
    prec=34, Emin=-99, Emax=99, rounding=ROUND_HALF_EVEN, capitals=1, clamp=0, flags=[],
    traps=[DivisionByZero, FloatOperation, Inexact, InvalidOperation, Overflow, Subnormal],
)  # fmt: skip
"""The arithmetic of `decimal` and `money`. Threads share it: its flags are never read."""
INTEGER_RANGE = range(LEAST_INTEGER, LARGEST_INTEGER + 1)
UNSIGNED_RANGE = range(2**64)

DIVISION_BY_ZERO = Wording("除数为零", "division by zero")
NOT_EXACT = Wording("计算结果不能精确表示", "the result has no exact value in 34 digits")


def require_in_range(value: int, numbers: range = INTEGER_RANGE) -> int:
    """Return `value` if it is in the range of its type."""
    if value not in numbers:
        raise EvaluationError(OUT_OF_RANGE)
    return value


def to_unsigned(value: int) -> Unsigned:
    """Return `value` as an unsigned number if it is one."""
    return Unsigned(require_in_range(value, UNSIGNED_RANGE))


def add_integer(left: int, right: int) -> int:
    """Return the sum of two integers."""
    return require_in_range(left + right)


def subtract_integer(left: int, right: int) -> int:
    """Return the difference of two integers."""
    return require_in_range(left - right)


def multiply_integer(left: int, right: int) -> int:
    """Return the product of two integers."""
    return require_in_range(left * right)


def divide_integer(left: int, right: int) -> int:
    """Return the quotient of two integers, rounded towards zero."""
    if not right:
        raise EvaluationError(DIVISION_BY_ZERO)
    return require_in_range(divide_towards_zero(left, right))


def remainder_integer(left: int, right: int) -> int:
    """Return the remainder of `divide_integer`, with the sign of `left`."""
    return left - right * divide_integer(left, right)


def divide_towards_zero(left: int, right: int) -> int:
    """Return the quotient rounded towards zero."""
    size = abs(left) // abs(right)
    return size if (left < 0) is (right < 0) else -size


def negate_integer(value: int) -> int:
    """Return the negation of an integer."""
    return require_in_range(-value)


def add_unsigned(left: int, right: int) -> int:
    """Return the sum of two unsigned numbers."""
    return to_unsigned(left + right)


def subtract_unsigned(left: int, right: int) -> int:
    """Return the difference of two unsigned numbers."""
    return to_unsigned(left - right)


def multiply_unsigned(left: int, right: int) -> int:
    """Return the product of two unsigned numbers."""
    return to_unsigned(left * right)


def divide_unsigned(left: int, right: int) -> int:
    """Return the quotient of two unsigned numbers."""
    if not right:
        raise EvaluationError(DIVISION_BY_ZERO)
    return Unsigned(left // right)


def remainder_unsigned(left: int, right: int) -> int:
    """Return the remainder of two unsigned numbers."""
    if not right:
        raise EvaluationError(DIVISION_BY_ZERO)
    return Unsigned(left % right)


def divide_double(left: float, right: float) -> float:
    """Return the quotient of two doubles by IEEE 754, where dividing by zero has a value."""
    if right:
        return left / right
    if not left or isnan(left):
        return float("nan")
    negative = (str(left)[0] == "-") is not (str(right)[0] == "-")
    return float("-inf" if negative else "inf")


def add_decimal(left: Decimal | int, right: Decimal | int) -> Decimal:
    """Return the exact sum of two exact numbers."""
    return compute_exactly(EXACT_CONTEXT.add, left, right)


def subtract_decimal(left: Decimal | int, right: Decimal | int) -> Decimal:
    """Return the exact difference of two exact numbers."""
    return compute_exactly(EXACT_CONTEXT.subtract, left, right)


def multiply_decimal(left: Decimal | int, right: Decimal | int) -> Decimal:
    """Return the exact product of two exact numbers."""
    return compute_exactly(EXACT_CONTEXT.multiply, left, right)


def divide_decimal(left: Decimal | int, right: Decimal | int) -> Decimal:
    """Return the exact quotient of two exact numbers."""
    if not right:
        raise EvaluationError(DIVISION_BY_ZERO)
    return compute_exactly(EXACT_CONTEXT.divide, left, right)


def negate_decimal(value: Decimal) -> Decimal:
    """Return the negation of an exact number."""
    return compute_exactly(EXACT_CONTEXT.subtract, 0, value)


def compute_exactly(
    operation: Callable[[Decimal, Decimal], Decimal], left: Decimal | int, right: Decimal | int
) -> Decimal:
    """Return the result of an operation on exact numbers if it is exact."""
    try:
        return operation(left, right)  # type: ignore[arg-type]  # the context takes int as well
    except Overflow:
        raise EvaluationError(OUT_OF_RANGE) from None
    except DecimalException:
        raise EvaluationError(NOT_EXACT) from None


ARITHMETIC: Mapping[str, Callable[..., Any]] = {
    "add_integer": add_integer,
    "subtract_integer": subtract_integer,
    "multiply_integer": multiply_integer,
    "divide_integer": divide_integer,
    "remainder_integer": remainder_integer,
    "negate_integer": negate_integer,
    "add_unsigned": add_unsigned,
    "subtract_unsigned": subtract_unsigned,
    "multiply_unsigned": multiply_unsigned,
    "divide_unsigned": divide_unsigned,
    "remainder_unsigned": remainder_unsigned,
    "add_double": operator.add,
    "subtract_double": operator.sub,
    "multiply_double": operator.mul,
    "divide_double": divide_double,
    "negate_double": operator.neg,
    "add_decimal": add_decimal,
    "subtract_decimal": subtract_decimal,
    "multiply_decimal": multiply_decimal,
    "divide_decimal": divide_decimal,
    "negate_decimal": negate_decimal,
}
"""The operations, by the ids of their overloads."""
