"""Answers from incomplete facts, over all policies that ship, put to a brute-force judge."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.rules.answers import Figures, judge

if TYPE_CHECKING:
    from telecom_rules import Pack

SHARE = 2
"""Interviews and incomplete records of each policy; `python -m tests.rules.answers` runs more."""
MOST_NEEDLESS = MOST_CAUTIOUS = 0.005


def test_no_answer_is_contradicted_and_hardly_a_question_is_needless(pack: Pack) -> None:
    total = Figures()
    for policy in pack.policies.values():
        total.add(judge(policy, 1, SHARE))
    assert total.contradicted == []
    assert len(total.needless) <= MOST_NEEDLESS * total.questions, total.needless
    assert len(total.cautious) <= MOST_CAUTIOUS * total.unknown, total.cautious
