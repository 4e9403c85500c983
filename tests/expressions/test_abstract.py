"""The abstract interpreter contains every concrete one: what it rules out never happens."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telecom_rules.documents import Scalar
from telecom_rules.errors import EvaluationError
from telecom_rules.expressions import Context, Scope, check
from telecom_rules.expressions.evaluation.abstract import (
    ABSENT_READING,
    AbstractInterpreter,
    Reading,
)
from telecom_rules.expressions.evaluation.interpret import interpret
from telecom_rules.expressions.evaluation.value_sets import (
    ANYTHING,
    EITHER,
    Anything,
    Between,
    Except,
    OneOf,
    ValueSet,
    find_values,
)
from telecom_rules.findings import Findings, Span
from telecom_rules.vocabulary import BOOLEAN, DATE, DECIMAL, INTEGER, MONEY, TEXT, Field, Record
from telecom_rules.vocabulary.types import ListType

if TYPE_CHECKING:
    from telecom_rules.expressions.typed import Typed
    from telecom_rules.vocabulary import Value

FIELDS = {
    "i": Field(INTEGER),
    "j": Field(INTEGER, least=Decimal(-3), most=Decimal(4)),
    "m": Field(MONEY, least=Decimal(0)),
    "d": Field(DECIMAL),
    "b": Field(BOOLEAN),
    "s": Field(TEXT),
    "t": Field(DATE),
    "o": Field(INTEGER, optional=True),
    "l": Field(ListType(INTEGER)),
}
TODAY = date(2026, 3, 2)
CONTEXT = Context(today=TODAY)

NUMBERS = st.sampled_from(
    ["i", "j", "m", "d", "2", "0", "i * 0", "10", "0.5", "s.size()", "l.size()"]
)


@st.composite
def number(draw: st.DrawFn, depth: int = 2) -> str:
    """Return an expression that is a number."""
    if depth == 0 or draw(st.booleans()):
        return draw(NUMBERS)
    left, right = draw(number(depth - 1)), draw(number(depth - 1))
    form = draw(
        st.sampled_from(
            ["({} + {})", "({} - {})", "({} * {})", "({} / {})", "(b ? {} : {})", "(-{1})"]
        )
    )
    return form.format(left, right)


@st.composite
def condition(draw: st.DrawFn, depth: int = 2) -> str:
    """Return an expression that is a condition."""
    if depth and draw(st.booleans()):
        parts = [draw(condition(depth - 1)) for _ in range(2)]
        form = draw(st.sampled_from(["({} && {})", "({} || {})", "!({})", "({} ? {} : b)"]))
        return form.format(*parts)
    plain = st.sampled_from(
        [
            "b", "s == 'x'", "s != 'y'", "s.startsWith('x')", "s in ['x', 'z']", "has(o)",
            "has(o) && o > 2", "!has(o) || o == 3", "t < today", "t + days(3) >= today",
            "t.addMonths(1) > today", "today - t > days(30)", "l.exists(x, x > 2)", "2 in l",
            "i in [1, 2, 3]", "j in [5, 6]", "i % 3 == 1",
        ]
    )  # fmt: skip
    compared = st.builds(
        lambda left, sign, right: f"{left} {sign} {right}",
        number(),
        st.sampled_from(["<", "<=", ">", ">=", "==", "!="]),
        number(),
    )
    return draw(st.one_of(plain, compared))


@cache
def tree_of(source: str) -> Typed | None:
    """Return the tree of an expression, `None` if its types do not fit."""
    scope = Scope(facts=FIELDS, context={"today": DATE})
    span = Span("test.yaml", 1, 1)
    found = check(Scalar(source, span), scope, None, Findings())
    return None if found is None else found.tree


INTEGERS = st.sampled_from([-(2**63), -5, -1, 0, 1, 2, 3, 10, 2**62, 2**63 - 1])
DECIMALS = st.sampled_from(
    [Decimal(each) for each in ("-1.5", "0", "0.01", "2", "2.50", "1e10", "99999999999999.99")]
)
VALUES: dict[str, st.SearchStrategy[Value]] = {
    "i": INTEGERS,
    "j": st.integers(-3, 4),
    "m": DECIMALS.filter(lambda each: each >= 0).map(lambda each: round(each, 2)),
    "d": DECIMALS | st.just(Decimal("0.0000000000000000000000000001")),
    "b": st.booleans(),
    "s": st.sampled_from(["", "x", "y", "xyz"]),
    "t": st.sampled_from([date.min, TODAY, date(2026, 2, 28), date(2024, 2, 29), date.max]),
    "o": st.none() | st.integers(0, 4),
    "l": st.sampled_from([(), (1,), (2, 3)]),
}


def contains(values: ValueSet, value: object) -> bool:
    """Return whether a set contains a value."""
    match values:
        case OneOf(values=each):
            return any(type(one) is type(value) and one == value for one in each) or (
                isinstance(value, Decimal) and value in each
            )
        case Between(low=low, high=high):
            return bool(low <= value <= high)
        case Except(values=each):
            return value not in each
    return isinstance(values, Anything)


@st.composite
def sets(draw: st.DrawFn, name: str, value: Value) -> Reading:
    """Return a reading of a fact that contains a value."""
    field = FIELDS[name]
    if value is None:
        return draw(
            st.sampled_from([ABSENT_READING, Reading(find_values(field), EITHER, fails=True)])
        )
    whole = find_values(field)
    other = draw(VALUES[name])
    options = [
        whole,
        OneOf((value,)),
        OneOf(tuple({value: 0, other: 0} if other is not None else {value: 0})),
    ]
    if isinstance(whole, Between) and other is not None:
        ends: list[object] = sorted([value, other])  # type: ignore[type-var]  # of one ordered type
        options.append(Between(ends[0], ends[1], whole.places, whole.digits))
    if field.type is TEXT:
        options.append(Except(tuple(each for each in ("x", "y") if each != value)))
    chosen = draw(st.sampled_from(options))
    present = draw(st.sampled_from([EITHER, OneOf((True,))]))
    return Reading(chosen, present, fails=field.optional and draw(st.booleans()))


@given(st.one_of(condition(), number()), st.fixed_dictionaries(VALUES), st.data())
def test_the_abstract_value_contains_the_concrete_one(
    source: str, facts: dict[str, Value], data: st.DataObject
) -> None:
    tree = tree_of(source)
    if tree is None:
        return
    record = Record({name: value for name, value in facts.items() if value is not None})
    unknown = data.draw(st.sets(st.sampled_from(sorted(FIELDS))))
    missing = {name: data.draw(sets(name, facts[name])) for name in sorted(unknown)}
    known = Record({name: value for name, value in record.items() if name not in missing})
    found = AbstractInterpreter(known, CONTEXT, missing, no_policy).evaluate(tree)
    try:
        value = interpret(tree, record, CONTEXT)
    except EvaluationError:
        assert found.fails
    else:
        assert contains(found.values, value)


def no_policy(policy: str, output: str) -> Reading:
    """Return what reading another policy gives; there is none."""
    raise AssertionError((policy, output))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("j * 2 > 8", OneOf((False,))),
        ("j >= -3 && j <= 4", OneOf((True,))),
        ("m + m >= 0", OneOf((True,))),
        ("l", ANYTHING),
        ("j + 1", Between(-2, 5)),
    ],
)
def test_bounds_of_facts_bound_what_is_calculated(source: str, expected: ValueSet) -> None:
    tree = tree_of(source)
    assert tree is not None
    missing = {
        name: Reading(find_values(field), OneOf((True,)), fails=False)
        for name, field in FIELDS.items()
    }
    found = AbstractInterpreter(Record(), CONTEXT, missing, no_policy).evaluate(tree)
    assert found.values == expected
