"""Asking one question after the other until a policy can decide."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from telecom_rules.errors import DecisionError
from tests.policies.house import CONDUCT, DAY, FACTS, PENALTY, house

if TYPE_CHECKING:
    from telecom_rules.policies import Policy, Question

ANSWERS: dict[str, tuple[object, ...]] = {
    "severity": ("minor", "serious", "grave"),
    "repeats": (0, 1, 2),
    "is_crime": (False, True),
    "harm": (None, 5, 500),
}


def first_question(policy: Policy, **facts: object) -> Question:
    """Return what is asked first."""
    question = policy.ask(facts, on=DAY)
    assert question is not None
    return question


def test_a_question_says_what_it_is_about_and_what_may_be_answered() -> None:
    policy = house(PENALTY)["penalty"]
    crime = first_question(policy)
    assert (crime.fact, crime.title.zh, crime.type) == ("is_crime", "涉嫌犯罪", "boolean")
    assert {key: title.zh for key, title in crime.choices.items()} == {True: "是", False: "否"}
    severity = first_question(policy, is_crime=False)
    assert (severity.fact, severity.type, severity.optional) == ("severity", "severity", False)
    assert {key: title.en for key, title in severity.choices.items()} == {
        "minor": "minor",
        "serious": "serious",
        "grave": "grave",
    }
    gain = first_question(policy, is_crime=False, severity="grave")
    assert (gain.fact, gain.type, gain.choices, gain.least) == ("illegal_gain", "money", {}, 0)


def test_nothing_is_asked_once_it_is_decided() -> None:
    policy = house(PENALTY)["penalty"]
    assert policy.ask(FACTS, on=DAY) is None
    assert policy.ask({"is_crime": False, "severity": "minor"}, on=DAY) is None
    assert policy.ask({"is_crime": True}, on=DAY) is None
    assert policy.ask(policy.facts.read(FACTS), on=DAY) is None


def test_an_optional_fact_is_asked_for_until_somebody_says_that_there_is_none() -> None:
    policy = house(CONDUCT)["conduct"]
    known = {"severity": "minor", "repeats": 0}
    assert policy.decide(known, on=DAY).known
    harm = first_question(policy, **known)
    assert (harm.fact, harm.optional) == ("harm", True)
    assert policy.ask({**known, "harm": None}, on=DAY) is None


def test_what_nobody_knows_is_not_asked_again() -> None:
    policy = house(PENALTY)["penalty"]
    assert first_question(policy, is_crime=None).fact == "severity"
    assert policy.ask(dict.fromkeys(policy.facts.fields), on=DAY) is None


def test_what_another_policy_lacks_is_asked_for() -> None:
    asking = """
policy: asking
title: {zh: 甲, en: Asking}
facts: violation
hit_policy: first
outputs: {hard: boolean}
rules:
  - {id: bad, when: policies.conduct.verdict == 'fail', then: {hard: "true"}}
  - {id: good, then: {hard: "false"}}
"""
    policy = house(asking, CONDUCT)["asking"]
    facts: dict[str, object] = {}
    asked = []
    while (question := policy.ask(facts, on=DAY)) is not None:
        asked.append(question.fact)
        facts[question.fact] = {"severity": "minor", "harm": 2000}[question.fact]
    assert asked == ["harm"], "it alone settles a check, and the verdict"
    assert policy.decide(facts, on=DAY).outputs == {"hard": True}


CONDITIONS = st.lists(
    st.sampled_from(
        [
            "is_crime",
            "severity == 'minor'",
            "severity != 'grave' || repeats == 1",
            "repeats > 0 && !is_crime",
            "repeats < 2",
            "has(harm)",
            "has(harm) && harm > 100",
            "!has(harm) || is_crime",
        ]
    ),
    min_size=1,
    max_size=4,
)


def table(hit_policy: str, conditions: list[str]) -> Policy:
    """Return a table with these conditions."""
    name, _, aggregation = hit_policy.partition(" ")
    rows = [
        f"  - {{id: r{at}, when: {json.dumps(test)}, then: {{level: {at % 3}}}}}"
        for at, test in enumerate(conditions)
    ]
    return house(
        "policy: p\ntitle: {zh: 甲, en: P}\nfacts: violation\n"
        f"hit_policy: {name}\n{aggregation and f'aggregation: {aggregation}'}\n"
        "outputs: {level: {type: integer, values: [2, 0, 1]}}\nrules:\n" + "\n".join(rows)
    )["p"]


@given(
    st.sampled_from(["first", "any", "priority", "collect", "collect max", "output_order"]),
    CONDITIONS,
    st.fixed_dictionaries({name: st.sampled_from(values) for name, values in ANSWERS.items()}),
)
def test_an_interview_ends_in_the_decision_on_all_the_facts(
    hit_policy: str, conditions: list[str], full: dict[str, object]
) -> None:
    policy = table(hit_policy, conditions)
    try:
        wanted: object = policy.decide(full, on=DAY).outputs
    except DecisionError as problem:
        wanted = type(problem)
    facts: dict[str, object] = {}
    try:
        while (question := policy.ask(facts, on=DAY)) is not None:
            assert question.fact not in facts
            assert " ".join(conditions).count(question.fact)
            facts[question.fact] = full[question.fact]
        found: object = policy.decide(facts, on=DAY).outputs
    except DecisionError as problem:
        found = type(problem)
    assert found == wanted


EFFORT = """\
facts: visit
title: {zh: 走访, en: Visit}
fields:
  seen: {type: boolean, title: {zh: 现场查看, en: Seen on site}, effort: 20}
  told: {type: boolean, title: {zh: 本人陈述, en: Told}}
  written: {type: boolean, title: {zh: 书面材料, en: In writing}}
"""
EITHER = """\
policy: proof
title: {zh: 证明, en: Proof}
facts: visit
hit_policy: first
outputs: {proved: boolean}
rules:
  - {id: seen, when: seen, then: {proved: true}}
  - {id: both, when: told && written, then: {proved: true}}
  - {id: other, then: {proved: false}}
"""


def test_what_takes_effort_is_asked_for_last() -> None:
    policy = house(EITHER, words=(EFFORT,))["proof"]
    first = first_question(policy)
    assert (first.fact, first.effort) == ("told", 1)
    assert first_question(policy, told=True).fact == "written"
    assert policy.ask({"told": True, "written": True}, on=DAY) is None
    last = first_question(policy, told=False)
    assert (last.fact, last.effort, last.dump()["effort"]) == ("seen", 20, 20)
    plain = house(EITHER, words=(EFFORT.replace(", effort: 20", ""),))["proof"]
    assert first_question(plain).fact == "seen"
    assert plain.digest == policy.digest
