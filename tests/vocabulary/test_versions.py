"""Texts of one instrument: renumbered articles, repeal, and what a clause is where nothing runs."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from telecom_rules.documents import Word
from telecom_rules.findings import Finding, Findings, Span
from telecom_rules.vocabulary import Confidence, Period

if TYPE_CHECKING:
    from collections.abc import Callable

    from telecom_rules.vocabulary import Vocabulary

    Link = Callable[..., tuple[Vocabulary, list[Finding]]]

LAW = """
source: law
title: {zh: 网络法, en: Network Law}
kind: law
version: "2025"
in_force: {from: 2026-01-01}
earlier:
  "2016": {from: 2017-06-01}
confidence: high
clauses:
  "23": {title: {zh: 保护义务, en: Duties}, aliases: {"2016": "21"}}
  "23(3)": {title: {zh: 日志, en: Logs}}
  "61": {title: {zh: 处罚, en: Penalty}, aliases: {"2016": "59"}}
  "61(1)": {title: {zh: 一般, en: General}, aliases: {"2016": "59(9)"}}
  "61(3)":
    title: {zh: 严重, en: Severe}
    in_force: {from: 2026-01-01}
    confidence: medium
  "70": {title: {zh: 附则, en: Other}}
"""
OLD = """
source: sms_2015
title: {zh: 旧规定, en: Old rule}
kind: rule
in_force: {from: 2015-06-30, until: 2026-05-01}
repealed_by: sms_2026
clauses:
  "18": {title: {zh: 同意, en: Consent}}
"""
NEW = """
source: sms_2026
title: {zh: 新规定, en: New rule}
kind: rule
address: https://example.org/sms
in_force: {from: 2026-05-01}
clauses:
  "21": {title: {zh: 同意, en: Consent}}
