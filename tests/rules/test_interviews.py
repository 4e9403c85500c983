"""The interview asks best first: near the fewest questions that any strategy needs."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from tests.rules.interviews import build_interview

if TYPE_CHECKING:
    from telecom_rules.pack import Pack

MOST_STATES = 1_500 if settings.default.max_examples <= 100 else 12_000
"""States of the interviews that are worked out: the long run has those of more facts."""
MOST_ABOVE = 1.03


@pytest.mark.slow
def test_an_interview_asks_hardly_more_than_the_best_one(pack: Pack) -> None:
    built = (build_interview(each, Random(each.name)) for each in pack.policies.values())  # noqa: S311 - not for secrets
    interviews = [each for each in built if each and each.count_states() <= MOST_STATES]
    fewest = sum(each.fewest(each.start) for each in interviews)
    asked = sum(each.ours(each.start) for each in interviews)
    assert len(interviews) > 20
    assert asked <= MOST_ABOVE * fewest
