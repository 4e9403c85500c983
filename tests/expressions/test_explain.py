"""Why an expression holds or does not, in Chinese and English, with the values it saw."""

from __future__ import annotations

from decimal import Decimal

import pytest

from telecom_rules.expressions import ABSENT, NOT_EXPLAINED, Budget, Context
from telecom_rules.expressions.evaluation import interpret
from telecom_rules.expressions.evaluation.budget import STEPS_OF_AN_EXPLANATION
from telecom_rules.expressions.evaluation.runtime import OPERATIONS
from telecom_rules.vocabulary import Record
from tests.expressions.expression_samples import GIVEN, RECORD, cell, written


def texts(seen):
    return [(each.text, each.holds) for each in seen]


def test_a_threshold_missed_by_a_fen_is_told_with_the_amount():
    (seen,) = written("illegal_gain >= 50000").why_not(RECORD, GIVEN)
    assert seen.wording.zh == "`illegal_gain >= 50000` 不成立：违法所得 = 49,999.99 元"
    assert seen.wording.en == "`illegal_gain >= 50000` does not hold: illegal gain = CNY 49,999.99"
    assert seen.values == (("illegal_gain", Decimal("49999.99")),)
    assert seen.holds is False


@pytest.mark.parametrize(
    ("text", "crime", "zh", "en"),
    [
        ("is_crime", False, "涉嫌犯罪：否", "suspected crime: no"),
        ("!is_crime", True, "涉嫌犯罪：是", "suspected crime: yes"),
        ("is_crime == true", False, "涉嫌犯罪：否", "suspected crime: no"),
        ("is_crime", None, "涉嫌犯罪：未知", "suspected crime: not known"),
    ],
)
def test_a_yes_or_no_is_told_by_its_label(text, crime, zh, en):
    known = Record() if crime is None else Record(is_crime=crime)
    (seen,) = written(text).why_not(known, GIVEN)
    assert seen.wording == (zh, en)
    assert seen.text == text


def test_a_yes_or_no_among_other_facts_has_its_label_too():
    (seen,) = written("is_crime == (count > 9)").why_not(
        Record({**RECORD, "is_crime": True}), GIVEN
    )
    assert seen.wording.en.startswith(
        "`is_crime == (count > 9)` does not hold: suspected crime: yes,"
    )


def test_what_holds_is_told_with_its_values():
    (first, second) = written("severity == 'minor' && count > parameters.repeats").why(
        RECORD, GIVEN
    )
    assert first.wording.zh == "`severity == 'minor'` 成立：严重程度 = 轻微"
    assert second.wording.en == (
        "`count > parameters.repeats` holds: count = 3, `parameters.repeats` = 2"
    )
    assert second.values == (("count", 3), ("parameters.repeats", 2))


def test_a_fact_that_is_not_known_cannot_be_decided():
    (seen,) = written("illegal_gain >= 50000").why_not(Record(), GIVEN)
    assert seen.wording.zh == "`illegal_gain >= 50000` 无法判断：违法所得未知"
    assert seen.wording.en == "`illegal_gain >= 50000` cannot be decided: illegal gain is not known"
    assert (seen.holds, seen.values) == (None, (("illegal_gain", ABSENT),))
    assert repr(ABSENT) == "ABSENT"


def test_an_error_is_told_with_its_reason():
    (seen,) = written("count / (total - 7) > 1").why_not(RECORD, GIVEN)
    assert seen.wording.en == (
        "`count / (total - 7) > 1` cannot be decided: count = 3, `total` = 7, division by zero"
    )
    (seen,) = written("today > found_on").why_not(RECORD, Context())
    assert seen.wording.zh == "`today > found_on` 无法判断：今天未知，`found_on` = 2026-03-01"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("severity == 'minor' && is_crime", [("is_crime", False)]),
        (
            "severity == 'serious' && is_crime",
            [("severity == 'serious'", False), ("is_crime", False)],
        ),
        ("is_crime || count > 5", [("is_crime", False), ("count > 5", False)]),
        ("is_grave && (is_crime || count > 5)", [("is_crime", False), ("count > 5", False)]),
        ("is_crime && natural > 1u", [("is_crime", False), ("natural > 1u", None)]),
        ("!is_grave", [("!is_grave", False)]),
        ("!(is_grave && count == 3)", [("is_grave", True), ("count == 3", True)]),
        ("!(is_grave || is_crime)", [("is_grave", True)]),
        ("!!(is_crime && is_grave)", [("is_crime", False)]),
        ("is_grave ? count > 5 : is_crime", [("is_grave", True), ("count > 5", False)]),
        ("is_crime ? is_grave : count > 5", [("is_crime", False), ("count > 5", False)]),
        ("natural > 1u ? is_grave : is_crime", [("natural > 1u", None)]),
        ("(is_crime && is_grave) || is_crime", [("is_crime", False)]),
        ("has(fine)", [("has(fine)", False)]),
        ("has(fine) && fine > 3", [("has(fine)", False), ("fine > 3", None)]),
        ("in_state('closed')", [("in_state('closed')", False)]),
        ("counts.all(c, c > 1)", [("counts.all(c, c > 1)", False)]),
        ("severity\n  in ['serious']", [("severity in ['serious']", False)]),
        ("is_grave", []),
        ("count * 2", []),
    ],
)
def test_the_smallest_parts_that_stand_in_the_way_are_told(text, parts):
    known = Record({name: each for name, each in RECORD.items() if name != "natural"})
    assert texts(written(text).why_not(known, GIVEN)) == parts


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("is_crime || is_grave", [("is_grave", True)]),
        ("is_grave || count == 3", [("is_grave", True), ("count == 3", True)]),
        ("is_grave && count == 3", [("is_grave", True), ("count == 3", True)]),
        ("!is_crime", [("!is_crime", True)]),
        ("!(is_crime || count > 5)", [("is_crime", False), ("count > 5", False)]),
        ("!(is_grave && is_crime)", [("is_crime", False)]),
        ("is_crime ? is_crime : is_grave", [("is_crime", False), ("is_grave", True)]),
        ("has(severity) || natural > 1u", [("has(severity)", True), ("natural > 1u", True)]),
        ("is_crime", []),
    ],
)
def test_the_smallest_parts_that_make_it_hold_are_told(text, parts):
    assert texts(written(text).why(RECORD, GIVEN)) == parts


