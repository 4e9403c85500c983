"""Calendars of working days: what a file may say, and what one answers."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from telecom_rules.errors import NotPublished

if TYPE_CHECKING:
    from collections.abc import Callable

    from telecom_rules.findings import Finding
    from telecom_rules.vocabulary import Calendar, Vocabulary

    Link = Callable[..., tuple[Vocabulary, list[Finding]]]

NOTICES = """
source: notices
title: {zh: 放假通知, en: Notices}
kind: notice
clauses:
  "2025": {title: {zh: 2025 年放假安排, en: Days off in 2025}}
"""
HEAD = """
calendar: house
title: {zh: 工作日历, en: Working days}
cites: notices:2025
years:
"""
WEEK = '  "2025": {rest: [2025-10-01, 2025-10-02], work: 2025-09-28, cites: notices:2025}\n'


def calendar(link_files: Link, years: str = WEEK) -> Calendar:
    words, found = link_files(NOTICES, HEAD + years)
    assert [each.concise() for each in found] == []
    return words.calendars["house"]


def mistakes(link_files: Link, years: str) -> list[str]:
    words, found = link_files(NOTICES, HEAD + years)
    assert "house" not in words.calendars
    assert "house" in words.lost
    return [each.concise() for each in found]


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2025-09-26", True),
        ("2025-09-27", False),
        ("2025-09-28", True),
        ("2025-10-01", False),
        ("2025-10-02", False),
        ("2025-10-03", True),
        ("2025-10-04", False),
    ],
)
def test_the_days_of_the_week_decide_but_for_those_listed(
    link_files: Link, day: str, works: bool
) -> None:
    assert calendar(link_files).is_working_day(date.fromisoformat(day)) is works


def test_a_year_keeps_its_clause_its_confidence_and_its_note(link_files: Link) -> None:
    text = '  "2025": {cites: notices:2025, confidence: low, note: {zh: 注, en: Note}}\n'
    year = calendar(link_files, text).years[2025]
    assert [str(clause) for clause in year.cites] == ["notices:2025"]
    assert year.confidence == "low"
    assert year.note == ("注", "Note")
    assert [str(clause) for clause in calendar(link_files).cites] == ["notices:2025"]


def test_a_year_that_is_not_covered_is_no_guess(link_files: Link) -> None:
    days = calendar(link_files)
    with pytest.raises(NotPublished) as caught:
        days.is_working_day(date(2026, 1, 1))
    assert (caught.value.name, caught.value.year) == ("house", 2026)
    assert "2026 年" in caught.value.explain("zh")
    assert "not published" in caught.value.explain("en")


def test_working_days_are_counted_from_the_day_after(link_files: Link) -> None:
    days = calendar(link_files)
    tuesday = date(2025, 9, 30)
    assert days.add_working_days(tuesday, 0) == tuesday
    assert days.add_working_days(tuesday, 1) == date(2025, 10, 3)
    assert days.add_working_days(tuesday, 2) == date(2025, 10, 6)
    assert days.on_or_after(date(2025, 10, 1)) == date(2025, 10, 3)
    assert days.on_or_after(tuesday) == tuesday
    assert days.count_left(tuesday, date(2025, 10, 5), 4) == 3
    assert days.count_left(tuesday, date(2027, 1, 1), 1) == 0


@pytest.mark.parametrize(
    ("years", "said"),
    [
        ('  "26": {}\n', '"2026"'),
        ('  "2025": {rest: 2026-10-01}\n', "2026-10-01 is not in 2025"),
        ('  "2025": {rest: 2025-10-04}\n', "2025-10-04 is on a weekend"),
        ('  "2025": {work: 2025-10-01}\n', "2025-10-01 is from Monday to Friday"),
        ('  "2025": {rest: [2025-10-01, 2025-10-01]}\n', "2025-10-01 is given twice"),
        ('  "2025": {rest: 2025-13-01}\n', "TR108"),
        ('  "2025": {holidays: 2025-10-01}\n', "TR102"),
    ],
)
def test_a_day_that_cannot_be_meant_is_a_mistake(link_files: Link, years: str, said: str) -> None:
    words, found = link_files(NOTICES, HEAD + years)
    assert "house" not in words.calendars
    assert len(found) == 1
    assert said in found[0].concise()
    assert found[0].span.line > 1


def test_a_calendar_needs_a_year(link_files: Link) -> None:
    assert len(mistakes(link_files, "  {}\n")) == 1


def test_a_calendar_given_twice_is_a_mistake(link_files: Link) -> None:
    _, found = link_files(NOTICES, HEAD + WEEK, HEAD + WEEK)
    assert [each.id for each in found] == ["TR112"]
