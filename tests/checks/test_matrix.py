"""Each clause of a specification is answered, or the source file says why it is not."""

from __future__ import annotations

import pytest

from telecom_rules.checks.analysis.matrix import ClauseStanding, build_matrix
from telecom_rules.checks.unanswered_clauses import check
from telecom_rules.pack import Reading, link
from tests.pack.house import house

SPEC = """\
source: book
title: {zh: 手册, en: Handbook}
kind: specification
clauses:
  "1": {title: {zh: 分级, en: Grades}}
  "2": {title: {zh: 办理, en: Handling}}
  "3": {title: {zh: 标题, en: A heading}, guidance: {zh: 标题, en: It only names what follows}}
  "4": {title: {zh: 空, en: Empty}, gap: {zh: 没有内容, en: The source says nothing}}
  "5": {title: {zh: 事实, en: A fact}}
  "6": {title: {zh: 遗漏, en: Forgotten}}
"""


def reading(**changes: str) -> Reading:
    files = house(sources_book=SPEC) | {
        name: files_text.encode() for name, files_text in changes.items()
    }
    facts = files["facts/ticket.yaml"].decode()
    files["facts/ticket.yaml"] = facts.replace(
        "title: {zh: 损失, en: Loss}", "title: {zh: 损失, en: Loss}, cites: book:5"
    ).encode()
    return link(files)


@pytest.mark.parametrize(
    ("clause", "standing"),
    [
        ("1", ClauseStanding.ANSWERED),
        ("2", ClauseStanding.ANSWERED),
        ("3", ClauseStanding.GUIDANCE),
        ("4", ClauseStanding.GAP),
        ("5", ClauseStanding.NOWHERE),
        ("6", ClauseStanding.NOWHERE),
    ],
)
def test_a_clause_is_answered_or_its_file_says_why_not(
    clause: str, standing: ClauseStanding
) -> None:
    rows = {row.clause.id: row for row in build_matrix(reading())}
    assert rows[clause].standing is standing


def test_what_answers_a_clause_is_named_with_what_it_is_part_of() -> None:
    rows = {row.clause.id: row for row in build_matrix(reading())}
    named = {(each.kind.en, each.path) for each in rows["1"].elements}
    assert {("rule", "grading.high"), ("catalogue", "grade"), ("policy", "grading")} <= named
    named = {(each.kind.en, each.path) for each in rows["2"].elements}
    assert {
        ("transition", "handling.open.close"),
        ("clock", "handling.reply"),
        ("state", "handling.open"),
        ("value", "reply.2020-01-01"),
    } <= named


def test_a_fact_that_cites_a_clause_is_told_and_does_not_answer_it() -> None:
    rows = {row.clause.id: row for row in build_matrix(reading())}
    assert [(each.kind.en, each.path) for each in rows["5"].elements] == [("fact", "ticket.loss")]


def test_what_nothing_answers_is_a_finding_where_the_clause_is_written() -> None:
    found = list(check(reading()))
    assert [(each.id, str(each.span)) for each in found] == [
        ("TR507", "sources/book.yaml:9:3"),
        ("TR507", "sources/book.yaml:10:3"),
    ]
    assert "`book:6` (Forgotten)" in found[1].wording.en


def test_of_a_law_only_what_is_used_is_asked_for() -> None:
    law = reading(**{"sources/book.yaml": SPEC.replace("specification", "law")})
    assert list(check(law)) == []
    rows = {row.clause.id: row for row in build_matrix(law)}
    assert rows["6"].standing is ClauseStanding.UNUSED


def test_a_number_of_an_earlier_text_counts_for_the_present_one() -> None:
    law = """\
source: law
title: {zh: 法, en: Law}
kind: law
version: "2025"
in_force: {from: 2026-01-01}
earlier:
  "2016": {from: 2017-06-01}
clauses:
  "61": {title: {zh: 处罚, en: Penalty}, aliases: {"2016": "59"}}
"""
    files = house(sources_book=SPEC, sources_law=law)
    name = "policies/grading.yaml"
    files[name] = files[name].replace(b"cites: [book:1]}", b"cites: [book:1, law@2016:59]}", 1)
    read = link(files)
    assert read.pack is not None, [each.concise() for each in read.findings]
    (row,) = (row for row in build_matrix(read) if row.clause.source.name == "law")
    assert [each.path for each in row.elements] == ["grading.high"]
