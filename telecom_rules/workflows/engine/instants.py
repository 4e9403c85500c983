"""Instants as a case keeps them: aware, in the pack's zone, and far from where dates end."""

from __future__ import annotations

from datetime import date, datetime, time
from functools import cache
from typing import TYPE_CHECKING

from telecom_rules.errors import FactProblem, FactsError
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from datetime import timezone, tzinfo


FIRST_YEAR, LAST_YEAR = 2, 9998
"""The years in which anything may happen or be due: a year from where dates begin and end."""
LAST_DAY = date(LAST_YEAR, 12, 31)

NOT_AN_INSTANT = Wording("应为 datetime", "expected a datetime")
NO_UTC_OFFSET = Wording(
    "缺少时区；例如 2026-03-01T09:00:00+08:00",
    "the offset from UTC is missing; as in 2026-03-01T09:00:00+08:00",
)
YEAR_OUT_OF_RANGE = Wording(
    f"年份须在 {FIRST_YEAR} 至 {LAST_YEAR} 之间",
    f"the year must lie in {FIRST_YEAR} .. {LAST_YEAR}",
)


def normalize_instant(at: datetime, zone: timezone, name: str) -> datetime:
    """Return `at` as the same instant in `zone`.

    Args:
        at: the instant; a subclass of `datetime` becomes a plain one.
        zone: the pack's zone.
        name: whose instant it is, for the error.

    Raises:
        FactsError: `at` is no datetime, has no offset from UTC, or lies where dates end.
    """
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
    """Return the last instant of all in `zone`."""
    return datetime.combine(LAST_DAY, time.max, zone)
