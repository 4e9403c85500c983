"""Deadlines: the last instant of a time limit, and the instant at which a share of it has passed.

The counting is that of the Civil Code. Of a limit in days or months the day it starts on is not
counted (article 201); a limit in months ends on the day of the same number, or on the last day of
a shorter month (202); its last day, where that is a rest day, moves to the next working day, and
ends at 24:00 or at the close of business (203). A limit in hours runs from the given moment (201)
and may end on any day. Article 203 names statutory holidays. By customary interpretation this
includes weekends, and all of this also applies to the limits of administrative rules.

A limit that follows on another begins where that ended: at 24:00 of its last day, so that it counts
from the day after. As an instant this is 0:00 of that day; the argument `follows` says which it is.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, NamedTuple

from telecom_rules.errors import FactProblem, FactsError, NotPublished
from telecom_rules.vocabulary.time.durations import Unit
from telecom_rules.vocabulary.time.periods import ONE_DAY
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Sequence
    from datetime import timezone, tzinfo

    from telecom_rules.vocabulary.time.calendars import Calendar
    from telecom_rules.vocabulary.time.durations import Duration


MONTHS_PER_YEAR = 12
MICROSECOND = timedelta(microseconds=1)
"""The resolution of instants."""
MINUTES_PER_UNIT = {Unit.HOURS: 60, Unit.MINUTES: 1}
"""The minutes of each unit that is counted from moment to moment."""
NO_CALENDAR = Wording(
    "期限 {duration} 需要工作日历才能推算，规则包没有指定日历；请在 pack.yaml 中以 `calendar` 指定",
    "a limit of {duration} cannot be computed without a calendar of working days;"
    " name one as `calendar` in pack.yaml",
)
UNPUBLISHED_YEAR = Wording(
    "期限 {duration}无法推算：{why}",
    "the end of a limit of {duration} cannot be determined: {why}",
)
BEYOND_DATES = Wording(
    "期限 {duration}超出了可以表示的日期（9999 年）",
    "a limit of {duration} ends after the last supported date (year 9999)",
)
START_HAS_NO_OFFSET = Wording(
    "时刻须带时区，例如 2026-03-01T09:00:00+08:00",
    "an instant needs its offset from UTC, as in 2026-03-01T09:00:00+08:00",
)


@dataclass(frozen=True, slots=True)
class Undetermined:
    """The end of a limit cannot be determined.

    Attributes:
        reason: why, for people.
        year: the year for which the calendar has no data, if that is why.
    """

    reason: Wording
    year: int | None = None


class Pause(NamedTuple):
    """An interval that does not count towards a limit.

    Attributes:
        since: its beginning.
        until: its end, not before its beginning.
    """

    since: datetime
    until: datetime


class PauseDays(NamedTuple):
    """A pause in whole days: those on which it begins and ends."""

    since: date
    until: date


def deadline(
    start: datetime,
    duration: Duration,
    zone: timezone,
    calendar: Calendar | None = None,
    pauses: Sequence[Pause] = (),
    *,
    follows: Container[datetime] = (),
    close: time | None = None,
) -> datetime | Undetermined:
    """Return the last instant of a limit that starts at `start`, as an instant in `zone`.

    The rest of a limit when a pause begins runs from the end of the pause: hours and minutes from
    that instant, days from that day, which like the first day is not counted. The rest of a limit
    in months is counted in days.

    Args:
        start: the instant at which the limit starts, with an offset from UTC.
        duration: how long it is.
        zone: the time zone of its days.
        calendar: the working days. Without one a last day on a rest day does not move, so that
            the instant is never later than the lawful one.
        pauses: the intervals that do not count, in order and disjoint, none before `start` and
            none beginning after the deadline at that time.
        follows: those of these instants at which another limit ended. At midnight such an instant
            is 24:00 of the day before, any other one is 0:00 of its day.
        close: when business closes, if a limit in days or months ends then and not at 24:00.

    Returns:
        The instant, or `Undetermined`: if the last day, or a working day in between, is not covered
        by the calendar; for working days without a calendar; for an end after the year 9999.

    Raises:
        FactsError: `start` has no offset from UTC.
    """
    if start.utcoffset() is None:
        raise FactsError("deadline", [FactProblem("start", START_HAS_NO_OFFSET)])
    try:
        local = start.astimezone(zone)
        if duration.unit in MINUTES_PER_UNIT:
            length = timedelta(minutes=duration.amount * MINUTES_PER_UNIT[duration.unit])
            return local + sum((each.until - each.since for each in pauses), length)
        if duration.unit is Unit.WORKING_DAYS and calendar is None:
            return Undetermined(NO_CALENDAR.fill(duration=duration.wording))
        days = [PauseDays(*(day_of(at, zone, follows) for at in each)) for each in pauses]
        last = find_last_day(day_of(local, zone, follows), duration, calendar, days)
        if pauses and end_day(last, zone, close) < pauses[-1].until:  # business had closed
            last += ONE_DAY
            last = last if calendar is None else calendar.on_or_after(last)
        return end_day(last, zone, close)
    except NotPublished as problem:
        why = UNPUBLISHED_YEAR.fill(duration=duration.wording, why=problem.wording)
        return Undetermined(why, problem.year)
    except OverflowError:
        return Undetermined(BEYOND_DATES.fill(duration=duration.wording))


def day_of(at: datetime, zone: timezone, follows: Container[datetime]) -> date:
    """Return the day of an instant; one of `follows` at midnight is the end of a day."""
    return (at - MICROSECOND if at in follows else at).astimezone(zone).date()


def end_day(day: date, zone: tzinfo | None, close: time | None) -> datetime:
    """Return the last instant of `day`: 24:00, or when business closes."""
    if close is None:
        return datetime.combine(day + ONE_DAY, time(), zone)
    return datetime.combine(day, close, zone)


def find_share_of_working_days(
    start: datetime,
    limit: Duration,
    percent: int,
    zone: timezone,
    calendar: Calendar,
    pauses: Sequence[Pause] = (),
    *,
    follows: Container[datetime] = (),
    close: time | None = None,
) -> datetime:
    """Return when `percent` of a limit in working days has passed: an instant on a working day.

    Only whole working days count, as for its end: of five days 80 % have passed when the fifth
    begins. A part of a day is that part of the time from 0:00 to its end. What a pause used up
    has passed when the pause is over. The other arguments are those of `deadline`.

    Raises:
        NotPublished: the calendar does not cover a day that is needed.
    """
    whole, part = divmod(limit.amount * percent, 100)
    day, count = day_of(start, zone, follows), whole + 1
    for since, until in pauses:
        count = calendar.count_left(day, day_of(since, zone, follows), count)
        day = day_of(until, zone, follows)
    if count == 0:
        return pauses[-1].until
    begin = datetime.combine(calendar.add_working_days(day, count), time(), zone)
    return begin + (end_day(begin.date(), zone, close) - begin) * part // 100


def find_last_day(
    first: date, duration: Duration, calendar: Calendar | None, pauses: Iterable[PauseDays]
) -> date:
    """Return the last day of a limit in days or months that starts on the day `first`.

    Raises:
        NotPublished: the calendar does not cover a day that is needed.
        OverflowError: the day is after the last `date`.
    """
    if calendar is not None and duration.unit is Unit.WORKING_DAYS:
        last = find_working_day(first, duration.amount, calendar, pauses)
    elif duration.unit is Unit.MONTHS:
        last = extend_by_pauses(shift_months(first, duration.amount), pauses)
    else:
        last = extend_by_pauses(first + timedelta(days=duration.amount), pauses)
    return last if calendar is None else calendar.on_or_after(last)


def find_working_day(
    day: date, count: int, calendar: Calendar, pauses: Iterable[PauseDays]
) -> date:
    """Return the last of `count` working days after `day`."""
    for since, until in pauses:
        day, count = until, calendar.count_left(day, since, count)
    return calendar.add_working_days(day, count)


def extend_by_pauses(last: date, pauses: Iterable[PauseDays]) -> date:
    """Return the last day of a limit in calendar days, extended by the days of the pauses."""
    for since, until in pauses:
        last = until + max(last - since, timedelta())
    return last


def shift_months(day: date, count: int) -> date:
    """Return the same day `count` months later, or the last day of a shorter month."""
    years, month = divmod(day.month - 1 + count, MONTHS_PER_YEAR)
    year = day.year + years
    if year > date.max.year:
        raise OverflowError
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
