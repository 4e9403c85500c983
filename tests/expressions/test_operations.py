"""Operations do work that is linear in what they read, and write only what CEL has a text for."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telecom_rules.errors import EvaluationError
from telecom_rules.expressions import check
from telecom_rules.expressions.evaluation.runtime import OPERATIONS
from telecom_rules.expressions.operations.equality import has_equal_key
from telecom_rules.expressions.operations.formatting import fill_format
from telecom_rules.expressions.operations.kinds import (
    OPTIONAL_NONE,
    OptionalValue,
    TypeValue,
    Unsigned,
)
from telecom_rules.findings import Findings
from telecom_rules.vocabulary import Duration, Unit
from tests.expressions.cel_peer import SCOPE as STANDARD_SCOPE
from tests.expressions.expression_samples import NOON, scalar
from tests.patience import within


def test_a_map_finds_a_key_that_python_holds_equal_to_a_boolean_in_one_step():
    entries = {number: number for number in reversed(range(50_000))}
    with within(1):
        assert all(
            has_equal_key(1, entries) and not has_equal_key(True, entries) for _ in range(2000)
        )
    assert has_equal_key(1.0, entries)
    assert not has_equal_key(1, {True: 0})
    assert not has_equal_key([1], entries)


@pytest.mark.parametrize(
    ("name", "text", "part"),
    [
        ("last_index_of", "a" * 60_000, "a" * 10_000 + "b" + "a" * 10_000),
        ("index_of", "a" * 60_000, "a" * 10_000 + "b" + "a" * 10_000),
        ("contains", "a" * 60_000, "a" * 10_000 + "b" + "a" * 10_000),
        ("split", "a" * 60_000, "a" * 10_000 + "b" + "a" * 10_000),
        ("double_of_text", "1" * 60_000 + "x", None),
        ("double_of_text", "1." + "1" * 60_000 + "x", None),
        ("lower_ascii", "投" * 60_000, None),
        ("duration_of_text", "1" * 60_000 + "x", None),
        ("timestamp_of_text", "1" * 60_000 + "x", None),
        ("decimal_of_text", "1" * 60_000 + "x", None),
        ("hours_in_zone", "1" * 60_000 + "x", None),
    ],
)
def test_an_operation_reads_a_long_text_in_a_moment(name, text, part):
    first = NOON if name.endswith("_in_zone") else None
    arguments = [each for each in (first, text, part) if each is not None]
    with within(0.05), suppress(EvaluationError):
        OPERATIONS[name](*arguments)


@given(st.text("ab", max_size=9), st.text("ab", max_size=3), st.integers(0, 9))
def test_the_last_place_is_the_one_that_python_finds(text, part, start):
    last = OPERATIONS["last_index_of"]
    assert last(text, part) == text.rfind(part)
    if start <= len(text):
        assert last(text, part, start) == text.rfind(part, 0, start + len(part))


@given(st.text())
def test_only_ascii_letters_change_their_case(text):
    assert OPERATIONS["lower_ascii"](text) == "".join(
        each.lower() if each.isascii() else each for each in text
    )
    assert OPERATIONS["upper_ascii"](text) == "".join(
        each.upper() if each.isascii() else each for each in text
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (OptionalValue((1,)), None),
        (OPTIONAL_NONE, None),
        ((OptionalValue((1,)),), None),
        ({"a": OPTIONAL_NONE}, None),
        (Duration(15, Unit.CALENDAR_DAYS), None),
        (Decimal("1E+2"), "100"),
        (Decimal("0.10"), "0.10"),
        (date(2026, 3, 1), "2026-03-01"),
        (Unsigned(7), "7"),
        ((None, True, 1.5, b"a", (1,)), "[null, true, 1.5, a, [1]]"),
        ({2: "b", 10: "a"}, "{10: a, 2: b}"),
    ],
)
def test_a_format_writes_what_cel_has_a_text_for_and_refuses_the_rest(value, text):
    if text is None:
        with pytest.raises(EvaluationError, match="`%s` does not apply to a value of type"):
            fill_format("%s", (value,))
    else:
        assert fill_format("%s", (value,)) == text


def test_a_format_refuses_an_optional_value_before_there_is_one():
    for text in ("'%s'.format([optional.of(1)])", "'%s'.format([[optional.of(1)]])"):
        found = Findings()
        assert check(scalar(text), STANDARD_SCOPE, None, found) is None
        assert [each.id for each in found] == ["TR204"]


def test_a_format_does_not_make_what_is_too_long():
    deep = (("x" * 10_000,) * 1000,) * 1000
    with within(0.5), pytest.raises(EvaluationError, match="the result is too long"):
        fill_format("%s", (deep,))


@pytest.mark.parametrize(
    ("key", "told"),
    [
        (OptionalValue((1,)), "optional_type"),
        (("x" * 10_000,) * 10_000, "list"),
        (TypeValue("int"), "type"),
        (None, "null_type"),
        (True, "true"),
        ("x" * 10_000, "x" * 60 + "…"),
    ],
)
def test_a_message_on_a_key_shows_no_class_of_ours_and_is_short(key, told):
    with pytest.raises(EvaluationError) as problem:
        OPERATIONS["entry"]({"a": 1}, key)
    assert problem.value.wording.en == f"the map has no `{told}`"


UNITS = {"h": 3_600_000_000, "m": 60_000_000, "s": 1_000_000, "ms": 1000, "us": 1}
parts = st.tuples(
    st.sampled_from(["0", "1", "90", "007", "1.5", ".25", "3.", "0.000001", "12.0000000"]),
    st.sampled_from(list(UNITS)),
)


@given(st.lists(parts, min_size=1, max_size=3), st.sampled_from(["", "+", "-"]))
def test_a_duration_is_the_exact_sum_of_its_parts(amounts, sign):
    text = sign + "".join(map("".join, amounts))
    total = sum(Fraction(amount.rstrip(".")) * UNITS[unit] for amount, unit in amounts)
    if total.denominator == 1:
        expected = timedelta(microseconds=int(-total if sign == "-" else total))
        assert OPERATIONS["duration_of_text"](text) == expected
    else:
        with pytest.raises(EvaluationError, match="is not a duration"):
            OPERATIONS["duration_of_text"](text)
