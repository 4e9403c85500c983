"""How near a rule came that does not hold."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given

from telecom_rules.expressions import Budget
from telecom_rules.expressions.evaluation.explain import Explainer
from telecom_rules.policies.explanation.causes import iter_near_misses
from telecom_rules.policies.explanation.near_miss import iter_misses
from telecom_rules.vocabulary import Record
from tests.expressions.expression_samples import GIVEN, RECORD, written
from tests.expressions.random_expressions import checked, contexts, records, texts_of
from tests.policies.house import DAY, FACTS, SEVERITY, house

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
        ("is_crime", "涉嫌犯罪：否", "Suspected crime: no"),
        ('{repeats: "(0..1)"}', "再犯次数 = 0", "Repeats = 0"),
    ],
)
def test_a_rule_that_does_not_hold_says_how_near_it_came(when: str, zh: str, en: str) -> None:
    quoted = when if when.startswith("{") else f'"{when}"'
    policy = house(TABLE.replace("WHEN", quoted))["p"]
    decision = policy.decide({**FACTS, "corrected_on": "2026-02-26"}, on=DAY)
    assert decision.explain("zh").splitlines()[-1].endswith(zh)
    assert decision.explain("en").splitlines()[-1].endswith(en)


@pytest.mark.parametrize(
    ("when", "facts", "zh", "en"),
    [
        ("rate > 5.0", {"rate": Decimal("0.99")}, "所差超过 4.01", "more than 4.01 too low"),
        ("rate >= 5.0", {"rate": Decimal("0.99")}, "差 4.01", "4.01 too low"),
        ("rate < 0.5", {"rate": Decimal("0.75")}, "超出部分大于 0.25", "more than 0.25 too high"),
        ("!(rate >= 0.5)", {"rate": Decimal("0.5")}, "恰在界限上", "exactly at the limit"),
        ("rate > count", {"rate": Decimal(1)}, "所差超过 2", "more than 2 too low"),
        ("count > rate", {"rate": Decimal("3.5")}, "差 1", "1 too low"),
        ("took > duration('6h')", {}, "所差超过 1 小时", "more than 1 hour too low"),
        ("took >= duration('6h')", {}, "差 1 小时", "1 hour too low"),
        (
            "received_at < timestamp('2026-03-01T10:00:00Z')", {},
            "晚了超过 2 小时", "more than 2 hours too late",
        ),
        (
            "received_at >= timestamp('2026-03-01T14:00:00Z')", {},
            "早了 2 小时", "2 hours too early",
        ),
    ],
)  # fmt: skip
def test_a_limit_that_must_be_passed_is_missed_by_more_than_the_distance(when, facts, zh, en):
    test, record = written(when), Record({**RECORD, **facts})
    (told,) = iter_near_misses(test, record, GIVEN, Budget())
    assert told.zh.endswith(f"，{zh}")
    assert told.en.endswith(f", {en}")


@given(texts_of(), records, contexts)
def test_every_margin_corrects_its_own_comparison(text, facts, context):
    expression = checked(text)
    explainer = Explainer(expression.source, None, facts, context)
    for miss in iter_misses(expression.tree, explainer, wanted=True):
        try:
            value = miss.correct()
        except OverflowError:
            continue
        assert (value > miss.value) is (miss.low and value != miss.value)
        distance = abs(value - miss.value)
        assert (distance > miss.by) if miss.beyond else (distance == miss.by)


VISIT = """
facts: visit
title: {zh: 上门, en: Visit}
fields:
  severity: {type: severity, title: {zh: 情节, en: Severity}}
  worst: {type: severity?, title: {zh: 最重, en: Worst}}
  agreed: {type: instant, title: {zh: 约定, en: Agreed}}
  begun: {type: instant, title: {zh: 开始, en: Begun}}
  took: {type: span, title: {zh: 用时, en: Time taken}}
"""
VISITED = {
    "severity": "serious", "worst": "grave",
    "agreed": "2026-03-01T09:00:00+08:00", "begun": "2026-03-01T10:30:00+08:00", "took": "5400s",
}  # fmt: skip


@pytest.mark.parametrize(
    ("when", "en"),
    [
        ("begun <= agreed", "90 minutes too "),
        ("agreed >= begun", "90 minutes too "),
        ("took <= duration('3600s')", "30 minutes too "),
        ("took > duration('7200s')", "30 minutes too "),
        ("{worst: minor}", "would hold for minor"),
        ("{worst: not(grave)}", "would hold for minor, serious"),
        ("has(worst) && worst == 'minor'", "would hold for minor"),
    ],
)
def test_it_says_so_of_instants_times_and_of_values_that_are_optional(when: str, en: str) -> None:
    quoted = when if when.startswith("{") else f'"{when}"'
    text = TABLE.replace("WHEN", quoted).replace("facts: violation", "facts: visit")
    decision = house(text, words=(SEVERITY, VISIT))["p"].decide(VISITED, on=DAY)
    assert en in decision.explain("en").splitlines()[-1]


@pytest.mark.parametrize(("codes", "told"), [(13, True), (14, False)])
def test_values_that_would_do_are_listed_where_they_are_few(*, codes: int, told: bool) -> None:
    names = [f"c{at}" for at in range(codes)]
    listed = "".join(f"  {name}: {{title: {{zh: 码, en: {name}}}}}\n" for name in names)
    kinds = f"catalogue: kind\ntitle: {{zh: 类, en: Kind}}\ncodes:\n{listed}"
    facts = """
facts: visit
title: {zh: 上门, en: Visit}
fields: {kind: {type: kind, title: {zh: 类, en: Kind}}}
"""
    text = TABLE.replace("WHEN", "kind != 'c0'").replace("facts: violation", "facts: visit")
    decision = house(text, words=(kinds, facts))["p"].decide({"kind": "c0"}, on=DAY)
    last = decision.explain("en").splitlines()[-1]
    assert ("would hold for" in last) is told
    assert last.endswith(", ".join(names[1:])) is told


def test_of_several_limits_that_must_all_be_met_the_first_counts() -> None:
    policy = house(TABLE.replace("WHEN", '{repeats: "not(> 1, > 3)"}'))["p"]
    last = policy.decide({**FACTS, "repeats": 6}, on=DAY).explain("en").splitlines()[-1]
    assert last.endswith("5 too high")
