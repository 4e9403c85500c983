"""The values of a fact at a boundary and just beyond it, as a record takes them."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import ceil, floor, log10
from typing import TYPE_CHECKING, Final

from telecom_rules.expressions.evaluation.number_line import GRAINS, to_value
from telecom_rules.vocabulary import DECIMAL, SPAN
from telecom_rules.vocabulary.values import Unfit, read_value, strip_zeros

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from telecom_rules.vocabulary import Field, Type, Value


NUMBERS: Final = frozenset({*GRAINS, SPAN})
"""The types whose values have places on a line."""
ONE: Final = Fraction(1)
STEPS: Final[Mapping[Type, Fraction]] = {SPAN: Fraction(60_000_000)}
"""How far beyond a boundary a value is tried; for other types it is the next value."""
MOST_DIGITS: Final = 12
"""Digits of a boundary beyond the few that are always told."""


def iter_places(before: Fraction, root: Fraction, kind: Type) -> Iterator[Fraction]:
    """Yield the places at a boundary, and the next beyond it as seen from where a fact is."""
    grain = grain_of(root) if kind is DECIMAL else GRAINS.get(kind, ONE)
    steps = root if grain == ONE else root / grain
    down, up, step = floor(steps) * grain, ceil(steps) * grain, STEPS.get(kind, grain)
    yield down
    if up != down:
        yield up
    if before <= root:
        yield up + step
    if before >= root:
        yield down - step


def grain_of(root: Fraction) -> Fraction:
    """Return the unit in which decimals around a boundary are told: a hundredth or less.

    A boundary that a decimal can have is told with all its digits, any other one with four.
    """
    scale = floor((root.numerator.bit_length() - root.denominator.bit_length()) * log10(2))
    coarse = max(2, 3 - scale)
    exact = (k for k in range(coarse, coarse + MOST_DIGITS) if (root * 10**k).denominator == 1)
    return Fraction(1, 10 ** next(exact, coarse))


def read_place(place: Fraction, field: Field) -> Value | None:
    """Return the value at a place, unless the field may not have it."""
    value = read_number(place, field.type)
    return value if value is not None and is_fit(field, value) else None


def is_fit(field: Field, value: Value) -> bool:
    """Return whether a fact may have a value."""
    try:
        read_value(field, value)
    except Unfit:
        return False
    return True


def read_number(place: Fraction, kind: Type) -> Value | None:
    """Return the value at a place, `None` where it cannot be written."""
    try:
        value = to_value(place, kind)
    except (ValueError, OverflowError):
        return None
    return strip_zeros(value) if isinstance(value, Decimal) and kind is DECIMAL else value
