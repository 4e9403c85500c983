"""Samples of a type: one value of each equivalence class under comparison with some constants."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from math import floor
from typing import TYPE_CHECKING, TypeAlias

from telecom_rules.documents.scalars import MOST_DIGITS
from telecom_rules.vocabulary import BOOLEAN, DATE, DECIMAL, INSTANT, INTEGER, MONEY, SPAN, TEXT
from telecom_rules.vocabulary.types import CodeType, ListType

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from telecom_rules.vocabulary import Field, Type, Value


Sample: TypeAlias = "Value | Fraction"
"""A value; a number may lie between the values of its type."""

GRAINS: Mapping[Type, Fraction] = {INTEGER: Fraction(1), MONEY: Fraction(1, 100)}
"""The distance between neighbouring values of a type of number."""
TIME_GRAINS: Mapping[Type, timedelta] = {
    DATE: timedelta(days=1),
    INSTANT: timedelta.resolution,
    SPAN: timedelta.resolution,
}
"""The distance between neighbouring values of a type of time."""
LARGEST_NUMBER = 10**40
"""Tables with constants beyond it are not analysed."""
FALLBACK_VALUES: Mapping[str, object] = {
    "date": "2000-01-01",
    "instant": "2000-01-01T00:00:00+00:00",
    "integer": 0,
    "decimal": "0",
    "money": "0",
}
"""Values of types for which `sample_values` returns none without a constant."""


def sample_values(field: Field, constants: Sequence[Value]) -> Collection[Sample]:
    """Return `constants` and a value of each interval between them.

    None are returned for types that have no order or no enumeration, such as lists.
    """
    kind = field.type
    if kind is BOOLEAN:
        return (True, False)
    if isinstance(kind, CodeType):
        return tuple(kind.codes)
    if kind is TEXT:
        return (*constants, "".join(map(str, constants)) + "-")
    if kind in TIME_GRAINS:
        return sample_moments(constants, TIME_GRAINS[kind])
    return sample_numbers(field, constants) if kind in {*GRAINS, DECIMAL} else ()


def sample_moments(constants: Sequence[Value], step: timedelta) -> Collection[Sample]:
    """Return days, instants or durations: the constants and their neighbours."""
    found: set[Sample] = set()
    for each in constants:
        if isinstance(each, date | datetime | timedelta):
            try:
                found |= {each - step, each, each + step}
            except OverflowError:
                return ()  # at the end of the calendar: not analysed
    return found


def sample_numbers(field: Field, constants: Sequence[Value]) -> Collection[Sample]:
    """Return numbers: the constants, one between and beside them each, within the bounds."""
    known = [each for each in (*constants, field.least, field.most) if each is not None]
    marks = [
        each
        for each in known
        if isinstance(each, int | Decimal) and -LARGEST_NUMBER < each < LARGEST_NUMBER
    ]
    if len(marks) < len(known):
        return ()  # a constant too large: not analysed
    points = sorted({Fraction(each) for each in marks})
    grain = GRAINS.get(field.type)
    near = midpoints_of(points) if grain is None else neighbours_of(points, grain)
    return {each for each in near if is_within_bounds(each, field)}


def neighbours_of(points: Sequence[Fraction], grain: Fraction) -> set[Fraction]:
    """Return the values of a type that lie nearest to the points, and those next to them."""
    return {(floor(each / grain) + by) * grain for each in points for by in (-1, 0, 1)}


def midpoints_of(points: Sequence[Fraction]) -> set[Fraction]:
    """Return the points, one number between each two neighbours, and one beyond each end."""
    middles = {(low + high) / 2 for low, high in pairwise(points)}
    return middles.union(points, {points[0] - 1, points[-1] + 1} if points else ())


def is_within_bounds(value: Decimal | Fraction, field: Field) -> bool:
    """Return whether a number lies within the bounds of a field."""
    return (field.least is None or value >= field.least) and (
        field.most is None or value <= field.most
    )


def usual_value_of(field: Field) -> object:
    """Return an ordinary value of a field, or `None` if none is known."""
    if isinstance(field.type, ListType):
        return []
    if field.type is TEXT:
        return "x"
    found: Sequence[Sample] = sorted(
        sample_values(field, ()), key=lambda each: (each != 0, str(each))
    )
    if not found:
        return FALLBACK_VALUES.get(str(field.type))
    return next(
        (value for each in found if (value := to_host_value(each, field)) is not None), None
    )


def to_host_value(sample: Sample, field: Field) -> object:
    """Return a sample as a host would send it; `None` for a number outside its type."""
    if isinstance(sample, Fraction):
        if field.type is INTEGER:
            return int(sample) if sample.denominator == 1 else None
        return to_decimal(sample)
    return sample


def to_decimal(number: Fraction) -> Decimal | None:
    """Return a number as a decimal, or `None` if no value of a fact has all its digits."""
    places = next((each for each in range(MOST_DIGITS) if not 10**each % number.denominator), None)
    if places is None:
        return None
    return Decimal(f"{number.numerator * 10**places // number.denominator}E-{places}")
