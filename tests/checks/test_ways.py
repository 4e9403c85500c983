"""How a clause is answered is worked out from what the citing elements read."""

from __future__ import annotations

import pytest

from telecom_rules.checks.analysis.matrix import build_matrix
from telecom_rules.checks.analysis.ways import Way
from telecom_rules.pack import link
from tests.pack.house import HOUSE, house

BOOK = """\
source: book
title: {zh: 手册, en: Handbook}
kind: specification
clauses:
  "1": {title: {zh: 分级, en: Grades}}
  "2": {title: {zh: 办理, en: Handling}}
  "3": {title: {zh: 所问, en: Asked about}}
  "4": {title: {zh: 种类, en: Kinds}, kind: catalogue}
"""
FACTS = """\
facts: ticket
title: {zh: 工单, en: Ticket}
cites: [book:1]
fields:
  loss: {type: money, title: {zh: 损失, en: Loss}}
  grade: {type: grade?, title: {zh: 级别, en: Grade}}
  told: {type: boolean, title: {zh: 已告知, en: Told}, cites: [book:3]}
  urgent: {type: boolean?, title: {zh: 紧急, en: Urgent}}
  reply: {type: text?, title: {zh: 答复, en: Reply}}
  on: {type: date, title: {zh: 日期, en: Day}}
"""
CHECKLIST = """\
policy: conduct
title: {zh: 行为, en: Conduct}
cites: [book:1]
facts: ticket
checks:
  - id: asked
    title: {zh: 所问, en: Asked}
    require: "%s"
    remedy: {zh: 改正, en: Correct it}
    cites: [book:3]
"""
CONDITIONS = [
    ("told", Way.DECLARATION),
    ("told && !(has(urgent) && urgent)", Way.DECLARATION),
    ("has(reply)", Way.EVIDENCE),
    ("has(urgent)", Way.DECLARATION),
    ("!has(grade) || grade == 'low'", Way.GUARD),
    ("loss < 5", Way.FORMULA),
    ("told || loss == 0", Way.FORMULA),
    ("on >= date('2020-01-01')", Way.FORMULA),
    ("policies.grading.grade == 'low'", Way.GUARD),
]


def way_of_third_clause(**changes: str) -> Way | None:
    reading = link(house(sources_book=BOOK, facts_ticket=FACTS, **changes))
    assert reading.pack is not None, [str(each.wording.en) for each in reading.findings]
    (row,) = (row for row in build_matrix(reading) if row.clause.id == "3")
    return row.way


@pytest.mark.parametrize(("condition", "way"), CONDITIONS)
def test_a_check_is_what_its_condition_reads(condition: str, way: Way) -> None:
    assert way_of_third_clause(policies_conduct=CHECKLIST % condition) is way


def test_what_only_records_a_clause_does_not_answer_it() -> None:
    assert way_of_third_clause() is None


def cite_third(file: str, old: str) -> dict[str, str]:
    """Return the house with the third clause cited beside the one that `old` cites."""
    return {
        file.removesuffix(".yaml").replace("/", "_"): HOUSE[file].replace(
            old, old.replace("cites: [book:", "cites: [book:3, book:")
        )
    }


ELEMENTS = [
    ("workflows/handling.yaml", "limit: parameters.reply\n    cites: [book:2]", Way.CLOCK),
    ("workflows/handling.yaml", "title: {zh: 待办, en: Open}\n    cites: [book:2]", Way.ORDER),
    ("workflows/handling.yaml", "grade == 'low', cites: [book:2]", Way.GUARD),
    ("policies/grading.yaml", "then: {grade: high}, cites: [book:1]", Way.FORMULA),
    ("parameters/threshold.yaml", "value: 50, cites: [book:1]", Way.FORMULA),
    ("parameters/reply.yaml", "value: 15, cites: [book:2]", Way.CLOCK),
    ("catalogues/grade.yaml", "cites: [book:1]", Way.NAME),
]


@pytest.mark.parametrize(("file", "old", "way"), ELEMENTS)
def test_an_element_answers_by_what_it_does(file: str, old: str, way: Way) -> None:
    assert way_of_third_clause(**cite_third(file, old)) is way


def test_a_clause_that_names_kinds_is_answered_by_codes() -> None:
    codes = {"catalogues_grade": HOUSE["catalogues/grade.yaml"].replace("book:1", "book:4")}
    rows = build_matrix(link(house(sources_book=BOOK, facts_ticket=FACTS, **codes)))
    assert {row.clause.id: row.way for row in rows}["4"] is Way.VOCABULARY


def test_the_strongest_of_several_ways_counts() -> None:
    changes = cite_third("parameters/reply.yaml", "value: 15, cites: [book:2]")
    changes |= {"policies_conduct": CHECKLIST % "told"}
    assert way_of_third_clause(**changes) is Way.CLOCK
