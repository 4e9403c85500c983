"""Generated Python: plain where it can be, exact whenever it returns."""

from __future__ import annotations

import ast
from decimal import Decimal

import pytest

from telecom_rules.errors import MissingData
from telecom_rules.expressions import FAILURES, RUNTIME, emit
from telecom_rules.expressions.evaluation.codegen import can_compare_natively
from telecom_rules.expressions.evaluation.runtime import OPERATIONS
from telecom_rules.expressions.functions.profile import PACK_PROFILE, STANDARD_PROFILE
from telecom_rules.expressions.functions.standard import RUNTIME_FUNCTIONS
from telecom_rules.vocabulary import Record
from telecom_rules.vocabulary.types import (
    DECIMAL,
    DOUBLE,
    DYNAMIC,
    INTEGER,
    TEXT,
    ListType,
    MapType,
    OptionalType,
)
from tests.expressions.expression_samples import GIVEN, RECORD, cell, written


@pytest.mark.parametrize(
    ("text", "python"),
    [
        (
            "severity == 'minor' && !is_crime",
            "facts['severity'] == 'minor' and (not facts['is_crime'])",
        ),
        ("has(fine) && fine > 3", "'fine' in facts and facts['fine'] > Decimal('3')"),
        ("is_crime ? count : 2", "facts['count'] if facts['is_crime'] else 2"),
        ("severity in ['minor', 'serious']", "facts['severity'] in ('minor', 'serious')"),
        ("policies.grading.grade == 'minor'", "context.policies['grading']['grade'] == 'minor'"),
        ("today > found_on", "require_given(context.today, 'today') > facts['found_on']"),
        ("in_state('open')", "'open' in context.states"),
        ("decimal(rate) > 1.5", "facts['rate'] > Decimal('1.5')"),
        ("count + 1 > 2", "add_integer(facts['count'], 1) > 2"),
        (
            "tags.exists(t, t == 'a')",
            "any_of((each_t == 'a' for each_t in limit_elements(facts['tags'], 100000)))",
        ),
    ],
)
def test_common_conditions_are_plain_python(text, python):
    assert ast.unparse(emit(written(text))) == python


def run(tree, names, facts=RECORD):
    code = compile(ast.fix_missing_locations(ast.Expression(tree)), "<test>", "eval")
    return eval(code, {**RUNTIME, **names, "facts": facts, "context": GIVEN})  # noqa: S307


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("illegal_gain + 0.01", Decimal(50000)),
        ("found_on > date('2016-07-30')", True),
        ("now > timestamp('2016-07-30T00:00:00Z')", True),
        ("took < duration('1h30m') + hours(10)", True),
        ("{'a': [1, 2]}['a'][1]", 2),
    ],
)
def test_constants_are_built_or_handed_over(text, result):
    expression = written(text)
    assert run(emit(expression), {}) == result
    names = {"taken": 1}
    assert run(emit(expression, names), names) == result
    assert "taken" in names


def test_emitted_code_fails_with_one_of_the_failures_where_cel_may_have_a_value():
    expression = written("total > 1 && is_crime")
    with pytest.raises(FAILURES):
        run(emit(expression), {}, Record(is_crime=False))
    assert expression.evaluate(Record(is_crime=False), GIVEN) is False


def test_a_generated_function_says_what_is_missing():
    with pytest.raises(MissingData):
        written("total > 1").evaluate(Record(), GIVEN)


def test_the_function_is_generated_once():
    expression = written("is_crime")
    assert expression.evaluate is expression.evaluate


def test_every_overload_has_an_operation():
    functions = [
        *PACK_PROFILE.functions.values(),
        *STANDARD_PROFILE.functions.values(),
        *RUNTIME_FUNCTIONS,
    ]
    ids = {overload.id for function in functions for overload in function.overloads}
    assert ids <= set(OPERATIONS)


def test_our_profile_gives_nothing_whose_type_is_not_known():
    for function in PACK_PROFILE.functions.values():
        for overload in function.overloads:
            assert overload.result is not DYNAMIC
            assert DYNAMIC not in overload.parameters
    assert {
        "dyn",
        "type",
        "optional.of",
    } <= STANDARD_PROFILE.functions.keys() - PACK_PROFILE.functions.keys()


def test_equal_texts_are_equal_expressions():
    assert written("severity == 'minor'") == written("severity == 'minor'")
    assert hash(cell("[1..5)", "count")) == hash(cell("[1..5)", "count"))


@pytest.mark.parametrize(
    ("text", "native"),
    [
        ("count == total", True),
        ("tags == ['a']", True),
        ("counts != [1]", True),
        ("limits == {'a': 1}", True),
        ("[counts] == [[1]]", True),
        ("{'a': counts} == {'a': [1]}", True),
        ("'a' in limits", True),
        ("1 in counts", True),
        ("[ratio] == [1.5]", False),
        ("[[ratio]] == [[1.5]]", False),
        ("{'a': ratio} == {'a': 1.5}", False),
        ("{'a': [ratio]} == {'a': [1.5]}", False),
        ("1.5 in [ratio]", False),
    ],
)
def test_python_compares_where_it_compares_as_cel_does(text, native):
    assert isinstance(emit(written(text)), ast.Compare) is native


@pytest.mark.parametrize(
    ("type", "native"),
    [
        (DECIMAL, True),
        (DOUBLE, True),
        (ListType(ListType(INTEGER)), True),
        (MapType(TEXT, ListType(DECIMAL)), True),
        (DYNAMIC, False),
        (OptionalType(INTEGER), False),
        (ListType(DOUBLE), False),
        (ListType(DYNAMIC), False),
        (ListType(OptionalType(INTEGER)), False),
        (MapType(DYNAMIC, INTEGER), False),
        (MapType(TEXT, DOUBLE), False),
        (MapType(TEXT, ListType(DOUBLE)), False),
    ],
    ids=str,
)
def test_python_does_not_compare_what_may_be_of_any_type_or_no_number(type, native):
    assert can_compare_natively(type) is native
