"""Table cells: unary tests on one fact, typed by it."""

from __future__ import annotations

import ast
from datetime import date, timedelta
from decimal import Decimal

import pytest

from telecom_rules.errors import MissingData
from telecom_rules.expressions import Scope, check_cell, emit
from telecom_rules.findings import Findings
from telecom_rules.vocabulary import Record
from telecom_rules.vocabulary.types import BOOLEAN, CodeType, Field
from telecom_rules.wording import Wording
from tests.expressions.expression_samples import (
    CONTEXT,
    FACTS,
    GIVEN,
    NOON,
    SCOPE,
    cell,
    scalar,
    written,
)


def holds(text, fact, value):
    return cell(text, fact).evaluate(Record({fact: value}), GIVEN)


@pytest.mark.parametrize(
    ("text", "fact", "inside", "outside"),
    [
        ("minor", "severity", ["minor"], ["serious"]),
        ("minor, moderate", "severity", ["minor", "moderate"], ["serious"]),
        ('"minor"', "severity", ["minor"], ["serious"]),
        ("not(minor)", "severity", ["serious"], ["minor"]),
        ("not ( minor , serious )", "severity", ["moderate"], ["minor", "serious"]),
        ("true", "is_crime", [True], [False]),
        ("false", "is_crime", [False], [True]),
        ("3", "count", [3], [4]),
        ("-3", "count", [-3], [3]),
        ("3, 5", "count", [3, 5], [4]),
        ("< 3", "count", [2], [3]),
        ("<= 3", "count", [3], [4]),
        ("> 3", "count", [4], [3]),
        (">=3", "count", [3], [2]),
        ("< 3, > 5, 4", "count", [2, 6, 4], [3, 5]),
        ("[1..5]", "count", [1, 5], [0, 6]),
        ("(1..5)", "count", [2, 4], [1, 5]),
        ("]1..5[", "count", [2, 4], [1, 5]),
        ("[1..5)", "count", [1, 4], [5]),
        ("(1..5]", "count", [5], [1]),
        ("[-5..-1]", "count", [-5, -1], [0]),
        ("not([1..5], 7)", "count", [6, 0], [1, 7]),
        (">= 50000", "illegal_gain", [Decimal(50000)], [Decimal("49999.99")]),
        ("[10000..50000)", "illegal_gain", [Decimal(10000)], [Decimal(50000)]),
        ("0.05", "rate", [Decimal("0.050")], [Decimal("0.0500001")]),
        ("< 0.5", "ratio", [0.4], [0.5]),
        ("5", "natural", [5], [6]),
        ("'投诉', \"b\"", "content", ["投诉", "b"], ["c"]),
        (r"'a\'b'", "content", ["a'b"], ["a"]),
        ("2016-07-30", "found_on", [date(2016, 7, 30)], [date(2016, 7, 31)]),
        ("[2016-07-30..2020-01-01)", "found_on", [date(2016, 7, 30)], [date(2020, 1, 1)]),
        ("< 2026-03-01T20:00:00+08:00", "received_at", [NOON - timedelta(seconds=1)], [NOON]),
        ("> parameters.repeats", "count", [3], [2]),
        ("[1..parameters.repeats]", "count", [1, 2], [3]),
        ("policies.grading.grade", "severity", ["minor"], ["serious"]),
    ],
)
def test_a_cell_holds_for_what_it_names(text, fact, inside, outside):
    assert [holds(text, fact, value) for value in inside] == [True] * len(inside)
    assert [holds(text, fact, value) for value in outside] == [False] * len(outside)


def test_a_dash_holds_whatever_is_known():
    expression = cell(" - ", "severity")
    assert expression.evaluate(Record(), GIVEN) is True
    assert (expression.type, expression.reads) == (BOOLEAN, frozenset())


def test_a_cell_on_an_optional_fact_is_false_where_the_fact_is_absent():
    for text in ("> 5", "not(5)"):
        assert cell(text, "fine").evaluate(Record(), GIVEN) is False
    assert cell("-", "fine").evaluate(Record(), GIVEN) is True
    assert holds("> 5", "fine", Decimal(6)) is True


def test_a_cell_on_a_fact_not_known_yet_misses_it():
    with pytest.raises(MissingData):
        cell("minor", "severity").evaluate(Record(), GIVEN)


def test_a_cell_reads_its_fact_and_its_limits():
    assert cell("> parameters.repeats", "count").reads == {"count", "parameters.repeats"}
    assert cell("minor", "severity").fact == "severity"


