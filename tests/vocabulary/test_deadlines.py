"""When a limit ends on a calendar, and how pauses move it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone
from itertools import islice
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telecom_rules.vocabulary import (
    Calendar,
    CalendarYear,
    Duration,
    Pause,
    Undetermined,
    Unit,
    deadline,
)
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

CHINA = timezone(timedelta(hours=8))
NAME = Wording("日历", "Calendar")
YEARS = (2025, 2026, 2027)
DAY = timedelta(days=1)
WEEKEND = 5


def days(text: str) -> frozenset[date]:
    return frozenset(map(date.fromisoformat, text.split()))


AUTUMN = Calendar(
    "autumn",
    NAME,
    {
        2026: CalendarYear(
            days("2026-02-23 2026-10-01 2026-10-02 2026-10-05 2026-10-06 2026-10-07"),
            days("2026-02-28 2026-10-10"),
        )
    },
)


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    """Any calendar of three years: some days of the week at rest, some weekends worked."""
    first, length = date(YEARS[0], 1, 1), 3 * 365
    chosen = draw(st.sets(st.integers(0, length - 1).map(lambda n: first + n * DAY), max_size=200))
    years = {
        year: CalendarYear(
            frozenset(d for d in chosen if d.year == year and d.weekday() < WEEKEND),
            frozenset(d for d in chosen if d.year == year and d.weekday() >= WEEKEND),
        )
        for year in YEARS
    }
    return Calendar("any", NAME, years)


STARTS = st.datetimes(
    datetime.fromisoformat("2025-01-01"),
    datetime.fromisoformat("2026-06-30"),
    timezones=st.just(CHINA),
)
AMOUNTS = st.integers(1, 90)
DAYS = (Unit.CALENDAR_DAYS, Unit.WORKING_DAYS)
COUNTED = st.sampled_from(DAYS)


def ends(
    start: datetime,
    duration: Duration,
    calendar: Calendar | None = None,
    pauses: Sequence[Pause] = (),
) -> datetime:
    end = deadline(start, duration, CHINA, calendar, pauses)
    assert isinstance(end, datetime), end
    return end


def on(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


def last(text: str, limit: str, calendar: Calendar | None = AUTUMN) -> str:
    """Return the last day of a limit that starts at nine on a day."""
    end = ends(on(f"{text}T09:00"), Duration.parse(limit), calendar)
    assert end.time() == time()
    return str(end.date() - DAY)


@pytest.mark.parametrize(
    ("start", "limit", "end"),
    [
        ("2026-09-28", "5 working days", "2026-10-10"),  # Monday to Friday alone would say 10-05
        ("2026-09-30", "1 working day", "2026-10-08"),
        ("2026-10-09", "1 working day", "2026-10-10"),
        ("2026-10-10", "1 working day", "2026-10-12"),
        ("2026-09-20", "15 days", "2026-10-08"),
        ("2026-09-25", "15 days", "2026-10-10"),
        ("2026-03-02", "15 days", "2026-03-17"),
        ("2026-01-31", "1 month", "2026-02-28"),
        ("2026-01-30", "1 month", "2026-02-28"),
        ("2026-01-21", "1 month", "2026-02-24"),
        ("2026-09-07", "1 month", "2026-10-08"),
        ("2026-12-30", "1 day", "2026-12-31"),
        ("2026-12-30", "1 working day", "2026-12-31"),
    ],
)
def test_a_limit_ends_with_a_working_day(start: str, limit: str, end: str) -> None:
    assert last(start, limit) == end


def test_months_end_on_the_day_of_the_same_number_or_the_last() -> None:
    assert last("2027-01-31", "1 month", None) == "2027-02-28"
    assert last("2027-01-31", "13 months", None) == "2028-02-29"
    assert last("2026-12-05", "1 month", None) == "2027-01-05"
    assert last("2026-11-30", "12 months", None) == "2027-11-30"


def test_hours_never_move() -> None:
    eve = on("2026-09-30T18:00")
    assert ends(eve, Duration.parse("48 hours"), AUTUMN) == on("2026-10-02T18:00")
    assert ends(on("2029-01-01T00:00"), Duration.parse("1 hour"), AUTUMN).year == 2029


@pytest.mark.parametrize(
    ("start", "limit", "year"),
    [
        ("2026-12-31", "1 working day", 2027),
        ("2026-12-20", "12 days", 2027),
        ("2026-11-30", "2 months", 2027),
        ("2025-12-30", "1 working day", 2025),
        ("2025-12-01", "15 days", 2025),
        ("2026-01-02", "600 working days", 2027),
    ],
)
def test_beyond_the_published_years_there_is_no_telling(start: str, limit: str, year: int) -> None:
    end = deadline(on(f"{start}T09:00"), Duration.parse(limit), CHINA, AUTUMN)
    assert isinstance(end, Undetermined)
    assert f"{year} 年" in end.reason.zh
    assert f"no data for {year}" in end.reason.en
    assert Duration.parse(limit).wording.en in end.reason.en


def counted(calendar: Calendar, after: date) -> Iterator[date]:
    """Yield the working days after a day, one by one."""
    day = after
    while True:
        day += DAY
        if calendar.is_working_day(day):
            yield day


@given(calendars(), STARTS, AMOUNTS)
def test_working_days_are_those_an_enumeration_finds(
    calendar: Calendar, start: datetime, amount: int
) -> None:
    *_, found = islice(counted(calendar, start.date()), amount)
    end = ends(start, Duration(amount, Unit.WORKING_DAYS), calendar)
    assert end == datetime.combine(found + DAY, time(), CHINA)


@given(calendars(), STARTS, AMOUNTS, st.sampled_from([*DAYS, Unit.MONTHS]))
def test_the_last_day_is_worked_and_the_days_moved_over_are_not(
    calendar: Calendar, start: datetime, amount: int, unit: Unit
) -> None:
    duration = Duration(min(amount, 12) if unit is Unit.MONTHS else amount, unit)
    end = ends(start, duration, calendar).date() - DAY
    assert calendar.is_working_day(end)
    if unit is not Unit.WORKING_DAYS:
        before = ends(start, duration).date() - DAY
        assert not any(
            calendar.is_working_day(before + n * DAY) for n in range((end - before).days)
        )


@given(calendars(), STARTS, STARTS, AMOUNTS, AMOUNTS, COUNTED)
def test_starting_later_or_lasting_longer_never_ends_earlier(
    calendar: Calendar, one: datetime, other: datetime, few: int, many: int, unit: Unit
) -> None:
    first, second = sorted([one, other])
    short, long = (Duration(amount, unit) for amount in sorted([few, many]))
    assert ends(first, short, calendar) <= ends(second, long, calendar)


# Pauses.


def paused(*moments: str) -> list[Pause]:
    return [Pause(on(a), on(b)) for a, b in zip(moments[::2], moments[1::2], strict=True)]


@pytest.mark.parametrize(
    ("limit", "pauses", "end"),
    [
        ("15 days", [], "2026-03-17"),
        ("15 days", ["2026-03-05T10:00", "2026-03-05T17:00"], "2026-03-17"),
        ("15 days", ["2026-03-05T10:00", "2026-03-06T09:00"], "2026-03-18"),
        ("15 days", ["2026-03-05T10:00", "2026-03-07T09:00"], "2026-03-19"),
        ("15 days", ["2026-03-17T10:00", "2026-03-20T09:00"], "2026-03-20"),
        ("1 month", ["2026-03-05T10:00", "2026-03-07T09:00"], "2026-04-06"),
        ("5 working days", ["2026-03-04T10:00", "2026-03-09T09:00"], "2026-03-12"),
        ("5 working days", ["2026-03-04T10:00", "2026-03-08T09:00"], "2026-03-11"),
        ("5 working days", ["2026-03-09T10:00", "2026-03-14T09:00"], "2026-03-16"),
    ],
)
def test_what_is_left_of_a_limit_runs_from_the_day_after_the_pause(
    limit: str, pauses: list[str], end: str
) -> None:
    found = ends(on("2026-03-02T09:00"), Duration.parse(limit), AUTUMN, paused(*pauses))
    assert str(found.date() - DAY) == end


def test_hours_are_moved_by_the_pauses_exactly() -> None:
    pauses = paused("2026-03-02T10:00", "2026-03-02T10:30", "2026-03-03T00:00", "2026-03-05T00:00")
    end = ends(on("2026-03-02T09:00"), Duration.parse("24 hours"), AUTUMN, pauses)
    assert end == on("2026-03-05T09:30")


@st.composite
def interruptions(draw: st.DrawFn) -> tuple[Calendar, datetime, Duration, list[Pause]]:
    """A limit with pauses that each begin before the deadline that stood then."""
    calendar, start = draw(calendars()), draw(STARTS)
    duration = Duration(draw(st.integers(1, 20)), draw(st.sampled_from([*DAYS, Unit.HOURS])))
    pauses: list[Pause] = []
    earliest = start
    for _ in range(draw(st.integers(0, 4))):
        room = ends(start, duration, calendar, pauses) - earliest
        since = earliest + room * draw(st.integers(0, 100)) // 100
        earliest = since + timedelta(minutes=draw(st.integers(0, 6_000)))
        pauses.append(Pause(since, earliest))
    return calendar, start, duration, pauses


@given(interruptions())
def test_a_limit_never_ends_in_a_pause_or_before_it(
    given_: tuple[Calendar, datetime, Duration, list[Pause]],
) -> None:
    calendar, start, duration, pauses = given_
    for count, pause in enumerate(pauses, 1):
        before = ends(start, duration, calendar, pauses[: count - 1])
        after = ends(start, duration, calendar, pauses[:count])
        assert after >= max(before, pause.until)


@given(interruptions())
def test_without_rest_days_a_limit_moves_by_the_midnights_of_its_pauses(
    given_: tuple[Calendar, datetime, Duration, list[Pause]],
) -> None:
    _, start, duration, _ = given_
    natural = Duration(duration.amount, Unit.CALENDAR_DAYS)
    since = start + (ends(start, natural) - start) // 2
    for minutes in (0, 1, 600, 1_440, 4_321):
        until = since + timedelta(minutes=minutes)
        moved = ends(start, natural, None, [Pause(since, until)]) - ends(start, natural)
        assert moved == (until.date() - since.date())


@given(interruptions(), st.integers(0, 5_000))
def test_a_longer_pause_never_ends_the_limit_earlier(
    given_: tuple[Calendar, datetime, Duration, list[Pause]], more: int
) -> None:
    calendar, start, duration, pauses = given_
    if pauses:
        final = pauses[-1]._replace(until=pauses[-1].until + timedelta(minutes=more))
        assert ends(start, duration, calendar, pauses) <= ends(
            start, duration, calendar, [*pauses[:-1], final]
        )


@given(calendars(), st.dates(date(2025, 1, 2), date(2026, 6, 30)), AMOUNTS, st.sampled_from(DAYS))
def test_a_start_at_24_00_counts_as_one_of_the_day_that_ends(
    calendar: Calendar, day: date, amount: int, unit: Unit
) -> None:
    midnight = datetime.combine(day, time(), CHINA)
    limit = Duration(amount, unit)
    follows = deadline(midnight, limit, CHINA, calendar, follows=(midnight,))
    assert follows == deadline(midnight - timedelta(microseconds=1), limit, CHINA, calendar)
    at_noon = midnight + timedelta(hours=12)
    assert deadline(at_noon, limit, CHINA, calendar, follows=(at_noon,)) == deadline(
        at_noon, limit, CHINA, calendar
    )


@given(calendars(), STARTS, AMOUNTS, st.sampled_from([*DAYS, Unit.MONTHS]))
def test_business_closes_on_the_day_that_ends_at_24_00_otherwise(
    calendar: Calendar, start: datetime, amount: int, unit: Unit
) -> None:
    limit = Duration(min(amount, 12) if unit is Unit.MONTHS else amount, unit)
    whole = deadline(start, limit, CHINA, calendar)
    closed = deadline(start, limit, CHINA, calendar, close=time(17, 30))
    if isinstance(whole, Undetermined):
        assert closed == whole
    else:
        assert closed == whole - timedelta(hours=6.5)
