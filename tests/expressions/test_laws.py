"""Laws: the generated Python and the reference interpreter agree, logic has three values, and any
text ends in an expression or in findings.
"""

from __future__ import annotations

from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from telecom_rules.errors import EvaluationError, MissingData
from telecom_rules.expressions import Context, Expression, Scope, check, check_cell
from telecom_rules.expressions.evaluation.interpret import interpret
from telecom_rules.findings import Findings
from telecom_rules.vocabulary import Record
from telecom_rules.vocabulary.types import BOOLEAN, MONEY, TEXT, ListType
from tests.expressions.expression_samples import (
    FACTS,
    GIVEN,
    RECORD,
    SCOPE,
    SEVERITY,
    scalar,
    written,
)
from tests.expressions.random_expressions import (
    LEAVES,
    cents,
    checked,
    contexts,
    records,
    small,
    texts_of,
)


def outcome(evaluate):
    """A value with its type, or what was missing or went wrong."""
    try:
        value = evaluate()
    except MissingData as problem:
        return "missing", problem.path
    except EvaluationError as problem:
        return "error", problem.wording
    return type(value), value


@given(st.sampled_from(list(LEAVES)).flatmap(texts_of), records, contexts)
@settings(max_examples=400)
def test_generated_python_and_the_interpreter_agree(text, facts, context):
    expression = checked(text)
    assert outcome(lambda: expression.evaluate(facts, context)) == outcome(
        lambda: interpret(expression.tree, facts, context)
    )


# Three values

ATOMS = {"is_crime": True, "is_grave": False, "total > 1": None, "1 / 0 == 1": None}
formulas = st.recursive(
    st.sampled_from(list(ATOMS)),
    lambda part: st.one_of(
        part.map(lambda inner: ("!", inner)),
        st.tuples(st.sampled_from(["&&", "||"]), part, part),
        st.tuples(st.just("?"), part, part, part),
    ),
    max_leaves=8,
)


def spelled(formula):
    match formula:
        case ("!", inner):
            return f"!({spelled(inner)})"
        case ("?", test, yes, no):
            return f"({spelled(test)} ? {spelled(yes)} : {spelled(no)})"
        case (operator, left, right):
            return f"({spelled(left)} {operator} {spelled(right)})"
    return formula


def kleene(formula):
    """The value in three-valued logic, `None` for what fails."""
    match formula:
        case ("!", inner):
            value = kleene(inner)
            return None if value is None else not value
        case ("?", test, yes, no):
            value = kleene(test)
            return None if value is None else kleene(yes if value else no)
        case (operator, left, right):
            values, deciding = {kleene(left), kleene(right)}, operator == "||"
            if deciding in values:
                return deciding
            return None if None in values else not deciding
    return ATOMS[formula]


@given(formulas)
def test_logic_has_the_three_values_of_kleene(formula):
    facts = Record(is_crime=True, is_grave=False)
    expression = written(spelled(formula))
    kind, value = outcome(lambda: expression.evaluate(facts, GIVEN))
    assert (value if kind is bool else None) is kleene(formula)


@given(formulas)
def test_an_explanation_names_something_exactly_when_there_is_something_to_explain(formula):
    facts = Record(is_crime=True, is_grave=False)
    expression = written(spelled(formula))
    why, why_not = expression.why(facts, GIVEN), expression.why_not(facts, GIVEN)
    assert (bool(why), bool(why_not)) == ((True, False) if kleene(formula) else (False, True))
    assert all(seen.wording.zh and seen.wording.en for seen in (*why, *why_not))
    assert kleene(formula) is not None or any(seen.holds is None for seen in why_not)


@given(texts_of(), records, contexts)
def test_every_explanation_can_be_told(text, facts, context):
    expression = checked(text)
    kind, value = outcome(lambda: expression.evaluate(facts, context))
    assert bool(expression.why(facts, context)) is (kind is bool and value)
    assert bool(expression.why_not(facts, context)) is not (kind is bool and value)


# Whole numbers


