"""Short explanations: twelve lines, and each counterfactual told comes true."""

from __future__ import annotations

import copy
import json
import pickle
from datetime import date
from decimal import Decimal

import pytest

from telecom_rules.errors import ArgumentError
from tests.policies.house import house

# ruff: noqa: E501 - lines as they are told
ON = date(2026, 3, 2)
FACTS = """\
facts: claim
title: {zh: 申请, en: Claim}
fields:
  age: {type: integer, title: {zh: 年龄, en: Age}, min: 0, max: 150}
  amount: {type: money, title: {zh: 金额, en: Amount}, min: 0}
  paid: {type: money, title: {zh: 已付, en: Paid}, min: 0}
  filed_on: {type: date, title: {zh: 申请日, en: Filed on}}
  bought_on: {type: date, title: {zh: 购买日, en: Bought on}, fixed: true}
  vip: {type: boolean, title: {zh: 是否贵宾, en: VIP}}
  note: {type: text?, title: {zh: 备注, en: Note}}
consistent:
  - {id: order, title: {zh: 先买后报, en: Buying first}, require: filed_on >= bought_on}
"""
TABLE = """\
policy: refund
title: {zh: 退款, en: Refund}
facts: claim
hit_policy: first
outputs:
  share: {type: decimal, title: {zh: 退款比例, en: Share}}
rules:
  - {id: young, title: {zh: 未成年人, en: A minor}, when: age < 18, then: {share: '1.0'}}
  - {id: large, title: {zh: 余额大, en: Much}, when: amount - paid * 2 > 99, then: {share: '0.5'}}
  - {id: late, title: {zh: 太晚, en: Late}, when: 'filed_on > bought_on + days(30)', then: {share: '0.1'}}
  - {id: other, title: {zh: 其他, en: Anything else}, then: {share: '0.2'}}
"""
GIVEN = {
    "age": 20,
    "amount": "150",
    "paid": "30",
    "filed_on": "2026-01-20",
    "bought_on": "2026-01-10",
    "vip": False,
}
SHORT = """\
Refund, by the law of 2026-03-02
Answer: Share: 0.2
Because: Anything else; no earlier rule holds (Age: 20; Amount: CNY 150; Paid: CNY 30; Filed on: 2026-01-20; Bought on: 2026-01-10)
It would be otherwise if
  Amount: CNY 159.01 -> Share: 0.5
  Filed on: 2026-02-10 -> Share: 0.1
  Age: 17 -> Share: 1.0
  Paid: CNY 25.49 -> Share: 0.5"""
SHORT_ZH = """\
退款（按 2026-03-02 有效的规定）
结论：退款比例：0.2
理由：其他；前面的规则都不成立（年龄：20；金额：150 元；已付：30 元；申请日：2026-01-20；购买日：2026-01-10）
如有下列情形之一，结论不同：
  金额：159.01 元 → 退款比例：0.5
  申请日：2026-02-10 → 退款比例：0.1
  年龄：17 → 退款比例：1.0
  已付：25.49 元 → 退款比例：0.5"""


def refund():
    return house(TABLE, words=(FACTS,))["refund"]


def told(**given):
    return refund().decide({**GIVEN, **given}, on=ON)


def test_a_short_explanation_tells_answer_reason_and_what_would_change_it():
    assert told().explain("en", detail="short") == SHORT
    assert told().explain("zh", detail="short") == SHORT_ZH


def test_each_change_told_gives_the_decision_told():
    decision = told()
    for each in decision.explanation.alternatives:
        changed = {one.name: one.value for one in each.changes}
        other = told(**changed)
        assert {one.name: one.value for one in each.outputs} == other.outputs != decision.outputs


def test_a_sum_is_followed_to_the_fen():
    (line,) = [
        each
        for each in told(filed_on="2026-01-10").explanation.alternatives
        if each.changes[0].name == "amount"
    ]
    assert line.changes[0].value == Decimal("159.01")


RATIO = """\
policy: ratio
title: {zh: 比例, en: Ratio}
facts: load
hit_policy: first
outputs:
  high: {type: boolean, title: {zh: 过高, en: High}}
rules:
  - {id: bound, when: 'cel.bind(rest, size - used, rest * 3.0 < size)', then: {high: true}}
  - {id: tagged, when: 'tags.exists(tag, tag == "hot")', then: {high: true}}
  - {id: other, then: {high: false}}
"""
LOAD = """\
facts: load
title: {zh: 负荷, en: Load}
fields:
  size: {type: decimal, title: {zh: 容量, en: Size}, min: 0}
  used: {type: decimal, title: {zh: 已用, en: Used}, min: 0}
  tags: {type: 'list[text]', title: {zh: 标签, en: Tags}}
"""


def otherwise(policy, given):
    """Return the changes told, of each the decision on the facts as a host would give them."""
    decision = policy.decide(given, on=ON)
    found = {}
    for each in decision.explanation.alternatives:
        changes = {one.name: one.value for one in each.changes}
        other = policy.decide({**given, **changes}, on=ON)
        assert {one.name: one.value for one in each.outputs} == other.outputs != decision.outputs
        found |= changes
    return found


def test_a_boundary_inside_a_bound_name_is_told_in_digits_a_fact_can_have():
    policy = house(RATIO, words=(LOAD,))["ratio"]
    found = otherwise(policy, {"size": "10", "used": "1", "tags": ["a"]})
    assert found["used"] == Decimal("6.667")
    assert found["size"] == Decimal("1.499")
    assert otherwise(policy, {"size": "9", "used": "1", "tags": []})["used"] == Decimal("6.001")


def test_an_item_that_a_macro_looks_for_is_put_in_or_taken_out():
    policy = house(RATIO, words=(LOAD,))["ratio"]
    assert otherwise(policy, {"size": "10", "used": "1", "tags": ["a"]})["tags"] == ("a", "hot")
    assert otherwise(policy, {"size": "10", "used": "1", "tags": ["hot"]})["tags"] == ()


def test_a_fixed_fact_and_one_that_would_contradict_another_are_not_told():
    names = {one.name for each in told().explanation.alternatives for one in each.changes}
    assert "bought_on" not in names
    late = told(filed_on="2026-03-01").explanation
    days = [each.value for one in late.alternatives for each in one.changes]
    assert date(2026, 2, 9) in days
    assert all(each >= date(2026, 1, 10) for each in days if isinstance(each, date))


def test_facts_that_change_nothing_are_not_told():
    names = {one.name for each in told().explanation.alternatives for one in each.changes}
    assert names <= {"age", "amount", "paid", "filed_on"}


def test_what_is_missing_comes_before_what_would_change():
    decision = refund().decide({"age": 20}, on=ON)
    said = decision.explanation
    assert said.alternatives == ()
    assert [each.en for each in said.needed] == ["Amount", "Paid", "Filed on", "Bought on"]
    assert "Needed: Amount; Paid; Filed on; Bought on" in decision.explain("en", detail="short")


def test_an_explanation_is_a_value():
    said = told().explanation
    assert pickle.loads(pickle.dumps(said)) == said == copy.deepcopy(said)  # noqa: S301 - our own
    assert json.loads(json.dumps(said.dump()))["outputs"][0]["name"] == "share"


def test_another_detail_is_an_error_that_names_the_three():
    with pytest.raises(ArgumentError, match="short, full or trace"):
        told().explain("en", detail="long")


def test_a_trace_tells_each_condition_as_written():
    lines = told().explain("en", detail="trace").splitlines()
    assert "    `amount - paid * 2 > 99` does not hold" in lines
    assert "      amount = CNY 150" in lines
