"""Links the definition of a calendar, with its mistakes as findings."""

from __future__ import annotations

import re
from datetime import time
from typing import TYPE_CHECKING

from telecom_rules.documents import Word
from telecom_rules.findings import Finding, Findings
from telecom_rules.frozen import FrozenDict
from telecom_rules.vocabulary.time.calendars import SATURDAY, Calendar, CalendarYear
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from telecom_rules.vocabulary.time.calendars import CalendarDefinition, YearDefinition
    from telecom_rules.vocabulary.vocabulary import Vocabulary


YEAR_PATTERN = re.compile(r"[1-9][0-9]{3}")
TIME_PATTERN = re.compile(r"(?!00:00)([01][0-9]|2[0-3]):([0-5][0-9])")

NOT_A_YEAR = Wording(
    '年份应写作 "2026" 的形式，而不是 `{text}`', 'a year is written like "2026", not `{text}`'
)
NOT_A_TIME = Wording(
    "停止业务活动的时间应写作 `17:30` 的形式，而不是 `{text}`",
    "the close of business is written like `17:30`, not `{text}`",
)
DAY_OF_OTHER_YEAR = Wording("{day} 不在 {year} 年内", "{day} is not in {year}")
DAY_TWICE = Wording("{day} 重复", "{day} is given twice")
ALREADY_AT_REST = Wording(
    "{day} 是周末，原本即为休息日；`rest` 只列周一至周五中的休息日",
    "{day} is on a weekend and a rest day anyway; `rest` lists days from Monday to Friday",
)
ALREADY_WORKED = Wording(
    "{day} 为周一至周五，原本即为工作日；`work` 只列周末中的调休上班日",
    "{day} is from Monday to Friday and a working day anyway; `work` lists days on weekends",
)


def link_calendar(
    definition: CalendarDefinition, words: Vocabulary, findings: Findings
) -> Calendar | None:
    """Return the calendar a file gives, or `None` after reporting every mistake."""
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
    close = definition.close_of_business
    if close is not None and not TIME_PATTERN.fullmatch(close):
        mistakes.append(build_calendar_finding(NOT_A_TIME, close, text=close[:20]))
    if not definition.years:
        mistakes.add("TR118", definition.span_of_key("years"))
    findings.extend(mistakes)
    if mistakes:
        return None
    return Calendar(
        str(definition.calendar),
        definition.title,
        FrozenDict(years),
        cites,
        None if close is None else time.fromisoformat(close),
    )


def find_misplaced_days(year: Word, definition: YearDefinition) -> Iterable[Finding]:
    """Yield a finding for each day of a year that is listed wrongly."""
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