@pytest.mark.parametrize(
    ("text", "fact", "finding"),
    [
        ("", "count", "1-2 TR209 expected a whole number, found the end"),
        ("minr", "severity", "1-5 TR208 `minr` is not a value of the catalogue `severity`"),
        ("minor moderate", "severity", "7-15 TR209 expected `,`, found `moderate`"),
        ("minor,", "severity", "7-8 TR209 expected a code, found the end"),
        ("5", "severity", "1-2 TR209 expected a code, found `5`"),
        ("> minor", "severity", "1-2 TR209 values of type `severity` have no order"),
        ("[true..false]", "is_crime", "1-2 TR209 values of type `boolean` have no order"),
        ("yes", "is_crime", "1-4 TR209 expected true or false, found `yes`"),
        ("abc", "content", "1-4 TR209 expected a text in quotes, found `abc`"),
        ("'abc", "content", "1-2 TR201 not a valid expression: the text has no closing quote"),
        ("abc", "count", "1-4 TR209 expected a whole number, found `abc`"),
        ("0.5", "count", "1-4 TR209 expected a whole number, found `0.5`"),
        (
            "99999999999999999999",
            "count",
            ("1-21 TR209 expected a whole number, found `99999999999999999999`"),
        ),
        ("1..5", "count", "2-4 TR209 expected `,`, found `..`"),
        ("[1..5", "count", "6-7 TR209 expected `]`, found the end"),
        ("[1,5]", "count", "3-4 TR209 expected `..`, found `,`"),
        ("[5..1]", "count", "1-7 TR209 the interval is empty"),
        ("[5..5)", "count", "1-7 TR209 the interval is empty"),
        ("(0.5..0.50]", "rate", "1-12 TR209 the interval is empty"),
        ("[2020-01-01..2016-01-01]", "found_on", "1-25 TR209 the interval is empty"),
        (
            "2016-02-30",
            "found_on",
            ("1-11 TR209 `2016-02-30` is not a date; dates are written 2016-07-30"),
        ),
        ("5", "found_on", "1-2 TR209 expected a date such as 2016-07-30, found `5`"),
        ("not(minor", "severity", "10-11 TR209 expected `)`, found the end"),
        ("not(minor) x", "severity", "12-13 TR209 expected `,`, found `x`"),
        ("not minor", "severity", "5-10 TR209 expected `,`, found `minor`"),
        ("3 & 4", "count", "3-4 TR209 `&` is not valid here"),
        ("a", "tags", "1-2 TR209 a `list[text]` cannot be tested in a cell; use `where`"),
        (
            "> parameters.repeat",
            "count",
            "14-20 TR203 `parameters.repeat` is not a name this expression may use",
        ),
        (
            "policies.grading.fee",
            "illegal_gain",
            "1-21 TR205 `policies.grading.fee` may be absent here",
        ),
        (
            "parameters.repeats",
            "severity",
            "1-19 TR204 `==` does not apply to `severity` and `integer`",
        ),
    ],
)
def test_a_cell_that_cannot_be_read_says_why_and_where(text, fact, finding):
    found = Findings()
    assert check_cell(scalar(text), fact, SCOPE, found) is None
    (one,) = found
    why = one.values["why"].en if one.id == "TR209" else one.wording.en
    assert f"{one.span.column}-{one.span.end_column} {one.id} {why}" == finding
    assert one.id != "TR209" or f"`{text}`" in one.wording.en


def test_a_very_long_cell_is_refused():
    found = Findings()
    assert check_cell(scalar("1," * 600), "count", SCOPE, found) is None
    assert [each.id for each in found] == ["TR209"]


def test_a_condition_and_a_cell_give_the_same():
    condition = emit(written("illegal_gain >= 10000 && illegal_gain < 50000"))
    assert ast.unparse(emit(cell("[10000..50000)", "illegal_gain"))) == ast.unparse(condition)


def test_a_code_that_is_called_like_a_word_of_cells_is_still_a_code():
    odd = CodeType("odd", {"not": Wording("非", "not"), "true": Wording("真", "true")})
    found = Findings()
    scope = Scope({**FACTS, "odd": Field(odd)}, CONTEXT)
    expression = check_cell(scalar("not, true"), "odd", scope, found)
    assert expression.evaluate(Record(odd="not"), GIVEN) is True
