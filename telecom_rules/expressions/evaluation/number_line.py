"""Numbers, days, instants and lengths of time as places on one line."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Context, Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from telecom_rules.vocabulary import DATE, DECIMAL, INSTANT, INTEGER, MONEY, SPAN

if TYPE_CHECKING:
    from telecom_rules.vocabulary import Type, Value


WIDE_CONTEXT = Context(prec=400)
"""Arithmetic in which no digit of two numbers that facts may have is lost."""
ORIGIN: Final = datetime(2026, 1, 1, tzinfo=UTC)
"""The instant that is zero."""
GRAINS: Final[dict[Type, Fraction]] = {
    INTEGER: Fraction(1),
    MONEY: Fraction(1, 100),
    DECIMAL: Fraction(1, 10**28),
    DATE: Fraction(1),
    INSTANT: Fraction(1),
}
"""The distance between neighbouring values, in the units of `to_number`."""


def to_number(value: Any) -> Fraction:
    """Return a number, day, instant or length of time as a number: in days or microseconds."""
    if isinstance(value, datetime):
        return Fraction((value - ORIGIN) // timedelta.resolution)
    if isinstance(value, date):
        return Fraction(value.toordinal())
    if isinstance(value, timedelta):
        return Fraction(value // timedelta.resolution)
    return Fraction(value)


def to_value(number: Fraction, kind: Type) -> Value:
    """Return the value of a type that `to_number` gives as this number.

    Raises:
        OverflowError: it is beyond the days and instants that can be written.
        ValueError: it is before the first day.
    """
    if kind is INTEGER:
        return int(number)
    if kind is DATE:
        return date.fromordinal(int(number))
    if kind is INSTANT:
        return ORIGIN + int(number) * timedelta.resolution
    if kind is SPAN:
        return int(number) * timedelta.resolution
    value = WIDE_CONTEXT.divide(Decimal(number.numerator), Decimal(number.denominator))
    return Decimal(format(value, ".2f")) if kind is MONEY else value
