"""The shipped calendar as the package `chinesecalendar` has it.

    python tests/rules/china_calendar.py    # writes rules/calendars/china.yaml

Run it when the arrangement of a further year is out and the package has it: raise `LAST` here,
`chinesecalendar` in pyproject.toml, and add the clause to `holiday_notices` in rules/law/statutes/.
"""

from __future__ import annotations

import textwrap
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import chinese_calendar

if TYPE_CHECKING:
    from collections.abc import Iterator

FIRST, LAST = 2004, 2026
FILE = Path(__file__).resolve().parents[2] / "rules" / "calendars" / "china.yaml"
SATURDAY = 5
WIDTH = 100

HEAD = """\
# Written by tests/rules/china_calendar.py from the package chinesecalendar 1.11.0 (MIT).
calendar: china
title: {zh: 中国工作日历, en: Working days of China}
cites: [civil_code:203]
years:
"""
NOTES = {
    2005: """\
    note:
      zh: 两个软件包对 2005-12-31 是否上班说法不一，这里按休息日
      en: Two packages differ on whether 2005-12-31 was worked; here it is a rest day
""",
    2020: """\
    note:
      zh: 含春节假期因疫情的延长：2020-01-31 至 02-02
      en: With the days by which the Spring Festival was prolonged, 2020-01-31 to 02-02
""",
    2026: """\
    note:
      zh: 12 月底的日期可能由 2027 年的通知调整，该通知尚未公布
      en: The notice for 2027, not published yet, may still move days at the end of December
""",
}
CITES = {2020: "holiday_notices:2020, holiday_notices:2020(2)"}
CONFIDENCE = {2005: "low"}
"""Medium for all others: one secondary source, the wording of the notices was not read."""


def days_of(year: int) -> Iterator[date]:
    """Yield every day of a year."""
    day = date(year, 1, 1)
    while day.year == year:
        yield day
        day += timedelta(days=1)


def listed(key: str, days: list[date]) -> str:
    """Return one list of days as the file has it."""
    line = f"    {key}: [{', '.join(map(str, days))}]"
    if len(line) <= WIDTH:
        return line + "\n"
    inner = textwrap.fill(", ".join(map(str, days)), WIDTH - 6, break_on_hyphens=False)
    return f"    {key}: [\n{textwrap.indent(inner, '      ')}\n    ]\n"


def year(number: int) -> str:
    """Return one year as the file has it."""
    days = list(days_of(number))
    rest = [d for d in days if d.weekday() < SATURDAY and not chinese_calendar.is_workday(d)]
    work = [d for d in days if d.weekday() >= SATURDAY and chinese_calendar.is_workday(d)]
    return (
        f'  "{number}":\n'
        + listed("rest", rest)
        + (listed("work", work) if work else "")
        + f"    cites: [{CITES.get(number, f'holiday_notices:{number}')}]\n"
        + f"    confidence: {CONFIDENCE.get(number, 'medium')}\n"
        + NOTES.get(number, "")
    )


def text() -> str:
    """Return the whole file."""
    return HEAD + "".join(map(year, range(FIRST, LAST + 1)))


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8", newline="\n")
