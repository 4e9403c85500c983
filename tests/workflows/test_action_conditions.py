"""Conditions of actions (`when`) and the name of the event that came (`event_name`)."""

from __future__ import annotations

import pytest

from telecom_rules.checks.analysis.state_space import StateSpace
from telecom_rules.checks.analysis.verdicts import PropertyVerdict, prove_property
from telecom_rules.interop import to_scxml, to_xstate
from telecom_rules.workflows import Accepted, Refused
from tests.workflows.house import FACTS, START, en, link, made, zh

CHART = """
workflow: report
version: 1.0.0
title: {zh: 报告, en: Report}
facts: complaint
events:
  pay.card: {title: {zh: 刷卡, en: Card}}
  pay.cash: {title: {zh: 现金, en: Cash}}
  grade: {title: {zh: 定级, en: Grade}, payload: {grade: "grade?"}}
  ready: {title: {zh: 就绪, en: Ready}, payload: {grade: "grade?"}}
effects:
  tell: {title: {zh: 通知, en: Tell}, payload: {customer: text}}
  grade_it: {title: {zh: 上报等级, en: Report the grade}, payload: {grade: grade}}
initial: open
states:
  open:
    title: {zh: 待办, en: Open}
    entry:
      - {assign: {reworks: {value: "2", when: amount > 5000}}, emit: {effect: tell, when: reworks == 2, with: {customer: "'entry'"}}}
    on:
      pay.*: {assign: {content: event_name}, emit: {effect: tell, when: event_name == 'pay.card', with: {customer: event_name}}}
      grade:
        assign: {grade: {value: event.grade, when: has(event.grade)}}
        emit: {effect: grade_it, when: has(event.grade), with: {grade: event.grade}}
        raise: {event: ready, when: has(grade) && grade == 'major'}
      ready: closed
  closed: {title: {zh: 完成, en: Closed}, type: final}
properties:
  - existence: closed
"""  # noqa: E501 - as in a file of rules


def test_an_action_under_a_false_condition_is_passed_over() -> None:
    opened = made(CHART).open(FACTS, at=START, id="r")
    assert opened.case.facts["reworks"] == 2
    assert [dict(each.payload) for each in opened.effects] == [{"customer": "entry"}]
    small = made(CHART).open({**FACTS, "amount": "5"}, at=START, id="r")
    assert small.case.facts["reworks"] == 0
    assert small.effects == ()


def test_a_condition_reads_the_facts_as_set_before_it_and_decides_what_is_raised() -> None:
    case = made(CHART).start(FACTS, at=START, id="r")
    general = case.send("grade", {"grade": "general"}, at=START)
    assert isinstance(general, Accepted)
    assert (general.case.state, [each.name for each in general.effects]) == ("open", ["grade_it"])
    major = case.send("grade", {"grade": "major"}, at=START)
    assert isinstance(major, Accepted)
    assert major.case.state == "closed"
    nothing = case.send("grade", {}, at=START)
    assert isinstance(nothing, Accepted)
    assert (nothing.case.state, nothing.effects) == ("open", ())
    assert "grade" not in nothing.case.facts


def test_a_condition_without_a_value_refuses_the_step() -> None:
    text = CHART.replace("when: amount > 5000", "when: reworks > 0").replace(
        "      ready: closed",
        "      ready: {target: closed, emit: {effect: tell, when: content == 'x',"
        " with: {customer: \"'x'\"}}}",
    )
    case = made(text).start(FACTS, at=START, id="r")
    outcome = case.send("ready", at=START)
    assert isinstance(outcome, Refused)
    assert outcome.case is case
    assert "缺少数据 `content`" in zh(outcome)
    assert "`content` is not known" in en(outcome)


