"""What people read about a decision, word for word."""

from __future__ import annotations

import json
import pickle
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.policies.house import CONDUCT, DAY, FACTS, GAIN, GRADE, PENALTY, VOCABULARY, house

if TYPE_CHECKING:
    from telecom_rules.policies import Decision
    from telecom_rules.wording import Language

EXPLAINED = Path(__file__).parent / "explained"

ASKING = """
policy: referral
title: {zh: 移送, en: Referral}
facts: violation
hit_policy: unique
outputs: {refer: {type: boolean, title: {zh: 移送, en: Refer}}}
default: {refer: "false"}
rules:
  - {id: heavy, when: policies.grade.level == 3 && is_crime, then: {refer: "true"}, cites: law:69}
  - {id: repeated, when: repeats > 2, then: {refer: "true"}, cites: law:73}
"""

STORIES = {
    "a_rule_by_the_gain": ("penalty", FACTS, DAY),
    "an_old_unverified_figure": ("penalty", {**FACTS, "illegal_gain": 40000}, date(2010, 1, 1)),
    "the_last_rule": ("penalty", {**FACTS, "is_crime": True}, DAY),
    "a_gain_that_is_missing": ("penalty", {"severity": "serious", "is_crime": False}, DAY),
    "a_default_and_another_policy": (
        "referral",
        {**FACTS, "illegal_gain": 60000, "repeats": 1},
        DAY,
    ),
    "what_another_policy_lacks": ("referral", {"is_crime": True}, DAY),
    "a_checklist_that_fails": ("conduct", {**FACTS, "harm": 2000, "repeats": 1}, DAY),
    "a_checklist_that_passes": (
        "conduct",
        {"severity": "serious", "corrected_on": "2026-02-01", "repeats": 0},
        DAY,
    ),
    "a_checklist_that_is_open": ("conduct", {"repeats": 0}, DAY),
}


def told(story: str) -> Decision:
    """Return the decision of a story."""
    name, facts, day = STORIES[story]
    assert isinstance(facts, dict)
    return house(PENALTY, GRADE, CONDUCT, ASKING)[name].decide(facts, on=day)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("story", STORIES)
def test_an_explanation_reads_as_written_down(story: str, language: Language) -> None:
    expected = (EXPLAINED / f"{story}.{language}.txt").read_text(encoding="utf-8")
    assert told(story).explain(language) + "\n" == expected


@pytest.mark.parametrize(
    ("story", "zh", "en"),
    [
        (
            "a_gain_that_is_missing",
            "数据不全\uff0c还需要\uff1a违法所得",
            "facts are missing: Illegal gain",
        ),
        (
            "the_last_rule",
            "处罚措施\uff1a吊销许可证\uff08规则 crime\uff09",
            "Measure: revocation of the licence (rule crime)",
        ),
        ("a_checklist_that_passes", "结论\uff1a通过", "Verdict: pass"),
        (
            "a_checklist_that_fails",
            "结论\uff1a不通过\uff08已按期改正、没有再犯、用户损失较小\uff09",
            "Verdict: fail (Corrected in time, Not repeated, Small loss of users)",
        ),
        ("a_default_and_another_policy", "移送\uff1a否", "Refer: no"),
    ],
)
def test_a_summary_is_one_line(story: str, zh: str, en: str) -> None:
    assert (told(story).summary("zh"), told(story).summary("en")) == (zh, en)


