"""Fields of an instant, such as its year or hour, in UTC or in a zone.

A zone is an offset such as `+08:00` in our profile, where the same rule must give the same answer
on every machine. Standard CEL also takes names such as `Asia/Shanghai`; what they mean is looked up
in the time zone data of the machine, so it may change with it, and there may be none.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import TYPE_CHECKING, Any

from telecom_rules.errors import EvaluationError
from telecom_rules.expressions.operations.failures import OUT_OF_RANGE, failure
from telecom_rules.wording import shorten

if TYPE_CHECKING:
    from collections.abc import Callable


OFFSET_PATTERN = re.compile(r"([-+]?)([0-9]{1,2}):([0-5][0-9])")
ZONE_NAME_PATTERN = re.compile(r"[A-Za-z0-9_+\-]+(?:/[A-Za-z0-9_+\-]+)*")
MOST_HOURS = 23
LONGEST_ZONE_NAME = 100
"""Characters of the name of a zone."""


def parse_offset(text: str) -> tzinfo:
    """Return the zone of an offset such as `+08:00`, or of `UTC`."""
    if text == "UTC":
        return UTC
    match = OFFSET_PATTERN.fullmatch(text)
    if match is None or int(match[2]) > MOST_HOURS:
        raise failure(
            "`{text}` 不是时差；应写作 +08:00",
            "`{text}` is not an offset; offsets are written +08:00",
            text=shorten(text),
        )  # fmt: skip
    offset = timedelta(hours=int(match[2]), minutes=int(match[3]))
    return timezone(-offset if match[1] == "-" else offset)


def find_zone(text: str) -> tzinfo:
    """Return the zone of an offset, or of a name in the time zone database."""
    if OFFSET_PATTERN.fullmatch(text) or text == "UTC":
        return parse_offset(text)
    from zoneinfo import ZoneInfo  # noqa: PLC0415 - no rule of a pack names a zone

    try:
        if len(text) <= LONGEST_ZONE_NAME and ZONE_NAME_PATTERN.fullmatch(text):
            return ZoneInfo(text)
    except (KeyError, ValueError, OSError):
        pass
    raise failure("没有时区 `{text}`", "there is no time zone `{text}`", text=shorten(text))


def build_field_reader(
    read: Callable[[datetime], int], zone: Callable[[str], tzinfo] = parse_offset
) -> Callable[..., int]:
    """Return the operation that reads a field of an instant in UTC, or in the zone it is given."""

    def field(instant: datetime, text: str | None = None) -> int:
        try:
            return read(instant.astimezone(UTC if text is None else zone(text)))
        except OverflowError:
            raise EvaluationError(OUT_OF_RANGE) from None

    return field


def build_unit_counter(unit: timedelta) -> Callable[[timedelta], int]:
    """Return the operation that counts the whole units of a length of time, towards zero."""
    return lambda value: value // unit if value >= timedelta() else -(-value // unit)


FIELD_READERS: dict[str, Callable[[datetime], int]] = {
    "year": lambda at: at.year,
    "month": lambda at: at.month - 1,
    "day_from_one": lambda at: at.day,
    "day_from_zero": lambda at: at.day - 1,
    "weekday": lambda at: at.isoweekday() % 7,
    "day_of_year": lambda at: at.timetuple().tm_yday - 1,
    "hours": lambda at: at.hour,
    "minutes": lambda at: at.minute,
    "seconds": lambda at: at.second,
    "milliseconds": lambda at: at.microsecond // 1000,
}
"""Each field of an instant. Months, days of the year and of the month count from 0, as CEL says."""

SPAN_UNITS = {
    "hours": timedelta(hours=1),
    "minutes": timedelta(minutes=1),
    "seconds": timedelta(seconds=1),
}

CALENDAR_FIELDS: dict[str, Callable[..., Any]] = {
    **{f"{id}_of_instant": build_field_reader(read) for id, read in FIELD_READERS.items()},
    **{f"{id}_in_zone": build_field_reader(read, find_zone) for id, read in FIELD_READERS.items()},
    **{f"{id}_of_span": build_unit_counter(unit) for id, unit in SPAN_UNITS.items()},
    # CEL: the milliseconds of a second, not of the whole length.
    "milliseconds_of_span": lambda value: (
        build_unit_counter(timedelta(milliseconds=1))(value) % 1000
    ),
}
"""The operations, by the ids of their overloads."""
