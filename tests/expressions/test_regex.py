"""`matches` has the meaning of RE2 and takes time linear in the text."""

from __future__ import annotations

import tracemalloc

import pytest
import re2
from hypothesis import assume, given
from hypothesis import strategies as st

from telecom_rules.errors import EvaluationError
from telecom_rules.expressions.regex import count_instructions, find_matches, matches
from tests.expressions.expression_samples import mistakes, told, value
from tests.expressions.random_expressions import examples
from tests.patience import within

QUIET = re2.Options()
QUIET.log_errors = False

ATOMS = (
    "a", "b", "k", "s", "K", "1", "_", "投", "é", ".", "^", "$", "-", "{", "}", "(", ")", "|", "*",
    r"\n", r"\.", r"\-", r"\_", r"\1", r"\12", r"\141", r"\x61", r"\x{6295}", r"\x{110000}",
    r"\Qa.\E", r"\C", r"\Z", r"\p{L}", r"\b", r"\A", r"\z", r"\d", r"\D", r"\w", r"\W", r"\s",
    r"\S", "[ab]", "[^a]", "[a-c投]", r"[^\d]", r"[\W]", "[[:alpha:]]", "[[:^digit:]]", "[]a]",
    "[^]a]", "[a-]", r"[\]]", "[z-a]", r"[a-\d]", "[", "[^", "a{,2}", "(?i)", "(?s)", "(?m)",
    "(?-i)", "(?U)", "(?=a)", "(?!a)", "(?P<n>a)", "(?<n>a)", "(?P=n)",
)  # fmt: skip
REPEATS = (
    "*", "+", "?", "*?", "+?", "??", "{2}", "{1,2}", "{0}", "{0,1}", "{2,}", "{2,1}", "**", "*+",
    "{1,2}?", "{2}{2}", "{1001}",
)  # fmt: skip
GROUPS = ("(", "(?:", "(?i:", "(?s:", "(?m:", "(?-s:", "(?im-s:", "(?P<x>", "(?U:")
patterns = st.recursive(
    st.sampled_from(ATOMS),
    lambda part: st.one_of(
        st.tuples(part, part).map("".join),
        st.tuples(part, st.just("|"), part).map("".join),
        st.tuples(st.sampled_from(GROUPS), part, st.just(")")).map("".join),
        st.tuples(part, st.sampled_from(REPEATS)).map("".join),
    ),
    max_leaves=6,
)
texts = st.text(st.sampled_from("abckKsſSé投1_ -\n\u212a"), max_size=6)


@given(patterns | st.text(st.sampled_from("ab(|)[]*+?{}1,^$\\-投:i."), max_size=8), texts)
@examples(1500)
def test_a_pattern_means_what_re2_says_or_is_refused(pattern, text):
    try:
        compiled = re2.compile(pattern, QUIET)
    except re2.error:
        compiled = None
    try:
        found = matches(text, pattern)
    except EvaluationError:
        return
    assert compiled is not None, f"RE2 refuses {pattern!r}"
    assert found is bool(compiled.search(text))


def spans_there(pattern, text):
    """Where RE2 finds the first match and its groups, `None` if nowhere."""
    found = re2.compile(pattern, QUIET).search(text)
    if found is None:
        return None
    return [at for group in range(found.re.groups + 1) for at in found.span(group)]


@given(patterns, texts)
@examples(1500)
def test_the_first_match_and_its_groups_lie_where_re2_finds_them(pattern, text):
    try:
        found = next(find_matches(text, pattern), None)
    except EvaluationError:
        return
    # Of `\B` the binding looks between the octets of a character.
    assume(text.isascii() or r"\B" not in pattern)
    assert found == spans_there(pattern, text)


