"""Answers from incomplete facts, over all policies that ship, put to a brute-force judge."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import settings

from tests.rules.answers import Figures, judge

if TYPE_CHECKING:
    from telecom_rules import Pack

FEW, MANY = 1, 4
"""Interviews and incomplete records of each policy: few in every run of the tests, many in
`make test-long`; `python -m tests.rules.answers` runs more."""
MANY_EXAMPLES = 1_000
"""A profile of hypothesis with as many examples is that of `make test-long`."""
MOST_NEEDLESS = MOST_CAUTIOUS = 0.005


def test_no_answer_is_contradicted_and_hardly_a_question_is_needless(pack: Pack) -> None:
    total = Figures()
    records = MANY if settings().max_examples >= MANY_EXAMPLES else FEW
    for policy in pack.policies.values():
        total.add(judge(policy, 1, records))
    assert total.contradicted == []
    assert len(total.needless) <= MOST_NEEDLESS * total.questions, total.needless
    assert len(total.cautious) <= MOST_CAUTIOUS * total.unknown, total.cautious
