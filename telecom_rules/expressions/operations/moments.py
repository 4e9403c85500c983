"""Days, instants and lengths of time.

A length of time (CEL's duration) is exact to the microsecond and limited to what 64 bits
of nanoseconds hold, about 292 years, as in CEL. Instants lie in the years 1 to 9999.
"""

from __future__ import annotations

import operator
import re
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from telecom_rules.errors import EvaluationError, NotPublished
from telecom_rules.expressions.operations.failures import OUT_OF_RANGE, failure
from telecom_rules.vocabulary.time.deadlines import (
    MINUTES_PER_UNIT,
    NO_CALENDAR,
    UNPUBLISHED_YEAR,
    find_last_day,
    shift_months,
)
from telecom_rules.vocabulary.time.durations import Unit
from telecom_rules.wording import shorten

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from telecom_rules.vocabulary.time.durations import Duration

T = TypeVar("T")

LONGEST_SPAN = timedelta(microseconds=2**63 // 1000)
LONGEST_SPAN_TEXT = 40
"""Characters of a duration."""
MONTHS_OF_A_YEAR = 12
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def require_span(value: timedelta) -> timedelta:
    """Return a length of time if 64 bits of nanoseconds hold it."""
    if not -LONGEST_SPAN <= value <= LONGEST_SPAN:
        raise EvaluationError(OUT_OF_RANGE)
    return value


def span_of_days(amount: int) -> timedelta:
    """Return `amount` times 24 hours."""
    return multiply_span(amount, timedelta(days=1))


def span_of_hours(amount: int) -> timedelta:
    """Return `amount` hours."""
    return multiply_span(amount, timedelta(hours=1))


def multiply_span(amount: int, unit: timedelta) -> timedelta:
    """Return `amount` times `unit`."""
    if abs(amount) > LONGEST_SPAN // unit:
        raise EvaluationError(OUT_OF_RANGE)
    return amount * unit


def add_span(left: timedelta, right: timedelta) -> timedelta:
    """Return the sum of two lengths of time."""
    return require_span(left + right)


def subtract_span(left: timedelta, right: timedelta) -> timedelta:
    """Return the difference of two lengths of time."""
    return require_span(left - right)


def subtract_moments(later: date, earlier: date) -> timedelta:
    """Return the time from one date or instant to another of the same type."""
    return require_span(later - earlier)


def move_instant(instant: datetime, by: timedelta) -> datetime:
    """Return the instant that lies `by` later."""
    try:
        return instant + by
    except OverflowError:
        raise EvaluationError(OUT_OF_RANGE) from None


def move_date(day: date, by: timedelta) -> date:
    """Return the date that lies `by` later, which must be whole days."""
    if by.seconds or by.microseconds:
        raise failure("日期只能加减整天", "only whole days can be added to a date or subtracted")
    try:
        return day + by
    except OverflowError:
        raise EvaluationError(OUT_OF_RANGE) from None


def date_of_text(text: str) -> date:
    """Return the date that a text denotes as `2016-07-30`."""
    try:
        if DATE_TEXT_PATTERN.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise failure(
        "`{text}` 不是日期；应写作 2016-07-30",
        "`{text}` is not a date; dates are written 2016-07-30",
        text=shorten(text),
    )  # fmt: skip


def instant_of_text(text: str) -> datetime:
    """Return the instant that a text denotes by RFC 3339, to the microsecond."""
    match = INSTANT_TEXT_PATTERN.fullmatch(text)
    try:
        if match is not None and not (match["finer"] or "").strip("0"):
            plain = f"{match['day']}T{match['time']}{match['fraction'] or ''}{match['offset']}"
            instant = datetime.fromisoformat(plain.upper())
            to_utc(instant)
            return instant
    except ValueError:
        pass
    raise failure(
        "`{text}` 不是时刻；应写作 2016-07-30T08:00:00+08:00",
        "`{text}` is not an instant; instants are written 2016-07-30T08:00:00+08:00",
        text=shorten(text),
    )  # fmt: skip


def to_utc(instant: datetime) -> datetime:
    """Return the same instant in UTC, or raise if it is outside the years 1 to 9999."""
    try:
        return instant.astimezone(UTC)
    except OverflowError:
        raise EvaluationError(OUT_OF_RANGE) from None


def instant_of_integer(seconds: int) -> datetime:
    """Return the instant `seconds` seconds after the Unix epoch."""
    try:
        return EPOCH + timedelta(seconds=seconds)
    except OverflowError:
        raise EvaluationError(OUT_OF_RANGE) from None


def move_instant_back(instant: datetime, by: timedelta) -> datetime:
    """Return the instant that lies `by` earlier."""
    return move_instant(instant, -by)


def move_date_back(day: date, by: timedelta) -> date:
    """Return the date that lies `by` earlier, which must be whole days."""
    return move_date(day, -by)


def swap_arguments(operation: Callable[[Any, Any], T]) -> Callable[[Any, Any], T]:
    """Return an operation with its arguments swapped, for `duration + instant`."""
    return lambda left, right: operation(right, left)


def add_months(day: date, count: int) -> date:
    """Return the same day `count` months later, or the last day of a shorter month."""
    try:
        return shift_months(day, count)
    except (OverflowError, ValueError):
        raise EvaluationError(OUT_OF_RANGE) from None


def add_years(day: date, count: int) -> date:
    """Return the same day of the year `count` years later; of 29 February, the 28th."""
    return add_months(day, count * MONTHS_OF_A_YEAR)


def add_months_rounded(day: date, count: int, rounding: str) -> date:
    """Return the same day `count` months later, rounded where the month does not have it.

    Raises:
        EvaluationError: there is no such rounding, or the day lies outside the calendar.
    """
    require_rounding(rounding)
    found = add_months(day, count)
    if rounding == "down" or (rounding == "up" and found.day == day.day):
        return found
    return add_months(found.replace(day=1), 1)


def add_years_rounded(day: date, count: int, rounding: str) -> date:
    """Return the same day of the year `count` years later, 29 February rounded."""
    return add_months_rounded(day, count * MONTHS_OF_A_YEAR, rounding)


ROUNDINGS = ("down", "up", "first of next month")
"""Where a count of months ends: on the last day of a month that lacks the day, on the first day
behind it, or on the first of the next month in any case."""


def require_rounding(rounding: str) -> None:
    """Refuse what is not a rounding of months."""
    if rounding not in ROUNDINGS:
        raise failure(
            "没有 `{rounding}` 这种取整方式；可用：{known}",
            "there is no rounding `{rounding}` of months; there are {known}",
            rounding=shorten(rounding), known=", ".join(f"`{each}`" for each in ROUNDINGS),
        )  # fmt: skip


def last_day_of(day: date, limit: Duration) -> date:
    """Return the last day of a time limit that starts on `day`, counted as clocks count it."""
    if limit.unit in MINUTES_PER_UNIT:
        raise failure(
            "期限 {limit} 以时刻为终点，没有最后一日",
            "a limit of {limit} ends at an instant and has no last day",
            limit=limit.wording,
        )
    if limit.unit is Unit.WORKING_DAYS and limit.calendar is None:
        raise EvaluationError(NO_CALENDAR.fill(duration=limit.wording))
    try:
        return find_last_day(day, limit, limit.calendar, ())
    except NotPublished as problem:
        wording = UNPUBLISHED_YEAR.fill(duration=limit.wording, why=problem.wording)
        raise EvaluationError(wording) from None
    except OverflowError:
        raise EvaluationError(OUT_OF_RANGE) from None


def text_of_instant(instant: datetime) -> str:
    """Return an instant by RFC 3339 in UTC, with no more digits than needed."""
    plain = to_utc(instant).replace(tzinfo=None).isoformat()
    return f"{plain.rstrip('0') if '.' in plain else plain}Z"


def text_of_span(value: timedelta) -> str:
    """Return a length of time in seconds, such as `60.001s`."""
    microseconds = value // timedelta.resolution
    seconds, rest = divmod(abs(microseconds), 1_000_000)
    fraction = f".{rest:06}".rstrip("0") if rest else ""
    return f"{'-' if microseconds < 0 else ''}{seconds}{fraction}s"


def integer_of_instant(instant: datetime) -> int:
    """Return the whole seconds from the Unix epoch to an instant."""
    return (instant - EPOCH) // timedelta(seconds=1)


def span_of_text(text: str) -> timedelta:
    """Return the length of time that a text denotes as `1h30m`; CEL has no unit for days."""
    negative = text.startswith("-")
    parts = text[1:] if text[:1] in {"-", "+"} else text
    if len(text) <= LONGEST_SPAN_TEXT and (parts == "0" or SPAN_PATTERN.fullmatch(parts)):
        places = len(parts) if "." in parts else 0  # no part has more digits behind its point
        scale: int = 10**places
        found = SPAN_PART_PATTERN.findall(parts)
        scaled = sum(count_nanoseconds(amount, unit, scale) for amount, unit in found)
        total, finer = divmod(scaled, scale * NANOSECONDS_EACH)
        if not finer:
            return multiply_span(-total if negative else total, timedelta.resolution)
    raise failure(
        "`{text}` 不是时长；应写作 1h30m",
        "`{text}` is not a duration; durations are written 1h30m",
        text=shorten(text),
    )  # fmt: skip


def count_nanoseconds(amount: str, unit: str, scale: int) -> int:
    """Return the nanoseconds of an amount such as `1.5` of a unit, times `scale`."""
    whole, _, fraction = amount.partition(".")
    shift: int = 10 ** len(fraction)
    return int(whole + fraction) * UNIT_NANOSECONDS[unit] * scale // shift


DATE_TEXT_PATTERN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
INSTANT_TEXT_PATTERN = re.compile(
    r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})[Tt](?P<time>(?:[01][0-9]|2[0-3]):[0-9]{2}:[0-9]{2})"
    r"(?P<fraction>\.[0-9]{1,6})?(?P<finer>(?<=\.[0-9]{6})[0-9]{0,3})?"
    r"(?P<offset>[Zz]|[-+][0-9]{2}:[0-9]{2})"
)
SPAN_PART_PATTERN = re.compile(r"([0-9]+(?:\.[0-9]*)?|\.[0-9]+)(h|ms|us|µs|ns|m|s)")
SPAN_PATTERN = re.compile(rf"(?:{SPAN_PART_PATTERN.pattern})+")
UNIT_NANOSECONDS = {
    "h": 3_600_000_000_000, "m": 60_000_000_000, "s": 1_000_000_000, "ms": 1_000_000,
    "us": 1000, "µs": 1000, "ns": 1,
}  # fmt: skip
"""The units of a duration. Source: cel-spec, section Types and Conversions."""
NANOSECONDS_EACH = 1000
"""Nanoseconds of a microsecond, the least length of time here."""

MOMENTS: Mapping[str, Callable[..., Any]] = {
    "add_span": add_span,
    "subtract_span": subtract_span,
    "subtract_moments": subtract_moments,
    "move_instant": move_instant,
    "add_span_to_instant": swap_arguments(move_instant),
    "move_instant_back": move_instant_back,
    "move_date": move_date,
    "add_span_to_date": swap_arguments(move_date),
    "move_date_back": move_date_back,
    "days": span_of_days,
    "hours": span_of_hours,
    "add_months": add_months,
    "add_years": add_years,
    "add_months_rounded": add_months_rounded,
    "add_years_rounded": add_years_rounded,
    "last_day_of": last_day_of,
    "amount": operator.attrgetter("amount"),
    "int_of_instant": integer_of_instant,
    "string_of_date": date.isoformat,
    "string_of_instant": text_of_instant,
    "string_of_span": text_of_span,
    "date_of_text": date_of_text,
    "timestamp_of_text": instant_of_text,
    "timestamp_of_integer": instant_of_integer,
    "duration_of_text": span_of_text,
}
"""The operations, by the ids of their overloads."""
