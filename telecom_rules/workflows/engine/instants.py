"""Instants of a case: with an offset from UTC, in the pack's zone, in the years 2 to 9998."""

from __future__ import annotations

from datetime import date, datetime, time, timezone
from functools import cache
from typing import TYPE_CHECKING

from telecom_rules.errors import ArgumentError
from telecom_rules.wording import Wording, quote_found

if TYPE_CHECKING:
    from datetime import tzinfo


FIRST_YEAR, LAST_YEAR = 2, 9998
"""The years allowed: one year inside the range of `datetime`, so that zones cannot overflow it."""
LAST_DAY = date(LAST_YEAR, 12, 31)

NOT_AN_INSTANT = Wording(
    "应为带时区的 datetime（文本可用 `datetime.fromisoformat` 读取），而不是 {found}",
    "expected a datetime with an offset from UTC (a text is read by `datetime.fromisoformat`),"
    " found {found}",
)
NO_UTC_OFFSET = Wording(
    "缺少时区；例如 datetime(2026, 3, 1, 9, tzinfo=timezone(timedelta(hours=8)))",
    "the offset from UTC is missing; give the datetime a zone, such as datetime(2026, 3, 1, 9,"
    " tzinfo=timezone(timedelta(hours=8)))",
)
IMPOSSIBLE_OFFSET = Wording(
    "时区不成立：与 UTC 之差须为小于 24 小时的 timedelta",
    "its time zone is impossible: the offset from UTC must be a timedelta of less than 24 hours",
)
YEAR_OUT_OF_RANGE = Wording(
    f"年份须在 {FIRST_YEAR} 至 {LAST_YEAR} 之间",
    f"the year must lie in {FIRST_YEAR} .. {LAST_YEAR}",
)


def normalize_instant(at: datetime, zone: timezone, argument: str = "at") -> datetime:
    """Return `at` as the same instant in `zone`.

    Args:
        at: the instant; a subclass of `datetime` is converted to `datetime`.
        zone: the pack's zone.
        argument: its name, for the error.

    Raises:
        ArgumentError: `at` is not a datetime, has no offset from UTC, or is out of range.
    """
    # The common case first: this runs for every event.
    if type(at) is datetime:
        local = at
        if at.tzinfo is zone and FIRST_YEAR <= at.year <= LAST_YEAR:
            return at
    elif issubclass(type(at), datetime):  # `isinstance` would ask the value for its class
        # Built anew: a subclass may answer otherwise than the datetime that it is.
        local = datetime.combine(datetime.date(at), datetime.timetz(at))
    else:
        raise ArgumentError(argument, NOT_AN_INSTANT.fill(found=quote_found(at)))
    if not FIRST_YEAR <= local.year <= LAST_YEAR:
        raise ArgumentError(argument, YEAR_OUT_OF_RANGE)
    try:
        has_offset = type(local.tzinfo) is timezone or local.utcoffset() is not None
        moved = local.astimezone(zone) if has_offset else None
    except MemoryError:
        raise
    except Exception:  # the zone of the instant is an object of the host
        raise ArgumentError(argument, IMPOSSIBLE_OFFSET) from None
    if moved is None:
        raise ArgumentError(argument, NO_UTC_OFFSET)
    # The last evening of the last year elsewhere may be the next year here.
    if not FIRST_YEAR <= moved.year <= LAST_YEAR:
        raise ArgumentError(argument, YEAR_OUT_OF_RANGE)
    return moved


@cache
def last_instant_in(zone: tzinfo | None) -> datetime:
    """Return the last instant allowed, in `zone`."""
    return datetime.combine(LAST_DAY, time.max, zone)
