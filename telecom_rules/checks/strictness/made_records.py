"""Records that are tried where conditions of two packs may differ: ordinary and arbitrary ones.

A record whose facts contradict one another shows nothing. So what two facts may not be in the wrong
order is put into the right one.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Final, TypeAlias

from telecom_rules.checks.analysis.samples import usual_value_of
from telecom_rules.expressions.consistency import conditions_of
from telecom_rules.expressions.typed import Apply, Fact
from telecom_rules.vocabulary import BOOLEAN, DATE, DECIMAL, INSTANT, INTEGER, MONEY
from telecom_rules.vocabulary.types import CodeType, ListType, Primitive

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from telecom_rules.vocabulary import FactType, Field


Facts: TypeAlias = "Mapping[str, object]"
FIRST_DAY: Final = date(2026, 3, 2)
"""In a year whose holidays calendars have: the end of a limit can be determined."""
FIRST_INSTANT: Final = datetime(2026, 3, 2, tzinfo=UTC)
FIRST_MOMENTS: Final[Mapping[Primitive, date]] = {DATE: FIRST_DAY, INSTANT: FIRST_INSTANT}
STEP: Final = timedelta(30)
"""The time between the moments of an ordinary record."""
LIVELY_NUMBER: Final = Decimal(20)
"""A number of which shares and multiples differ."""
LIVELY_TYPES: Final = frozenset({INTEGER, DECIMAL, MONEY})
ARBITRARY_RECORDS: Final = 60
"""Records with arbitrary facts that are tried for one question."""
ORDERED_BY: Final[Mapping[str, bool]] = {
    "less": True,
    "less_or_equal": True,
    "greater": False,
    "greater_or_equal": False,
}
"""The comparisons that order two facts, and whether the first is the lower."""


def iter_ordinary_records(facts: FactType) -> Iterator[Facts]:
    """Yield ordinary records: numbers 0, or not 0; moments the same, or each after one before."""
    moments = {
        name: FIRST_MOMENTS[each.type]
        for name, each in facts.fields.items()
        if isinstance(each.type, Primitive) and each.type in FIRST_MOMENTS
    }
    found = {name: usual_value_of(each) for name, each in facts.fields.items()}
    usual = {name: each for name, each in found.items() if each is not None} | moments
    yield usual
    numbers = {name: lively_value_of(each) for name, each in facts.fields.items()}
    lively = {name: each for name, each in numbers.items() if each is not None}
    for names in (list(moments), list(reversed(moments))):
        apart = {name: moments[name] + STEP * at for at, name in enumerate(names)}
        yield put_in_order({**usual, **lively, **apart}, facts)


def iter_arbitrary_records(facts: FactType) -> Iterator[Facts]:
    """Yield records with arbitrary facts, the same ones on each run."""
    chosen = Numbers()
    for at in range(ARBITRARY_RECORDS):
        found = {
            name: choose_value(field, 10 ** (1 + at % 6), chosen)
            for name, field in facts.fields.items()
        }
        yield put_in_order({name: each for name, each in found.items() if each is not None}, facts)


def put_in_order(record: Facts, facts: FactType) -> Facts:
    """Return a record in which two facts of a condition of consistency are in its order."""
    found = dict(record)
    pairs = [*iter_ordered(facts)]
    for _ in pairs:  # a value that was moved may be out of order with a further one
        for low, high in pairs:
            one, other = found.get(low), found.get(high)
            if type(one) is type(other) and one is not None and one > other:  # type: ignore[operator]  # of one type, which is ordered
                found[low], found[high] = other, one
    return found


def iter_ordered(facts: FactType) -> Iterator[tuple[str, str]]:
    """Yield the facts of which one may not be above the other: the lower one first."""
    for each in conditions_of(facts):
        match each.require.tree:
            case Apply(overload=name, arguments=(Fact() as one, Fact() as other)) if (
                name in ORDERED_BY
            ):
                yield (one.name, other.name) if ORDERED_BY[name] else (other.name, one.name)


class Numbers:
    """Arbitrary numbers, the same ones on each run: a linear congruential generator."""

    def __init__(self) -> None:
        self._state = 1

    def below(self, most: int) -> int:
        """Return a number from 0 to `most`, which is not counted."""
        self._state = (self._state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (self._state >> 33) % most


def choose_value(field: Field, scale: int, chosen: Numbers) -> object:
    """Return an arbitrary value of a field; `None` for an optional one that is left out.

    Numbers without an upper bound are below `scale`, so that those of one record belong together.
    """
    kind = field.type
    if field.optional and not chosen.below(3):
        return None
    if isinstance(kind, CodeType):
        return tuple(kind.codes)[chosen.below(len(kind.codes))]
    if isinstance(kind, ListType):
        item = replace(field, type=kind.item, optional=False)
        return [choose_value(item, scale, chosen) for _ in range(chosen.below(5))]
    if kind == BOOLEAN:
        return bool(chosen.below(2))
    if kind == DATE:
        return FIRST_DAY + timedelta(chosen.below(800) - 400)
    if kind == INSTANT:
        return FIRST_INSTANT + timedelta(hours=chosen.below(800) - 400)
    if kind in LIVELY_TYPES:
        least = Decimal(0) if field.least is None else Decimal(field.least)
        span = scale if field.most is None else int(field.most - least) + 1
        value = least + chosen.below(max(span, 1))
        return int(value) if kind is INTEGER else value
    return usual_value_of(field)


def lively_value_of(field: Field) -> object:
    """Return a number of a field that is not 0, or `None` if it is of another type."""
    if field.type not in LIVELY_TYPES:
        return None
    least, most = field.least, field.most
    value = LIVELY_NUMBER if least is None else max(LIVELY_NUMBER, least)
    value = value if most is None else min(value, most)
    return int(value) if field.type is INTEGER else value
