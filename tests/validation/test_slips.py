"""A slip anywhere in the pack that ships is told at its line, and nothing else is.

`make test-long` plants a thousand; `python -m tests.validation.slips` prints the figures.
"""

from __future__ import annotations

from tests.validation.slips import PLANTS, describe, judge, share


def test_a_slip_of_each_kind_is_told_at_its_line_and_alone() -> None:
    scores = judge(seed=1, count=len(PLANTS))
    assert share(scores) == (1, 0), describe(scores)
