"""Accounts of time limits: each day from the start to the end, and whether and why it counted.

An account explains an end that `deadline` has found. It walks the days up to that end, so the two
cannot name different days.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from telecom_rules.frozen import Portable
from telecom_rules.vocabulary.time.calendars import SATURDAY
from telecom_rules.vocabulary.time.durations import Unit
from telecom_rules.vocabulary.time.periods import ONE_DAY

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from telecom_rules.vocabulary.sources.sources import Clause
    from telecom_rules.vocabulary.time.calendars import Calendar
    from telecom_rules.vocabulary.time.deadlines import PauseDays
    from telecom_rules.vocabulary.time.durations import Duration


class DayKind(StrEnum):
    """The kind of a day by the calendar."""

    WORKING = "working"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    """A rest day from Monday to Friday."""
    WORKED_WEEKEND = "worked_weekend"
    """A working day on a weekend."""
    UNPUBLISHED = "unpublished"
    """The calendar has no data for its year."""
    UNKNOWN = "unknown"
    """The pack has no calendar."""


class DayRole(StrEnum):
    """Why a day counts towards a limit, or does not."""

    FIRST = "first"
    """The limit starts on it: not counted."""
    COUNTED = "counted"
    REST = "rest"
    """Only working days are counted, and it is none."""
    PAUSED = "paused"
    """In a pause: not counted."""
    MOVED = "moved"
    """The last day was a rest day, so the end has moved to this one or beyond it."""
    NEEDED = "needed"
    """It has to be known whether it is a working day, and nobody knows yet."""


@dataclass(frozen=True, slots=True)
class AccountDay(Portable):
    """A day of a time limit.

    Attributes:
        day: the day.
        role: why it counts, or does not.
        number: which day of the limit it is, from 1; `None` if it does not count, or in a limit in
            months, which has no number of days.
        kind: its kind by the calendar.
        cites: the clauses that make it a holiday or a working weekend.
    """

    day: date
    role: DayRole
    number: int | None
    kind: DayKind
    cites: tuple[Clause, ...] = ()


def account_days(
    first: date,
    limit: Duration,
    calendar: Calendar | None,
    pauses: Sequence[PauseDays],
    last: date | None,
) -> Iterator[AccountDay]:
    """Yield the days of a limit in days or months, from its first to its last one.

    Args:
        first: the day on which it starts.
        limit: how long it is.
        calendar: the working days, or `None`.
        pauses: the pauses in days, in order.
        last: its last day; `None` if it is not known, and then up to the day that nobody knows.
    """
    counted = 0
    day = first
    yield build_day(day, DayRole.FIRST, None, kind_of(day, calendar), calendar)
    while day != last:
        day += ONE_DAY
        kind = kind_of(day, calendar)
        number = None
        if any(each.since < day <= each.until for each in pauses):
            role = DayRole.PAUSED
        elif limit.unit is Unit.WORKING_DAYS and kind in {DayKind.WEEKEND, DayKind.HOLIDAY}:
            role = DayRole.REST
        elif last is None and kind is DayKind.UNPUBLISHED and is_needed(limit, counted):
            yield build_day(day, DayRole.NEEDED, None, kind, calendar)
            return
        elif limit.unit is Unit.MONTHS:
            role = DayRole.COUNTED
        elif counted < limit.amount:
            role = DayRole.COUNTED
            number = counted = counted + 1
        elif last is None and kind is DayKind.UNKNOWN:
            return
        else:
            role = DayRole.MOVED
        yield build_day(day, role, number, kind, calendar)


def is_needed(limit: Duration, number: int) -> bool:
    """Return whether it matters if the day after `number` counted ones is a working day."""
    return limit.unit is not Unit.CALENDAR_DAYS or number >= limit.amount - 1


def build_day(
    day: date, role: DayRole, number: int | None, kind: DayKind, calendar: Calendar | None
) -> AccountDay:
    """Return a day with the clauses that make it what it is by the calendar."""
    cites: tuple[Clause, ...] = ()
    if calendar is not None and kind in {DayKind.HOLIDAY, DayKind.WORKED_WEEKEND}:
        cites = calendar.years[day.year].cites or calendar.cites
    return AccountDay(day, role, number, kind, cites)


def kind_of(day: date, calendar: Calendar | None) -> DayKind:
    """Return the kind of a day by the calendar."""
    if calendar is None:
        return DayKind.UNKNOWN
    year = calendar.years.get(day.year)
    if year is None:
        return DayKind.UNPUBLISHED
    if day.weekday() >= SATURDAY:
        return DayKind.WORKED_WEEKEND if day in year.work else DayKind.WEEKEND
    return DayKind.HOLIDAY if day in year.rest else DayKind.WORKING
