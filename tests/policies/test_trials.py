"""Rules tried out on records: by another pack in the shadow, again on request, and measured."""

from __future__ import annotations

import json
import pickle
from datetime import date
from decimal import Decimal
from itertools import count
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

import telecom_rules
from telecom_rules import (
    DecisionChange,
    FactsError,
    NoRuleMatches,
    Packs,
    SnapshotError,
    SnapshotMismatch,
    UnknownPack,
)
from telecom_rules.policies.trials import find_change
from telecom_rules.policies.trials.profile import Profile
from tests.pack.house import HOUSE, house, lay
from tests.shipped import shipped

if TYPE_CHECKING:
    from pathlib import Path

    from telecom_rules import Pack

DAY = date(2026, 3, 2)
POLICY = HOUSE["policies/grading.yaml"]
FACTS = HOUSE["facts/ticket.yaml"]
CHECKLIST = """\
policy: duties
title: {zh: 义务, en: Duties}
cites: [book:1]
facts: ticket
checks:
  - {id: graded, title: {zh: 已分级, en: Graded}, require: has(grade),
     remedy: {zh: 分级, en: Grade it}, cites: [book:1]}
  - {id: small, title: {zh: 损失小, en: Small loss}, when: has(grade), require: loss < 100,
     severity: warning, remedy: {zh: 复核, en: Check}, cites: [book:1]}
"""


def build(folder: Path, **changed: str) -> Pack:
    return telecom_rules.load(lay(folder, house(policies_duties=CHECKLIST, **changed)))


@pytest.fixture
def old(tmp_path: Path) -> Pack:
    return build(tmp_path / "old")


@pytest.fixture
def changes() -> list[DecisionChange]:
    return []


def stricter(text: str = POLICY) -> str:
    """The policy with a threshold half as high."""
    return text.replace("loss >= parameters.threshold", "loss * 2 >= parameters.threshold")


def test_the_shadow_returns_its_own_decision_and_reports_the_other(old, changes, tmp_path):
    new = build(tmp_path / "new", policies_grading=stricter())
    shadow = old.shadow(new, changes.append)
    grading = shadow.policies["grading"]
    assert grading.decide({"loss": 10}, on=DAY) == old.policies["grading"].decide(
        {"loss": 10}, on=DAY
    )
    assert changes == []
    decision = grading.decide({"loss": 30}, on=DAY)
    assert decision.outputs == {"grade": "low"}
    (change,) = changes
    assert (change.policy, change.on, change.changes_answer) == ("grading", DAY, True)
    assert change.before == decision
    assert change.after == new.policies["grading"].decide({"loss": 30}, on=DAY)
    assert change.rules == (("low",), ("high",))
    assert [(each.name, each.before, each.after) for each in change.outputs] == [
        ("grade", "low", "high")
    ]
    assert (change.wording.en, change.wording.zh) == ("Grade: Low → High", "级别：低 → 高")
    dumped = json.loads(json.dumps(change.dump()))
    assert dumped["after"]["outputs"] == {"grade": "high"}
    assert dumped["wording"] == {"zh": "级别：低 → 高", "en": "Grade: Low → High"}


def test_the_same_answer_by_another_rule_is_told_apart(old, changes, tmp_path):
    new = build(tmp_path / "new", policies_grading=POLICY.replace("id: low", "id: small"))
    old.shadow(new, changes.append).policies["grading"].decide({"loss": 1}, on=DAY)
    (change,) = changes
    assert not change.changes_answer
    assert change.outputs == ()
    assert change.wording.en == "Grade: Low (rule low) → Grade: Low (rule small)"


def test_the_checks_of_a_checklist_that_come_out_otherwise_are_named(old, changes, tmp_path):
    new = telecom_rules.load(
        lay(tmp_path / "new", house(policies_duties=CHECKLIST.replace("< 100", "< 10")))
    )
    duties = old.shadow(new, changes.append).policies["duties"]
    duties.decide({"loss": 20, "grade": "low"}, on=DAY)
    (change,) = changes
    assert [(each.name, each.before, each.after) for each in change.outputs] == [
        ("verdict", "pass", "warn"), ("checks.small", "pass", "fail")
    ]  # fmt: skip
    assert change.outputs[1].wording == ("损失小：通过 → 不通过", "Small loss: passes → fails")


