"""The shipped calendar: what the package it was made from says, day by day, and what follows."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import TYPE_CHECKING

import chinese_calendar
import pytest

from telecom_rules.errors import NotPublished
from telecom_rules.vocabulary import Duration, Undetermined, deadline
from tests.rules import china_calendar
from tests.rules.china_calendar import FIRST, LAST, days_of

if TYPE_CHECKING:
    from telecom_rules.pack import Pack
    from telecom_rules.vocabulary import Calendar

BEIJING = timezone(timedelta(hours=8))


@pytest.fixture(scope="module")
def calendar(pack: Pack) -> Calendar:
    assert pack.calendar is not None
    return pack.calendar


def test_the_committed_file_is_what_the_script_writes() -> None:
    assert china_calendar.FILE.read_text(encoding="utf-8") == china_calendar.text()


def test_every_day_is_worked_or_not_as_the_package_says(calendar: Calendar) -> None:
    days = [day for year in range(FIRST, LAST + 1) for day in days_of(year)]
    assert [
        day for day in days if calendar.is_working_day(day) is not chinese_calendar.is_workday(day)
    ] == []
    assert len(days) == 8_401


def test_the_years_and_the_make_up_days_are_those_counted_in_the_research(
    calendar: Calendar,
) -> None:
    assert list(calendar.years) == list(range(2004, 2027))
    assert sum(len(year.work) for year in calendar.years.values()) == 150
    assert {day.isoformat()[5:] for day in calendar.years[2026].work} == {
        "01-04", "02-14", "02-28", "05-09", "09-20", "10-10",
    }  # fmt: skip
    assert {day.isoformat()[5:] for day in calendar.years[2025].work} == {
        "01-26", "02-08", "04-27", "09-28", "10-11",
    }  # fmt: skip


def test_the_spring_festival_of_2020_was_prolonged(calendar: Calendar) -> None:
    assert not any(calendar.is_working_day(date(2020, 1, 31) + timedelta(days=n)) for n in range(3))
    assert calendar.is_working_day(date(2020, 2, 3))


def test_every_year_cites_its_notice_and_says_how_sure_it_is(calendar: Calendar) -> None:
    for number, year in calendar.years.items():
        assert f"holiday_notices:{number}" in map(str, year.cites)
        assert year.confidence == ("low" if number == 2005 else "medium")


def test_2027_is_not_published(calendar: Calendar) -> None:
    with pytest.raises(NotPublished):
        calendar.is_working_day(date(2027, 1, 4))


def test_five_working_days_over_the_national_day_end_on_a_worked_saturday(pack: Pack) -> None:
    start = datetime(2026, 9, 28, 10, tzinfo=BEIJING)
    end = deadline(start, Duration.parse("5 working days"), pack.zone, pack.calendar)
    assert end == datetime(2026, 10, 11, tzinfo=BEIJING)  # 24:00 of 10 October


def test_the_fifteenth_day_in_the_national_day_holiday_moves_behind_it(pack: Pack) -> None:
    received = datetime(2026, 9, 20, 10, tzinfo=BEIJING)
    case = pack.workflows["complaint_handling"].start({}, at=received, id="C-1")
    assert case.clocks["reply"].deadline == datetime(2026, 10, 9, tzinfo=BEIJING)


def test_a_complaint_whose_fifteenth_day_lies_in_2027_has_no_certain_deadline(pack: Pack) -> None:
    flow = pack.workflows["complaint_handling"]
    known = flow.start({}, at=datetime(2026, 12, 16, 10, tzinfo=BEIJING), id="C-1").clocks["reply"]
    assert known.deadline == datetime(2027, 1, 1, tzinfo=BEIJING)
    open_ = flow.start({}, at=datetime(2026, 12, 17, 10, tzinfo=BEIJING), id="C-2").clocks["reply"]
    assert open_.deadline is None
    assert "2027 年" in open_.undetermined.zh
    assert "2027" in open_.undetermined.en


def test_a_pack_without_a_calendar_still_counts_days(pack: Pack) -> None:
    start = datetime(2026, 9, 20, 10, tzinfo=BEIJING)
    assert deadline(start, Duration.parse("15 days"), pack.zone) == datetime(
        2026, 10, 6, tzinfo=BEIJING
    )
    assert isinstance(deadline(start, Duration.parse("1 working day"), pack.zone), Undetermined)
