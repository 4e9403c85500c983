"""What an expression costs at worst is known before it runs."""

from __future__ import annotations

import tracemalloc
from contextlib import suppress
from dataclasses import replace
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telecom_rules.errors import EvaluationError
from telecom_rules.expressions import check
from telecom_rules.expressions.checking.cost import (
    CHARACTERS_PER_STEP,
    COST_LIMIT,
    Extent,
    work_of,
)
from telecom_rules.expressions.evaluation.interpret import Interpreter, interpret
from telecom_rules.expressions.evaluation.runtime import OPERATIONS
from telecom_rules.expressions.functions.overloads import AnyList, Work
from telecom_rules.expressions.functions.profile import PACK_PROFILE, STANDARD_PROFILE
from telecom_rules.expressions.functions.standard import INSERTED_OVERLOADS, RUNTIME_FUNCTIONS
from telecom_rules.expressions.regex import INSTRUCTIONS_PER_STEP, MOST_INSTRUCTIONS
from telecom_rules.findings import Findings
from telecom_rules.vocabulary import Record
from telecom_rules.vocabulary.types import BYTES, DYNAMIC, TEXT, Field
from tests.expressions.cel_peer import SCOPE as STANDARD_SCOPE
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
from tests.expressions.test_laws import outcome


class Counting(Interpreter):
    """An interpreter that counts the nodes it evaluates."""

    steps = 0

    def evaluate(self, node, variables):
        self.steps += 1
        return super().evaluate(node, variables)


@given(st.sampled_from(list(LEAVES)).flatmap(texts_of), records, contexts)
def test_no_expression_takes_more_steps_than_it_is_said_to_take(text, facts, context):
    expression = checked(text)
    interpreter = Counting(facts, context)
    with suppress(EvaluationError):
        interpreter.evaluate(expression.tree, {})
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
        found = Findings()
        assert check(scalar(text), SCOPE, None, found), found
    assert value("tags.map(t, t + content).exists(t, t.endsWith('line'))", context=GIVEN) is True


# Patterns


@pytest.mark.parametrize(
    ("text", "cost"),
    [
        ("content.matches('a')", 10_003),
        (f"content.matches('{'a' * 60}')", 70_003),
        ("content.matches(content)", 210_003),
    ],
)
def test_a_pattern_costs_its_instructions_for_each_character(text, cost):
    assert written(text).cost == cost


def test_a_pattern_over_many_texts_is_seen_by_the_bound():
    (found,) = mistakes("tags.exists(t, t.matches('.{190}x'))")
    assert told([found])[0].startswith("1-37 TR202 the expression is too large: it may take 64")
    limited = written("tags.exists(t, t.matches('^1[3-9][0-9]{9}$'))")
    with pytest.raises(EvaluationError, match="99 items, at most 49"):
        limited.evaluate(Record(tags=("x",) * 99), GIVEN)


def test_an_overload_chosen_at_run_time_costs_as_much_as_the_dearest():
    found = Findings()
    scope = replace(STANDARD_SCOPE, facts={"x": Field(DYNAMIC)})
    expression = check(scalar("x.matches(x) || x == x"), scope, None, found)
    assert expression.cost > 10_000 * MOST_INSTRUCTIONS // INSTRUCTIONS_PER_STEP


# Memory


def run(text, **facts):
    """Evaluate both ways and return the value, or the error, with the peak of memory."""
    expression = written(text)
    peaks, outcomes = [], []
    for evaluate in (expression.evaluate, partial(interpret, expression.tree)):
        tracemalloc.start()
        outcomes.append(outcome(lambda e=evaluate: e(Record(facts), GIVEN)))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert outcomes[0] == outcomes[1]
    return outcomes[0], max(peaks)


