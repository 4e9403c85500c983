"""A refusal is a value that says why, in both languages, and changes nothing."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest

from telecom_rules.errors import ArgumentError, FactsError
from telecom_rules.workflows import Accepted, Case, Entry, Reason, Refused
from tests.patience import within
from tests.workflows.house import (
    ANSWER,
    COMPLAINT,
    CONTACT,
    GENERAL,
    RECORD,
    START,
    ZONE,
    after,
    complaint,
    en,
    made,
    said,
    started,
    zh,
)


def refused(
    case: Case, event: str, payload: dict[str, object] | None = None, **how: object
) -> Refused:
    at = how.pop("at", case.at + timedelta(hours=1))
    outcome = case.send(event, payload, at=at, by=how.pop("by", "agent"))
    assert isinstance(outcome, Refused)
    assert outcome.case is case
    return outcome


def only(outcome: Refused) -> Reason:
    (reason,) = outcome.reasons
    return reason


def test_an_unknown_event_is_refused_with_the_near_miss() -> None:
    outcome = refused(started(), "recrod")
    assert only(outcome).kind == "unknown_event"
    assert only(outcome).data["suggestion"] == "record"
    assert zh(outcome) == (
        "`recrod`未被接受:\n- 流程“客户投诉处理”没有事件 `recrod`;是否指 `record`?"
    )
    assert en(outcome) == (
        "`recrod` was refused:\n"
        "- the workflow “Customer complaint handling” has no event `recrod`; did you mean `record`?"
    )


@pytest.mark.parametrize("sent", ["\ud800", "a\0b", "x\udfffy", "登记"])
def test_whatever_is_sent_is_an_entry_that_is_read_back_and_sent_on(sent: str) -> None:
    for outcome in refused(started(), sent), refused(started(), "record", by=[sent, "x"]):
        text = json.dumps(outcome.entry.dump(), ensure_ascii=False).encode().decode()
        assert Entry.load(json.loads(text)) == outcome.entry
        assert outcome.entry.digest
        assert json.dumps(outcome.dump(), ensure_ascii=False).encode()


@pytest.mark.parametrize("event", ["", "on", "x" * 10_000, "登记", "\ud800"])
def test_any_event_name_whatever_ends_in_a_refusal(event: str) -> None:
    outcome = started().send(event, at=START, by="agent")
    assert isinstance(outcome, Refused)
    assert only(outcome).kind == "unknown_event"
    assert len(zh(outcome)) < 300


@pytest.mark.parametrize("by", ["agent", "r" * 1_000_000, ["r" * 1_000_000], None])
def test_a_refusal_keeps_no_more_of_a_name_than_a_name_can_have(by: object) -> None:
    for event, kept in ("e" * 1_000_000, "e" * 500 + "…"), ("e" * 500, "e" * 500):
        outcome = refused(started(), event, by=by)
        assert outcome.event == outcome.dump()["event"] == outcome.entry.event == kept
        assert only(outcome).data["event"] == kept
        assert len(outcome.by or "") <= 501
        assert len(json.dumps([outcome.dump(), outcome.entry.dump()])) < 10_000
        assert en(outcome)
    assert refused(started(), "classify", {}, by=by).event == "classify"
    told = [*started().allowed(by), started().ways("closed", by=by)]
    assert len(json.dumps([each.dump() for each in told])) < 10_000


def test_an_event_that_no_active_state_accepts_names_the_states_that_do() -> None:
    outcome = refused(started(), "classify", {"grade": "major"})
    assert only(outcome).kind == "not_from_here"
    assert only(outcome).data == {
        "event": "classify",
        "state": "received",
        "accepted_in": ("recorded",),
    }
    assert zh(outcome).endswith("状态“已受理”不接受“分类”;接受它的状态:“已登记”(《规范》7.1.2(1))")
    assert en(outcome).endswith(
        "“Received” does not accept “Classify”; accepted in: “Recorded” (Specification, 7.1.2(1))"
    )


def test_a_case_that_is_over_takes_no_event() -> None:
    case = after(started(), ("withdraw", {}, "customer"))
    assert case.final
    outcome = refused(case, "record", {"customer_id": "U-1", "content": "x"})
    assert only(outcome).kind == "final"
    assert said(only(outcome)) == (
        "本个案已经结束,状态为“已结案”",
        "the case is over; the state is “Closed”",
    )


def test_an_event_that_only_a_clock_raises_cannot_be_sent() -> None:
    outcome = refused(started(), "reply_overdue", by="supervisor")
    assert only(outcome).kind == "internal_event"
    assert zh(only(outcome)) == "“答复超期”仅在时限“答复时限”届满时触发,不能发送"
    assert en(only(outcome)) == (
        "“Reply overdue” is raised only when the time limit “Time to answer” expires"
        " and cannot be sent"
    )
    assert [str(clause) for clause in outcome.cites] == ["appeal_measures:10"]


def test_time_does_not_run_backwards() -> None:
    outcome = refused(started(), "withdraw", at=START - timedelta(microseconds=1), by="customer")
    assert only(outcome).kind == "time_backwards"
    assert zh(only(outcome)) == (
        "事件时间 2026-03-01 08:59:59.999999+08:00"
        " 早于本个案的上一次变化(2026-03-01 09:00+08:00);请核对时间"
    )
    assert en(only(outcome)) == (
        "the event's time 2026-03-01 08:59:59.999999+08:00 is before the case's last change at"
        " 2026-03-01 09:00+08:00; check the time"
    )


def test_two_events_at_the_same_instant_are_both_taken() -> None:
    case = after(started(), RECORD, hours=0)
    assert case.at == START
    assert isinstance(case.send("withdraw", at=START, by="customer"), Accepted)


def test_a_role_that_may_not_is_told_which_roles_may() -> None:
    outcome = refused(started(), "record", {}, by="customer")
    assert only(outcome).kind == "role"
    assert only(outcome).data == {
        "event": "record",
        "by": "customer",
        "allowed": ("agent", "supervisor"),
    }
    assert zh(outcome).endswith("“用户”无权执行“登记”;可由“客服”或“主管”执行(《规范》7.1.2(2))")
    assert en(outcome).endswith(
        "“Customer” may not send “Record”; it is for “Agent” or “Supervisor”"
        " (Specification, 7.1.2(2))"
    )


def test_without_a_role_only_what_everybody_may_do_is_allowed() -> None:
    outcome = refused(started(), "record", {"customer_id": "U-1", "content": "x"}, by=None)
    assert said(only(outcome)) == (
        "未注明角色;“登记”可由“客服”或“主管”执行",
        "no role was given; “Record” is for “Agent” or “Supervisor”",
    )
    case = after(started(), RECORD, GENERAL)
    assert isinstance(case.send("contact", at=case.at), Accepted)


def test_a_role_that_does_not_exist_is_refused_even_where_everybody_may() -> None:
    case = after(started(), RECORD, GENERAL)
    outcome = refused(case, "contact", by="agnet")
    assert said(only(outcome)) == (
        "没有角色 `agnet`;是否指 `agent`?",
        "there is no role `agnet`; did you mean `agent`?",
    )
    assert only(refused(case, "contact", by="")).kind == "role"


def test_a_role_is_refused_before_it_learns_anything_about_the_data() -> None:
    assert only(refused(started(), "record", {"nonsense": 1}, by="customer")).kind == "role"


def test_data_that_does_not_fit_is_refused_field_by_field() -> None:
    outcome = refused(started(), "record", {"customer_id": 3, "contnet": "x"})
    assert only(outcome).kind == "payload_invalid"
    assert [problem.field for problem in only(outcome).data["problems"]] == [
        "customer_id",
        "content",
        "contnet",
    ]
    assert zh(only(outcome)) == (
        "“登记”的数据有误:客户编号:应为文本,而不是整数 3;内容:缺少此项;"
        "`contnet` 没有这一项;是否指 `content`?"
    )
    assert en(only(outcome)) == (
        "the data of “Record” is wrong: Customer number: expected a text, found the whole number 3;"
        " Content: it is missing; `contnet`: there is no such field; did you mean `content`?"
    )


@pytest.mark.parametrize("payload", [7, "text", [], [1], object()])
def test_data_that_is_no_mapping_is_refused(payload: object) -> None:
    outcome = refused(started(), "record", payload)  # type: ignore[arg-type]
    assert only(outcome).kind == "payload_invalid"


def test_an_event_without_fields_takes_no_data() -> None:
    assert (
        only(refused(started(), "withdraw", {"why": "x"}, by="customer")).kind == "payload_invalid"
    )
    assert isinstance(started().send("withdraw", {}, at=START, by="customer"), Accepted)


def test_facts_that_must_be_known_are_named_by_their_titles() -> None:
    workflow = made(
        COMPLAINT.replace("requires: [customer_id, grade]", "requires: [satisfied, amount]")
    )
    case = workflow.start({"reworks": 0}, at=START, id="C-1")
    case = after(case, RECORD, GENERAL, CONTACT)
    outcome = refused(case, "answer")
    assert only(outcome).kind == "requires"
    assert only(outcome).data["facts"] == ("satisfied", "amount")
    assert said(only(outcome)) == (
        "“答复”须先填写:“是否满意”、“涉及金额”",
        "“Answer” first requires “Satisfied”, “Amount”",
    )


def test_a_false_guard_shows_the_part_that_is_false_and_what_it_saw() -> None:
    case = after(started(amount="100"), RECORD)
    outcome = refused(case, "classify", {"grade": "major"}, by="supervisor")
    assert [reason.kind for reason in outcome.reasons] == ["guard", "guard"]
    assert zh(outcome) == (
        "“分类”未被接受:\n"
        "- 不能转为“重大投诉处理”:`amount >= parameters.large_amount` 不成立:"
        "涉及金额 = 100 元,大额标准 = 5,000 元(《规范》7.1.2(3))\n"
        "- 不能转为“一般投诉处理”:`event.grade == 'general'` 不成立:等级 = 重大(《规范》7.1.2(3))"
    )
    assert en(outcome) == (
        "“Classify” was refused:\n"
        "- cannot go to “Major complaint”: `amount >= parameters.large_amount` does not hold:"
        " Amount = CNY 100, Large amount = CNY 5,000 (Specification, 7.1.2(3))\n"
        "- cannot go to “General complaint”: `event.grade == 'general'` does not hold:"
        " Grade = Major (Specification, 7.1.2(3))"
    )
    assert [str(clause) for clause in outcome.cites] == ["spec:7.1.2(3)"]


def test_a_step_that_is_for_another_role_says_so_before_any_condition() -> None:
    outcome = refused(after(started(), RECORD), "classify", {"grade": "major"}, by="agent")
    assert [(each.kind, each.data["target"]) for each in outcome.reasons] == [
        ("role", "major"),
        ("guard", "general"),
    ]
    assert outcome.reasons[0].data["allowed"] == ("supervisor",)
    assert zh(outcome) == (
        "“分类”未被接受:\n"
        "- 此时仅“主管”可以转为“重大投诉处理”,“客服”无此权限(《规范》7.1.2(3))\n"
        "- 不能转为“一般投诉处理”:`event.grade == 'general'` 不成立:等级 = 重大(《规范》7.1.2(3))"
    )
    assert en(outcome.reasons[0]) == (
        "at this point only “Supervisor” may go to “Major complaint”; “Agent” may not"
    )
    assert [each.kind for each in outcome.entry.reasons] == ["role", "guard"]


def test_a_condition_that_the_other_role_would_also_fail_is_told_with_the_role() -> None:
    case = after(started(amount="100"), RECORD)
    outcome = refused(case, "classify", {"grade": "major"}, by="agent")
    assert [(each.kind, each.data["target"]) for each in outcome.reasons] == [
        ("role", "major"),
        ("guard", "major"),
        ("guard", "general"),
    ]


ROLES_APART = """
workflow: apart
version: 1.0.0
title: {zh: 分权, en: Apart}
facts: complaint
roles: role
events: {go: {title: {zh: 办结, en: Finish}, payload: {content: text}}}
initial: a
states:
  a:
    title: {zh: 办理中, en: In hand}
    on:
      go:
        - {target: b, by: agent, requires: grade, guard: grade == 'general' && event.content != ''}
        - {target: b, by: supervisor, guard: event.content != ''}
  b: {title: {zh: 已办结, en: Finished}}
