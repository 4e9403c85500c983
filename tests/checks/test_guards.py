"""Guards that hold for no facts at all, and guards that may hold."""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telecom_rules.checks.analysis.satisfiability import find_contradiction
from telecom_rules.documents import Scalar
from telecom_rules.errors import EvaluationError
from telecom_rules.expressions import Context, Scope
from telecom_rules.expressions import check as read
from telecom_rules.findings import Findings, Span
from telecom_rules.vocabulary import BOOLEAN, DECIMAL, INTEGER, TEXT, Field, Record
from tests.checks.house import told

FLOW = """\
events: {go: {$t, payload: {level: integer}}, end: {$t}}
initial: open
states:
  open: {$t, on: {go: {target: done, guard: "%s"}, end: done}}
  done: {$t, type: final}
"""

IMPOSSIBLE = [
    ("false", None),
    ("1 > 2 || 'a' == 'b'", None),
    ("1 / 0 == 1", None),
    ("paid && !paid", "`paid`"),
    ("paid == (1 > 2) && paid", "`paid`"),
    ("grade == 'low' && grade == 'high'", "`grade`"),
    ("grade == 'low' && grade in ['mid', 'high']", "`grade`"),
    ("grade != 'low' && grade != 'mid' && grade != 'high'", "`grade`"),
    ("!(grade in ['low', 'mid', 'high'])", "`grade`"),
    ("(grade == 'low' || grade == 'mid') && grade == 'high'", "`grade`"),
    ("(paid ? grade == 'low' : grade == 'mid') && 'high' == grade", "`grade`"),
    ("score > 1 && score < 2", "`score`"),
    ("3 <= score && !(score >= 3)", "`score`"),
    ("loss > 1000", "`loss`"),
    ("loss < 0", "`loss`"),
    ("loss > 1 && loss < 1.01", "`loss`"),
    ("ratio > 1.5 && ratio < 1.5", "`ratio`"),
    ("note == 'a' && note == 'b'", "`note`"),
    ("due > date('2024-02-28') && due < date('2024-02-29')", "`due`"),
    ("now > timestamp('2026-01-01T00:00:00Z') && !(now > timestamp('2026-01-01T00:00:00Z'))",
     "`now > timestamp('2026-01-01T00:00:00Z')`"),
    ("event.level > 3 && event.level == 2", "`event.level`"),
    ("!has(loss) && loss > 5", "`loss`"),
    ("has(grade) && !has(grade)", "`has(grade)`"),
    ("policies.grading.grade == 'mid'", "`policies.grading.grade`"),
    ("note.startsWith('a') && !note.startsWith('a')", "`note.startsWith('a')`"),
    ("score == 1 && (paid && score > 1 || !paid && score > 2)", "`score`"),
    ("(score == 1 && score == 2) || (note == 'a' && note == 'b')", "`score`, `note`"),
]  # fmt: skip


@pytest.mark.parametrize(("guard", "names"), IMPOSSIBLE)
def test_a_guard_that_can_never_hold_is_named(guard: str, names: str | None) -> None:
    why = f"no value of {names} satisfies it" if names else "it is always false"
    assert told(FLOW % guard) == [f"9:67 TR306 the condition can never hold: {why}"]


POSSIBLE = [
    "true",
    "paid",
    "grade == 'low' || grade == 'high'",
    "grade != 'low' && grade != 'mid'",
    "score > 1 && score < 3",
    "loss >= 1000",
    "loss > 1 && loss < 1.02",
    "ratio > 1 && ratio < 1.0000001",
    "note != 'a' && note != 'b'",
    "note > 'a' && note < 'b'",
    "due > date('2024-02-28') && due < date('2024-03-01')",
    "!has(grade) && paid",
    "!has(grade) || grade == 'low'",
    "policies.grading.grade == 'high' && policies.grading.fee == 5",
    "score > event.level && score < event.level",
    "tags.exists(each, each == 'a') && tags.exists(each, each == 'b')",
    "in_state('open') && now > timestamp('2026-01-01T00:00:00Z')",
    "score in [] || paid",
    "!(score in [])",
]


@pytest.mark.parametrize("guard", POSSIBLE)
def test_a_guard_that_may_hold_or_cannot_be_told_is_not(guard: str) -> None:
    assert told(FLOW % guard) == []


SCOPE = Scope(
    facts={"a": Field(INTEGER), "b": Field(DECIMAL), "c": Field(BOOLEAN), "d": Field(TEXT)},
    context={},
)
FACTS = {
    "a": st.integers(0, 4),
    "b": st.sampled_from([Decimal("0.5"), Decimal(1), Decimal("1.5"), Decimal(2)]),
    "c": st.booleans(),
    "d": st.sampled_from(["x", "y", "z"]),
}
PARTS = st.one_of(
    st.builds("a {} {}".format, st.sampled_from(["<", "<=", "==", "!=", ">", ">="]),
              st.integers(-1, 5)),
    st.builds("{} {} b".format, st.sampled_from(["0.5", "1", "1.25", "2"]),
              st.sampled_from(["<", "<=", "==", "!="])),
    st.builds("d {} '{}'".format, st.sampled_from(["==", "!="]), st.sampled_from("xyw")),
    st.sampled_from(["c", "has(a)", "!has(c)", "a in [1, 3]", "b > 1.0 / 3", "true", "false"]),
)  # fmt: skip
GUARDS = st.recursive(
    PARTS,
    lambda inner: st.one_of(
        st.builds("({} && {})".format, inner, inner),
        st.builds("({} || {})".format, inner, inner),
        st.builds("!({})".format, inner),
        st.builds("({} ? {} : {})".format, inner, inner, inner),
    ),
    max_leaves=8,
)


@given(GUARDS, st.fixed_dictionaries({}, optional=FACTS))
def test_no_guard_that_holds_is_ever_called_impossible(text: str, facts: dict[str, object]) -> None:
    found = Findings()
    guard = read(Scalar(text, Span("guard")), SCOPE, BOOLEAN, found)
    assert guard is not None, [each.concise() for each in found]
    if find_contradiction(guard, {}) is not None:
        with suppress(EvaluationError):
            assert guard.evaluate(Record(facts), Context()) is False


def test_a_condition_of_an_action_that_never_holds_is_told() -> None:
    text = FLOW % "paid"
    text = text.replace('"paid"}', '"paid", assign: {score: {value: 1, when: paid && !paid}}}')
    assert ["TR306" in each for each in told(text)] == [True]


def test_a_guard_with_too_many_cases_is_undecided_unless_one_of_them_may_hold() -> None:
    cases = [f"(size(note) == {each} || score == {each} || paid)" for each in range(8)]
    (finding,) = told(FLOW % " && ".join(cases))
    assert "TR317" in finding
    assert "more than 512 alternatives" in finding
    assert told(FLOW % f"score == 1 || ({' && '.join(cases)})") == []
