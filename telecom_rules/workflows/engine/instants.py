"""Instants of a case: with an offset from UTC, in the pack's zone, in the years 2 to 9998."""

from __future__ import annotations

from datetime import date, datetime, time
from functools import cache
from typing import TYPE_CHECKING

from telecom_rules.errors import FactProblem, FactsError
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from datetime import timezone, tzinfo


FIRST_YEAR, LAST_YEAR = 2, 9998
"""The years allowed: one year inside the range of `datetime`, so that zones cannot overflow it."""
LAST_DAY = date(LAST_YEAR, 12, 31)

NOT_AN_INSTANT = Wording("应为 datetime", "expected a datetime")
NO_UTC_OFFSET = Wording(
    "缺少时区；例如 2026-03-01T09:00:00+08:00",
    "the offset from UTC is missing; write 2026-03-01T09:00:00+08:00",
)
YEAR_OUT_OF_RANGE = Wording(
    f"年份须在 {FIRST_YEAR} 至 {LAST_YEAR} 之间",
    f"the year must lie in {FIRST_YEAR} .. {LAST_YEAR}",
)


def normalize_instant(at: datetime, zone: timezone, name: str) -> datetime:
    """Return `at` as the same instant in `zone`.

    Args:
        at: the instant; a subclass of `datetime` is converted to `datetime`.
        zone: the pack's zone.
        name: whose instant it is, for the error.

    Raises:
        FactsError: `at` is not a datetime, has no offset from UTC, or is out of range.
    """
    # The common case first: this runs for every event.
    if type(at) is datetime and FIRST_YEAR <= at.year <= LAST_YEAR:
        if at.tzinfo is zone:
            return at
        if at.utcoffset() is not None:
            return at.astimezone(zone)
    if not isinstance(at, datetime):
        raise FactsError(name, [FactProblem("at", NOT_AN_INSTANT)])
    if at.utcoffset() is None:
        raise FactsError(name, [FactProblem("at", NO_UTC_OFFSET)])
    if not FIRST_YEAR <= at.year <= LAST_YEAR:
        raise FactsError(name, [FactProblem("at", YEAR_OUT_OF_RANGE)])
    local = at if at.tzinfo is zone else at.astimezone(zone)
    return local if type(local) is datetime else datetime.combine(local.date(), local.timetz())


@cache
def last_instant_in(zone: tzinfo | None) -> datetime:
    """Return the last instant allowed, in `zone`."""
    return datetime.combine(LAST_DAY, time.max, zone)
