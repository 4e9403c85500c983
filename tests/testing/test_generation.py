"""Scenarios made from the rules: what they show, that they pass, and what is not shown."""

from __future__ import annotations

from datetime import date
from textwrap import dedent

import pytest

from telecom_rules import scenarios
from telecom_rules.pack import load
from telecom_rules.policies.policy import engine_of
from telecom_rules.testing.generation import generate, write_generated
from telecom_rules.testing.generation.generate import iter_records
from telecom_rules.testing.generation.goals import Watcher, list_goals
from telecom_rules.testing.generation.independence import iter_deciding
from tests.patience import within

DAY = date(2026, 3, 2)
FILES = {
    "pack.yaml": """
        pack: small
        version: 1.0.0
        title: {zh: 小规则包, en: A small pack}
        utc_offset: "+08:00"
        require_cites: false
        """,
    "facts/fault.yaml": """
        facts: fault
        title: {zh: 故障, en: Fault}
        fields:
          customers: {type: integer, title: {zh: 受影响客户数, en: Customers}, min: 0}
          hospital: {type: boolean, title: {zh: 涉及医院, en: A hospital is hit}}
          begun_on: {type: date, title: {zh: 开始日期, en: Began on}}
          ended_on: {type: date?, title: {zh: 结束日期, en: Ended on}}
        consistent:
          - {id: order, title: {zh: 结束不早于开始, en: It does not end before it begins},
             require: ended_on >= begun_on}
        """,
}


def write_pack(root, policy, extra=None):
    """Write a small pack with one policy, and return its directory."""
    for name, text in {**FILES, "policies/urgency.yaml": policy, **(extra or {})}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text), encoding="utf-8")
    return root


TABLE = """
    policy: urgency
    title: {zh: 紧急程度, en: Urgency}
    facts: fault
    hit_policy: first
    outputs: {urgent: boolean}
    rules:
      - id: urgent
        title: {zh: 紧急, en: Urgent}
        when: customers >= 100 || hospital && customers >= 10
        then: {urgent: true}
      - {id: other, title: {zh: 其他, en: Other}, then: {urgent: false}}
    """


def make(root, *, anew=False):
    """Return what is generated for the policy of a small pack, with the pack."""
    pack = load(root)
    known = scenarios.read(root, pack).scenarios
    return generate(pack, pack.policies["urgency"], known, DAY, anew=anew), pack


def read_back(root, generated, pack, place="scenarios/urgency.yaml"):
    """Return the generated scenarios as a pack reads them from a file in the place of another."""
    if root is not None:
        (root / place).parent.mkdir(exist_ok=True)
        (root / place).touch()
    text = write_generated(generated, "en").encode()
    reading = scenarios.read(root, pack, unsaved={place: text})
    assert not reading.findings, reading.findings
    made = [each for each in reading.scenarios if "_generated/" in each.id]
    assert made
    return made


def test_a_table_gets_its_rules_boundaries_and_every_condition_that_decides_alone(tmp_path):
    generated, pack = make(write_pack(tmp_path, TABLE))
    assert generated.goals == list_goals(pack.policies["urgency"])
    assert not generated.unreached
    asked = {(each.facts.get("customers"), each.facts.get("hospital")) for each in generated.shown}
    assert {each for each, _ in asked} >= {9, 10, 11, 99, 100, 101}
    assert (99, False) in asked or (10, False) in asked  # `hospital` alone decides


def test_what_is_generated_passes_and_shows_what_it_claims(tmp_path):
    generated, pack = make(write_pack(tmp_path, TABLE))
    made = read_back(tmp_path, generated, pack)
    assert all(each.passed for each in scenarios.run(made, pack))
    again = generate(pack, pack.policies["urgency"], made, DAY)
    assert not again.goals


def test_only_what_no_scenario_shows_is_generated(tmp_path):
    written = """
        scenarios: urgency
        title: {zh: 紧急程度, en: Urgency}
        policy: urgency
        on: 2026-03-02
        tests:
          many:
            title: {zh: 客户多, en: Many customers}
            given: {hospital: false, begun_on: 2026-03-01}
            examples:
              - {given: {customers: 99}, then: {urgent: false}, rule: other}
              - {given: {customers: 100}, then: {urgent: true}, rule: urgent}
              - {given: {customers: 101}, then: {urgent: true}, rule: urgent}
        """
    generated, _ = make(write_pack(tmp_path, TABLE, {"scenarios/urgency.yaml": written}))
    said = [each.what.en for each in generated.goals]
    assert not [each for each in said if "customers >= 100`: " in each]
    assert [each for each in said if "customers >= 10`: " in each]
    assert "decides" not in said


def test_a_scenario_that_fails_shows_nothing(tmp_path):
    written = """
        scenarios: urgency
        title: {zh: 紧急程度, en: Urgency}
        policy: urgency
        on: 2026-03-02
        tests:
          wrong:
            title: {zh: 写错的结论, en: A wrong answer}
            given: {customers: 100, hospital: false, begun_on: 2026-03-01}
            then: {urgent: false}
        """
    generated, pack = make(write_pack(tmp_path, TABLE, {"scenarios/urgency.yaml": written}))
    assert generated.goals == list_goals(pack.policies["urgency"])