@given(small, small)
def test_whole_numbers_are_python_s_within_64_bits(left, right):
    facts = Record(count=left, total=right)
    for operator, result in (("+", left + right), ("-", left - right), ("*", left * right)):
        expression = written(f"count {operator} total")
        kind, value = outcome(partial(expression.evaluate, facts, GIVEN))
        assert (value == result) if -(2**63) <= result < 2**63 else kind == "error"


@given(small, small.filter(bool))
def test_quotient_and_remainder_belong_together(left, right):
    facts = Record(count=left, total=right)
    kind, value = outcome(
        lambda: written("count / total * total + count % total").evaluate(facts, GIVEN)
    )
    assert value == left or (kind == "error" and (left, right) == (-(2**63), -1))


@given(cents, cents)
def test_money_is_added_and_compared_to_the_fen(left, right):
    facts = Record(illegal_gain=left, fine=right)
    assert written("has(fine) && illegal_gain + fine - fine == illegal_gain").evaluate(facts, GIVEN)
    for operator in ("<", "<=", "==", "!=", ">", ">="):
        in_fen = eval(f"{int(left * 100)} {operator} {int(right * 100)}")  # noqa: S307
        assert (
            written(f"has(fine) && illegal_gain {operator} fine").evaluate(facts, GIVEN) is in_fen
        )


# Any text

WORDS = (
    "severity is_crime fine count content tags limits event policies today true null in has size "
    "contains all map date x && || ! - + * / % == != < <= ? : . , ( ) [ ] { } 1 0.5 1e9 2u 'minor' "
    "'a' \"b\" r'\\' b'x' '\\n' '\\x' ''' // ` = & | 投诉 \x00 > .. not( 2016-07-30"
)
PIECES = st.sampled_from([*WORDS.split(), "\u3000"])
soups = st.lists(PIECES, max_size=25).map(" ".join) | st.lists(PIECES, max_size=12).map("".join)
TYPES = st.sampled_from([None, BOOLEAN, MONEY, TEXT, SEVERITY, ListType(SEVERITY)])


def ends_well(text, result, found):
    if result is None:
        assert found
        for finding in found:
            assert finding.id[:2] == "TR"
            assert finding.wording.en
            assert finding.wording.zh
            assert 1 <= finding.span.column <= finding.span.end_column <= len(text) + 2
    else:
        assert isinstance(result, Expression)
        assert not found
        outcome(lambda: result.evaluate(RECORD, GIVEN))
        outcome(lambda: result.evaluate(Record(), Context()))
        assert result.why_not(Record(), Context()) is not None


@given(st.text(max_size=60) | soups, TYPES, st.booleans())
@settings(max_examples=400)
def test_any_text_ends_in_an_expression_or_in_findings(text, expected, bare_codes):
    found = Findings()
    result = check(scalar(text), SCOPE, expected, found, bare_codes=bare_codes)
    ends_well(text, result, found)


@given(st.text(max_size=30) | soups, st.sampled_from(list(FACTS)))
def test_any_cell_ends_in_an_expression_or_in_findings(text, fact):
    found = Findings()
    ends_well(text, check_cell(scalar(text), fact, SCOPE, found), found)


@given(texts_of(), st.data())
@settings(max_examples=200)
def test_a_text_with_one_character_changed_ends_well(text, data):
    at = data.draw(st.integers(0, len(text)))
    changed = text[:at] + data.draw(st.sampled_from(list("()'.x1&!?, "))) + text[at + 1 :]
    found = Findings()
    ends_well(changed, check(scalar(changed), SCOPE, None, found), found)


@pytest.mark.parametrize(
    "piece",
    [
        "(",
        "[",
        "{1:",
        "!",
        "- ",
        "a.b(",
        "a ? ",
        "a ? b : ",
        "tags.all(t, ",
        "a.",
        "1 + ",
        "is_crime && ",
    ],
)
def test_no_text_is_too_deep(piece):
    for times in (10, 31, 63, 65, 300, 4096):
        for text in (piece * times + "is_crime", piece * times + "is_crime" + ")" * times):
            found = Findings()
            ends_well(text, check(scalar(text), SCOPE, None, found), found)


def test_the_scope_may_be_empty():
    found = Findings()
    expression = check(scalar("1 + 1 == 2"), Scope(), BOOLEAN, found)
    assert expression.evaluate(Record(), Context()) is True
