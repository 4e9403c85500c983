"""Time limits as the law writes them, and the instant at which one ends.

The counting is that of the Civil Code: of a limit in days, the day it starts on is not counted
and its last day ends at 24:00 (articles 201 and 203); a limit in hours runs from the given moment
(article 201).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from enum import StrEnum
from typing import TYPE_CHECKING

from telecom_rules.errors import FactProblem, FactsError
from telecom_rules.findings import Finding
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from telecom_rules.documents import Scalar

__all__ = ["Duration", "Undetermined", "Unit", "deadline", "read_duration"]


class Unit(StrEnum):
    """What a time limit counts."""

    CALENDAR_DAYS = "calendar_days"
    WORKING_DAYS = "working_days"
    HOURS = "hours"
    MINUTES = "minutes"
    MONTHS = "months"

    @property
    def most(self) -> int:
        """The longest limit in this unit: a century."""
        return CENTURY[self]


CENTURY = {
    Unit.CALENDAR_DAYS: 36_500,
    Unit.WORKING_DAYS: 36_500,
    Unit.HOURS: 36_500 * 24,
    Unit.MINUTES: 36_500 * 24 * 60,
    Unit.MONTHS: 1_200,
}
NAMES = {
    Unit.CALENDAR_DAYS: Wording("日", "day"),
    Unit.WORKING_DAYS: Wording("个工作日", "working day"),
    Unit.HOURS: Wording("小时", "hour"),
    Unit.MINUTES: Wording("分钟", "minute"),
    Unit.MONTHS: Wording("个月", "month"),
}
WORDS = {
    "day": Unit.CALENDAR_DAYS,
    "calendar day": Unit.CALENDAR_DAYS,
    "working day": Unit.WORKING_DAYS,
    "hour": Unit.HOURS,
    "minute": Unit.MINUTES,
    "month": Unit.MONTHS,
}
WRITTEN = re.compile(r"([0-9]{1,18}) ((?:calendar |working )?day|hour|minute|month)s?")
NO_CALENDAR = Wording(
    "期限 {duration} 需要工作日历才能推算，目前没有可用的日历",
    "a limit of {duration} needs a calendar to be worked out, and none is available",
)
BEYOND_DATES = Wording(
    "期限 {duration} 超出了可以表示的日期（9999 年）",
    "a limit of {duration} ends after the last date that can be written (year 9999)",
)


@dataclass(frozen=True, slots=True)
class Duration:
    """A time limit: how many of which unit.

    >>> Duration.parse("15 days")
    Duration(amount=15, unit=<Unit.CALENDAR_DAYS: 'calendar_days'>)

    Attributes:
        amount: how many, at least 1 and at most a century's worth.
        unit: what is counted.

    Raises:
        ValueError: the amount is out of these bounds.
    """

    amount: int
    unit: Unit

    def __post_init__(self) -> None:
        if not 1 <= self.amount <= self.unit.most:
            raise ValueError(f"{self.amount} {self.unit} is not within 1 .. {self.unit.most}")

    @classmethod
    def parse(cls, text: str) -> Duration:
        """Return the limit that `text` says: `15 days`, `5 working days`, `48 hours`, `2 months`.

        `days` are calendar days.

        Raises:
            ValueError: `text` is not written like this, or the amount is out of bounds.
        """
        match = WRITTEN.fullmatch(text)
        if match is None:
            raise ValueError(f"{text[:40]!r} is not a duration such as '15 days'")
        return cls(int(match[1]), WORDS[match[2]])

    @property
    def wording(self) -> Wording:
        """The limit for people: `15 日`, `15 days`."""
        name = NAMES[self.unit]
        plural = "" if self.amount == 1 else "s"
        return Wording(f"{self.amount} {name.zh}", f"{self.amount} {name.en}{plural}")

    def __str__(self) -> str:
        return self.wording.en


@dataclass(frozen=True, slots=True)
class Undetermined:
    """There is no telling when a limit ends.

    Attributes:
        reason: why, for people.
    """

    reason: Wording


def read_duration(scalar: Scalar, found: list[Finding]) -> Duration | None:
    """Return the limit a file says, or `None` after appending TR110 or TR111 to `found`."""
    match = WRITTEN.fullmatch(scalar.text)
    if match is None:
        found.append(Finding("TR110", scalar.span, {"text": scalar.text[:40]}))
        return None
    return bounded(int(match[1]), WORDS[match[2]], scalar, found)


def bounded(amount: int, unit: Unit, scalar: Scalar, found: list[Finding]) -> Duration | None:
    """Return the limit of `amount` units, or `None` after appending TR111 to `found`."""
    if 1 <= amount <= unit.most:
        return Duration(amount, unit)
    found.append(
        Finding("TR111", scalar.span, {"text": scalar.text, "bounds": f"1 .. {unit.most}"})
    )
    return None


def deadline(start: datetime, duration: Duration, zone: timezone) -> datetime | Undetermined:
    """Return the last instant of a limit that starts at `start`, as an instant in `zone`.

    Of days, the day on which `start` falls in `zone` is not counted, and the last day ends at
    24:00, which is the next midnight. Hours and minutes run from `start` exactly. That a last day
    on a rest day moves to the next working day (Civil Code, article 203) needs a calendar and is
    not applied: the instant returned is therefore never later than the lawful one.

    Args:
        start: what sets the limit off, with an offset from UTC.
        duration: how long it is.
        zone: where days begin and end.

    Returns:
        The instant, or `Undetermined` for working days and months, which need a calendar, and for
        an end beyond the year 9999.

    Raises:
        FactsError: `start` has no offset from UTC.
    """
    if start.utcoffset() is None:
        raise FactsError("deadline", [FactProblem("start", NAIVE)])
    if duration.unit in {Unit.WORKING_DAYS, Unit.MONTHS}:
        return Undetermined(NO_CALENDAR.fill(duration=duration.wording))
    try:
        local = start.astimezone(zone)
        if duration.unit is Unit.CALENDAR_DAYS:
            return midnight(local.date() + timedelta(days=duration.amount + 1), zone)
        return local + timedelta(minutes=duration.amount * MINUTES[duration.unit])
    except OverflowError:
        return Undetermined(BEYOND_DATES.fill(duration=duration.wording))


NAIVE = Wording(
    "时刻须带时区，例如 2026-03-01T09:00:00+08:00",
    "an instant needs its offset from UTC, as in 2026-03-01T09:00:00+08:00",
)
MINUTES = {Unit.HOURS: 60, Unit.MINUTES: 1}


def midnight(day: date, zone: timezone) -> datetime:
    """Return the instant at which `day` begins in `zone`."""
    return datetime.combine(day, time(), zone)
