"""TR608: the calendar of a pack ends soon, and with it the limits that anybody can count.

It depends on the day of the question and not on the rules alone. So nothing is found unless a day
is given, and a validation without one has the same findings for ever.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from telecom_rules.errors import ArgumentError
from telecom_rules.findings import Finding
from telecom_rules.vocabulary import CalendarDefinition
from telecom_rules.wording import Wording, quote_found

if TYPE_CHECKING:
    from collections.abc import Iterator

    from telecom_rules.pack import Reading
    from telecom_rules.vocabulary import Calendar


CODES = frozenset({"TR608"})
DAYS_AHEAD = 90
"""Days for which a calendar should go on, unless the host says otherwise. A setting of ours: most
limits of the rules that ship are shorter."""


NOT_DAYS = Wording(
    "应为不小于 0 的整数天数，而不是 {found}",
    "expected a whole number of days from 0, found {found}",
)


class Outlook(NamedTuple):
    """The days on which a calendar has to have data.

    Attributes:
        on: the first of them.
        days: how many follow it.
    """

    on: date
    days: int


def read_days(days: object) -> int:
    """Return for how many days a calendar should go on.

    Raises:
        ArgumentError: it is not a whole number from 0.
    """
    if type(days) is not int or days < 0:
        raise ArgumentError("calendar_days", NOT_DAYS.fill(found=quote_found(days)))
    return days


def find_ending_calendar(reading: Reading, outlook: Outlook) -> Iterator[Finding]:
    """Yield a finding if the calendar that limits are counted by ends within the outlook."""
    calendar = None if reading.pack is None else reading.pack.calendar
    if calendar is None:
        return
    on = outlook.on
    missing = find_missing_year(calendar, on)
    if (missing - on).days > outlook.days:
        return
    for definition in reading.drafts.of(CalendarDefinition):
        if definition.calendar == calendar.name:
            values = {"calendar": calendar.name, "first": missing, "day": on, "year": missing.year}
            yield Finding("TR608", definition.calendar.span, values)


def find_missing_year(calendar: Calendar, on: date) -> date:
    """Return the first day from `on` that the calendar does not cover."""
    year = on.year
    while year in calendar.years:
        year += 1
    return on if year == on.year else date(year, 1, 1)
