"""An instant that stands still until a test moves it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from telecom_rules.errors import ArgumentError
from telecom_rules.values.arguments import read_instance
from telecom_rules.workflows.engine.instants import YEAR_OUT_OF_RANGE, normalize_instant

START = datetime(2026, 3, 2, 9, tzinfo=timezone(timedelta(hours=8)))
"""Nine o'clock on a Monday that is a working day, long before the calendar that ships ends."""


class FrozenClock:
    """A clock that stands still. Give it to whatever takes a function that returns the present.

    >>> clock = FrozenClock()
    >>> clock.move(timedelta(days=15))
    >>> clock().isoformat()
    '2026-03-17T09:00:00+08:00'

    Attributes:
        now: the instant at which it stands.
    """

    __slots__ = ("now",)

    def __init__(self, now: datetime = START) -> None:
        """Make a clock that stands at `now`, an instant with an offset from UTC.

        Raises:
            ArgumentError: it is not such an instant.
        """
        self.now: datetime = normalize_instant(now, read_zone(now), "now")

    def __call__(self) -> datetime:
        """Return the instant at which it stands."""
        return self.now

    def move(self, by: timedelta) -> datetime:
        """Move it on, or back with a negative length, and return where it stands then.

        Raises:
            ArgumentError: it is not a length, or leads out of the years 2 to 9998.
        """
        by = read_instance("by", by, timedelta)
        try:
            now = self.now + by
        except OverflowError:
            raise ArgumentError("by", YEAR_OUT_OF_RANGE) from None
        return self.move_to(now)

    def move_to(self, now: datetime) -> datetime:
        """Move it to an instant, and return that.

        Raises:
            ArgumentError: it is not an instant with an offset from UTC.
        """
        self.now = normalize_instant(now, read_zone(now), "now")
        return self.now

    def __repr__(self) -> str:
        return f"<FrozenClock at {self.now.isoformat()}>"


def read_zone(now: object) -> timezone:
    """Return the zone of an instant, so that it is kept as it was written."""
    zone = now.tzinfo if type(now) is datetime else None
    return zone if type(zone) is timezone else UTC