"""


def cited(words: Vocabulary, text: str) -> tuple[str | None, list[Finding]]:
    found = Findings()
    clause = words.resolve_clause(Word(text, Span("policy.yaml")), found)
    return (clause and str(clause)), found


@pytest.fixture(scope="module")
def texts(link_files: Link) -> Vocabulary:
    words, found = link_files(LAW, OLD, NEW)
    assert not found
    return words


def test_a_clause_is_numbered_by_the_text_of_the_day(texts: Vocabulary) -> None:
    logs = texts.sources["law"].clauses["23(3)"]
    before, after = logs.on(date(2025, 12, 31)), logs.on(date(2026, 1, 1))
    assert (str(before), str(after)) == ("law@2016:21(3)", "law:23(3)")
    assert before.place == (
        "《网络法》（2016年文本）第21条(3)",
        "Network Law (text of 2016), Art. 21(3)",
    )
    assert after.place == ("《网络法》第23条(3)", "Network Law, Art. 23(3)")
    assert before.title == after.title
    assert before != after


def test_a_clause_whose_old_number_is_not_recorded_keeps_its_own(texts: Vocabulary) -> None:
    other = texts.sources["law"].clauses["70"]
    assert other.on(date(2020, 1, 1)) is other


def test_a_paragraph_follows_the_old_number_of_its_article_unless_it_has_its_own(
    texts: Vocabulary,
) -> None:
    clauses = texts.sources["law"].clauses
    assert clauses["23(3)"].aliases == {"2016": "21(3)"}
    assert clauses["61(1)"].aliases == {"2016": "59(9)"}


def test_a_paragraph_that_came_later_was_not_in_the_earlier_text(texts: Vocabulary) -> None:
    late = texts.sources["law"].clauses["61(3)"]
    assert late.aliases == {}
    assert late.on(date(2025, 12, 31)) is late
    assert cited(texts, "law@2016:59(3)")[0] is None


def test_a_clause_is_in_force_on_the_days_of_its_source_and_its_own(texts: Vocabulary) -> None:
    clauses = texts.sources["law"].clauses
    assert clauses["23"].in_force == Period(date(2017, 6, 1))
    assert clauses["61(3)"].in_force == Period(date(2026, 1, 1))
    assert clauses["23"].on(date(2020, 1, 1)).in_force == Period(date(2017, 6, 1), date(2026, 1, 1))
    assert texts.sources["sms_2015"].clauses["18"].in_force.until == date(2026, 5, 1)


def test_a_clause_is_as_sure_as_its_source_unless_it_says_otherwise(texts: Vocabulary) -> None:
    clauses = texts.sources["law"].clauses
    assert clauses["23"].confidence is Confidence.HIGH
    assert clauses["61(3)"].confidence is Confidence.MEDIUM


def test_a_source_says_what_took_its_place(texts: Vocabulary) -> None:
    assert texts.sources["sms_2015"].repealed_by == "sms_2026"
    assert texts.sources["sms_2026"].address == "https://example.org/sms"


def test_a_number_of_an_earlier_text_is_answered_with_the_present_one(texts: Vocabulary) -> None:
    clause, found = cited(texts, "law:21(3)")
    assert clause is None
    assert [each.id for each in found] == ["TR505"]
    assert found[0].help is not None
    assert found[0].help.en.startswith("cite `law:23(3)`;")
    assert "`law:23(3)`" in found[0].help.zh


@pytest.mark.parametrize(
    ("text", "clause"),
    [("law@2016:21(3)", "law@2016:21(3)"), ("law@2025:23(3)", "law:23(3)")],
)
def test_an_earlier_text_can_be_cited_by_its_label(
    texts: Vocabulary, text: str, clause: str
) -> None:
    assert cited(texts, text) == (clause, [])


@pytest.mark.parametrize(
    ("text", "code", "suggestion"),
    [
        ("law@2017:21", "TR506", "law@2016:21"),
        ("sms_2026@2015:18", "TR506", None),
        ("law@2016:23(3)", "TR502", "law@2016:21(3)"),
        ("laws@2016:21", "TR501", "law@2016:21"),
        ("law@2016", "TR503", None),
        ("law@:21", "TR506", None),
        ("@2016:21", "TR503", None),
        ("law@2016@2025:21", "TR506", None),
    ],
)
def test_an_earlier_text_that_is_not_there_is_reported(
    texts: Vocabulary, text: str, code: str, suggestion: str | None
) -> None:
    clause, found = cited(texts, text)
    assert clause is None
    assert [(each.id, each.suggestion) for each in found] == [(code, suggestion)]
    assert found[0].wording.zh


def test_an_earlier_text_whose_days_are_not_known_is_not_guessed(link_files: Link) -> None:
    words, found = link_files(
        LAW.replace("""  "2016": {from: 2017-06-01}""", """  "2000": {}\n  "2016": {}""")
    )
    assert not found
    law = words.sources["law"]
    assert [each.in_force for each in law.earlier.values()] == [None, None]
    assert law.clauses["23"].on(date(2020, 1, 1)) is law.clauses["23"]
    assert law.in_force == Period()
    assert cited(words, "law@2016:21")[0] == "law@2016:21"


def test_an_only_earlier_text_without_a_first_day_holds_until_the_present_one(
    link_files: Link,
) -> None:
    words, _ = link_files(LAW.replace("{from: 2017-06-01}", "{}"))
    law = words.sources["law"]
    assert law.earlier["2016"].in_force == Period(None, date(2026, 1, 1))
    assert str(law.clauses["23"].on(date(1999, 1, 1))) == "law@2016:21"


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ("from: 2017-06-01", "from: 2026-01-01", "TR601", 6),
        ('{"2016": "21"}', '{"2061": "21"}', "TR113", 11),
        ('{"2016": "59"}', '{"2016": "21"}', "TR112", 13),
        ("in_force: {from: 2026-01-01}\nearlier", "earlier", "TR101", 6),
        (
            "from: 2026-01-01}\n    conf",
            "from: 2026-01-01, until: 2025-01-01}\n    conf",
            "TR602",
            17,
        ),
    ],
)
def test_texts_and_numbers_that_contradict_each_other_are_reported(
    link_files: Link, old: str, new: str, code: str, line: int
) -> None:
    assert old in LAW
    _, found = link_files(LAW.replace(old, new))
    assert [(each.id, each.span.line) for each in found if each.id == code][:1] == [(code, line)]


@pytest.mark.parametrize(
    ("text", "code", "suggestion"),
    [
        (OLD.replace("repealed_by: sms_2026", "repealed_by: sms_2025"), "TR501", "sms_2026"),
        (OLD.replace(", until: 2026-05-01", ""), "TR101", None),
    ],
)
def test_a_successor_that_is_not_registered_or_has_no_day_is_reported(
    link_files: Link, text: str, code: str, suggestion: str | None
) -> None:
    _, found = link_files(text, NEW)
    assert [(each.id, each.suggestion, each.span.line) for each in found] == [(code, suggestion, 6)]


def test_a_clause_says_why_it_is_guidance_or_what_of_it_is_missing(link_files: Link) -> None:
    text = """
    source: s
    title: {zh: 规范, en: Spec}
    kind: specification
    clauses:
      "1": {title: {zh: 一, en: One}, guidance: {zh: 标题, en: A heading}}
      "2": {title: {zh: 二, en: Two}, gap: {zh: 缺失, en: Missing}}
      "3": {title: {zh: 三, en: Three}, guidance: {zh: 甲, en: A}, gap: {zh: 乙, en: B}}
      "4": {title: {zh: 四, en: Four}, guidance: {zh: 甲}}
    """
    words, found = link_files(text.replace('      "4"', '  #   "4"'))
    clauses = words.sources["s"].clauses
    assert (clauses["1"].guidance, clauses["1"].gap) == (("标题", "A heading"), None)
    assert (clauses["2"].guidance, clauses["2"].gap) == (None, ("缺失", "Missing"))
    assert [(each.id, each.span.line) for each in found] == [("TR120", 8)]
    _, found = link_files(text)
    assert [(each.id, each.values["key"], each.span.line) for each in found] == [("TR101", "en", 9)]
