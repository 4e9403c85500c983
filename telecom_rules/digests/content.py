"""The content of linked rules as JSON: what they mean, and apart from it what is only read.

One walk serves every kind of rule, and types decide: a `Wording`, a clause that is cited and a
confidence are only read, and so is that something is a reading of ours or a right; a place in a
file is neither. Everything else is meaning, so that a new field of a rule counts unless somebody
says otherwise. A field with its default value is left out:
the digests of a pack do not change when the library learns a new key.

A list has an order, a mapping and a set have none. An expression is its tree, not its text.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from datetime import date
from functools import cache
from types import NoneType
from typing import TYPE_CHECKING, Any, TypeAlias

from telecom_rules.expressions import Expression
from telecom_rules.expressions.typed import Fact, FieldAccess, TypedNode
from telecom_rules.findings import Span
from telecom_rules.vocabulary import ALWAYS, Calendar, Clause, Duration, Period, Source
from telecom_rules.vocabulary.parameters import ParameterValue
from telecom_rules.vocabulary.sources.sources import Confidence
from telecom_rules.vocabulary.time.periods import ONE_DAY
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from telecom_rules.vocabulary import Parameter


Content: TypeAlias = Any
"""A JSON value that says what something means."""

NOTHING: Content = object()
"""What is left of a value that does not count."""

APART: Mapping[type, frozenset[str]] = {
    TypedNode: frozenset({"start", "end", "type"}),  # follow from the rest of the tree
    Duration: frozenset({"calendar"}),  # part of what counts by it
    Fact: frozenset({"field"}),
    FieldAccess: frozenset({"field", "path"}),
    ParameterValue: frozenset({"kind", "base"}),  # who says so, and not what holds
}
"""The fields of a class, and of those derived from it, that are neither meaning nor wording."""
READ_FIELDS = frozenset({"effort", "fixed", "interpretation", "off", "right"})
"""The fields that are only read, though their type does not say so."""


def describe_meaning(value: object, days: Period = ALWAYS) -> Content:
    """Return what a linked value means, as JSON.

    Args:
        value: the value, such as a parameter, a table's rows or a transition.
        days: the days that count: what is in force on none of them is left out, and a beginning
            or an end outside of them does not show.
    """
    content = Walk(days).describe(value)
    return None if content is NOTHING else content


def describe_wording(value: object) -> Content:
    """Return what of a linked value is only read, as JSON: titles, notes, clauses, confidence."""
    content = Walk(wording=True).describe(value)
    return None if content is NOTHING else content


def find_change_days(value: object) -> frozenset[date]:
    """Return the days from which on more of a value is in force, or less."""
    walk = Walk()
    walk.describe(value)
    return frozenset(walk.met)


def find_calendar(
    expressions: Iterable[Expression], parameters: Iterable[Parameter]
) -> Calendar | None:
    """Return the calendar by which one of the expressions counts a limit, or `None`."""
    if not any(each.counts_days for each in expressions):
        return None
    calendars = (each.calendar for each in parameters)
    return next((each for each in calendars if each is not None), None)


@dataclass(slots=True)
class Walk:
    """One walk over a linked value.

    Attributes:
        days: the days that count.
        wording: whether it describes what is only read, instead of what is meant.
        met: the days met on which something begins or ends.
    """

    days: Period = ALWAYS
    wording: bool = False
    met: set[date] = field(default_factory=set)

    def describe(self, value: object) -> Content:
        """Return the content of a value, or `NOTHING`."""
        kind: type = type(value)
        return describer_of(kind)(self, value)

    def describe_scalar(self, value: Content) -> Content:
        """Return None, a boolean, a whole number or a text as it is."""
        return NOTHING if self.wording else value

    def describe_float(self, value: float) -> Content:
        """Return a float so that no whole number equals it."""
        return NOTHING if self.wording else ["float", repr(value)]

    def describe_confidence(self, value: Confidence) -> Content:
        """Return how sure a figure is: that is only read."""
        return str(value) if self.wording else NOTHING

    def describe_read(self, value: Wording | Clause | Source) -> Content:
        """Return a text for people, or the name of what is cited."""
        if not self.wording:
            return NOTHING
        return [value.zh, value.en] if isinstance(value, Wording) else str(value)

    def describe_nothing(self, _: object) -> Content:
        """Leave out a place in a file."""
        return NOTHING

    def describe_expression(self, value: Expression) -> Content:
        """Return the tree of an expression."""
        return NOTHING if self.wording else self.describe(value.tree)

    def describe_fields(self, value: Any) -> Content:
        """Return the fields of a dataclass that is in force, without those at their default."""
        period = getattr(value, "in_force", None)
        if isinstance(period, Period) and not period.overlaps(self.days):
            self.describe_period(period)  # it may count later
            return NOTHING
        content: dict[str, Content] = {} if self.wording else {"": type(value).__name__}
        kind: type = type(value)
        for name, default in fields_of(kind):
            own = getattr(value, name)
            if own is default or (default is not MISSING and own == default):
                continue
            read = name in READ_FIELDS
            each = self.describe_read_field(own) if read else self.describe(own)
            if each is not NOTHING:
                content[name] = each
        return content or NOTHING

    def describe_read_field(self, value: object) -> Content:
        """Return a field of `READ_FIELDS`."""
        if not self.wording:
            return NOTHING
        return value if isinstance(value, bool | str) else write_value(value)

    def describe_mapping(self, value: Mapping[Any, object]) -> Content:
        """Return a mapping, whose keys have no order."""
        content = {str(key): self.describe(each) for key, each in value.items()}
        if self.wording:
            return {key: each for key, each in content.items() if each is not NOTHING} or NOTHING
        # A key counts even where its value is only read, as the title of a code is.
        return {key: None if each is NOTHING else each for key, each in content.items()}

    def describe_items(self, value: tuple[object, ...] | list[object]) -> Content:
        """Return a list or tuple, whose items have an order."""
        described = [self.describe(each) for each in value]
        kept = [each for each in described if each is not NOTHING]
        return kept if kept or not value else NOTHING

    def describe_period(self, period: Period) -> Content:
        """Return a beginning and an end, each only where the day before it counts as it does."""
        changes = (period.since, period.until)
        self.met.update(day for day in changes if day is not None)
        if self.wording:
            return NOTHING
        first, last = self.days.since or date.min, self.days.until or date.max
        shown = (day if day is not None and first < day < last else None for day in changes)
        return [None if day is None else day.isoformat() for day in shown]

    def describe_calendar(self, calendar: Calendar) -> Content:
        """Return the days of a calendar, of the years and days that count."""
        if self.wording:
            return self.describe_fields(calendar)
        years = {}
        for number, year in calendar.years.items():
            whole = Period(date(number, 1, 1), date(number, 12, 31) + ONE_DAY)
            self.met.update(year.rest | year.work | {date(number, 1, 1)})
            if whole.overlaps(self.days):
                days = {"rest": year.rest, "work": year.work}
                years[number] = {key: list_days(each, self.days) for key, each in days.items()}
        return years

    def describe_set(self, value: AbstractSet[object]) -> Content:
        """Return a set in an order of its own."""
        return NOTHING if self.wording else sorted(map(self.describe, value), key=json.dumps)

    def describe_other(self, value: object) -> Content:
        """Return any other value with the name of its type."""
        return NOTHING if self.wording else [type(value).__name__, write_value(value)]


DESCRIBERS: tuple[tuple[tuple[type, ...], Callable[[Walk, Any], Content]], ...] = (
    ((Confidence,), Walk.describe_confidence),
    ((float,), Walk.describe_float),
    ((NoneType, bool, int, str), Walk.describe_scalar),
    ((Wording, Clause, Source), Walk.describe_read),
    ((Span,), Walk.describe_nothing),
    ((Period,), Walk.describe_period),
    ((Expression,), Walk.describe_expression),
    ((Calendar,), Walk.describe_calendar),
)
"""What describes the values of some types. The first counts that a type derives from."""
CONTAINERS: tuple[tuple[tuple[type, ...], Callable[[Walk, Any], Content]], ...] = (
    ((Mapping,), Walk.describe_mapping),
    ((tuple, list), Walk.describe_items),
    ((AbstractSet,), Walk.describe_set),
    ((object,), Walk.describe_other),
)
"""The same of values that are no dataclass."""


@cache
def describer_of(kind: type) -> Callable[[Walk, Any], Content]:
    """Return what describes the values of a type."""
    found = next((way for kinds, way in DESCRIBERS if issubclass(kind, kinds)), None)
    if found is None and is_dataclass(kind):
        return Walk.describe_fields
    return found or next(way for kinds, way in CONTAINERS if issubclass(kind, kinds))


def list_days(days: Iterable[date], counted: Period) -> Content:
    """Return those of some days that count, in order."""
    return [each.isoformat() for each in sorted(days) if each in counted]


def write_value(value: object) -> str:
    """Return a value without parts as text."""
    return value.isoformat() if isinstance(value, date) else str(value)


@cache
def fields_of(kind: type) -> tuple[tuple[str, object], ...]:
    """Return the fields of a dataclass that count, each with its default or `MISSING`."""
    apart = frozenset(
        name for each, names in APART.items() if issubclass(kind, each) for name in names
    )
    return tuple(
        (each.name, each.default if each.default_factory is MISSING else each.default_factory())
        for each in fields(kind)
        if each.init and each.name not in apart
    )
