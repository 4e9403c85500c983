"""Time limits: how they are written, and when they end."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telecom_rules.documents import Scalar
from telecom_rules.errors import FactsError
from telecom_rules.findings import Findings, Span
from telecom_rules.vocabulary import Duration, Undetermined, Unit, deadline, read_duration

CHINA = timezone(timedelta(hours=8))
OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
STARTS = st.datetimes(
    datetime.fromisoformat("1970-01-02"), datetime.fromisoformat("2900-01-01"), timezones=OFFSETS
)
DURATIONS = st.builds(Duration, st.integers(1, 1_200), st.sampled_from(Unit))
COUNTED = st.builds(
    Duration, st.integers(1, 3_000), st.sampled_from([Unit.CALENDAR_DAYS, Unit.HOURS, Unit.MINUTES])
)


def ends(start: datetime, duration: Duration, zone: timezone = CHINA) -> datetime:
    end = deadline(start, duration, zone)
    assert isinstance(end, datetime)
    return end


def test_fifteen_days_end_at_midnight_after_the_fifteenth_day_from_the_next() -> None:
    received = datetime(2026, 3, 1, 9, 30, tzinfo=CHINA)
    assert ends(received, Duration.parse("15 days")) == datetime(2026, 3, 17, tzinfo=CHINA)


def test_the_hour_of_the_day_makes_no_difference_to_days() -> None:
    first = datetime(2026, 3, 1, tzinfo=CHINA)
    last = datetime(2026, 3, 1, 23, 59, 59, 999_999, tzinfo=CHINA)
    assert ends(first, Duration.parse("1 day")) == ends(last, Duration.parse("1 day"))


def test_the_day_is_that_of_the_zone_and_not_of_the_given_offset() -> None:
    evening = datetime(2026, 2, 28, 20, tzinfo=UTC)
    assert ends(evening, Duration.parse("1 day")) == datetime(2026, 3, 3, tzinfo=CHINA)


def test_hours_run_from_the_given_moment() -> None:
    reported = datetime(2026, 2, 27, 13, 45, 30, tzinfo=CHINA)
    assert ends(reported, Duration.parse("48 hours")) == datetime(
        2026, 3, 1, 13, 45, 30, tzinfo=CHINA
    )
    assert ends(reported, Duration.parse("30 minutes")) == reported + timedelta(minutes=30)


def test_hours_are_real_hours_where_clocks_change() -> None:
    before = datetime(2026, 3, 28, 20, tzinfo=ZoneInfo("Europe/Berlin"))
    assert ends(before, Duration.parse("24 hours"), UTC) == datetime(2026, 3, 29, 19, tzinfo=UTC)


@given(STARTS, st.integers(1, 3_000), OFFSETS)
def test_days_end_at_a_midnight_with_exactly_that_many_days_between(
    start: datetime, amount: int, zone: timezone
) -> None:
    end = ends(start, Duration(amount, Unit.CALENDAR_DAYS), zone)
    assert end.time() == time()
    assert end.tzinfo is zone
    assert (end.date() - start.astimezone(zone).date()).days == amount + 1


@given(STARTS, COUNTED, OFFSETS)
def test_a_limit_never_ends_before_its_full_length_has_passed(
    start: datetime, duration: Duration, zone: timezone
) -> None:
    units = {Unit.CALENDAR_DAYS: timedelta(days=1), Unit.HOURS: timedelta(hours=1)}
    assert ends(start, duration, zone) >= start + duration.amount * units.get(
        duration.unit, timedelta(minutes=1)
    )


@given(STARTS, STARTS, COUNTED)
def test_a_later_start_never_ends_earlier(
    one: datetime, other: datetime, duration: Duration
) -> None:
    first, second = sorted([one, other])
    assert ends(first, duration) <= ends(second, duration)


@given(STARTS, COUNTED, OFFSETS)
def test_the_offset_an_instant_is_written_with_makes_no_difference(
    start: datetime, duration: Duration, offset: timezone
) -> None:
    assert ends(start, duration) == ends(start.astimezone(offset), duration)


def test_working_days_without_a_calendar_are_undetermined_and_say_why() -> None:
    end = deadline(datetime(2026, 3, 1, tzinfo=CHINA), Duration.parse("5 working days"), CHINA)
    assert isinstance(end, Undetermined)
    assert "5 working days" in end.reason.en
    assert "日历" in end.reason.zh


@pytest.mark.parametrize("text", ["1 day", "48 hours", "36500 days"])
@pytest.mark.parametrize("offset", [-14, 14])
def test_an_end_beyond_the_last_date_is_undetermined(text: str, offset: int) -> None:
    start = datetime(9999, 12, 31, 23, tzinfo=CHINA)
    end = deadline(start, Duration.parse(text), timezone(timedelta(hours=offset)))
    assert isinstance(end, Undetermined)
    assert "9999" in end.reason.zh


@given(st.datetimes(timezones=OFFSETS), DURATIONS, OFFSETS)
def test_any_instant_has_a_deadline_or_a_reason(
    start: datetime, duration: Duration, zone: timezone
) -> None:
    end = deadline(start, duration, zone)
    assert isinstance(end, Undetermined) or end >= start


def test_an_instant_without_an_offset_is_refused_in_both_languages() -> None:
    with pytest.raises(FactsError) as caught:
        deadline(datetime.fromisoformat("2026-03-01"), Duration.parse("1 day"), CHINA)
    assert "offset" in caught.value.explain("en")
    assert "时区" in caught.value.explain("zh")


@pytest.mark.parametrize(
    ("text", "unit", "zh"),
    [
        ("1 day", Unit.CALENDAR_DAYS, "1 日"),
        ("15 days", Unit.CALENDAR_DAYS, "15 日"),
        ("5 working days", Unit.WORKING_DAYS, "5 个工作日"),
        ("48 hours", Unit.HOURS, "48 小时"),
        ("30 minutes", Unit.MINUTES, "30 分钟"),
        ("2 months", Unit.MONTHS, "2 个月"),
    ],
)
def test_each_unit_is_read_and_worded(text: str, unit: Unit, zh: str) -> None:
    duration = Duration.parse(text)
    assert duration.unit is unit
    assert duration.wording == (zh, text)


def test_calendar_days_may_be_called_so() -> None:
    assert Duration.parse("15 calendar days") == Duration.parse("15 days")


@given(DURATIONS)
def test_what_a_duration_says_reads_back_as_itself(duration: Duration) -> None:
    assert Duration.parse(str(duration)) == duration


@pytest.mark.parametrize(
    "text",
    [
        "",
        "15",
        "days",
        "15days",
        "15  days",
        "1.5 days",
        "-1 days",
        "15 Days",
        "15 weeks",
        "15 日",
        "1_5 days",
        "１５ days",
        "15 days ",
        "1e3 days",
        "9" * 30 + " days",
    ],
)
def test_a_text_that_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a duration"):
        Duration.parse(text)
    found = Findings()
    assert read_duration(Scalar(text, Span("clock.yaml")), found) is None
    assert [each.id for each in found] == ["TR110"]


@pytest.mark.parametrize(
    "text", ["0 days", "36501 days", "876001 hours", "1201 months", "9" * 18 + " days"]
)
def test_an_amount_out_of_bounds_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"1 \.\. "):
        Duration.parse(text)
    found = Findings()
    assert read_duration(Scalar(text, Span("clock.yaml")), found) is None
    assert [each.id for each in found] == ["TR111"]


def test_a_file_may_say_a_duration() -> None:
    found = Findings()
    assert read_duration(Scalar("48 hours", Span("clock.yaml")), found) == Duration(48, Unit.HOURS)
    assert not found