"""


def test_a_role_that_would_not_help_is_not_named() -> None:
    general = made(ROLES_APART).start({"grade": "general"}, at=START, id="x")
    outcome = refused(general, "go", {"content": ""}, by="supervisor")
    assert [each.kind for each in outcome.reasons] == ["guard"]
    assert outcome.reasons[0].data["guard"] == "event.content != ''"
    # The agent lacks the role for a major complaint, whatever else is wrong with what was sent.
    major = made(ROLES_APART).start({"grade": "major"}, at=START, id="x")
    outcome = refused(major, "go", {"content": ""}, by="agent")
    assert [each.kind for each in outcome.reasons] == ["role", "guard"]
    # Where a fact is missing for both, neither goes further than the other.
    unknown = made(ROLES_APART).start({}, at=START, id="x")
    outcome = refused(unknown, "go", {"content": "x"}, by="agent")
    assert [each.kind for each in outcome.reasons] == ["role", "requires"]


def test_without_a_role_the_ways_of_others_say_that_none_was_given() -> None:
    text = ROLES_APART.replace("{target: b, by: supervisor, ", "{target: a, ")
    case = made(text).start({"grade": "general"}, at=START, id="x")
    assert [each.kind for each in refused(case, "go", {"content": ""}, by=None).reasons] == [
        "guard"
    ]
    text = text.replace("guard: event.content != ''}", "guard: false}")
    case = made(text).start({"grade": "general"}, at=START, id="x")
    outcome = refused(case, "go", {"content": "x"}, by=None)
    assert said(outcome.reasons[0]) == (
        "此时仅“客服”可以转为“已办结”;本次未注明角色",
        "at this point only “Agent” may go to “Finished”, and no role was given",
    )


def test_a_refusal_with_very_many_reasons_says_how_many_it_leaves_out() -> None:
    guards = "\n".join(f"        - {{target: b, guard: reworks == {n} + 1}}" for n in range(50))
    workflow = made(
        ELSE.replace("        - {target: b, guard: GUARD}\n        - {target: c}", guards)
    )
    outcome = refused(workflow.start({"reworks": 0}, at=START, id="x"), "go", by=None)
    assert len(outcome.reasons) == 21
    assert {each.kind for each in outcome.reasons[:20]} == {"guard"}
    assert said(outcome.reasons[20]) == ("另有 30 条原因未列出", "30 more reasons are left out")
    assert outcome.reasons[20].data == {"left_out": 30}
    assert len(zh(outcome)) < 3_000


def test_a_guard_that_lacks_data_says_which_and_is_never_taken_for_false() -> None:
    case = after(complaint().start({"reworks": 0}, at=START, id="C-1"), RECORD)
    outcome = refused(case, "classify", {"grade": "major"}, by="supervisor")
    assert only(outcome).kind == "unknown"
    assert only(outcome).data["needs"] == ("amount",)
    assert said(only(outcome)) == (
        "缺少“涉及金额”,无法判断能否转为“重大投诉处理”",
        "cannot decide whether to go to “Major complaint” without “Amount”",
    )


ELSE = """
workflow: otherwise
version: 1.0.0
title: {zh: 否则, en: Otherwise}
facts: complaint
events: {go: {title: {zh: 去, en: Go}}}
initial: a
states:
  a:
    title: {zh: 甲, en: A}
    on:
      go:
        - {target: b, guard: GUARD}
        - {target: c}
  b: {title: {zh: 乙, en: B}}
  c: {title: {zh: 丙, en: C}}
