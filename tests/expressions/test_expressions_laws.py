"""Laws: the generated Python and the reference interpreter agree, logic has three values, and any
text ends in an expression or in findings.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from functools import partial

import pytest
from expression_samples import (
    FACTS,
    GIVEN,
    NOON,
    RECORD,
    SCOPE,
    SEVERITY,
    scalar,
    written,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from telecom_rules.errors import EvaluationError, MissingData
from telecom_rules.expressions import Context, Expression, Scope, check, check_cell
from telecom_rules.expressions.interpret import interpret
from telecom_rules.vocabulary import Record
from telecom_rules.vocabulary.types import BOOLEAN, MONEY, TEXT, ListType

# Well-typed texts

LEAVES = {
    "boolean": ["is_crime", "is_grave", "true", "false", "has(fine)", "in_state('open')",
                "clocks.reply.expired", "has(event.note)", "has(limits.a)"],
    "integer": ["count", "total", "0", "1", "-2", "9223372036854775807", "parameters.repeats",
                "limits.a", "counts[0]"],
    "money": ["illegal_gain", "(has(fine) ? fine : illegal_gain)", "money('0.01')"],
    "decimal": ["rate", "decimal('0.125')", "decimal(count)"],
    "text": ["content", "''", "'投诉'", "(has(event.note) ? event.note : content)", "tags[0]"],
    "severity": ["severity", "event.grade", "policies.grading.grade"],
    "date": ["found_on", "today", "date('2016-07-30')"],
    "span": ["took", "days(2)", "hours(-3)", "duration('90s')", "clocks.reply.elapsed"],
    "integers": ["counts", "[1, 2]", "[count, 0]", "(counts + [])"],
    "texts": ["tags", "['a']", "limits.map(k, k)"],
}  # fmt: skip
BUILT = {
    "boolean": [
        "({boolean} && {boolean})", "({boolean} || {boolean})", "!{boolean}",
        "({boolean} && {boolean} && {boolean})",
        "({boolean} ? {boolean} : {boolean})", "({integer} < {integer})",
        "({integer} == {integer})",
        "({money} >= {money})", "({money} >= 50000)", "({decimal} < 0.5)",
        "({decimal} != {integer})",
        "({text} == {text})", "({severity} == 'minor')", "({severity} in ['minor', 'serious'])",
        "({severity} != {severity})", "({date} < {date})", "({span} > {span})",
        "{text}.contains({text})", "({integer} in {integers})", "({texts} == {texts})",
        "{integers}.all(i, i > {integer})", "{integers}.exists(i, {boolean} || i == 1)",
        "{integers}.exists_one(i, 2 / i == {integer})", "({'a': {integer}} == limits)",
        "{texts}.exists(t, t == {text})",
    ],
    "integer": [
        "({integer} + {integer})", "({integer} - {integer})", "({integer} * {integer})",
        "({integer} / {integer})", "({integer} % {integer})", "-({integer})", "size({text})",
        "size({integers})", "{integers}[{integer}]",
        "({boolean} ? {integer} : {integer})", "int({decimal})",
    ],
    "money": ["({money} + {money})", "({money} * {integer})", "({money} - 0.5)", "-({money})"],
    "decimal": ["({money} * {decimal})", "({decimal} / {integer})", "({decimal} * 0.5)",
                "({decimal} - {money})", "({boolean} ? {decimal} : {integer})"],
    "text": ["({text} + {text})", "({boolean} ? {text} : {text})", "string({integer})",
             "string({money})", "string({severity})"],
    "severity": ["({boolean} ? {severity} : {severity})"],
    "date": ["({date} + {span})", "({date} - days({integer} + 0))"],
    "span": ["({span} + {span})", "({date} - {date})", "hours({integer} + 0)"],
    "integers": ["({integers} + {integers})", "{integers}.map(i, i * {integer})",
                 "{integers}.filter(i, i > 0 || {boolean})", "[{integer}, {integer}]"],
    "texts": ["{texts}.filter(t, t != {text})", "[{text}, {text}]"],
}  # fmt: skip


@st.composite
def texts_of(draw, kind="boolean", depth=3):
    """A text of the language that is well typed by the way it is put together."""
    if depth == 0 or draw(st.integers(0, 3)) == 0:
        return draw(st.sampled_from(LEAVES[kind]))
    form = draw(st.sampled_from(BUILT[kind]))
    for part in LEAVES:
        while f"{{{part}}}" in form:
            form = form.replace(f"{{{part}}}", draw(texts_of(part, depth - 1)), 1)
    return form


cents = st.integers(-(10**12), 10**12).map(lambda amount: Decimal(amount).scaleb(-2))
words = st.sampled_from(["", "投诉", "a", "slow line"])
small = st.integers(-5, 5) | st.integers(-(2**63), 2**63 - 1)
VALUES = {
    "severity": st.sampled_from(list(SEVERITY.codes)),
    "is_crime": st.booleans(),
    "is_grave": st.booleans(),
    "illegal_gain": cents | st.sampled_from([Decimal("49999.99"), Decimal(50000)]),
    "fine": cents,
    "rate": st.decimals(-100, 100, places=4),
    "count": small,
    "total": small,
    "content": words,
    "found_on": st.dates(date(1, 1, 1), date(9999, 12, 31)),
    "took": st.timedeltas(timedelta(days=-9), timedelta(days=9)),
    "tags": st.lists(words, max_size=3).map(tuple),
    "counts": st.lists(small, max_size=3).map(tuple),
    "limits": st.dictionaries(words, small, max_size=2),
}
records = st.fixed_dictionaries({}, optional=VALUES).map(Record)
contexts = st.builds(
    Context,
    event=st.fixed_dictionaries({}, optional={"grade": VALUES["severity"], "note": words}),
    parameters=st.fixed_dictionaries({}, optional={"repeats": small}),
    policies=st.just(GIVEN.policies) | st.just({}),
    clocks=st.just(GIVEN.clocks) | st.just({}),
    today=st.none() | st.just(date(2026, 3, 16)),
    now=st.none() | st.just(NOON),
    states=st.sampled_from([frozenset(), frozenset({"open"})]),
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
    expression = written(text)
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
    expression = written(text)
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
    found = []
    result = check(scalar(text), SCOPE, expected, found, bare_codes=bare_codes)
    ends_well(text, result, found)


@given(st.text(max_size=30) | soups, st.sampled_from(list(FACTS)))
def test_any_cell_ends_in_an_expression_or_in_findings(text, fact):
    found = []
    ends_well(text, check_cell(scalar(text), fact, SCOPE, found), found)


@given(texts_of(), st.data())
@settings(max_examples=200)
def test_a_text_with_one_character_changed_ends_well(text, data):
    at = data.draw(st.integers(0, len(text)))
    changed = text[:at] + data.draw(st.sampled_from(list("()'.x1&!?, "))) + text[at + 1 :]
    found = []
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
            found = []
            ends_well(text, check(scalar(text), SCOPE, None, found), found)


def test_the_scope_may_be_empty():
    found = []
    expression = check(scalar("1 + 1 == 2"), Scope(), BOOLEAN, found)
    assert expression.evaluate(Record(), Context()) is True
