"""Ours and Google's own CEL give the same values and fail on the same expressions."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import assume, given

from tests.expressions.cel_peer import FAILED, REFUSED, Outcome, ours, theirs
from tests.expressions.random_cel import expressions, values
from tests.expressions.random_expressions import examples


@given(expressions(), values)
@examples(500)
def test_random_expressions_have_the_value_or_the_error_that_they_have_there(text, given_values):
    here = ours(text, given_values)
    assume(here != REFUSED)  # may take too many steps, which is known here before it runs
    assert here == theirs(text, given_values)


AT = datetime(2026, 3, 1, 12, 0, 0, 500_000, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "here", "there"),
    [
        # An empty text has no characters to split; so says cel-go.
        ("''.split('')", ("list", ()), ("list", (("str", ""),))),
        # A fraction of a second has as many digits as it needs; so says cel-go.
        ("string(at)", ("str", "2026-03-01T12:00:00.5Z"), ("str", "2026-03-01T12:00:00.500Z")),
        ("string(duration('1.5s'))", ("str", "1.5s"), ("str", "1.500s")),
        # The end of a text is no place outside it; so says cel-go.
        ("'abc'.substring(0, 3)", ("str", "abc"), FAILED),
        # cel-cpp drops a pair of signs before it looks at what they stand before.
        ("type(--dyn(true)) == bool", FAILED, ("bool", True)),
        # Microseconds are the finest there are.
        ("duration('1ns') == duration('2ns')", FAILED, ("bool", False)),
        # The keys of a map keep their order; CEL says nothing about it.
        ("{'a': 1, 'c': 2}.map(k, k)", ("list", (("str", "a"), ("str", "c"))), None),
        # Python takes the two keys for one.
        ("size({1: 'a', true: 'b'})", FAILED, ("int", 2)),
    ],
)
def test_a_known_difference_is_there(text: str, here: Outcome, there: Outcome | None):
    assert ours(text, {"at": AT}) == here
    found = theirs(text, {"at": AT})
    assert found == there if there is not None else found[0] == here[0]
