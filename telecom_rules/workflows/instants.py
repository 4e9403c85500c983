"""Instants as a case keeps them: aware, in the pack's zone, and far from where dates end."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from telecom_rules.errors import FactProblem, FactsError
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from datetime import timezone

__all__ = ["LAST_YEAR", "instant"]

LAST_YEAR = 9998
"""The last year in which anything may happen or be due: a year before dates themselves end."""

NOT_AN_INSTANT = Wording("应为 datetime", "expected a datetime")
NAIVE = Wording(
    "缺少时区；例如 2026-03-01T09:00:00+08:00",
    "the offset from UTC is missing; as in 2026-03-01T09:00:00+08:00",
)
OUT_OF_RANGE = Wording(f"年份须在 2 至 {LAST_YEAR} 之间", f"the year must lie in 2 .. {LAST_YEAR}")


def instant(at: datetime, zone: timezone, name: str) -> datetime:
    """Return `at` as the same instant in `zone`.

    Args:
        at: the instant; a subclass of `datetime` becomes a plain one.
        zone: the pack's zone.
        name: whose instant it is, for the error.

    Raises:
        FactsError: `at` is no datetime, has no offset from UTC, or lies where dates end.
    """
    if not isinstance(at, datetime):
        raise FactsError(name, [FactProblem("at", NOT_AN_INSTANT)])
    if at.utcoffset() is None:
        raise FactsError(name, [FactProblem("at", NAIVE)])
    if not 2 <= at.year <= LAST_YEAR:  # noqa: PLR2004 - a year from where dates begin
        raise FactsError(name, [FactProblem("at", OUT_OF_RANGE)])
    local = at if at.tzinfo is zone else at.astimezone(zone)
    return local if type(local) is datetime else datetime.combine(local.date(), local.timetz())
