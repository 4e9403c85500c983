"""What an expression costs at worst is known before it runs."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telecom_rules.errors import EvaluationError
from telecom_rules.expressions import check
from telecom_rules.expressions.checking.cost import COST_LIMIT
from telecom_rules.expressions.evaluation.interpret import Interpreter
from telecom_rules.vocabulary import Record
from tests.expressions.expression_samples import (
    GIVEN,
    SCOPE,
    mistakes,
    scalar,
    told,
    value,
    written,
)
from tests.expressions.random_expressions import LEAVES, checked, contexts, records, texts_of


class Counting(Interpreter):
    """An interpreter that counts the nodes it evaluates."""

    steps = 0

    def value(self, node, variables):
        self.steps += 1
        return super().evaluate(node, variables)


@given(st.sampled_from(list(LEAVES)).flatmap(texts_of), records, contexts)
def test_no_expression_takes_more_steps_than_it_is_said_to_take(text, facts, context):
    expression = checked(text)
    interpreter = Counting(facts, context)
    with suppress(EvaluationError):
        interpreter.value(expression.tree, {})
    assert interpreter.steps <= expression.cost <= COST_LIMIT


@pytest.mark.parametrize(
    ("text", "cost"),
    [
        ("is_crime", 1),
        ("count + 1 > total", 6),
        ("[1, 2, 3].all(x, x > 0)", 20),
        ("counts.all(c, c > 0)", 50_002),
        ("content == 'a'", 4),
        ("content == content", 14),
        ("content.matches('a')", 10_003),
    ],
)
def test_the_cost_follows_the_sizes_that_are_known(text, cost):
    assert written(text).cost == cost


def test_macros_inside_one_another_go_through_as_much_as_the_bound_allows():
    text = "counts.all(a, counts.all(b, a + b >= 0))"
    assert COST_LIMIT * 0.9 < written(text).cost <= COST_LIMIT
    assert value(text, Record(counts=tuple(range(300)))) is True
    with pytest.raises(EvaluationError) as problem:
        value(text, Record(counts=tuple(range(1000))))
    assert problem.value.wording.en.startswith("too much to go through: 1000 items, at most")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("counts.all(a, counts.all(b, counts.all(c, counts.all(d, a + b + c + d > 0))))", "1-78"),
        ("is_crime || tags.exists(t, t in tags)", "13-38"),
    ],
)
def test_what_could_take_for_ever_is_refused_at_its_place(text, place):
    (found,) = mistakes(text)
    (line,) = told([found])
    assert line.startswith(f"{place} TR202 the expression is too large: it may take ")
    assert line.endswith(" steps even for lists of 32 items; at most 1000000 are allowed")


def test_every_limit_has_a_cost_below_the_bound():
    for text in ("content.contains(content)", "tags == tags", "tags.map(t, t + content)"):
        found = []
        assert check(scalar(text), SCOPE, None, found), found
    assert value("tags.map(t, t + content).exists(t, t.endsWith('line'))", context=GIVEN) is True
