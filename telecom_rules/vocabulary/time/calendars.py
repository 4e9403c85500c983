"""Calendars of working days: which days are worked, for the years whose arrangement is published.

A calendar is part of a pack, so that a deadline depends on the pack alone. Outside the years it
covers it does not guess: `Calendar.works` raises `NotPublished`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING

from telecom_rules.documents import (
    Choice,
    Day,
    Definition,
    Identifier,
    Keyed,
    OneOrMany,
    Reference,
    Title,
    Word,
)
from telecom_rules.errors import NotPublished
from telecom_rules.findings import Finding, Findings
from telecom_rules.vocabulary.sources.sources import Confidence
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from telecom_rules.vocabulary.sources.sources import Clause
    from telecom_rules.vocabulary.vocabulary import Vocabulary


ONE_DAY = timedelta(days=1)
SATURDAY = 5
YEAR_PATTERN = re.compile(r"[1-9][0-9]{3}")

NOT_A_YEAR = Wording(
    '年份应写作 "2026" 的形式，而不是 `{text}`', 'a year is written like "2026", not `{text}`'
)
DAY_OF_OTHER_YEAR = Wording("{day} 不在 {year} 年内", "{day} does not lie in {year}")
DAY_TWICE = Wording("{day} 重复", "{day} is given twice")
ALREADY_AT_REST = Wording(
    "{day} 是周末，本就休息；`rest` 只写周一至周五的休息日",
    "{day} is on a weekend and at rest anyway; `rest` lists days from Monday to Friday",
)
ALREADY_WORKED = Wording(
    "{day} 是周一至周五，本就上班；`work` 只写周末的上班日",
    "{day} is from Monday to Friday and worked anyway; `work` lists days on weekends",
)


class YearDefinition(Definition):
    """The days of one year that are not as the day of the week says.

    Attributes:
        rest: the days from Monday to Friday that are at rest.
        work: the days on weekends that are worked.
        confidence: how sure the days are, if that is recorded.
    """

    rest: OneOrMany[Day] = ()
    work: OneOrMany[Day] = ()
    cites: OneOrMany[Reference] = ()
    confidence: Choice[Confidence] | None = None
    note: Title | None = None


class CalendarDefinition(Definition):
    """A file that says which days are worked.

    Attributes:
        years: the years whose arrangement is published.
    """

    calendar: Identifier
    title: Title
    cites: OneOrMany[Reference] = ()
    years: Keyed[YearDefinition]


@dataclass(frozen=True, slots=True)
class CalendarYear:
    """The days of one year that are not as the day of the week says.

    Attributes:
        rest: the days from Monday to Friday that are at rest.
        work: the days on weekends that are worked.
        cites: the clauses that arrange them.
        confidence: how sure they are, if that is recorded.
        note: a remark, or `None`.
    """

    rest: frozenset[date]
    work: frozenset[date]
    cites: tuple[Clause, ...] = ()
    confidence: Confidence | None = None
    note: Wording | None = None


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which days are worked. From Monday to Friday, but for what a year says otherwise.

    Attributes:
        name: the name `pack.yaml` names it by.
        title: its name for people.
        years: the years whose arrangement is published.
        cites: the clauses it comes from.
    """

    name: str
    title: Wording
    years: Mapping[int, CalendarYear] = field(hash=False)
    cites: tuple[Clause, ...] = ()

    def is_working_day(self, day: date) -> bool:
        """Return whether `day` is a working day.

        Raises:
            NotPublished: the calendar does not cover its year.
        """
        year = self.years.get(day.year)
        if year is None:
            raise NotPublished(self.name, self.title, day.year)
        return day in year.work if day.weekday() >= SATURDAY else day not in year.rest

    def on_or_after(self, day: date) -> date:
        """Return `day` where it is worked, or the next working day.

        Raises:
            NotPublished: the calendar does not cover a day that must be looked at.
            OverflowError: there is no such day before dates end.
        """
        while not self.is_working_day(day):
            day += ONE_DAY
        return day

    def add_working_days(self, day: date, count: int) -> date:
        """Return the last of the `count` working days that follow `day`, `day` itself for 0.

        Raises:
            NotPublished: the calendar does not cover a day that must be looked at.
            OverflowError: there are not as many before dates end.
        """
        while count > 0:
            day += ONE_DAY
            count -= self.is_working_day(day)
        return day

    def count_left(self, after: date, through: date, count: int) -> int:
        """Return how many of `count` working days after `after` are left after `through`.

        Raises:
            NotPublished: the calendar does not cover a day that must be looked at.
        """
        while count > 0 and after < through:
            after += ONE_DAY
            count -= self.is_working_day(after)
        return count


def link_calendar(
    definition: CalendarDefinition, words: Vocabulary, findings: Findings
) -> Calendar | None:
    """Return the calendar a file gives, or `None` after appending every mistake to `findings`."""
    cites = words.cite(definition.cites, findings)
    years: dict[int, CalendarYear] = {}
    mistakes = Findings()
    for word, each in definition.years.items():
        clauses = words.cite(each.cites, findings)
        if not YEAR_PATTERN.fullmatch(word):
            mistakes.append(build_calendar_finding(NOT_A_YEAR, word, text=word[:20]))
            continue
        mistakes.extend(find_misplaced_days(word, each))
        years[int(word)] = CalendarYear(
            frozenset(each.rest), frozenset(each.work), clauses, each.confidence, each.note
        )
    if not definition.years:
        mistakes.add("TR118", definition.span_of_key("years"))
    findings.extend(mistakes)
    if mistakes:
        return None
    return Calendar(str(definition.calendar), definition.title, MappingProxyType(years), cites)


def find_misplaced_days(year: Word, definition: YearDefinition) -> Iterable[Finding]:
    """Yield the days of a year that cannot stand where they do."""
    seen: set[date] = set()
    for key, days, weekend in (("rest", definition.rest, False), ("work", definition.work, True)):
        place = Word(year, definition.span_of_key(key))
        for day in days:
            if day.year != int(year):
                yield build_calendar_finding(DAY_OF_OTHER_YEAR, place, day=day, year=year)
            elif (day.weekday() >= SATURDAY) is not weekend:
                yield build_calendar_finding(
                    ALREADY_WORKED if weekend else ALREADY_AT_REST, place, day=day
                )
            elif day in seen:
                yield build_calendar_finding(DAY_TWICE, place, day=day)
            seen.add(day)


def build_calendar_finding(what: Wording, place: Word, **values: object) -> Finding:
    """Return the finding TR120 with `what` as its wording."""
    return Finding("TR120", place.span, {"what": what.fill(**values)})
