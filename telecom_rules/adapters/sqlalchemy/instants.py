"""Reads the instants that a host gives, and its clock."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from telecom_rules.errors import ArgumentError
from telecom_rules.wording import Wording, quote_found

if TYPE_CHECKING:
    from collections.abc import Callable

NOT_OF_A_CLOCK = Wording(
    "应返回带时区偏移的时刻，而不是 {found}；例如 `lambda: datetime.now(timezone.utc)`",
    "it returns an instant with an offset from UTC, not {found}; such as"
    " `lambda: datetime.now(timezone.utc)`",
)
NOT_AN_INSTANT = Wording(
    "应为带时区偏移的时刻，而不是 {found}",
    "expected a datetime with an offset from UTC, found {found}",
)


def read_clock(clock: Callable[[], datetime]) -> datetime:
    """Return the present by the clock of a host.

    Raises:
        ArgumentError: it is not an instant with an offset from UTC.
    """
    now = clock()
    if not is_instant(now):
        raise ArgumentError("clock", NOT_OF_A_CLOCK.fill(found=quote_found(now)))
    return now


def read_at(at: datetime | None, clock: Callable[[], datetime]) -> datetime:
    """Return when something happened: the present by default.

    Raises:
        ArgumentError: it is not an instant with an offset from UTC.
    """
    if at is None:
        return read_clock(clock)
    if not is_instant(at):
        raise ArgumentError("at", NOT_AN_INSTANT.fill(found=quote_found(at)))
    return at


def is_instant(value: object) -> bool:
    """Return whether a value is a datetime with an offset from UTC."""
    return isinstance(value, datetime) and value.utcoffset() is not None
