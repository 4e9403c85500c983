"""What a statechart does with an event: XState's names, SCXML's order."""

from __future__ import annotations

from datetime import UTC, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from telecom_rules.workflows import Accepted, Refused
from tests.workflows.house import (
    ANSWER,
    CONTACT,
    FACTS,
    GENERAL,
    HALF,
    MAJOR,
    RECORD,
    START,
    after,
    complaint,
    en,
    made,
    patrol,
    started,
    zh,
)

if TYPE_CHECKING:
    from telecom_rules.workflows import Case

NEST = """
workflow: nest
version: 1.0.0
title: {zh: 套, en: Nest}
facts: complaint
events:
  go: {title: {zh: 去, en: Go}}
  up: {title: {zh: 上, en: Up}}
  self: {title: {zh: 自, en: Self}}
  stay: {title: {zh: 留, en: Stay}}
  across: {title: {zh: 横, en: Across}}
  pick: {title: {zh: 选, en: Pick}, payload: {n: integer}}
initial: a
states:
  a:
    title: {zh: 甲, en: A}
    initial: a1
    on:
      go: b
      self: a
      up: a1
      pick:
        - {target: b, guard: event.n == 1}
        - {target: c, guard: event.n <= 2}
        - {target: b2, guard: event.n <= 3}
    states:
      a1:
        title: {zh: 甲一, en: A1}
        initial: a11
        on: {up: a, stay: {}}
        states:
          a11:
            title: {zh: 甲一一, en: A11}
            on: {go: a12, across: b2, pick: {target: a12, guard: event.n == 2}}
          a12: {title: {zh: 甲一二, en: A12}, on: {self: a12}}
      a2: {title: {zh: 甲二, en: A2}}
  b:
    title: {zh: 乙, en: B}
    initial: b1
    states:
      b1: {title: {zh: 乙一, en: B1}}
      b2: {title: {zh: 乙二, en: B2}}
  c: {title: {zh: 丙, en: C}}
"""


def sent(case: Case, event: str, payload: dict[str, object] | None = None) -> Accepted:
    outcome = case.send(event, payload, at=case.at)
    assert isinstance(outcome, Accepted), outcome.explain()
    return outcome


def nest(*events: str) -> Case:
    return after(made(NEST).start({}, at=START, id="n"), *((name, {}, None) for name in events))


def test_a_case_starts_in_the_initial_states_all_the_way_down() -> None:
    case = nest()
    assert case.states == ("a", "a1", "a11")
    assert case.state == "a11"
    assert not case.final


def test_the_inner_state_goes_before_the_outer_one() -> None:
    assert nest("go").states == ("a", "a1", "a12")
    assert nest("go", "go").states == ("b", "b1")


@pytest.mark.parametrize(
    ("n", "states"),
    [(1, ("b", "b1")), (2, ("a", "a1", "a12")), (0, ("c",)), (3, ("b", "b2"))],
)
def test_the_first_way_whose_guard_holds_is_taken_inner_states_first(
    n: int, states: tuple[str, ...]
) -> None:
    assert sent(nest(), "pick", {"n": n}).to_states == states


def test_a_transition_leaves_and_enters_only_what_lies_between() -> None:
    step = sent(nest(), "across").step
    assert step.left == ("a11", "a1", "a")
    assert step.entered == ("b", "b2")
    step = sent(nest(), "go").step
    assert step.left == ("a11",)
    assert step.entered == ("a12",)


def test_a_transition_to_an_inner_state_does_not_leave_the_outer_one() -> None:
    step = sent(nest("go", "up"), "self").step
    assert step.left == ("a11", "a1")
    assert step.entered == ("a1", "a11")


def test_a_transition_to_itself_leaves_nothing() -> None:
    outcome = sent(nest("go"), "self")
    assert outcome.step.left == outcome.step.entered == ()
    assert outcome.from_states == outcome.to_states == ("a", "a1", "a12")


def test_a_transition_to_an_outer_state_leaves_and_enters_it_again() -> None:
    step = sent(nest("go"), "up").step
    assert step.left == ("a12", "a1", "a")
    assert step.entered == ("a", "a1", "a11")


def test_a_transition_without_a_target_stays_and_still_counts() -> None:
    case = nest()
    outcome = sent(case, "stay")
    assert outcome.to_states == case.states
    assert outcome.case.sequence == case.sequence + 1


def test_a_configuration_is_worked_out_once_and_shared() -> None:
    workflow = made(NEST)
    one = after(workflow.start({}, at=START, id="1"), ("go", {}, None))
    two = after(workflow.start({}, at=START, id="2"), ("go", {}, None))
    assert one._case_state.configuration is two._case_state.configuration