def test_a_cell_is_told_as_a_whole_with_its_fact():
    (seen,) = cell("moderate, serious", "severity").why_not(RECORD, GIVEN)
    assert seen.text == "severity: moderate, serious"
    assert seen.wording.zh == "`severity: moderate, serious` 不成立：严重程度 = 轻微"
    (seen,) = cell("not(moderate)", "severity").why(RECORD, GIVEN)
    assert seen.wording.en == "`severity: not(moderate)` holds: severity = minor"
    (seen,) = cell("> 5", "fine").why_not(RECORD, GIVEN)
    assert seen.wording.en == "`fine: > 5` does not hold: fine is not known"


def test_fields_of_records_have_their_titles():
    (seen,) = written("has(event.note) && event.note == ''").why_not(
        RECORD, Context(event={"note": "x"})
    )
    assert seen.wording == (
        "`event.note == ''` 不成立：备注 = x",
        "`event.note == ''` does not hold: note = x",
    )


def test_an_output_without_a_value_says_what_it_misses():
    (seen,) = written("illegal_gain * 3").why_not(Record(), GIVEN)
    assert (seen.text, seen.holds) == ("illegal_gain * 3", None)


def test_variables_of_macros_are_not_told_as_facts():
    (seen,) = written("tags.exists(t, t == content)").why_not(RECORD, GIVEN)
    assert [name for name, _ in seen.values] == ["tags", "content"]


# The budget

LONG = {"counts": tuple(range(300)), "content": "ab" * 5000, "tags": ("ab",) * 200}
MANY = Record({**RECORD, **LONG})
SLOW = (
    "counts.exists(a, counts.exists(b, a * b == -7))",
    "content.matches('[ab]*a[ab]{150}c')",
    "!counts.all(c, !counts.exists(d, c + d == -1))",
    "tags.map(t, counts.map(c, c + 1).size()).size() == 1",
)


@pytest.mark.parametrize("slow", SLOW)
def test_what_would_take_too_long_is_said_in_its_place(slow):
    text = f"is_crime || {slow} || count > 5"
    budget = Budget()
    (told,) = written(text).why_not(MANY, GIVEN, budget)
    assert told is NOT_EXPLAINED
    assert told.wording.zh == "因计算量过大，不再说明"
    assert told.wording.en == "not explained further: it would take too long"
    assert budget.is_spent
    assert written(text).why_not(MANY, GIVEN, budget) == (NOT_EXPLAINED,)
    assert written(text).why(MANY, GIVEN, budget) == (NOT_EXPLAINED,)


def test_an_explanation_of_usual_facts_is_whole():
    budget = Budget()
    for text in ("counts.all(c, c > 1) || is_crime", "content.matches('^slow') && total < 3"):
        assert NOT_EXPLAINED not in written(text).why_not(RECORD, GIVEN, budget)
    assert budget.left > STEPS_OF_AN_EXPLANATION * 0.99


def test_no_part_is_evaluated_twice(monkeypatch):
    evaluated = []
    multiply = OPERATIONS["multiply_integer"]

    def counting(left, right):
        evaluated.append((left, right))
        return multiply(left, right)

    monkeypatch.setattr(interpret, "OPERATIONS", {**OPERATIONS, "multiply_integer": counting})
    for budget in (None, Budget()):
        evaluated.clear()
        written("!(is_grave && (count * 2 == 6 || is_crime) && total * 3 == 21)").why_not(
            RECORD, GIVEN, budget
        )
        assert evaluated == [(3, 2), (7, 3)]


def test_long_values_are_shown_in_short():
    record = Record({**RECORD, "tags": ("x" * 10_000,) * 1000, "content": "y" * 10_000})
    (seen,) = written("tags.exists(t, t == content)").why_not(record, GIVEN)
    assert seen.wording.en.endswith("x…, … (1000 in all), `content` = " + "y" * 200 + "…")
    assert seen.wording.zh.endswith("x………（共 1000 项），`content` = " + "y" * 200 + "…")
    assert len(seen.wording.en) < 5000
    assert seen.values == (("tags", record["tags"]), ("content", record["content"]))
