"""Periods: the days on which a rule, figure or text is in force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from pydantic import Field

from telecom_rules.documents import Day, Definition

if TYPE_CHECKING:
    from datetime import date

    from telecom_rules.findings import Findings


ONE_DAY = timedelta(days=1)


class PeriodDefinition(Definition):
    """The days on which something is in force.

    Attributes:
        since: written `from`: the first day.
        until: the first day on which it is no longer in force, if it has ended.
    """

    since: Day = Field(alias="from")
    until: Day | None = None


@dataclass(frozen=True, slots=True)
class Period:
    """A period of days.

    Attributes:
        since: the first day, or `None` where it has no beginning.
        until: the first day after it, or `None` where it has no end.
    """

    since: date | None = None
    until: date | None = None

    def __contains__(self, day: date) -> bool:
        return (self.since is None or self.since <= day) and (
            self.until is None or day < self.until
        )

    def __and__(self, other: Period) -> Period:
        """Return the days in both."""
        since = [day for day in (self.since, other.since) if day is not None]
        until = [day for day in (self.until, other.until) if day is not None]
        return Period(max(since, default=None), min(until, default=None))

    def overlaps(self, other: Period) -> bool:
        """Return whether two periods have a day in common."""
        both = self & other
        return both.since is None or both.until is None or both.since < both.until


ALWAYS = Period()
"""Every day."""


def read_period(definition: PeriodDefinition | None, name: str, findings: Findings) -> Period:
    """Return the period written in a file, after reporting an end before its start (TR602)."""
    if definition is None:
        return ALWAYS
    if definition.until is not None and definition.until <= definition.since:
        findings.add("TR602", definition.span_of_key("until"), name=name)
    return Period(definition.since, definition.until)
