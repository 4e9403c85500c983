"""Where the line runs between general and major complaints, and which principles were kept."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from telecom_rules.pack import Pack

DAY = date(2026, 3, 2)
ORDINARY = {
    "safety_involved": False,
    "earlier_complaints": 0,
    "media_involved": False,
    "regulator_involved": False,
    "affected_customers": 1,
}
KEPT = {
    "customer_id": "K100001",
    "channel": "phone",
    "content": "宽带经常掉线。",
    "received_at": "2026-03-02T09:30:00+08:00",
    "grade": "general",
    "apologised": True,
    "findings": "已核实经过。",
    "measures": "已更换设备。",
    "result": "已修复。",
    "opinion_asked": True,
    "satisfied": True,
}


@pytest.mark.parametrize(
    ("change", "grade", "rule"),
    [
        ({}, "general", "general"),
        ({"safety_involved": True}, "major", "safety"),
        ({"earlier_complaints": 1}, "general", "general"),
        ({"earlier_complaints": 2}, "major", "repeated"),
        ({"media_involved": True}, "major", "public_attention"),
        ({"regulator_involved": True}, "major", "public_attention"),
        ({"affected_customers": 9}, "general", "general"),
        ({"affected_customers": 10}, "major", "group"),
    ],
)
def test_the_line_between_general_and_major(
    pack: Pack, change: dict[str, object], grade: str, rule: str
) -> None:
    decision = pack.policies["complaint_grade"].decide({**ORDINARY, **change}, on=DAY)
    assert decision.rule is not None
    assert (decision.outputs["grade"], decision.rule.id) == (grade, rule)
    assert "spec:7.1.2(3)" in {str(clause) for clause in decision.cites}


def test_a_grade_without_the_facts_is_unknown_and_says_what_is_missing(pack: Pack) -> None:
    decision = pack.policies["complaint_grade"].decide({}, on=DAY)
    assert not decision.known
    assert "safety_involved" in decision.missing


@pytest.mark.parametrize(
    ("fact", "check"),
    [
        ("apologised", "apologised"),
        ("findings", "understood"),
        ("measures", "resolved"),
        ("result", "reported"),
        ("opinion_asked", "opinion_asked"),
    ],
)
def test_a_principle_not_kept_is_found(pack: Pack, fact: str, check: str) -> None:
    policy = pack.policies["complaint_conduct"]
    assert {each.status for each in policy.decide(KEPT, on=DAY).results} == {"pass"}
    broken = {**KEPT, fact: False if isinstance(KEPT[fact], bool) else ""}
    failed = [each.id for each in policy.decide(broken, on=DAY).results if each.status == "fail"]
    assert failed == [check]