"""


def test_a_way_behind_an_undecidable_guard_is_not_taken_on_a_guess() -> None:
    workflow = made(ELSE.replace("GUARD", "amount > 5"))
    assert after(workflow.start({"amount": 1}, at=START, id="x"), ("go", {}, None)).state == "c"
    assert after(workflow.start({"amount": 6}, at=START, id="x"), ("go", {}, None)).state == "b"
    assert only(refused(workflow.start({}, at=START, id="x"), "go", by=None)).kind == "unknown"


def test_what_is_missing_does_not_matter_where_the_rest_decides() -> None:
    workflow = made(ELSE.replace("GUARD", "amount > 5 && reworks == 1"))
    assert after(workflow.start({"reworks": 0}, at=START, id="x"), ("go", {}, None)).state == "c"


def test_a_guard_without_a_value_is_a_refusal_with_the_cause() -> None:
    workflow = made(ELSE.replace("GUARD", "10 / reworks > 5"))
    outcome = refused(workflow.start({"reworks": 0}, at=START, id="x"), "go", by=None)
    assert only(outcome).kind == "undecided"
    assert zh(only(outcome)).startswith("无法判断能否转为“乙”:")
    assert en(only(outcome)).startswith("cannot decide whether to go to “B”: ")


def test_a_guard_that_takes_long_is_refused_and_not_explained_at_length() -> None:
    zeros = str([0] * 300)
    guard = f'"reworks > 9 && cel.bind(z, {zeros}, z.exists(a, z.exists(b, a + b == 1)))"'
    guards = "\n".join(f"        - {{target: b, guard: {guard}}}" for _ in range(40))
    workflow = made(
        ELSE.replace("        - {target: b, guard: GUARD}\n        - {target: c}", guards)
    )
    with within(2):
        outcome = refused(workflow.start({"reworks": 0}, at=START, id="x"), "go", by=None)
    assert en(only(outcome)).endswith("not explained further: it would take too long")
    assert zh(only(outcome)).endswith("因计算量过大,不再说明")


@pytest.mark.parametrize("guard", ["amount > parameters.large_amount", "policies.triage.urgent"])
def test_a_figure_or_policy_not_in_force_that_day_is_a_refusal(guard: str) -> None:
    workflow = made(ELSE.replace("GUARD", guard))
    early = datetime(2019, 12, 31, 23, tzinfo=ZONE)
    case = workflow.start({"amount": "9000.01"}, at=early, id="x")
    assert only(refused(case, "go", by=None, at=early)).kind == "undecided"
    assert after(case, ("go", {}, None)).state == "b"


def test_a_fact_cannot_be_set_beyond_its_bounds() -> None:
    outcome = refused(started(), "appraise", {"amount": -1})
    assert only(outcome).kind == "facts_invalid"
    assert said(only(outcome)) == (
        "“定价”的结果不符合要求:涉及金额:不得小于 0,而不是 -1",
        "the result of “Appraise” is invalid: Amount: must be at least 0, found -1",
    )


def test_a_computed_fact_cannot_leave_its_bounds_either() -> None:
    case = after(started(reworks=3), RECORD, GENERAL, CONTACT, ANSWER)
    outcome = refused(case, "feedback", {"satisfied": False}, by="customer")
    assert only(outcome).kind == "facts_invalid"
    assert "返工次数:不得大于 3,而不是 4" in zh(outcome)


def test_a_fact_set_from_what_is_not_known_is_a_refusal() -> None:
    case = complaint().start({"amount": 1}, at=START, id="C-1")
    case = after(case, RECORD, GENERAL, CONTACT, ANSWER)
    outcome = refused(case, "feedback", {"satisfied": False}, by="customer")
    assert only(outcome).kind == "unknown"
    assert only(outcome).data["needs"] == ("reworks",)


def test_reasons_that_read_the_same_are_given_once() -> None:
    twice = ELSE.replace("guard: GUARD", "requires: grade").replace(
        "{target: c}", "{target: c, requires: grade}"
    )
    outcome = refused(made(twice).start({}, at=START, id="x"), "go", by=None)
    assert only(outcome).kind == "requires"


def test_an_event_long_after_many_limits_passed_asks_for_a_tick_first() -> None:
    again = (
        ELSE.replace("GUARD", "amount > 5")
        .replace(
            "events: {go: {title: {zh: 去, en: Go}}}",
            "events: {go: {title: {zh: 去, en: Go}}, again: {title: {zh: 再, en: Again}}}\n"
            "clocks: {c: {title: {zh: 表, en: C}, from: [a, again], until: b, limit: 1 hours,"
            " on_expiry: again}}",
        )
        .replace("      go:\n", "      again: {}\n      go:\n")
    )
    case = made(again).start({"amount": 6}, at=START, id="x")
    late = START + timedelta(hours=1_500)
    assert only(refused(case, "go", by=None, at=late)).kind == "behind"
    ticked = case.tick(late)
    assert len(ticked.entries) == 1_000
    assert ticked.case.next_due < late
    assert ticked.case.tick(late).case.send("go", at=late).case.state == "b"


@pytest.mark.parametrize(
    "at",
    [
        datetime(2026, 3, 1, tzinfo=None),  # noqa: DTZ001 - the mistake this is about
        datetime(1, 1, 1, tzinfo=ZONE),
        datetime(9999, 1, 1, tzinfo=ZONE),
        None,
        "2026-03-01",
    ],
)
def test_what_is_no_instant_is_an_error_of_the_program_not_of_the_user(at: object) -> None:
    for act in (
        lambda: started().send("withdraw", at=at, by="customer"),
        lambda: started().tick(at),
        lambda: complaint().start({}, at=at, id="x"),
    ):
        with pytest.raises(ArgumentError, match="the argument `at`") as caught:
            act()
        assert caught.value.argument == "at"


@pytest.mark.parametrize("name", ["", "x" * 201, "a\nb", "\ud800", None, 7])
def test_a_case_needs_an_id_that_can_be_stored(name: object) -> None:
    with pytest.raises(ArgumentError, match="expected a text of 1 to 200 printable characters"):
        complaint().start({}, at=START, id=name)  # type: ignore[arg-type]


def test_facts_that_do_not_fit_do_not_start_a_case() -> None:
    with pytest.raises(FactsError) as caught:
        complaint().start({"amount": 1.5, "contnet": "x"}, at=START, id="x")
    assert [problem.field for problem in caught.value.problems] == ["amount", "contnet"]


@pytest.mark.parametrize("by", ["agent", "supervisor", "customer", None])
@pytest.mark.parametrize("amount", ["100", "6000", None])
def test_reasons_stand_in_the_order_in_which_they_are_read_each_once(
    by: str | None, amount: str | None
) -> None:
    facts = {"reworks": 0} if amount is None else {"reworks": 0, "amount": amount}
    case = after(complaint().start(facts, at=START, id="C-1"), RECORD)
    order = ["role", "requires", "unknown", "guard", "undecided"]
    for each in case.allowed(at=case.at, by=by):
        kinds = [order.index(reason.kind) for reason in each.reasons]
        assert kinds == sorted(kinds)
        assert len({reason.wording for reason in each.reasons}) == len(each.reasons)
    for grade in ("major", "general"):
        outcome = case.send("classify", {"grade": grade}, at=case.at, by=by)
        if isinstance(outcome, Refused):
            kinds = [order.index(reason.kind) for reason in outcome.reasons]
            assert kinds == sorted(kinds)
            assert len({reason.wording for reason in outcome.reasons}) == len(outcome.reasons)


def test_what_one_part_of_a_condition_says_another_does_not_repeat() -> None:
    text = ELSE.replace("GUARD", "amount > 5 || (has(satisfied) && satisfied)").replace(
        "        - {target: c}\n", ""
    )
    case = made(text).start({"amount": 1, "reworks": 0}, at=START, id="x")
    told = zh(only(refused(case, "go", by=None)))
    assert told.count("是否满意") == 1


def test_a_text_that_was_left_empty_is_said_to_be() -> None:
    case = made(ROLES_APART).start({"grade": "general"}, at=START, id="x")
    outcome = refused(case, "go", {"content": ""}, by="agent")
    assert said(only(outcome)) == (
        "不能转为“已办结”:`event.content != ''` 不成立:内容:未填写",
        "cannot go to “Finished”: `event.content != ''` does not hold: Content: left empty",
    )


def test_an_option_does_not_tell_what_nobody_has_sent_yet() -> None:
    case = made(ROLES_APART).start({"grade": "major"}, at=START, id="x")
    (go,) = case.allowed(at=START, by="agent")
    assert [each.kind for each in go.reasons] == ["role", "guard"]
    assert "event.content" not in en(go.reasons[1])


def test_of_a_condition_with_very_many_parts_the_first_are_told_and_the_rest_counted() -> None:
    guard = " && ".join(f"amount > {n}" for n in range(10, 50))
    text = ELSE.replace("GUARD", guard).replace("        - {target: c}\n", "")
    case = made(text).start({"amount": 1, "reworks": 0}, at=START, id="x")
    reason = only(refused(case, "go", by=None))
    assert zh(reason).endswith("涉及金额 = 1 元;另有 28 项")
    assert en(reason).endswith("Amount = CNY 1; 28 more")
    seen = reason.data["seen"]
    assert isinstance(seen, tuple)
    assert len(seen) == 40


def test_data_that_does_not_fit_do_not_hide_that_the_step_is_for_another_role() -> None:
    major = made(ROLES_APART).start({"grade": "major"}, at=START, id="x")
    outcome = refused(major, "go", {}, by="agent")
    assert [each.kind for each in outcome.reasons] == ["role", "payload_invalid"]
    # Of what the agent may do with other data, nothing but the data is in the way.
    general = made(ROLES_APART).start({"grade": "general"}, at=START, id="x")
    assert only(refused(general, "go", {}, by="agent")).kind == "payload_invalid"
    assert only(refused(major, "go", {}, by="supervisor")).kind == "payload_invalid"
