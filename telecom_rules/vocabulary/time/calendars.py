"""Calendars of working days, for the years whose holiday arrangement is published.

A calendar is part of a pack, so that a deadline depends on the pack alone. For other years it does
not guess: `Calendar.is_working_day` raises `NotPublished`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from telecom_rules.documents import (
    Choice,
    Day,
    Definition,
    Identifier,
    Keyed,
    OneOrMany,
    Reference,
    Text,
    Title,
)
from telecom_rules.errors import NotPublished
from telecom_rules.vocabulary.sources.sources import Confidence
from telecom_rules.vocabulary.time.periods import ONE_DAY

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, time

    from telecom_rules.vocabulary.sources.sources import Clause
    from telecom_rules.wording import Wording


SATURDAY = 5


class YearDefinition(Definition):
    """The days of one year that deviate from the working week.

    Attributes:
        rest: the days from Monday to Friday that are rest days.
        work: the days on weekends that are working days.
        confidence: how certain the days are, if that is recorded.
    """

    rest: OneOrMany[Day] = ()
    work: OneOrMany[Day] = ()
    cites: OneOrMany[Reference] = ()
    confidence: Choice[Confidence] | None = None
    note: Title | None = None


class CalendarDefinition(Definition):
    """A file that defines working days.

    Attributes:
        close_of_business: when business closes, such as `17:30`, for the limits that end then.
        years: the years whose arrangement is published.
    """

    calendar: Identifier
    title: Title
    close_of_business: Text | None = None
    cites: OneOrMany[Reference] = ()
    years: Keyed[YearDefinition]


@dataclass(frozen=True, slots=True)
class CalendarYear:
    """The days of one year that deviate from the working week.

    Attributes:
        rest: the days from Monday to Friday that are rest days.
        work: the days on weekends that are working days.
        cites: the clauses that arrange them.
        confidence: how certain they are, if that is recorded.
        note: a remark, or `None`.
    """

    rest: frozenset[date]
    work: frozenset[date]
    cites: tuple[Clause, ...] = ()
    confidence: Confidence | None = None
    note: Wording | None = None


@dataclass(frozen=True, slots=True)
class Calendar:
    """A calendar of working days: Monday to Friday, with the exceptions of each year.

    Attributes:
        name: its name in `pack.yaml`.
        title: its name for people.
        years: the years whose arrangement is published.
        cites: the clauses it comes from.
        close_of_business: when business closes, or `None` where nothing depends on it.
    """

    name: str
    title: Wording
    years: Mapping[int, CalendarYear] = field(hash=False)
    cites: tuple[Clause, ...] = ()
    close_of_business: time | None = None

    def is_working_day(self, day: date) -> bool:
        """Return whether `day` is a working day.

        Raises:
            NotPublished: the calendar does not cover its year.
        """
        year = self.years.get(day.year)
        if year is None:
            raise NotPublished(self.name, self.title, day.year)
        return day in year.work if day.weekday() >= SATURDAY else day not in year.rest

    def on_or_after(self, day: date) -> date:
        """Return `day` if it is a working day, else the next working day.

        Raises:
            NotPublished: the calendar does not cover a day in between.
            OverflowError: the day is after the last `date`.
        """
        while not self.is_working_day(day):
            day += ONE_DAY
        return day

    def add_working_days(self, day: date, count: int) -> date:
        """Return the last of the `count` working days that follow `day`, `day` itself for 0.

        Raises:
            NotPublished: the calendar does not cover a day in between.
            OverflowError: the day is after the last `date`.
        """
        while count > 0:
            day += ONE_DAY
            count -= self.is_working_day(day)
        return day

    def count_left(self, after: date, through: date, count: int) -> int:
        """Return how many of `count` working days after `after` are left after `through`.

        Raises:
            NotPublished: the calendar does not cover a day in between.
        """
        while count > 0 and after < through:
            after += ONE_DAY
            count -= self.is_working_day(after)
        return count