def test_assignments_see_those_before_them_and_effects_see_all() -> None:
    text = NEST.replace(
        "stay: {}",
        "stay: {assign: {reworks: reworks + 1, amount: reworks * 10},"
        " emit: {effect: tell, with: {n: reworks}}}",
    )
    text = text.replace(
        "initial: a\nstates:\n  a:",
        "effects: {tell: {title: {zh: 告, en: Tell}, payload: {n: integer}}}\n"
        "initial: a\nstates:\n  a:",
    )
    case = made(text).start(FACTS, at=START, id="n")
    outcome = sent(case, "stay")
    assert outcome.case.facts["reworks"] == 1
    assert outcome.case.facts["amount"] == Decimal("10.00")
    (effect,) = outcome.effects
    assert (effect.name, effect.title.en, dict(effect.payload)) == ("tell", "Tell", {"n": 1})
    assert dict(outcome.entry.assigned) == {"reworks": 1, "amount": "10.00"}
    assert dict(case.facts) == {"amount": Decimal("6000.00"), "reworks": 0}


def test_assign_event_stores_the_fields_that_were_sent() -> None:
    case = after(started(), RECORD, GENERAL, CONTACT, ANSWER)
    assert case.facts["customer_id"] == "U-1"
    assert case.facts["grade"] == "general"
    done = after(case, ("feedback", {"satisfied": True}, "customer"))
    assert done.facts["satisfied"] is True
    assert done.final


def test_effects_carry_their_data_and_the_clauses_of_the_transition() -> None:
    outcome = after(started(), RECORD).send(
        "classify", {"grade": "major"}, at=START + timedelta(days=1), by="supervisor"
    )
    assert isinstance(outcome, Accepted)
    (effect,) = outcome.effects
    assert effect.name == "notify"
    assert dict(effect.payload) == {"customer": "U-1", "grade": "major"}
    assert [str(clause) for clause in effect.cites] == ["spec:7.1.2(3)", "spec:7.1.2(2)"]


def test_an_accepted_event_cites_its_transition_and_both_states() -> None:
    outcome = started().send(RECORD[0], RECORD[1], at=START, by="agent")
    assert isinstance(outcome, Accepted)
    assert [str(clause) for clause in outcome.cites] == ["spec:7.1.2(2)", "spec:7.1.2(1)"]
    assert outcome.title == ("登记", "Record")
    opened = complaint().open(FACTS, at=START, id="C-1")
    assert [str(clause) for clause in opened.cites] == ["spec:7.1.2(1)"]


def test_the_names_of_other_vocabularies_come_from_the_innermost_state_that_has_one() -> None:
    case = started()
    assert case.maps("tmf621") == "acknowledged"
    assert after(case, RECORD).maps("tmf621") == "inProgress"
    assert case.maps("other") is None


def test_tags_come_from_every_active_state() -> None:
    assert started().tags == frozenset()
    assert after(started(), RECORD, MAJOR, CONTACT, ANSWER).tags == {"waiting"}


def test_a_case_cannot_be_changed_from_outside() -> None:
    case = started()
    with pytest.raises(TypeError):
        case.facts["amount"] = 1  # type: ignore[index]
    with pytest.raises(AttributeError):
        case.id = "other"  # type: ignore[misc]


def test_the_same_instant_in_another_zone_gives_an_equal_case() -> None:

    east = complaint().start(FACTS, at=START, id="C-1")
    utc = complaint().start(FACTS, at=START.astimezone(UTC), id="C-1")
    assert east == utc
    assert east.dump() == utc.dump()
    at = START + timedelta(hours=5)
    assert (
        east.send(*RECORD[:2], at=at, by="agent").case
        == utc.send(*RECORD[:2], at=at.astimezone(UTC), by="agent").case
    )


def test_two_loads_of_the_same_pack_give_equal_workflows_and_cases() -> None:
    one, two = made(NEST), made(NEST)
    assert one == two
    assert hash(one) == hash(two)
    cases = {one.start({}, at=START, id="n"), two.start({}, at=START, id="n")}
    assert len(cases) == 1
    assert one == made(NEST.replace("en: Nest", "en: Another title"))
    assert one != made(NEST.replace("event.n == 1", "event.n == 2", 1))


