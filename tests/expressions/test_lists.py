"""Lists as sets, sorted, cut, added up, and texts taken apart: as the published libraries say."""

from __future__ import annotations

import math
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telecom_rules.expressions.evaluation.interpret import interpret
from telecom_rules.expressions.operations.equality import equal, has_equal_item
from telecom_rules.expressions.operations.kinds import Unsigned
from telecom_rules.expressions.operations.lists import (
    are_equivalent,
    contains_all,
    drop_repeated,
    have_common,
)
from telecom_rules.vocabulary.types import TEXT
from tests.expressions.cel_peer import FAILED, REFUSED, ours
from tests.expressions.expression_samples import GIVEN, RECORD, mistakes, told, value, written
from tests.expressions.random_expressions import examples
from tests.patience import within


def listed(*values):
    """A list of values in the notation of the peer."""
    kinds = {int: "int", str: "str", float: "double"}
    return "list", tuple((kinds[type(each)], each) for each in values)


TRUE, FALSE = ("bool", True), ("bool", False)


@pytest.mark.parametrize(
    ("text", "result"),
    [
        # The examples of cel-go, of its extensions sets, lists and regex.
        ("sets.contains([], [])", TRUE), ("sets.contains([], [1])", FALSE),
        ("sets.contains([1, 2, 3, 4], [2, 3])", TRUE),
        ("sets.contains([1, 2.0, 3u], [1.0, 2u, 3])", TRUE),
        ("sets.equivalent([], [])", TRUE), ("sets.equivalent([1], [1, 1])", TRUE),
        ("sets.equivalent([1], [1u, 1.0])", TRUE),
        ("sets.equivalent([1, 2, 3], [3u, 2.0, 1])", TRUE),
        ("sets.intersects([1], [])", FALSE), ("sets.intersects([1], [1, 2])", TRUE),
        ("sets.intersects([[1], [2, 3]], [[1, 2], [2, 3.0]])", TRUE),
        ("[1, 2, 3, 4].slice(1, 3)", listed(2, 3)), ("[1, 2, 3, 4].slice(2, 4)", listed(3, 4)),
        ("[1, 2].slice(-1, 1)", FAILED), ("[1, 2].slice(2, 1)", FAILED),
        ("[1, 2].slice(0, 3)", FAILED),
        ("[1, 2, 2, 3, 3, 3].distinct()", listed(1, 2, 3)),
        ("['b', 'b', 'c', 'a', 'c'].distinct()", listed("b", "c", "a")),
        ("[1, 'b', 2, 'b'].distinct()", listed(1, "b", 2)), ("[1, 1u, 1.0].distinct()", listed(1)),
        ("[dyn(true), dyn(1)].distinct().size()", ("int", 2)),
        ("[[1], [1.0], [2]].distinct().size()", ("int", 2)),
        ("[0.0 / 0.0, 0.0 / 0.0].distinct().size()", ("int", 2)),
        ("[1, [2, [3, [4]]]].flatten(2) == [1, 2, 3, [4]]", TRUE),
        ("[1, [2, [3, [4]]]].flatten() == [1, 2, [3, [4]]]", TRUE),
        ("[[1, 2], [3]].flatten()", listed(1, 2, 3)), ("[1, [2]].flatten(-1)", FAILED),
        ("[1, [2]].flatten(99)", listed(1, 2)), ("[1, 2].flatten()", REFUSED),
        ("lists.range(5)", listed(0, 1, 2, 3, 4)), ("lists.range(0)", listed()),
        ("[5, 3, 1, 2].reverse()", listed(2, 1, 3, 5)),
        ("[3, 2, 1].sort()", listed(1, 2, 3)), ("['b', 'c', 'a'].sort()", listed("a", "b", "c")),
        ("[1, 'b'].sort()", FAILED), ("[[1], [0]].sort()", REFUSED),
        ("[dyn(1), dyn(2u)].sort()", FAILED), ("[false, true, false].sort()[2]", TRUE),
        ("['foo', 'ba', 'x'].sortBy(e, size(e))", listed("x", "ba", "foo")),
        ("['bb', 'a', 'aa'].sortBy(e, size(e))", listed("a", "bb", "aa")),
        ("{'a': 1}.sortBy(k, k)", REFUSED), ("[1].sortBy(e, [e])", REFUSED),
        ("[1, 2].first().value()", ("int", 1)), ("[1, 2].last().value()", ("int", 2)),
        ("[].first().hasValue()", FALSE), ("[].last().orValue(7)", ("int", 7)),
        ("regex.replace('hello world hello', 'hello', 'hi')", ("str", "hi world hi")),
        ("regex.replace('banana', 'a', 'x', 0)", ("str", "banana")),
        ("regex.replace('banana', 'a', 'x', 1)", ("str", "bxnana")),
        ("regex.replace('banana', 'a', 'x', 2)", ("str", "bxnxna")),
        ("regex.replace('banana', 'a', 'x', -12)", ("str", "bxnxnx")),
        (r"regex.replace('foo bar', '(fo)o (ba)r', r'\2 \1')", ("str", "ba fo")),
        (r"regex.replace('ab', '(a)|b', r'<\1>')", ("str", "<a><>")),
        (r"regex.replace('ab', 'b', r'\\$1\0')", ("str", r"a\$1b")),
        (r"regex.replace('test', '(.)', r'\2')", REFUSED),
        (r"regex.replace('none', 'x', r'\2')", REFUSED),
        ("regex.replace('foo bar', '(', '$2 $1')", REFUSED),
        (r"regex.replace('id=1', r'id=(?P<value>\d+)', r'\values')", REFUSED),
        ("regex.replace('投诉', '', '-')", ("str", "-投-诉-")),
        ("regex.extract('hello world', 'hello(.*)') == optional.of(' world')", TRUE),
        (r"regex.extract('item-A, item-B', r'item-(\w+)') == optional.of('A')", TRUE),
        ("regex.extract('HELLO', 'hello') == optional.none()", TRUE),
        ("regex.extract('b', '(a)?b') == optional.none()", TRUE),
        ("regex.extract('b', 'a*') == optional.of('')", TRUE),
        ("regex.extract('testuser@testdomain', '(.*)@([^.]*)')", REFUSED),
        (r"regex.extractAll('id:123, id:456', r'id:\d+')", listed("id:123", "id:456")),
        (r"regex.extractAll('id:123, id:456', r'id:(\d+)')", listed("123", "456")),
        ("regex.extractAll('id:123', 'assa')", listed()),
        ("regex.extractAll('ab', '(a)|b')", listed("a")),
        ("regex.extractAll('testuser@testdomain', '(.*)@([^.]*)')", REFUSED),
        # The list library of Kubernetes.
        ("[1, 3].sum()", ("int", 4)), ("[1.0, 3.5].sum()", ("double", "4.5")),
        ("[].sum()", ("int", 0)), ("[1u, 2u].sum()", ("uint", 3)),
        ("[duration('1m'), duration('1s')].sum() == duration('61s')", TRUE),
        ("[1, 'a'].sum()", FAILED), ("['a'].sum()", REFUSED),
        ("[dyn(1.5)].sum()", ("double", "1.5")),
        ("[1, 3].min()", ("int", 1)), ("['a', 'c'].max()", ("str", "c")), ("[].max()", FAILED),
    ],
)  # fmt: skip
def test_lists_sets_and_patterns_as_their_libraries_say(text, result):
    assert ours(text, {}) == result


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("sets.contains(channels, ['phone'])", True), ("sets.intersects(['web'], channels)", False),
        ("sets.equivalent(counts, [3, 2, 1, 1])", True),
        ("sets.contains([illegal_gain, 5], [49999.99])", True),
        ("[illegal_gain, 5].sum()", Decimal("50004.99")),
        ("[illegal_gain].filter(m, m < 0).sum()", Decimal(0)),
        ("[rate, 0.5].max()", Decimal("0.5")), ("[found_on, today].min()", date(2026, 3, 1)),
        ("tags.sortBy(t, -size(t))", ("bc", "投诉", "a")), ("tags.sort()", ("a", "bc", "投诉")),
        ("tags.sortBy(t, regex.extract(t, 'b(.)').orValue('a'))", ("a", "投诉", "bc")),
        ("tags.first().or(tags.last()).orValue('')", "a"),
        ("math.ceil(rate)", Decimal(1)), ("math.floor(-rate)", Decimal(-1)),
        ("math.round(illegal_gain)", Decimal(50000)), ("math.round(decimal('-2.5'))", Decimal(-3)),
        ("math.trunc(decimal('-2.5'))", Decimal(-2)), ("math.sign(-illegal_gain)", -1),
    ],
)  # fmt: skip
def test_rules_have_them_with_exact_numbers_codes_and_days(text, result):
    assert value(text) == result
    assert interpret(written(text).tree, RECORD, GIVEN) == result


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("sets.contains(channels, ['fax']) ", "26-31 TR208 `fax` is not a value of the catalogue"),
        ("counts.flatten() == []", "1-17 TR204 `flatten` is written `list[list[A]].flatten()`"),
        ("regex.extract(content, '(a)(b)').hasValue()", "24-32 TR204 the pattern `(a)(b)` has 2"),
        ("regex.replace(content, '(a', 'b') == ''", "24-28 TR204 the pattern `(a` has a bracket"),
        (r"regex.replace(content, 'a', r'\1') == ''", "29-34 TR204 the replacement `\\1` is not"),
        ("regex.replace(content, 'a', '\\\\', 1) == ''", "29-33 TR204 the replacement `\\` is not"),
        ("found_on.addMonths(1, 'upp') == today", "23-28 TR204 there is no rounding `upp`"),
        ("counts.sortBy(c, [c]) == []", "18-21 TR204 `sortBy` cannot sort by `list[integer]`"),
        ("counts.sortBy(c) == []", "1-17 TR201 not a valid expression: `sortBy` takes a variable"),
    ],
)  # fmt: skip
def test_a_mistake_in_one_of_them_is_found_where_it_is_written(text, why):
    (found,) = told(mistakes(text.strip()))
    assert found.startswith(why)