def test_a_decision_is_written_down_as_json() -> None:
    decision = told("a_rule_by_the_gain")
    dump = decision.dump()
    rule = {
        "id": "by_gain",
        "title": {"zh": "按违法所得罚款", "en": "Fine by the gain"},
        "interpretation": False,
    }
    gain = {
        "value": "50000.00",
        "since": "2016-02-06",
        "confidence": "high",
        "interpretation": False,
    }
    assert json.loads(json.dumps(dump)) == {
        "policy": "penalty",
        "on": "2026-03-01",
        "digest": decision.digest,
        "known": True,
        "outputs": {"measure": "fine", "fine_min": "240000.00", "fine_max": "400000.00"},
        "rule": rule,
        "rules": [rule],
        "cites": ["law:69"],
        "missing": [],
        "results": [],
        "parameters": {"gain": gain},
        "facts": {
            "severity": "serious",
            "illegal_gain": "80000.00",
            "is_crime": False,
            "repeats": 0,
        },
    }
    assert told("a_checklist_that_is_open").dump()["results"] == [
        {
            "id": "corrected",
            "status": "unknown",
            "severity": "error",
            "interpretation": False,
            "cites": ["law:69"],
            "missing": ["severity"],
        },
        {
            "id": "no_repeat",
            "status": "pass",
            "severity": "warning",
            "interpretation": False,
            "cites": [],
            "missing": [],
        },
        {
            "id": "compensated",
            "status": "not_applicable",
            "severity": "error",
            "interpretation": False,
            "cites": ["law:73", "spec:3.3(2)"],
            "missing": [],
        },
    ]


def test_the_figures_named_are_those_that_were_asked() -> None:
    policies = house(PENALTY)
    assert list(policies["penalty"].decide({**FACTS, "severity": "minor"}, on=DAY).parameters) == []
    assert list(policies["penalty"].decide(FACTS, on=DAY).parameters) == ["gain"]


def test_the_figures_of_a_default_are_named_where_no_rule_holds() -> None:
    policy = house("""
policy: least
title: {zh: 起点, en: Least}
facts: violation
hit_policy: first
outputs: {sum: money}
default: {sum: parameters.gain}
rules: [{id: crime, when: is_crime, then: {sum: "0"}}]
""")["least"]
    assert list(policy.decide({**FACTS, "is_crime": True}, on=DAY).parameters) == []
    assert list(policy.decide({**FACTS, "is_crime": False}, on=DAY).parameters) == ["gain"]


OURS = (
    PENALTY.replace("    note: {zh: 达到", "    interpretation: true\n    note: {zh: 达到")
    .replace("title: {zh: 违规处罚, en: Penalty}", "title: {zh: 解读, en: Reading}")
    .replace("policy: penalty", "policy: reading")
)
OUR_CHECKS = CONDUCT.replace("    remedy:", "    interpretation: true\n    remedy:")


def test_a_reading_of_ours_is_said_wherever_it_decides() -> None:
    gain = GAIN.replace("confidence: high", "confidence: high, interpretation: true")
    words = tuple(gain if each is GAIN else each for each in VOCABULARY)
    made = house(OURS, OUR_CHECKS, words=words)
    assert not made.found
    decision = made["reading"].decide(FACTS, on=DAY)
    assert decision.rule is not None
    assert decision.rule.interpretation
    assert "请注意：这是本规则包对条文的理解，不是条文原文" in decision.explain("zh").splitlines()
    assert "  Note: this is our reading of the clause, not its words" not in decision.explain()
    assert "since 2016-02-06, confidence high, a reading of ours" in decision.explain()
    failed = made["conduct"].decide({**FACTS, "harm": 2000, "repeats": 1}, on=DAY)
    assert failed.explain().count("our reading of the clause") == 3
    assert all(each.interpretation for each in pickle.loads(pickle.dumps(failed.results)))  # noqa: S301 - our own


def test_a_reading_changes_no_digest() -> None:
    one, other = house(PENALTY), house(OURS.replace("policy: reading", "policy: penalty"))
    assert one["penalty"].digest == other["penalty"].digest


def test_a_setting_reads_no_law() -> None:
    setting = (
        GAIN.replace(", confidence: low", "").replace(", confidence: high", "") + "kind: setting\n"
    )
    words = (*VOCABULARY[:-1], setting.replace("cites: law:69}", "interpretation: true}"))
    assert "cannot have `interpretation`" in str(house(words=words).told)