def test_what_happened_is_told_in_both_languages() -> None:
    outcome = after(started(), RECORD).send(
        "classify", {"grade": "major"}, at=START + timedelta(hours=2), by="supervisor"
    )
    assert zh(outcome) == (
        "“分类”:“已登记” → “重大投诉处理”(主管,2026-03-01 11:00+08:00)\n"
        "因为 `event.grade == 'major'` 成立:等级 = 重大\n"
        "因为 `amount >= parameters.large_amount` 成立:涉及金额 = 6,000 元,大额标准 = 5,000 元\n"
        "依据:《规范》7.1.2(3):分类\n"
        "依据:《规范》7.1.2(2):登记\n"
        "待办:“通知用户”\n"
        "时限开始:“首次联系时限”,至 2026-03-02 11:00+08:00"
    )
    assert en(outcome) == (
        "“Classify”: “Recorded” → “Major complaint” (Supervisor, 2026-03-01 11:00+08:00)\n"
        "because `event.grade == 'major'` holds: Grade = Major\n"
        "because `amount >= parameters.large_amount` holds:"
        " Amount = CNY 6,000, Large amount = CNY 5,000\n"
        "under Specification, 7.1.2(3): Classification\n"
        "under Specification, 7.1.2(2): Recording\n"
        "to do: “Notify the customer”\n"
        "time limit started: “Time to the first contact”, until 2026-03-02 11:00+08:00"
    )


def test_a_start_is_told_with_the_time_limits_it_begins() -> None:
    opened = complaint().open(FACTS, at=START, id="C-1")
    assert zh(opened) == (
        "开始:“已受理”(2026-03-01 09:00+08:00)\n"
        "依据:《规范》7.1.2(1):受理\n"
        "时限开始:“答复时限”,至 2026-03-16 24:00+08:00"
    )
    assert en(opened) == (
        "started in “Received” (2026-03-01 09:00+08:00)\n"
        "under Specification, 7.1.2(1): Acceptance\n"
        "time limit started: “Time to answer”, until 2026-03-16 24:00+08:00"
    )


SUPPLY = NEST.replace(
    "  stay: {title: {zh: 留, en: Stay}}",
    '  stay: {title: {zh: 留, en: Stay}, payload: {amount: "money?", content: "text?"}}',
).replace(
    "initial: a\nstates:\n  a:",
    "effects: {tell: {title: {zh: 告, en: Tell}, payload: {urgent: boolean, half: integer}}}\n"
    "initial: a\nstates:\n  a:",
)


def test_an_optional_field_that_was_not_sent_leaves_its_fact_alone() -> None:
    case = made(SUPPLY.replace("stay: {}", "stay: {assign: event}")).start(FACTS, at=START, id="n")
    outcome = sent(case, "stay", {"content": "x"})
    assert dict(outcome.entry.assigned) == {"content": "x"}
    assert outcome.case.facts["amount"] == Decimal("6000.00")


def test_policies_decide_on_the_facts_as_they_were_just_set() -> None:
    text = SUPPLY.replace(
        "stay: {}",
        "stay: {assign: {amount: '10000', satisfied: policies.triage.urgent},"
        " emit: {effect: tell, with: {urgent: policies.triage.urgent, half: 10 / reworks}}}",
    )
    case = made(text).start({**FACTS, "reworks": 1}, at=START, id="n")
    outcome = sent(case, "stay")
    assert outcome.case.facts["satisfied"] is True
    assert dict(outcome.effects[0].payload) == {"urgent": True, "half": 10}


def test_an_effect_that_cannot_be_worked_out_refuses_the_event() -> None:
    text = SUPPLY.replace(
        "stay: {}", "stay: {emit: {effect: tell, with: {urgent: true, half: 10 / reworks}}}"
    )
    outcome = made(text).start(FACTS, at=START, id="n").send("stay", at=START)
    assert isinstance(outcome, Refused)
    assert [reason.kind for reason in outcome.reasons] == ["undecided"]
    assert zh(outcome).splitlines()[1].startswith("- 无法得出“留”的结果:")


def test_clocks_that_stop_and_clocks_without_an_end_are_told() -> None:
    begun = patrol().start(FACTS, at=START, id="p").send("begin", at=START)
    assert isinstance(begun, Accepted)
    assert [line for line in zh(begun).splitlines() if "时限" in line] == [
        "时限开始:“每轮时限”,至 2026-03-01 11:00+08:00",
        "时限开始:“全程时限”,至 2026-03-01 19:00+08:00",
        "时限开始:“工作日时限”,无法确定期限:" + zh_reason(begun),
    ]
    assert en(sent(begun.case, "pause")).splitlines()[-1] == "time limit stopped: “Time of a round”"


def zh_reason(outcome: Accepted) -> str:
    reason = outcome.case.clocks["days"].undetermined
    assert reason is not None
    return reason.zh.translate(HALF)
