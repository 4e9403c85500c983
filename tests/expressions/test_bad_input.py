"""Whatever is written ends in a finding or in an expression, and whatever that meets, in a value or
in an error of ours.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telecom_rules.errors import EvaluationError
from telecom_rules.expressions import Context, Scope, check
from telecom_rules.expressions.evaluation.interpret import interpret
from telecom_rules.expressions.functions.profile import UNCHECKED_PROFILE
from telecom_rules.findings import Findings
from telecom_rules.vocabulary import Record
from telecom_rules.vocabulary.types import DYNAMIC, Field
from tests.expressions.cel_peer import SCOPE as STANDARD_SCOPE
from tests.expressions.expression_samples import GIVEN, RECORD, SCOPE, scalar
from tests.expressions.random_cel import BUILT, LEAVES, expressions, values
from tests.expressions.random_expressions import examples
from tests.expressions.test_laws import WORDS, ends_well, outcome

LOOSE = Scope({name: Field(DYNAMIC) for name in STANDARD_SCOPE.facts}, profile=UNCHECKED_PROFILE)


def agrees(text: str, scope: Scope, facts: Record, context: Context) -> None:
    """Check a text, evaluate it both ways, and compare."""
    found = Findings()
    expression = check(scalar(text), scope, None, found)
    assert (expression is None) is bool(found)
    if expression is not None:
        ways = [
            outcome(lambda: expression.evaluate(facts, context)),
            outcome(lambda: interpret(expression.tree, facts, context)),
        ]
        assert repr(ways[0]) == repr(ways[1])  # NaN differs from itself


@given(expressions(), values, st.data())
@examples(300)
def test_what_was_not_checked_fails_as_an_error_of_ours(text, given_values, data):
    """Each variable gets the value of another one, so that hardly a type fits."""
    shuffled = data.draw(st.permutations(list(given_values.values())))
    facts = Record(zip(given_values, shuffled, strict=True))
    agrees(text, LOOSE, facts, Context())


@given(expressions(), values)
@examples(200)
def test_generated_python_and_the_interpreter_agree_in_standard_cel(text, given_values):
    agrees(text, STANDARD_SCOPE, Record(given_values), Context())


MORE = [
    *WORDS.split(), "cel.bind(", "cel.block([", "cel.index(0)", "cel.iterVar(0,1)", ".?", "[?",
    "matches(", "format([", "'%s'", "'%.3f'", "optional.of(", "optional.none()", ".orValue(",
    "transformMap(k,v,", "math.greatest(", "dyn(", "type(", "{?", "`a`", "0x", "u", "i", "li", "m",
]  # fmt: skip
soups = st.lists(st.sampled_from(MORE), max_size=20).map("".join)


@given(soups, st.sampled_from([SCOPE, STANDARD_SCOPE, LOOSE]))
@examples(400)
def test_any_soup_of_words_ends_in_an_expression_or_in_findings(text, scope):
    agrees(text, scope, RECORD if scope is SCOPE else Record(), GIVEN)


NINES = "9" * 4000
CORPUS = {
    "a huge integer": NINES,
    "a huge unsigned number": NINES + "u",
    "a huge hexadecimal number": "0x" + "f" * 4000,
    "a huge fraction": f"{NINES}.5 > ratio",
    "a huge exponent": "1e999999999 > ratio",
    "a huge exponent beside money": "1e999999999 > illegal_gain",
    "a tiny number": "1e-999999999 > ratio",
    "an integer text of 400 digits": f"int('{'9' * 400}') > 0",
    "a decimal text of 400 digits": f"decimal('{'9' * 400}') > 0.0",
    "half a pair in a text": "'\ud800' == content",
    "half a pair outside": "\ud800",
    "half a pair as an escape": r"'\ud800'",
    "a character beyond Unicode": r"'\U00110000'",
    "nothing but quotes": "'" * 4000,
    "nothing but backslashes": "\\" * 4000,
    "nothing": "",
    "nothing but blanks": " " * 4000,
    "too long": "a" * 5000,
    "too many tokens": "+".join("1" * 1500),
    "many brackets": "(" * 500 + "1" + ")" * 500,
    "many lists": "[" * 500 + "]" * 500,
    "many maps": "{1:" * 500 + "1" + "}" * 500,
    "many conditions": "true ? " * 300 + "1",
    "many conditions in the middle": "true ? " * 300 + "1" + " : 1" * 300,
    "many names": "cel.bind(a, 1, " * 100 + "a" + ")" * 100,
    "many macros": "counts.all(a, " * 60 + "true" + ")" * 60,
    "many fields": "event" + ".a" * 400,
    "many indexes": "counts" + "[0]" * 300,
    "many signs": "-" * 900 + "count",
    "many optional fields": "event" + ".?a" * 300,
    "many doublings of a list": "tags" + ".map(t, [t, t])" * 40,
    "many doublings of a text": "size(tags" + ".map(t, t + t)" * 40 + ") > 0",
    "many doublings by name": "cel.bind(a, content + content, " * 30 + "a == ''" + ")" * 30,
    "a block that names itself": "cel.block([cel.index(0)], cel.index(0))",
    "an index without a block": "cel.index(0)",
    "an index that is no number": "cel.index('a')",
    "an index that is huge": f"cel.index({'9' * 18})",
    "a long format": "'" + "%s" * 1000 + "'.format([1])",
    "a precise format": "'%.99f'.format([1.5]) == ''",
    "a format that ends early": "'%'.format([1]) == ''",
    "a format with half a precision": "'%.'.format([1.0]) == ''",
    "a replacement of nothing": "content.replace('', content).replace('', content) == ''",
    "a pattern that goes back": f"content.matches('{'(a+)+' * 50}$')",
    "a pattern that repeats": "content.matches('((((a{99}){99}){99}){99})')",
    "a pattern that is deep": f"content.matches('{'(' * 400}')",
    "a pattern that is a fact": "content.matches(content)",
    "a shift by much": "math.bitShiftLeft(1, 9223372036854775807) == 0",
    "the least integer": "math.abs(-9223372036854775808) > 0",
    "the least integer divided": "-9223372036854775808 / -1 > 0",
    "a day far away": "date('9999-12-31') + days(9223372036854775807) > found_on",
    "an instant far away": "timestamp(9223372036854775807) > now",
    "a length too long": "duration('99999999999999999999h') > took",
    "an offset too far": "now.getHours('+99:99') > 0",
    "a zone of nowhere": "now.getHours('../../etc/passwd') > 0",
    "a negative split": "content.split('', -9223372036854775808) == []",
    "Base64 that is none": "base64.decode('?') == b''",
    "an operator of another language": "count = 1 and total <> 2",
    "punctuation of Chinese": "count ＞ 1 ， total ≥ 2",
}  # fmt: skip


@pytest.mark.parametrize("text", CORPUS.values(), ids=CORPUS)
def test_what_is_meant_badly_ends_well(text):
    found = Findings()
    ends_well(text, check(scalar(text), SCOPE, None, found), found)
    for scope in (STANDARD_SCOPE, LOOSE):
        agrees(text, scope, Record(), Context())


def test_the_random_texts_use_every_function_that_is_easily_forgotten():
    used = " ".join(form for forms in (*LEAVES.values(), *BUILT.values()) for form in forms)
    for name in ("matches", "getHours", "exists_one", "indexOf", "bitAnd", "cel.bind", "dyn"):
        assert f"{name}(" in used


def test_an_evaluation_that_fails_says_why_in_both_languages():
    for text in ("1 / 0 == 1", "content.charAt(99) == ''", "counts[99] == 0"):
        found = Findings()
        with pytest.raises(EvaluationError) as problem:
            check(scalar(text), SCOPE, None, found).evaluate(RECORD, GIVEN)
        assert problem.value.wording.zh
        assert problem.value.wording.en