EMOJI = "\N{GRINNING FACE}" * 10_000


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        "counts.map(c, content + content).size() > 3",
        "counts.map(c, [content + content]).size() > 3",
        "counts.filter(c, (content + content).size() > c).size() > 3",
        "counts.map(c, tags.map(t, t + content)).size() > 3",
        "tags.map(t, t.split('')).size() > 3",
        "tags.map(t, t.split(t.charAt(0))).size() > 3",
        "tags.map(t, tags.join(t)).size() > 3",
        "tags.map(t, t.replace('', content)).size() > 3",
        "tags.map(t, '%s%s'.format([t, content])).size() > 3",
        "'%s%s'.format([tags, tags]).size() > 3",
        "tags.map(t, bytes(t)).size() > 3",
        "tags.map(t, strings.quote(t)).map(t, t.lowerAscii() + t).size() > 3",
        "counts.map(c, counts + counts).size() > 3",
        "cel.bind(x, counts.map(c, content + string(c)), x.map(s, s + content)).size() > 3",
    ],
)
@pytest.mark.parametrize("items", [90, 10_000])
def test_what_a_macro_makes_is_bounded(text, items):
    """Ninety items may pass, 10 000 are refused for some; none takes 200 MB."""
    _, peak = run(text, counts=tuple(range(items)), tags=(EMOJI,) * items, content=EMOJI)
    assert peak < 120_000_000


def test_what_is_made_and_not_kept_does_not_count():
    (kind, _), peak = run(
        "counts.all(c, (content + content).size() > c)",
        counts=tuple(range(10_000)), content=EMOJI,
    )  # fmt: skip
    assert kind is bool
    assert peak < 10_000_000


def test_too_much_memory_is_told_with_what_to_do():
    text = "tags.map(a, tags.map(b, a + b + content + content))"
    (found,) = mistakes(text)
    assert found.wording.en.endswith(
        "MB even for lists of 32 items; at most 100 MB are allowed; limit the length of the texts"
        " it reads"
    )
    assert "MB" in found.wording.zh


def test_too_many_steps_without_a_list_are_told_without_one():
    text = " || ".join(["content.matches(content)"] * 5)
    (found,) = mistakes(text)
    assert found.wording.en.endswith("shorten it, or limit the length of the texts it reads")


# The cost class of an operation

FUNCTIONS = [
    *STANDARD_PROFILE.functions.values(), *PACK_PROFILE.functions.values(), *RUNTIME_FUNCTIONS
]  # fmt: skip
OVERLOADS = [
    *INSERTED_OVERLOADS, *(overload for each in FUNCTIONS for overload in each.overloads)
]  # fmt: skip
READING_LITTLE = {
    "size", "char_at", "same", "item", "item_at_number", "entry", "entry_of_optional",
    "optional_item", "optional_entry", "refuse_undefined", "first", "last",
    "add_months_rounded", "add_years_rounded",
}  # fmt: skip
"""Operations on texts and lists that look at one place of them."""


def test_overloads_of_one_operation_have_one_cost_class():
    classes = {}
    for overload in OVERLOADS:
        classes.setdefault(overload.id, set()).add((overload.work, overload.size))
    assert [id for id, found in classes.items() if len(found) > 1] == []
    assert set(classes) >= {id for id in OPERATIONS if id.endswith(("_list", "_text", "_bytes"))}


def is_wide(pattern):
    return pattern in {TEXT, BYTES} or isinstance(pattern, AnyList)


def test_an_operation_on_texts_or_lists_is_cheap_only_where_it_reads_little_of_them():
    cheap = {
        overload.id
        for overload in OVERLOADS
        if overload.work is Work.CONSTANT and any(map(is_wide, overload.parameters))
    }
    # Texts of numbers, moments and zones are refused by patterns that end early.
    assert {id for id in cheap if not id.endswith(("_of_text", "_of_instant", "_in_zone"))} <= (
        READING_LITTLE
    )


@pytest.mark.parametrize(
    "overload",
    {each.id: each for each in OVERLOADS if each.work is not Work.CONSTANT}.values(),
    ids=lambda each: each.id,
)
def test_an_operation_costs_a_step_for_every_thousand_characters_it_may_read(overload):
    text = Extent(20 * CHARACTERS_PER_STEP)
    sizes = [
        Extent(20, text) if isinstance(each, AnyList) else text for each in overload.parameters
    ]
    read = {
        Work.COMPARE: 20,
        Work.SEARCH: 20 * 20,
        Work.SCAN: 20 * len(sizes),
        Work.MATCH: text.length * MOST_INSTRUCTIONS // INSTRUCTIONS_PER_STEP,
        Work.SPLIT: 20 + text.length // 10,
        Work.JOIN: 20,
        Work.SEARCH_TEXT: 3 * text.length * MOST_INSTRUCTIONS // INSTRUCTIONS_PER_STEP,
        Work.SORT: 20 * 20 + 20 * 4 * 4,  # read once, and compared four times with another
        Work.COPY: 2,
    }
    assert work_of(overload.work, sizes) >= read[overload.work]
