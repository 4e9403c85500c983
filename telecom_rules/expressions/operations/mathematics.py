"""The math extension of CEL: extremes, rounding, signs and bits.

Source: the math extension as the conformance suite of cel-spec tests it. Bits are those of 64-bit
numbers; a shift fills with zeros, of negative numbers too.
"""

from __future__ import annotations

import math
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from telecom_rules.errors import EvaluationError
from telecom_rules.expressions.operations.arithmetic import require_in_range
from telecom_rules.expressions.operations.failures import NO_OVERLOAD, failure
from telecom_rules.expressions.operations.kinds import Unsigned

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


BITS = 64
ALL_BITS = (1 << BITS) - 1
SIGN_BIT = 1 << (BITS - 1)


def require_numbers(values: Sequence[Any]) -> Sequence[Any]:
    """Return values that must be numbers, at least one."""
    if not all(
        isinstance(each, int | float | Decimal) and not isinstance(each, bool) for each in values
    ):
        raise EvaluationError(NO_OVERLOAD)
    if not values:
        raise failure("列表为空", "the list is empty")
    return values


def greatest(*values: Any) -> Any:
    """Return the greatest number, the first of equal ones."""
    return max(require_numbers(values))


def least(*values: Any) -> Any:
    """Return the least number, the first of equal ones."""
    return min(require_numbers(values))


def greatest_exact(*values: Decimal | int) -> Decimal:
    """Return the greatest of exact numbers, as a decimal."""
    return Decimal(max(values))


def least_exact(*values: Decimal | int) -> Decimal:
    """Return the least of exact numbers, as a decimal."""
    return Decimal(min(values))


def greatest_of_list(values: Sequence[Any]) -> Any:
    """Return the greatest number of a list."""
    return greatest(*values)


def least_of_list(values: Sequence[Any]) -> Any:
    """Return the least number of a list."""
    return least(*values)


def build_rounding(rounded: Callable[[float], int]) -> Callable[[float], float]:
    """Return a rounding that keeps the sign of zero and returns infinities and NaN unchanged."""
    return lambda value: (
        math.copysign(float(rounded(value)), value) if math.isfinite(value) else value
    )


def round_half_away(value: float) -> int:
    """Return the nearest whole number, of two the one farther from zero."""
    size = math.floor(abs(value))
    if abs(value) - size >= 0.5:  # noqa: PLR2004 - the half
        size += 1
    return size if value >= 0 else -size


def round_exact(direction: str) -> Callable[[Decimal], Decimal]:
    """Return a rounding of exact numbers to whole ones."""
    return lambda value: value.to_integral_value(direction)


def square_root(value: float) -> float:
    """Return the square root, which a negative number does not have."""
    return math.sqrt(value) if value >= 0 else math.nan


def absolute_integer(value: int) -> int:
    """Return an integer without its sign."""
    return require_in_range(abs(value))


def sign_of(value: float | Decimal) -> int:
    """Return -1, 0 or 1."""
    return (value > 0) - (value < 0)


def sign_of_double(value: float) -> float:
    """Return -1.0, 0.0 or 1.0; NaN has none."""
    return value if math.isnan(value) else float((value > 0) - (value < 0))


def sign_of_unsigned(value: int) -> int:
    """Return 0 or 1."""
    return Unsigned(value > 0)


def to_signed(bits: int) -> int:
    """Return the integer that 64 bits represent in two's complement."""
    return (bits & ALL_BITS) - (1 << BITS) if bits & SIGN_BIT else bits & ALL_BITS


def shift_bits(value: int, by: int, *, left: bool) -> int:
    """Return the bits of a number shifted, limited to 64 bits."""
    if by < 0:
        raise failure("移位数不能为负", "bits cannot be shifted by a negative number")
    if by >= BITS:
        return 0
    return (value << by) & ALL_BITS if left else (value & ALL_BITS) >> by


EXACT_KINDS = ("decimal", "money")

MATHEMATICS: dict[str, Callable[..., Any]] = {
    "greatest": greatest,
    "least": least,
    "greatest_exact": greatest_exact,
    "least_exact": least_exact,
    "greatest_of_list": greatest_of_list,
    "least_of_list": least_of_list,
    "ceil_double": build_rounding(math.ceil),
    "floor_double": build_rounding(math.floor),
    "round_double": build_rounding(round_half_away),
    "trunc_double": build_rounding(math.trunc),
    **{f"ceil_{kind}": round_exact(ROUND_CEILING) for kind in EXACT_KINDS},
    **{f"floor_{kind}": round_exact(ROUND_FLOOR) for kind in EXACT_KINDS},
    **{f"round_{kind}": round_exact(ROUND_HALF_UP) for kind in EXACT_KINDS},
    **{f"trunc_{kind}": round_exact(ROUND_DOWN) for kind in EXACT_KINDS},
    "sqrt_integer": square_root,
    "sqrt_unsigned": square_root,
    "sqrt_double": square_root,
    "abs_integer": absolute_integer,
    "abs_unsigned": Unsigned,
    "abs_double": abs,
    "abs_decimal": Decimal.copy_abs,
    "abs_money": Decimal.copy_abs,
    "sign_integer": sign_of,
    **{f"sign_{kind}": sign_of for kind in EXACT_KINDS},
    "sign_unsigned": sign_of_unsigned,
    "sign_double": sign_of_double,
    "is_nan_double": math.isnan,
    "is_infinite_double": math.isinf,
    "is_finite_double": math.isfinite,
    "bit_and_integer": lambda left, right: left & right,
    "bit_and_unsigned": lambda left, right: Unsigned(left & right),
    "bit_or_integer": lambda left, right: left | right,
    "bit_or_unsigned": lambda left, right: Unsigned(left | right),
    "bit_xor_integer": lambda left, right: left ^ right,
    "bit_xor_unsigned": lambda left, right: Unsigned(left ^ right),
    "bit_not_integer": lambda value: ~value,
    "bit_not_unsigned": lambda value: Unsigned(~value & ALL_BITS),
    "shift_left_integer": lambda value, by: to_signed(shift_bits(value, by, left=True)),
    "shift_left_unsigned": lambda value, by: Unsigned(shift_bits(value, by, left=True)),
    "shift_right_integer": lambda value, by: to_signed(shift_bits(value, by, left=False)),
    "shift_right_unsigned": lambda value, by: Unsigned(shift_bits(value, by, left=False)),
}
"""The operations, by the ids of their overloads."""
