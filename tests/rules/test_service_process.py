"""The service flow of 1.2.2 and 4.3, told as stories."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest

from telecom_rules.workflows import Accepted
from tests.rules.stories import accept, cited, effects, needed, refuse

if TYPE_CHECKING:
    from telecom_rules.pack import Pack
    from telecom_rules.workflows import Case, Workflow

BEIJING = timezone(timedelta(hours=8))
RECEIVED = datetime(2026, 9, 30, 18, 5, tzinfo=BEIJING)
"""The evening before the long holiday of October, which hours do not know."""
MICROSECOND = timedelta(microseconds=1)
OPENING = {"customer_id": "K100001", "channel": "online_chat", "content": "想装宽带。"}
AGREED = {"terms_told": True, "customer_agreed": True}
REPAIRED = {"cause": "光缆中断", "measures": "已接续。"}


@pytest.fixture(scope="module")
def workflow(pack: Pack) -> Workflow:
    return pack.workflows["service_process"]


def opened(workflow: Workflow, **changes: object) -> Case:
    facts = {name: value for name, value in {**OPENING, **changes}.items() if value is not None}
    return workflow.start(facts, at=RECEIVED, id="S-1")


def analysed(workflow: Workflow, kind: str) -> Case:
    case = accept(opened(workflow), "register").case
    need = {"kind": kind, "need": "家庭上网", "solution": "百兆宽带"}
    return accept(case, "analyse", need).case


def verified(workflow: Workflow, kind: str) -> Case:
    return accept(analysed(workflow, kind), "verify_identity", {"identity_verified": True}).case


def faulty(workflow: Workflow, area: str) -> Case:
    return accept(opened(workflow), "report_fault", {"area": area, "terminal_fault": False}).case


def repairing(case: Case) -> Case:
    """Return the repair that a service case has called."""
    (call,) = case.calls
    assert call.workflow.name == "fault_repair"
    return call.open().case


def provided(workflow: Workflow) -> Case:
    case = accept(verified(workflow, "change"), "handle", AGREED).case
    return accept(case, "provide", {"result": "已变更套餐。"}).case


# The way through.


def test_a_customer_is_received_advised_served_and_followed_up(workflow: Workflow) -> None:
    case = provided(workflow)
    assert "following_up" in case.states
    asked = accept(case, "follow_up")
    assert effects(asked) == ["ask_feedback"]
    outcome = accept(asked.case, "give_feedback", {"score": 5}, by="customer")
    assert "closed" in outcome.case.states
    assert outcome.case.facts["score"] == 5
    assert outcome.case.breaches == ()


def test_a_problem_in_use_goes_to_after_sales_and_back(workflow: Workflow) -> None:
    case = accept(provided(workflow), "follow_up", {"problem": "网速慢"}).case
    assert "after_sales" in case.states
    solved = accept(case, "solve", {"result": "已更换设备。"}, by="technician").case
    assert "following_up" in solved.states


def test_a_customer_without_an_opinion_is_waited_for(workflow: Workflow) -> None:
    asked = accept(provided(workflow), "follow_up").case
    (waiting,) = asked.due
    # The last day is 7 October, still within the National Day holiday.
    assert waiting.at == datetime(2026, 10, 9, tzinfo=BEIJING)
    assert "closed" in asked.tick(waiting.fires).case.states


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        ("installation", "installing"),
        ("relocation", "installing"),
        ("change", "processing"),
        ("after_sales", "processing"),
        ("membership", "processing"),
    ],
)
def test_each_kind_of_request_is_handled(workflow: Workflow, kind: str, state: str) -> None:
    outcome = accept(verified(workflow, kind), "handle", AGREED)
    assert state in outcome.case.states
    assert effects(outcome) == ["place_order"]
    assert dict(outcome.effects[0].payload) == {"solution": "百兆宽带"}


def test_a_dissatisfied_customer_complains_at_any_time(workflow: Workflow) -> None:
    case = faulty(workflow, "town")
    outcome = accept(case, "complain", {"content": "无人上门。"}, by="customer")
    assert effects(outcome) == ["open_complaint"]
    assert outcome.case.states == case.states


# Refusals.


@pytest.mark.parametrize("missing", ["customer_id", "channel", "content"])
def test_a_request_with_something_missing_is_refused_until_it_is_supplied(
    workflow: Workflow, missing: str
) -> None:
    case = opened(workflow, **{missing: None})
    refusal = refuse(case, "register")
    assert missing in needed(refusal)
    assert "spec:4.3A(1)" in cited(refusal)
    supplied = accept(case, "supplement", {missing: OPENING[missing]}, by="customer").case
    assert "enquiry" in accept(supplied, "register").case.states


def test_nothing_is_handled_before_the_identity_is_checked(workflow: Workflow) -> None:
    case = analysed(workflow, "change")
    refusal = refuse(case, "handle", AGREED)
    assert "identity_verified" in needed(refusal)
    assert "spec:4.3B(3)" in cited(refusal)
    failed = accept(case, "verify_identity", {"identity_verified": False}).case
    assert "spec:4.3B(3)" in cited(refuse(failed, "handle", AGREED))


@pytest.mark.parametrize(
    ("payload", "clause"),
    [
        ({"terms_told": False, "customer_agreed": True}, "spec:11.1#7"),
        ({"terms_told": True, "customer_agreed": False}, "telecom_regulations:40(1)"),
    ],
)
def test_nothing_is_handled_without_terms_told_and_agreement(
    workflow: Workflow, payload: dict[str, object], clause: str
) -> None:
    assert clause in cited(refuse(verified(workflow, "change"), "handle", payload))


def test_an_enquiry_is_answered_without_identity_unless_it_shows_customer_data(
    workflow: Workflow,
) -> None:
    case = analysed(workflow, "enquiry")
    answer = {"result": "月费 99 元。", "personal_data": False}
    assert "following_up" in accept(case, "answer_enquiry", answer).case.states
    refusal = refuse(case, "answer_enquiry", {**answer, "personal_data": True})
    assert "spec:4.3B(3)" in cited(refusal)
    known = accept(case, "verify_identity", {"identity_verified": True}).case
    accept(known, "answer_enquiry", {**answer, "personal_data": True})


def test_an_enquiry_is_not_turned_into_business(workflow: Workflow) -> None:
    refuse(verified(workflow, "enquiry"), "handle", AGREED)


@pytest.mark.parametrize("score", [0, 6])
def test_a_score_lies_between_one_and_five(workflow: Workflow, score: int) -> None:
    asked = accept(provided(workflow), "follow_up").case
    refuse(asked, "give_feedback", {"score": score}, by="customer")


@pytest.mark.parametrize("state", ["received", "enquiry", "analysed", "handling", "fault"])
def test_the_customer_cancels_while_nothing_is_provided(workflow: Workflow, state: str) -> None:
    case = {
        "received": lambda: opened(workflow),
        "enquiry": lambda: accept(opened(workflow), "register").case,
        "analysed": lambda: analysed(workflow, "change"),
        "handling": lambda: accept(verified(workflow, "change"), "handle", AGREED).case,
        "fault": lambda: faulty(workflow, "rural"),
    }[state]()
    assert state in case.states
    refuse(case, "cancel", by="agent")
    assert "cancelled" in accept(case, "cancel", by="customer").case.states


def test_what_was_provided_is_no_longer_cancelled(workflow: Workflow) -> None:
    refuse(provided(workflow), "cancel", by="customer")


# Time limits.


def test_a_request_nobody_takes_up_is_reported(workflow: Workflow) -> None:
    late = opened(workflow).tick(RECEIVED + timedelta(hours=24) + MICROSECOND)
    assert [breach.clock for breach in late.case.breaches] == ["response"]
    assert effects(late) == ["notify_supervisor"]


@pytest.mark.parametrize(("area", "hours"), [("town", 48), ("rural", 72)])
def test_a_fault_is_repaired_within_the_hours_of_article_32(
    workflow: Workflow, area: str, hours: int
) -> None:
    repair = repairing(faulty(workflow, area))
    last_instant = RECEIVED + timedelta(hours=hours)
    on_time = accept(repair, "repair", REPAIRED, by="technician", at=last_instant)
    assert on_time.case.breaches == ()
    late = accept(repair, "repair", REPAIRED, by="technician", at=last_instant + MICROSECOND)
    (breach,) = late.case.breaches
    assert (breach.clock, breach.due) == (f"{area}_repair", last_instant)
    assert "telecom_regulations:32" in {str(clause) for clause in breach.cites}


def test_the_hours_run_from_the_report_however_late_the_repair_is_opened_and_incomplete(
    workflow: Workflow,
) -> None:
    reported = {"area": "town", "terminal_fault": False}
    case = accept(opened(workflow, customer_id=None), "report_fault", reported, by="customer").case
    repair = repairing(case)
    assert repair.at == case.at
    assert {each.clock for each in repair.due} == {"town_repair"}
    expected = {**reported, "description": OPENING["content"], "reported_at": repair.at}
    assert dict(repair.facts) == expected


def test_a_late_repair_is_told_to_the_user_and_the_rental_waived(workflow: Workflow) -> None:
    repair = repairing(faulty(workflow, "town"))
    late = repair.tick(RECEIVED + timedelta(hours=48) + MICROSECOND)
    assert effects(late) == ["notify_supervisor", "tell_delay_and_waive_rental"]


def test_a_repaired_fault_is_followed_up_with_what_was_done(workflow: Workflow) -> None:
    case = faulty(workflow, "town")
    repair = accept(repairing(case), "repair", REPAIRED, by="technician").case
    repair = accept(repair, "confirm", by="customer").case
    back = case.returned(repair, at=repair.at)
    assert isinstance(back, Accepted)
    assert "following_up" in back.case.states
    assert back.case.facts["cause"] == REPAIRED["cause"]
    assert back.case.facts["result"] == REPAIRED["measures"]
    assert "telecom_regulations:32" in cited(back)


def test_a_report_withdrawn_during_the_repair_ends_the_request(workflow: Workflow) -> None:
    case = faulty(workflow, "rural")
    repair = accept(repairing(case), "cancel", by="customer").case
    assert "cancelled" in case.returned(repair, at=repair.at).case.states


def test_a_customer_who_cancels_lets_the_repair_go(workflow: Workflow) -> None:
    case = faulty(workflow, "town")
    assert accept(case, "cancel", by="customer").cancelled == case.calls


def test_a_fault_of_the_terminal_has_no_such_hours(workflow: Workflow) -> None:
    case = opened(workflow)
    outcome = accept(case, "report_fault", {"area": "town", "terminal_fault": True})
    assert "enquiry" in outcome.case.states
    assert outcome.calls == ()


def test_a_late_installation_asks_for_the_late_fee(workflow: Workflow) -> None:
    handled = {**AGREED, "installation_fee": "300.00"}
    case = accept(verified(workflow, "installation"), "handle", handled).case
    end = datetime(2026, 10, 11, tzinfo=BEIJING)
    assert {each.at for each in case.due if each.kind == "expiry"} == {end}
    late = case.tick(end + MICROSECOND)
    assert effects(late) == ["notify_supervisor", "check_late_fee"]
    assert dict(late.effects[1].payload) == {"percent_a_day": 1}
    assert "telecom_regulations:31" in {str(clause) for clause in late.case.breaches[0].cites}


# How the customer is served.

SAMPLE = {
    "agents_served": 40,
    "agents_sampled": 40,
    "contacts_checked": 400,
    "impolite": 13,
    "jargon": 13,
    "need_missed": 13,
    "rules_broken": 13,
    "disclosures": 0,
    "business_checked": 150,
    "identity_missing": 0,
    "consent_missing": 0,
    "terms_missing": 0,
}


@pytest.mark.parametrize(
    ("fact", "count", "check"),
    [
        ("impolite", 14, "polite"),
        ("jargon", 14, "plain"),
        ("need_missed", 14, "listened"),
        ("rules_broken", 14, "rules_kept"),
        ("disclosures", 1, "confidential"),
        ("identity_missing", 1, "identity"),
        ("consent_missing", 1, "free_choice"),
        ("terms_missing", 1, "terms_told"),
        ("agents_sampled", 35, "supervised"),
    ],
)
def test_a_rule_of_service_not_kept_is_found_in_the_sample(
    pack: Pack, fact: str, count: int, check: str
) -> None:
    result = pack.policies["service_conduct"].decide({**SAMPLE, fact: count}, on=date(2026, 9, 30))
    assert [each.id for each in result.results if each.status == "fail"] == [check]


def test_a_sample_without_business_says_nothing_of_identity(pack: Pack) -> None:
    enquiries = {**SAMPLE, "business_checked": 0}
    result = pack.policies["service_conduct"].decide(enquiries, on=date(2026, 9, 30))
    assert {each.id for each in result.results if each.status == "unknown"} == {
        "identity",
        "free_choice",
        "terms_told",
    }