@pytest.mark.parametrize(
    ("other", "error"),
    [
        ({"policies_grading": POLICY.replace("policy: grading", "policy: graded")}, "unknown-name"),
        ({"policies_grading": POLICY.replace("  - {id: low, then: {grade: low}, cites: [book:1]}\n",
                                             "")}, "no-rule-matches"),
        ({"facts_ticket": FACTS.replace("loss: {type: money", "loss: {type: money, min: 500")},
         "facts"),
        ({"facts_ticket": FACTS.replace("grade: {type: grade?", "grade: {type: boolean?")},
         "facts"),
        ({"policies_grading": POLICY.replace("loss >=", "loss / 3 >=")}, "evaluation"),
    ],
)  # fmt: skip
def test_an_error_of_the_other_pack_is_reported_and_not_raised(
    old, changes, tmp_path, other, error
):
    flow = HOUSE["workflows/handling.yaml"].replace("policies.grading.grade == 'low'", "loss < 50")
    new = build(tmp_path / "new", workflows_handling=flow, **other)
    facts = {"loss": 10, "grade": "low"}
    decision = old.shadow(new, changes.append).policies["grading"].decide(facts, on=DAY)
    assert decision.outputs == {"grade": "low"}
    (change,) = changes
    assert isinstance(change.after, telecom_rules.TelecomRulesError)
    assert change.after.code == error
    assert change.dump()["after"]["error"] == change.after.code
    assert change.wording.en.startswith("Grade: Low (rule low) → no decision: ")
    assert "无法判定：" in change.wording.zh


def test_a_defect_of_the_other_pack_does_not_reach_the_host_either(old, changes):
    duties = old.shadow(old, changes.append).policies["duties"]
    object.__setattr__(duties, "_others", {})  # a mapping that raises no error of ours
    assert duties.decide({"loss": 1}, on=DAY).outputs == {"verdict": "fail"}
    (change,) = changes
    assert change.dump()["after"]["error"] == "KeyError"
    assert change.wording.zh.endswith("无法判定：内部错误（KeyError）")


def test_an_error_of_its_own_is_raised_and_reported(old, changes, tmp_path):
    text = POLICY.replace("  - {id: low, then: {grade: low}, cites: [book:1]}\n", "")
    flow = HOUSE["workflows/handling.yaml"].replace("policies.grading.grade == 'low'", "loss < 50")
    new = build(tmp_path / "new", policies_grading=text, workflows_handling=flow)
    grading = new.shadow(old, changes.append).policies["grading"]
    with pytest.raises(NoRuleMatches):
        grading.decide({"loss": 10}, on=DAY)
    (change,) = changes
    assert isinstance(change.before, NoRuleMatches)
    assert change.after == old.policies["grading"].decide({"loss": 10}, on=DAY)
    with pytest.raises(FactsError):
        grading.decide({"loss": 10, "no_such": 1}, on=DAY)
    assert len(changes) == 1  # a mistake of the host is one for both


def test_the_other_pack_is_not_given_facts_that_only_this_one_has(old, changes, tmp_path):
    facts = FACTS + "  urgent: {type: boolean?, title: {zh: 紧急, en: Urgent}}\n"
    policy = stricter().replace("loss * 2 >=", "has(urgent) && urgent || loss >=")
    new = build(tmp_path / "new", facts_ticket=facts, policies_grading=policy)
    grading = new.shadow(old, changes.append).policies["grading"]
    grading.decide({"loss": 1, "urgent": False}, on=DAY)
    assert changes == []
    grading.decide({"loss": 1, "urgent": True}, on=DAY)
    assert [each.wording.en for each in changes] == ["Grade: High → Low"]


def test_what_a_report_raises_reaches_the_host(old, tmp_path):
    new = build(tmp_path / "new", policies_grading=stricter())

    def report(change):
        raise OSError(change.policy)

    with pytest.raises(OSError, match="grading"):
        old.shadow(new, report).policies["grading"].decide({"loss": 30}, on=DAY)


@given(st.decimals(0, 200, places=2), st.decimals(0, 200, places=2))
def test_two_answers_are_the_same_exactly_if_outputs_and_rules_are(one, other):
    policy = shipped().policies["violation_fine"]
    facts = {"act": "scope_exceeded", "established": True, "grave": False, "is_crime": False}
    before, after = (
        policy.decide({**facts, "illegal_gain": gain * 1000}, on=DAY) for gain in (one, other)
    )
    change = find_change(policy.name, DAY, before, after)
    same = (dict(before.outputs), before.rules) == (dict(after.outputs), after.rules)
    assert (change is None) is same


def test_a_change_of_decisions_goes_to_another_process(old, changes, tmp_path):
    new = build(tmp_path / "new", policies_grading=stricter())
    Packs(new, old).register()
    old.shadow(new, changes.append).policies["grading"].decide({"loss": 30}, on=DAY)
    assert pickle.loads(pickle.dumps(changes[0])) == changes[0]  # noqa: S301 - our own value