def test_the_name_of_the_event_that_came_is_told_and_known_to_options() -> None:
    case = made(CHART).start(FACTS, at=START, id="r")
    card, cash = (case.send(name, at=START) for name in ("pay.card", "pay.cash"))
    assert isinstance(card, Accepted)
    assert isinstance(cash, Accepted)
    assert (card.case.facts["content"], cash.case.facts["content"]) == ("pay.card", "pay.cash")
    assert [dict(each.payload) for each in card.effects] == [{"customer": "pay.card"}]
    assert cash.effects == ()
    guarded = CHART.replace("pay.*: {assign", "pay.*: {guard: event_name == 'pay.card', assign")
    case = made(guarded).start(FACTS, at=START, id="r")
    assert {each.event: each.allowed for each in case.allowed(at=START)}["pay.cash"] is False
    paid = case.send("pay.card", at=START)
    assert "因为 `event_name == 'pay.card'` 成立:事件 = 刷卡" in zh(paid)
    refused = case.send("pay.cash", at=START)
    assert "the event = Cash" in en(refused)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("event_name == 'pay.card'", "event_name == 'pay.crad'", "TR208"),
        ("when: reworks == 2", "when: event_name == 'x'", "TR203"),
        ("when: reworks == 2", "when: reworks", "TR207"),
        ("when: has(event.grade), with", "when: true, with", "TR205"),
        ("when: has(grade) && grade", "when: grade", "TR205"),
        ("{value: event.grade, when: has(event.grade)}", "event.grade", "TR205"),
        ("when: amount > 5000", "if: amount > 5000", "TR102"),
    ],
)
def test_a_mistake_in_a_condition_is_found(old: str, new: str, code: str) -> None:
    workflow, found = link(CHART.replace(old, new))
    assert workflow is None
    assert code in [each.id for each in found]


def test_a_fact_set_under_a_condition_is_not_known_afterwards() -> None:
    text = CHART.replace(
        "emit: {effect: grade_it, when: has(event.grade), with: {grade: event.grade}}",
        "emit: {effect: grade_it, with: {grade: grade}}",
    )
    assert [each.id for each in link(text)[1]] == ["TR205"]


def test_a_fact_of_that_name_hides_the_name_of_the_event() -> None:
    assert made(CHART.replace("assign: {content: event_name}", "assign: {content: \"'x'\"}"))


def test_a_proof_follows_both_branches_of_a_conditional_raise() -> None:
    text = CHART.replace(
        "      ready: closed", "      ready: {guard: in_state('open'), target: closed}"
    )
    workflow = made(
        text.replace(
            "properties:\n  - existence: closed",
            "properties:\n  - chain_response: {first: grade, then: ready}",
        )
    )
    space = StateSpace(workflow)
    proof = prove_property(space, workflow.properties[0])
    assert proof.verdict is PropertyVerdict.VIOLATED
    certain = CHART.replace(
        "raise: {event: ready, when: has(grade) && grade == 'major'}", "raise: ready"
    )
    workflow = made(
        certain.replace(
            "properties:\n  - existence: closed",
            "properties:\n  - chain_response: {first: grade, then: ready}",
        )
    )
    assert (
        prove_property(StateSpace(workflow), workflow.properties[0]).verdict
        is PropertyVerdict.HOLDS
    )


def test_an_entry_may_raise_under_a_condition_at_the_start() -> None:
    text = CHART.replace(
        "    entry:\n", "    entry:\n      - {raise: {event: ready, when: amount > 7000}}\n"
    )
    space = StateSpace(made(text))
    assert {edge.target.queue for edge in space.starts} == {("ready",), ()}
    assert [edge.conditions[0].source for edge in space.starts] == [
        "amount > 7000",
        "!(amount > 7000)",
    ]


def test_exports_carry_the_conditions_over() -> None:
    workflow = made(CHART)
    machine = to_xstate(workflow)
    actions = machine["states"]["open"]["on"]["grade"][0]["actions"]
    assert [each["params"].get("when") for each in actions] == [
        "has(event.grade)",
        "has(event.grade)",
        "has(grade) && grade == 'major'",
    ]
    start = CHART.index("      pay.*:")
    plain = CHART[:start] + CHART[CHART.index("      grade:\n", start) :]
    document = to_scxml(made(plain))
    assert '<if cond="has(event.grade)">' in document
    assert "<if cond=\"has(grade) &amp;&amp; grade == 'major'\">" in document
