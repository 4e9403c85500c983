"""The twenty cases of a complaint desk: each has a matter, and each example is answered."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from telecom_rules import load, scenarios, validate
from telecom_rules.cli import main
from telecom_rules.scenarios import PolicyScenario, Runner, WorkflowScenario

if TYPE_CHECKING:
    from telecom_rules.pack import Matter, Pack
    from telecom_rules.scenarios import Scenario

RULES = Path(__file__).resolve().parents[2] / "rules"
CASES = {
    1: "billing_dispute",
    2: "unordered_service",
    3: "service_outage",
    4: "slow_installation",
    5: "contract_lock_in",
    6: "porting_refused",
    7: "spam",
    8: "real_name_failure",
    9: "roaming_bill",
    10: "data_leak",
    11: "elderly_caller",
    12: "arrears_disconnection",
    13: "prepaid_refund",
    14: "lost_card",
    15: "minor_recharge",
    16: "fraud_shutdown",
    17: "downgrade_refused",
    18: "invoice",
    19: "coverage",
    20: "staff_attitude",
}
"""A week at a complaint desk."""
GENERAL = {"complaint_handling", "complaint_conduct", "complaint_grade", "service_process"}
"""What any complaint or request goes through: no answer to what it is about."""
IN_THE_COMPLAINT = "in_the_complaint"


@pytest.fixture(scope="module")
def written(pack: Pack) -> dict[str, Scenario]:
    return {each.id: each for each in scenarios.read(RULES, pack).scenarios}


@pytest.fixture(scope="module")
def runner(pack: Pack) -> Runner:
    return Runner(pack)


def answers(matter: Matter) -> set[str]:
    """The workflows and policies of a matter."""
    return {*matter.workflows, *matter.policies}


@pytest.mark.parametrize("name", CASES.values())
def test_a_case_of_the_desk_is_answered_by_rules_about_it(pack: Pack, name: str) -> None:
    matter = pack.matters[name]
    assert answers(matter) - GENERAL
    assert matter.asks
    assert matter.cites


@pytest.mark.parametrize("name", CASES.values())
def test_the_example_of_a_case_runs_and_is_answered(
    pack: Pack, written: dict[str, Scenario], runner: Runner, name: str
) -> None:
    for example in pack.matters[name].examples:
        assert runner.run(written[example]).passed, example


def test_an_example_shows_what_answers_its_matter(pack: Pack, written: dict[str, Scenario]) -> None:
    for matter in pack.matters.values():
        shown = set()
        for example in matter.examples:
            scenario = written[example]
            if isinstance(scenario, PolicyScenario):
                shown.add(scenario.policy.name)
            if isinstance(scenario, WorkflowScenario):
                shown.add(scenario.workflow.name)
        assert shown <= answers(matter), matter.name


def test_every_kind_of_complaint_and_request_has_a_matter(pack: Pack) -> None:
    named = {str(kind) for matter in pack.matters.values() for kind in matter.kinds}
    for catalogue in ("complaint_kind", "service_request_kind"):
        assert {f"{catalogue}.{code}" for code in pack.catalogues[catalogue].codes} <= named


def test_a_complaint_is_handed_to_a_workflow_of_its_matter(pack: Pack) -> None:
    policy = pack.policies["complaint_settlement"]
    for kind in pack.catalogues["complaint_kind"].codes:
        flow = policy.decide({"kind": kind}, on=date(2026, 3, 2)).outputs["settlement"]
        matters = [
            each
            for each in pack.matters.values()
            if f"complaint_kind.{kind}" in map(str, each.kinds)
        ]
        settling = {name for each in matters for name in each.workflows}
        assert flow == IN_THE_COMPLAINT or flow in settling, kind


def test_what_a_complaint_is_handed_to_is_a_workflow(pack: Pack) -> None:
    codes = set(pack.catalogues["complaint_settlement"].codes)
    assert codes - {IN_THE_COMPLAINT} <= set(pack.workflows)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_desk_is_shown_in_both_languages(
    pack: Pack, language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["show", "desk", "--language", language]) == 0
    text = capsys.readouterr().out
    for matter in pack.matters.values():
        assert f"{matter.name}  {matter.title.say(language)}\n" in text
    matter = pack.matters["fraud_shutdown"]
    assert main(["show", matter.name, "--language", language]) == 0
    alone = capsys.readouterr().out
    assert matter.cannot_know.say(language) in alone
    assert all(each.title.say(language) in alone for each in matter.asks)


HOUSE = """\
overrides:
  catalogues.complaint_kind:
    codes:
      video: {title: {zh: 视频业务, en: Video}, cites: [spec:4.2]}
  policies.complaint_settlement:
    rules:
      - id: video
        title: {zh: 视频业务转争议扣费, en: Video is a disputed charge}
        when: {kind: video}
        then: {settlement: disputed_charge}
        cites: [telecom_regulations:39(1)]
"""
VIDEO = """\
matters:
  video_charge:
    title: {zh: 视频会员扣费, en: Charge for video}
    said: {zh: 视频会员怎么自动扣钱？, en: Why am I charged for video?}
    kinds: complaint_kind.video
    workflows: disputed_charge
    policies: renewal_notice
    examples: renewal_notice/reminded
    cannot_know: {zh: 账号是谁在用, en: Who uses the account}
    cites: spec:4.2
"""


def test_a_house_adds_a_kind_with_its_matter_and_its_flow(tmp_path: Path) -> None:
    (tmp_path / "pack.yaml").write_text(
        "pack: shop\nversion: 1.0.0\ntitle: {zh: 某省, en: A province}\nextends: telecom_rules\n",
        encoding="utf-8",
    )
    (tmp_path / "kinds.yaml").write_text(HOUSE, encoding="utf-8")
    (tmp_path / "desk.yaml").write_text(VIDEO, encoding="utf-8")
    assert validate(tmp_path) == ()
    shop = load(tmp_path)
    flow = shop.policies["complaint_settlement"].decide({"kind": "video"}, on=date(2026, 3, 2))
    assert flow.outputs["settlement"] == "disputed_charge"
    assert set(CASES.values()) < set(shop.matters)