@pytest.mark.parametrize(
    ("pattern", "text", "groups"),
    [
        ("(a|ab)(c|bcd)", "abcd", [0, 4, 0, 1, 1, 4]),  # the first alternative, not the longest
        ("(a+?)(a*)", "aaa", [0, 3, 0, 1, 1, 3]),
        ("(?U)(a+)(a*?)", "aaa", [0, 3, 0, 1, 1, 3]),
        ("(|a)*", "aa", [0, 0, 0, 0]),  # nothing is tried first
        ("(|a)+", "aa", [0, 0, 0, 0]),
        ("(a)|(b)", "b", [0, 1, -1, -1, 0, 1]),
        ("((b)|a){2}", "ba", [0, 2, 1, 2, 0, 1]),
    ],
)
def test_a_match_follows_what_the_pattern_prefers(pattern, text, groups):
    assert next(find_matches(text, pattern)) == groups == spans_there(pattern, text)


@pytest.mark.parametrize("pattern", ["a.*b|a", "(a+)+$", "(a|aa)*b|a", "(.*)(.*)(.*)x|a", "a*?"])
def test_all_matches_are_found_in_time_linear_in_the_text(pattern):
    with within(5):
        for _ in find_matches("a" * 30_000, pattern):
            pass


@given(texts)
def test_where_no_word_begins_or_ends_is_looked_at_between_characters(text):
    assume(text.isascii())
    assert matches(text, r"\B") is bool(re2.compile(r"\B").search(text))


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("(a+)+$", "a" * 60_000 + "b", False),
        ("(a|b|ab)*c", "ab" * 30_000, False),
        ("(.*)(.*)(.*)(.*)(.*)x", "a" * 60_000, False),
        ("(x+x+)+y", "x" * 60_000, False),
        (r"^1[3-9]\d{9}$", "13800138000", True),
        ("[一-龥]{2,4}", "投诉", True),
    ],
)
def test_no_text_takes_for_ever(pattern, text, found):
    assert matches(text, pattern) is found


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        ("(" * 60 + ")" * 60, "is nested too deep"),
        ("((((()" + "{1000})" * 4 + "{1000}", "is too large"),
        ("(a{500}){500}", "is too large"),
        (".{900}x", "is too large"),
        ("(.{30}){30}", "is too large"),
        ("a" * 1001, "is too long"),
        ("(a", "has a bracket that is not closed"),
        ("[a", "has a class that is not closed"),
        ("a)", "has a bracket too many"),
        ("(?i)é", "ignores the case of letters that are not ASCII"),
        (r"a\p{Han}", r"cannot be read at `\p{Han}`"),
        (r"(a)\1", r"cannot be read at `\1`"),
        ("(?=a)", "cannot be read at `=a)`"),
    ],
)
def test_what_is_no_pattern_is_refused_by_name(pattern, why):
    with pytest.raises(EvaluationError) as problem:
        matches("a", pattern)
    assert problem.value.wording.en.endswith(why)
    assert problem.value.wording.zh


HAN = "".join(map(chr, range(0x4E00, 0x4E00 + 10_000)))
"""Ten thousand characters, no two alike."""


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (".{190}x", HAN),
        ("(.{13}){13}x", HAN),
        ("[ab]*a[ab]{150}c", "abbaabab" * 1250),
        ("[" + HAN[:900:2] + "]{150}x", HAN),
    ],
)
def test_a_search_takes_the_characters_times_the_instructions(pattern, text):
    with within(2):
        assert matches(text, pattern) is False


def test_what_patterns_keep_is_bounded():
    tracemalloc.start()
    for number in range(150):
        matches(HAN + "ab" * 300, f"(?:[ab]*a[ab]{{{number % 50 + 20}}}c|{HAN[number]}.{{40}})")
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept < 50_000_000


def test_the_instructions_of_a_pattern_are_its_price():
    assert [count_instructions(each) for each in ("a", "ab|c", "a{20}", "(a?){3}", "")] == [
        1, 4, 20, 6, 0,
    ]  # fmt: skip


def test_a_pattern_written_in_a_rule_is_looked_at_before_the_rule_runs():
    (found,) = mistakes(r"content.matches(r'(a)\1')")
    assert told([found]) == [r"17-25 TR204 the pattern `(a)\1` cannot be read at `\1`"]
    assert value("content.matches('slow|fast') && !matches(content, '^slow')") is True
