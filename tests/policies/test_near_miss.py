"""How near a rule came that does not hold."""

from __future__ import annotations

import pytest

from tests.policies.house import DAY, FACTS, house

TABLE = """
policy: p
title: {zh: 甲, en: P}
facts: violation
hit_policy: first
outputs: {level: integer}
rules:
  - {id: asked, when: WHEN, then: {level: "1"}}
  - {id: other, then: {level: "2"}}
"""


@pytest.mark.parametrize(
    ("when", "zh", "en"),
    [
        ("illegal_gain >= 90000", "差 10,000 元", "CNY 10,000 too low"),
        ("illegal_gain > 80000", "差 0.01 元", "CNY 0.01 too low"),
        ("illegal_gain < 80000", "超出 0.01 元", "CNY 0.01 too high"),
        ("illegal_gain <= parameters.gain", "超出 30,000 元", "CNY 30,000 too high"),
        ("90000 <= illegal_gain", "差 10,000 元", "CNY 10,000 too low"),
        ("!(illegal_gain < 90000)", "差 10,000 元", "CNY 10,000 too low"),
        ("repeats > 2", "差 3", "3 too low"),
        ("repeats >= 2 && is_crime", "差 2", "2 too low"),
        ('{repeats: "[1..3], >= 5"}', "差 1", "1 too low"),
        ('{illegal_gain: "[10000..50000)"}', "超出 30,000.01 元", "CNY 30,000.01 too high"),
        ('{illegal_gain: "not(> 50000)"}', "超出 30,000 元", "CNY 30,000 too high"),
        ("has(harm) && harm > 1", "用户损失未知", "Loss of users is not known"),
        ("severity == 'grave'", "符合的值：严重", "would hold for grave"),
        ("severity != 'serious'", "符合的值：轻微、严重", "would hold for minor, grave"),
        ('{severity: "minor, grave"}', "符合的值：轻微、严重", "would hold for minor, grave"),
        ('{severity: "not(serious)"}', "符合的值：轻微、严重", "would hold for minor, grave"),
        ('{corrected_on: ">= 2026-03-01"}', "早了 3 日", "3 days too early"),
        ('{corrected_on: "> 2026-03-01"}', "早了 4 日", "4 days too early"),
        ('{corrected_on: "< 2026-02-26"}', "晚了 1 日", "1 day too late"),
        ("is_crime", "涉嫌犯罪 = 否", "Suspected crime = no"),
    ],
)
def test_a_rule_that_does_not_hold_says_how_near_it_came(when: str, zh: str, en: str) -> None:
    quoted = when if when.startswith("{") else f'"{when}"'
    policy = house(TABLE.replace("WHEN", quoted))["p"]
    decision = policy.decide({**FACTS, "corrected_on": "2026-02-26"}, on=DAY)
    assert decision.explain("zh").splitlines()[-1].endswith(zh)
    assert decision.explain("en").splitlines()[-1].endswith(en)