# Deciding again


def test_other_rules_decide_again_only_on_request(old, tmp_path):
    new = build(tmp_path / "new", policies_grading=stricter())
    stored = json.loads(json.dumps(old.policies["grading"].decide({"loss": 30}, on=DAY).dump()))
    with pytest.raises(SnapshotMismatch, match="other_rules=True"):
        new.decide_again(stored)
    assert new.decide_again(stored, other_rules=True).outputs == {"grade": "high"}
    for value in (1, "yes", [True]):  # nothing else is taken for a request
        with pytest.raises(SnapshotMismatch):
            new.decide_again(stored, other_rules=value)
    assert old.decide_again(stored, other_rules=True).outputs == {"grade": "low"}


def test_of_several_packs_the_newest_decides_on_request_where_none_made_the_decision(old, tmp_path):
    new = build(tmp_path / "new", policies_grading=stricter())
    stored = old.policies["grading"].decide({"loss": 30}, on=DAY).dump()
    with pytest.raises(UnknownPack):
        Packs(new).decide_again(stored)
    assert Packs(new).decide_again(stored, other_rules=True).outputs == {"grade": "high"}
    assert Packs(new, old).decide_again(stored, other_rules=True).outputs == {"grade": "low"}


def test_an_altered_answer_of_its_own_rules_is_refused_on_request_too(old):
    stored = old.policies["grading"].decide({"loss": 30}, on=DAY).dump()
    with pytest.raises(SnapshotError):
        old.decide_again({**stored, "outputs": {"grade": "high"}}, other_rules=True)


def test_facts_that_other_rules_do_not_take_are_refused(old, tmp_path):
    facts = FACTS.replace("loss: {type: money", "loss: {type: money, min: 500")
    new = build(tmp_path / "new", facts_ticket=facts)
    stored = old.policies["grading"].decide({"loss": 30}, on=DAY).dump()
    with pytest.raises(FactsError):
        new.decide_again(stored, other_rules=True)


# Profile


def tick():
    """A clock that goes on by one whenever it is read."""
    numbers = count()
    return lambda: next(numbers)


ASKING = """\
policy: route
title: {zh: 转办, en: Route}
cites: [book:1]
facts: ticket
hit_policy: first
outputs: {fast: boolean}
rules:
  - {id: graded, when: policies.grading.grade == 'high', then: {fast: true}, cites: [book:1]}
  - {id: large, when: loss > 40, then: {fast: true}, cites: [book:1]}
  - {id: rest, then: {fast: false}, cites: [book:1]}
"""


def test_a_profile_counts_how_often_each_rule_is_tried_and_decides(tmp_path):
    pack = build(tmp_path / "pack", policies_route=ASKING)
    profile = Profile(pack.policies["route"], tick())
    for loss in (10, 45, 60, 70):
        assert profile.decide({"loss": loss}, on=DAY) == pack.policies["route"].decide(
            {"loss": loss}, on=DAY
        )
    route, grading = profile.policies
    assert (route.name, route.asked, route.known) == ("route", 4, 4)
    assert (grading.name, grading.asked) == ("grading", 4)
    assert [(each.id, each.tried, each.decided) for each in route.rules] == [
        ("graded", 4, 2), ("large", 2, 1), ("rest", 1, 1)
    ]  # fmt: skip
    assert [(each.id, each.tried, each.decided) for each in grading.rules] == [
        ("high", 4, 2), ("low", 2, 2)
    ]  # fmt: skip
    # The time of the policy that is asked counts once, and is no time of the rule that asks it.
    assert route.own + grading.own == route.total
    graded = route.rules[0]
    assert graded.total == graded.own + grading.total


def test_a_profile_counts_the_checks_that_fail(old):
    profile = Profile(old.policies["duties"], tick())
    profile.decide({"loss": 200, "grade": "low"}, on=DAY)
    profile.decide({"loss": 1}, on=DAY)
    (duties,) = profile.policies
    assert [(each.id, each.tried, each.decided) for each in duties.rules] == [
        ("graded", 2, 1), ("small", 2, 1)
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["violation_penalty", "complaint_grade", "crm_record"])
def test_a_measured_policy_decides_as_it_always_does(name):
    policy = shipped().policies[name]
    profile = Profile(policy, tick())
    for facts in (
        {},
        {"illegal_gain": Decimal(1)} if "illegal_gain" in policy.facts.fields else {},
    ):
        assert profile.decide(facts, on=DAY) == policy.decide(facts, on=DAY)