def test_what_cannot_be_shown_is_listed_in_the_file(tmp_path):
    impossible = TABLE.replace(
        "customers >= 100 || hospital && customers >= 10", "customers >= 10 && customers >= 5"
    )
    generated, _ = make(write_pack(tmp_path, impossible))
    said = {each.what.en for each in generated.unreached}
    assert said == {"is decided by `customers >= 5` alone, which is false"}
    lines = write_generated(generated, "en").splitlines()
    assert lines[-2:] == [
        "# No record was found that shows:",
        "# - urgent: is decided by `customers >= 5` alone, which is false",
    ]


CHECKLIST = """
    policy: urgency
    title: {zh: 处理检查, en: Handled well}
    facts: fault
    checks:
      - id: ended
        title: {zh: 已经结束, en: It has ended}
        when: customers > 0
        require: has(ended_on) && ended_on == begun_on
        severity: error
        remedy: {zh: 尽快结束, en: End it}
    """


def test_a_checklist_gets_each_check_passed_failed_and_its_records_refused(tmp_path):
    generated, pack = make(write_pack(tmp_path, CHECKLIST))
    assert not generated.unreached
    made = read_back(tmp_path, generated, pack)
    assert all(each.passed for each in scenarios.run(made, pack))
    assert {each.id.rpartition("/")[2] for each in made} >= {"fails_ended", "refused"}


def test_a_change_of_the_law_is_shown_on_both_days(tmp_path):
    dated = TABLE.replace(
        "then: {urgent: true}", "in_force: {from: 2026-06-01}\n        then: {urgent: true}"
    )
    generated, _ = make(write_pack(tmp_path, dated))
    days = {each.on for each in generated.shown}
    assert date(2026, 6, 1) in days
    assert min(days) < date(2026, 6, 1)


def test_a_search_of_a_big_table_ends(tmp_path):
    rules = "\n".join(
        f"      - {{id: r{at}, when: customers == {at} && hospital, then: {{urgent: true}}}}"
        for at in range(150)
    )
    big = TABLE.partition("    rules:")[0] + "    rules:\n" + rules + "\n"
    root = write_pack(
        tmp_path,
        big.replace("hit_policy: first", "hit_policy: first\n    default: {urgent: false}"),
    )
    with within(60):
        generated, _ = make(root)
    assert generated.shown


@pytest.mark.parametrize("name", ["late_installation", "survey_conduct", "complaint_grade"])
def test_generated_scenarios_of_a_shipped_policy_pass_and_show_what_was_wanted(name, shipped_all):
    pack, known = shipped_all
    policy = pack.policies[name]
    own = [each for each in known if getattr(each, "policy", None) is policy]
    generated = generate(pack, policy, own, DAY, anew=True)
    assert len(generated.unreached) <= len(generated.goals) * 0.1
    made = read_back(None, generated, pack, own[0].span.file)
    results = [*scenarios.run(made, pack)]
    assert [each.findings for each in results if not each.passed] == []
    watcher = Watcher(pack, policy, (each.mark for each in generated.goals))
    shown = {mark for facts, on in iter_records(policy, made) for mark in watcher.watch(facts, on)}
    missing = [each for each in generated.goals if each.mark not in shown]
    refused = [each for each in missing if each.mark[0] == "inconsistent"]
    assert set(missing) == {*generated.unreached, *refused}


@pytest.fixture(scope="module")
def shipped_all():
    """Return the shipped pack with its scenarios."""
    pack = load()
    return pack, scenarios.read(None, pack).scenarios


CHOICES = [
    ("customers > 5 && hospital", {("customers > 5", True), ("hospital", True)}, (6, True)),
    ("customers > 5 && hospital", {("hospital", False)}, (6, False)),
    ("customers > 5 && hospital", set(), (5, False)),
    ("customers > 5 || hospital", {("customers > 5", True)}, (6, False)),
    ("customers > 5 || hospital", set(), (6, True)),
    ("!(customers > 5) && hospital", {("customers > 5", False), ("hospital", True)}, (5, True)),
    (
        "hospital ? customers > 5 : customers > 9",
        {("customers > 9", False), ("hospital", False)},
        (6, False),
    ),
    ("has(ended_on) && ended_on > begun_on", {("has(ended_on)", False)}, (6, False)),
]


@pytest.mark.parametrize(("when", "deciding", "record"), CHOICES)
def test_a_condition_decides_alone_where_its_truth_turns_the_outcome(
    tmp_path, when, deciding, record
):
    table = TABLE.replace("customers >= 100 || hospital && customers >= 10", f'"{when}"')
    policy = load(write_pack(tmp_path, table)).policies["urgency"]
    customers, hospital = record
    facts = policy.facts.read({"customers": customers, "hospital": hospital, "begun_on": DAY})
    context = engine_of(policy).build_context(facts, DAY)
    found = iter_deciding(policy.rows[0].tests, facts, context)
    assert {(site.text, truth) for site, truth in found} == deciding