def test_a_rule_cannot_give_a_value_that_may_be_absent():
    (found,) = told(mistakes("tags.first()", TEXT))
    assert "TR207" in found


SCALARS = st.sampled_from(
    [0, 1, 2, True, False, 0.0, -0.0, 1.0, math.nan, math.inf, Unsigned(1), "", "1", b"1", None,
     Decimal("1.0"), Decimal("1.00"), Decimal("0E-3")]
)  # fmt: skip
ITEMS = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=2).map(tuple)
        | st.dictionaries(st.sampled_from(["a", "b"]), inner, max_size=2)
    ),
    max_leaves=3,
)
LISTS = st.lists(ITEMS, max_size=5).map(tuple)


def alike(one, other):
    """Whether two values are equal in one language: a decimal of ours meets no number of CEL."""
    decimals = {isinstance(each, Decimal) for each in (one, other)}
    return len(decimals) == 1 and equal(one, other)


@given(LISTS, LISTS)
@examples(500)
def test_sets_go_by_the_equality_of_the_language(left, right):
    def within_list(item, values):
        return any(alike(item, each) for each in values)

    flat = not any(isinstance(each, tuple | dict) for each in (*left, *right))
    if not flat:
        return
    assert contains_all(left, right) is all(within_list(each, left) for each in right)
    assert have_common(left, right) is any(within_list(each, left) for each in right)
    assert are_equivalent(left, right) is (contains_all(left, right) and contains_all(right, left))


@given(st.lists(ITEMS.filter(lambda each: "Decimal" not in repr(each)), max_size=6).map(tuple))
@examples(500)
def test_the_distinct_items_are_the_first_of_the_equal_ones(values):
    kept: list[object] = []
    for each in values:
        if not has_equal_item(each, kept):
            kept.append(each)
    found = drop_repeated(values)
    assert len(found) == len(kept)
    assert all(one is other for one, other in zip(found, kept, strict=True))


def test_no_list_of_numbers_takes_quadratic_time():
    prime = 2**61 - 1  # Python's hash of a number is its remainder by this prime
    values = tuple(Decimal(prime * (at + 1)) for at in range(10_000))
    with within(5):
        assert len(drop_repeated(values)) == len(values)


@pytest.mark.parametrize(
    "text",
    [
        "tags.sort().size() > 1", "tags.distinct().size() > 1", "sets.contains(tags, tags)",
        "tags.sortBy(t, t).size() > 1", "tags.exists(t, regex.extract(t, 'a+b').hasValue())",
        "regex.replace(content, '[0-9]{11}', '*').size() > 1",
    ],
)  # fmt: skip
def test_one_of_them_over_texts_of_any_length_is_within_the_budget(text):
    assert written(text).cost <= 1_000_000
