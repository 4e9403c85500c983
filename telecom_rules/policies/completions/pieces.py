"""Missing facts cut into pieces: the cases that a search over their values distinguishes.

A piece is a set of values for which the comparisons of the rules with one value hold or fail
together. Where to cut is only a question of effort: the pieces of a fact always contain all its
values, so that a cut in the wrong place proves less and nothing false.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from fractions import Fraction
from math import floor
from typing import TYPE_CHECKING, Any, Final

from telecom_rules.expressions.evaluation.abstract import ABSENT_READING, PRESENT, Reading
from telecom_rules.expressions.evaluation.number_line import (
    GRAINS,
    ORIGIN,
    WIDE_CONTEXT,
    to_number,
    to_value,
)
from telecom_rules.expressions.evaluation.value_sets import (
    EITHER,
    Between,
    Except,
    OneOf,
    find_values,
    is_single,
)
from telecom_rules.vocabulary import DATE, INSTANT, INTEGER, SPAN, TEXT
from telecom_rules.vocabulary.types import CodeType, ListType

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from telecom_rules.expressions.evaluation.value_sets import ValueSet
    from telecom_rules.vocabulary import Field, Type, Value


MOST_SINGLES: Final = 4
"""Codes, or neighbouring integers, that are cut one by one; more codes are halved."""
ORDINARY_DAY: Final = date(2026, 1, 1)
ORDINARY: Final[dict[Type, Any]] = {DATE: ORDINARY_DAY, INSTANT: ORIGIN, INTEGER: 0}
"""The value of a type that an example has if it can."""
PLACES_TRIED: Final = (0, 1, 2, 4, 8, 28)
"""Digits after the point of the numbers that are tried as an example, the shortest first."""
LONG_TEXT: Final = 100
"""Characters of a text that is tried because it is long."""


def build_reading(field: Field, *, complete: bool) -> Reading:
    """Return what reading a missing fact may give.

    Args:
        field: the fact.
        complete: whether a fact that is not optional is certainly present in the end. Otherwise
            its presence stays unknown until it is given.
    """
    present = PRESENT if complete and not field.optional else EITHER
    return Reading(find_values(field), present, fails=field.optional)


def may_be_absent(reading: Reading) -> bool:
    """Return whether a fact is either absent or has one of some values."""
    return reading.fails and reading.present == EITHER


def is_settled(reading: Reading) -> bool:
    """Return whether a fact has one value, or is absent."""
    return reading == ABSENT_READING or (is_single(reading.values) and not reading.fails)


def settle(reading: Reading, field: Field) -> Reading:
    """Return a fact with one example of its values."""
    value = example_of(reading, field)
    if value is None:
        return ABSENT_READING
    return Reading(OneOf((value,)), reading.present if not reading.fails else PRESENT, fails=False)


def split(reading: Reading, field: Field, cuts: Iterable[Fraction]) -> list[Reading]:
    """Return the pieces of a fact; one if it is not cut.

    Args:
        reading: what is known of it.
        field: its type.
        cuts: the numbers at which a comparison changes.
    """
    if may_be_absent(reading):
        return [ABSENT_READING, Reading(reading.values, PRESENT, fails=False)]
    values = reading.values
    if isinstance(values, OneOf):
        halves = halve(values.values)
        return [Reading(OneOf(each), reading.present, reading.fails) for each in halves]
    if isinstance(values, Between) and field.type in GRAINS:
        pieces = cut(values, field.type, cuts)
        if len(pieces) == 1 and field.type is INTEGER and values.high - values.low < MOST_SINGLES:
            pieces = [OneOf((each,)) for each in range(values.low, values.high + 1)]
        return [Reading(each, reading.present, reading.fails) for each in pieces]
    return [reading]


def split_text(reading: Reading, texts: Sequence[Value]) -> list[Reading]:
    """Return the pieces of a text that is compared with some texts."""
    values = reading.values
    if not isinstance(values, Except):
        return [reading]
    new = [each for each in dict.fromkeys(texts) if each not in values.values]
    rest = Except((*values.values, *new))
    if not new:
        return [reading]
    parts: list[ValueSet] = [*(OneOf((one,)) for one in new), rest]
    return [Reading(each, reading.present, reading.fails) for each in parts]


def halve(values: tuple[Value, ...]) -> list[tuple[Value, ...]]:
    """Return few values one by one, many in two halves."""
    if len(values) <= MOST_SINGLES:
        return [(each,) for each in values]
    middle = len(values) // 2
    return [values[:middle], values[middle:]]


def cut(values: Between, kind: Type, cuts: Iterable[Fraction]) -> list[Between | OneOf]:
    """Return the parts of an interval between some numbers, and the numbers themselves."""
    grain = GRAINS[kind]
    low, high = to_number(values.low), to_number(values.high)
    found: list[Between | OneOf] = []
    start = low
    for mark in sorted({floor(each / grain) * grain for each in cuts}):
        if start <= mark <= high:
            if start < mark:
                found.append(between(values, start, mark - grain, kind))
            found.append(OneOf((to_value(mark, kind),)))
            start = mark + grain
    if start <= high:
        found.append(between(values, start, high, kind))
    return found


def between(values: Between, low: Fraction, high: Fraction, kind: Type) -> Between | OneOf:
    """Return a part of an interval."""
    if low == high:
        return OneOf((to_value(low, kind),))
    return Between(to_value(low, kind), to_value(high, kind), values.places, values.digits)


def probes_of(values: Between) -> tuple[Any, Any]:
    """Return two values of an interval, by which a line is drawn: its ends, unless far away."""
    if isinstance(values.low, datetime):
        return nearest(values, ORIGIN, timedelta(days=365))
    if isinstance(values.low, date):
        return nearest(values, ORDINARY_DAY, timedelta(days=365))
    return nearest(values, 0, 10**7)


def nearest(values: Between, ordinary: Any, step: Any) -> tuple[Any, Any]:
    """Return the ends of an interval, or ordinary values inside if it is long."""
    low, high = max(values.low, ordinary - 40 * step), min(values.high, ordinary + 40 * step)
    return (low, high) if low < high else (values.low, values.high)


# Examples


def example_of(reading: Reading, field: Field) -> Value:
    """Return a value of a fact, an ordinary one where there is one; `None` if it is absent."""
    values = reading.values
    if isinstance(values, OneOf):
        return values.values[0] if values.values else None
    if isinstance(values, Except):
        return next(each for each in iter_words() if each not in values.values)
    if isinstance(values, Between):
        return example_between(values, field.type)
    return () if isinstance(field.type, ListType) else ANY_EXAMPLES.get(field.type)


ANY_EXAMPLES: Final[dict[Type, Value]] = {TEXT: "x", SPAN: timedelta(0)}


def examples_of(reading: Reading, field: Field, constants: Sequence[Value] = ()) -> list[Value]:
    """Return some values of a fact that is not cut any further.

    Args:
        reading: what is known of it.
        field: its type.
        constants: what it is compared with, or searched for.
    """
    first = example_of(reading, field)
    if isinstance(reading.values, Except):
        longer = "x" * min(LONG_TEXT, field.longest or LONG_TEXT)
        return [each for each in (first, "", longer) if each not in reading.values.values]
    if isinstance(reading.values, OneOf) or not isinstance(field.type, ListType):
        return [first]
    item = field.type.item
    items = tuple(item.codes) if isinstance(item, CodeType) else tuple(dict.fromkeys(constants))
    return [first, items[:1], items[1:2], items]


def example_between(values: Between, kind: Type) -> Value:
    """Return a value of an interval: zero or an ordinary day if possible, else a short one."""
    low, high = values.low, values.high
    if kind in ORDINARY:
        nearest_ordinary: Value = min(max(ORDINARY[kind], low), high)
        return nearest_ordinary
    if low <= 0 <= high:
        return to_value(Fraction(0), kind)
    near: Decimal = low if low > 0 else high
    rounding = ROUND_CEILING if low > 0 else ROUND_FLOOR
    for places in PLACES_TRIED:
        found = near.quantize(Decimal((0, (1,), -places)), rounding, WIDE_CONTEXT)
        if low <= found <= high:
            return to_value(Fraction(found), kind)
    return near


def iter_words() -> Iterator[str]:
    """Yield texts, each once."""
    word = "x"
    while True:
        yield word
        word += "x"
