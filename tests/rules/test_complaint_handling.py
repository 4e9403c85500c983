"""The complaint flow of 7.1.2, told as stories: every way, every refusal with its clause."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from telecom_rules.errors import FactsError
from tests.rules.stories import accept, cited, effects, needed, refuse, unfit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from telecom_rules.pack import Pack
    from telecom_rules.workflows import Case, Workflow

BEIJING = timezone(timedelta(hours=8))
RECEIVED = datetime(2026, 3, 2, 9, 30, tzinfo=BEIJING)
LAST_INSTANT = datetime(2026, 3, 18, tzinfo=BEIJING)
"""24:00 of 17 March: the fifteenth day, when 2 March is not counted."""
MICROSECOND = timedelta(microseconds=1)

OPENING = {
    "customer_id": "K100001",
    "channel": "phone",
    "content": "宽带经常掉线。",
    "received_at": "2026-03-02T09:30:00+08:00",
}
ORDINARY = {
    "safety_involved": False,
    "earlier_complaints": 0,
    "media_involved": False,
    "regulator_involved": False,
    "affected_customers": 1,
}
MAJOR = {**ORDINARY, "safety_involved": True}
CONTACT = {"apologised": True, "findings": "已核实经过。"}
MEASURES = {"measures": "已更换设备。"}
ANSWER = {"result": "已修复。", "opinion_asked": True}

STEPS: tuple[tuple[str, dict[str, object]], ...] = (
    ("record", {}),
    ("assess", ORDINARY),
    ("classify", {}),
    ("contact", CONTACT),
    ("resolve", MEASURES),
    ("answer", ANSWER),
)
REACHED = ("received", "recorded", "recorded", "general", "contacted", "resolving", "answered")
"""The state before the first step, and after each."""


@pytest.fixture(scope="module")
def workflow(pack: Pack) -> Workflow:
    return pack.workflows["complaint_handling"]


def opened(workflow: Workflow, **changes: object) -> Case:
    facts = {name: value for name, value in {**OPENING, **changes}.items() if value is not None}
    return workflow.start(facts, at=RECEIVED, id="C-1")


def walked(workflow: Workflow, steps: int, assessment: Mapping[str, object] = ORDINARY) -> Case:
    """Return a case after some of the `STEPS`; a major complaint is in the supervisor's hands."""
    case = opened(workflow)
    by = "agent" if assessment == ORDINARY else "supervisor"
    for event, payload in STEPS[:steps]:
        case = accept(case, event, assessment if event == "assess" else payload, by=by).case
    return case


# The six steps.


@pytest.mark.parametrize("steps", range(len(REACHED)))
def test_each_step_leads_to_its_state(workflow: Workflow, steps: int) -> None:
    assert REACHED[steps] in walked(workflow, steps).states


def test_an_accepted_answer_closes_the_case_and_plans_the_follow_up(workflow: Workflow) -> None:
    outcome = accept(walked(workflow, 6), "accept", by="customer")
    assert "closed" in outcome.case.states
    assert effects(outcome) == ["plan_follow_up"]
    assert {"spec:7.1.2(6)", "spec:5.2(5)"} <= cited(outcome)
    assert outcome.case.breaches == ()


def test_the_result_goes_to_the_customer_with_the_answer(workflow: Workflow) -> None:
    outcome = accept(walked(workflow, 5), "answer", ANSWER)
    (effect,) = outcome.effects
    assert (effect.name, dict(effect.payload)) == ("send_result", {"result": "已修复。"})


def test_a_major_complaint_goes_to_the_supervisor(workflow: Workflow) -> None:
    outcome = accept(walked(workflow, 2, MAJOR), "classify")
    assert "major" in outcome.case.states
    assert effects(outcome) == ["notify_supervisor"]
    assert outcome.case.facts["grade"] == "major"


@pytest.mark.parametrize("silent", [True, False])
def test_a_close_takes_neither_the_reopening_nor_the_appeal_away(
    workflow: Workflow, *, silent: bool
) -> None:
    answered = walked(workflow, 6)
    if silent:
        closed = answered.tick(answered.at + timedelta(days=8)).case
    else:
        closed = accept(answered, "accept", by="customer").case
    assert "closed" in closed.states
    assert not closed.final
    reopened = accept(closed, "reopen", {"opinion": "还是不行。"}, by="customer").case
    assert "resolving" in reopened.states
    assert "appealed" in accept(closed, "appeal", by="customer").case.states


# Refusals, each with the clause it stands on.


@pytest.mark.parametrize("missing", ["customer_id", "channel", "content", "received_at"])
def test_a_record_with_something_missing_is_refused_until_it_is_supplied(
    workflow: Workflow, missing: str
) -> None:
    case = opened(workflow, **{missing: None})
    refusal = refuse(case, "record")
    assert missing in needed(refusal)
    assert "spec:7.1.2(2)" in cited(refusal)
    supplied = accept(case, "supplement", {missing: OPENING[missing]}, by="customer").case
    assert "recorded" in accept(supplied, "record").case.states


def test_a_complaint_received_in_the_future_cannot_be_recorded(workflow: Workflow) -> None:
    refusal = refuse(opened(workflow, received_at="2026-03-02T09:30:01+08:00"), "record")
    assert "spec:7.1.2(2)" in cited(refusal)


def test_an_unknown_channel_is_not_read(workflow: Workflow) -> None:
    with pytest.raises(FactsError) as problem:
        opened(workflow, channel="moblie_app")
    assert "mobile_app" in problem.value.explain("en")


def test_an_unknown_channel_is_not_taken_as_a_supplement(workflow: Workflow) -> None:
    refusal = refuse(opened(workflow, channel=None), "supplement", {"channel": "carrier_pigeon"})
    assert unfit(refusal) == {"channel"}


@pytest.mark.parametrize("event", ["classify", "contact", "resolve", "answer", "accept", "reopen"])
def test_a_step_before_its_turn_is_refused(workflow: Workflow, event: str) -> None:
    payload = {**dict(STEPS), "reopen": {"opinion": "不满意。"}}.get(event, {})
    refuse(opened(workflow), event, payload)


def test_a_step_sent_twice_is_refused_the_second_time(workflow: Workflow) -> None:
    case = walked(workflow, 1)
    refuse(case, "record")


def test_a_complaint_is_acknowledged_once(workflow: Workflow) -> None:
    case = accept(opened(workflow), "acknowledge", by="system").case
    refusal = refuse(case, "acknowledge", by="system")
    assert "iso_10002:8.4" in cited(refusal)


def test_a_complaint_that_was_not_assessed_cannot_be_classified(workflow: Workflow) -> None:
    refusal = refuse(walked(workflow, 1), "classify")
    assert "safety_involved" in needed(refusal)
    assert "spec:7.1.2(3)" in cited(refusal)


@pytest.mark.parametrize(
    ("contact", "clause"),
    [
        ({"apologised": False, "findings": "已核实经过。"}, "spec:7.1.1(2)"),
        ({"apologised": True, "findings": ""}, "spec:7.1.1(3)"),
    ],
)
def test_a_contact_counts_only_with_apology_and_findings(
    workflow: Workflow, contact: dict[str, object], clause: str
) -> None:
    assert clause in cited(refuse(walked(workflow, 3), "contact", contact))


def test_measures_must_be_named(workflow: Workflow) -> None:
    refusal = refuse(walked(workflow, 4), "resolve", {"measures": ""})
    assert "spec:7.1.1(4)" in cited(refusal)


@pytest.mark.parametrize(
    "answer",
    [{"result": "", "opinion_asked": True}, {"result": "已修复。", "opinion_asked": False}],
)
def test_an_answer_reports_the_result_and_asks_for_an_opinion(
    workflow: Workflow, answer: dict[str, object]
) -> None:
    refusal = refuse(walked(workflow, 5), "answer", answer)
    assert {"spec:7.1.1(5)", "spec:7.1.2(6)"} <= cited(refusal)


@pytest.mark.parametrize("steps", [3, 4, 5])
def test_an_agent_does_not_handle_a_major_complaint(workflow: Workflow, steps: int) -> None:
    event, payload = STEPS[steps]
    refusal = refuse(walked(workflow, steps, MAJOR), event, payload, by="agent")
    assert "spec:7.1.2(3)" in cited(refusal)


@pytest.mark.parametrize("by", ["agent", "supervisor", "system", "finance"])
def test_only_the_customer_withdraws(workflow: Workflow, by: str) -> None:
    refuse(opened(workflow), "withdraw", by=by)


# Withdrawal, waiting, upgrade.


@pytest.mark.parametrize("steps", range(6))
def test_the_customer_withdraws_from_every_open_state(workflow: Workflow, steps: int) -> None:
    outcome = accept(walked(workflow, steps), "withdraw", by="customer")
    assert "withdrawn" in outcome.case.states
    assert outcome.case.final


def test_a_withdrawal_after_the_answer_closes_the_case(workflow: Workflow) -> None:
    assert "closed" in accept(walked(workflow, 6), "withdraw", by="customer").case.states


def test_a_withdrawn_complaint_is_never_overdue(workflow: Workflow) -> None:
    case = accept(opened(workflow), "withdraw", by="customer").case
    assert case.due == ()
    assert case.tick(LAST_INSTANT + timedelta(days=30)).case.breaches == ()


def test_waiting_for_the_customer_does_not_stop_the_clock(workflow: Workflow) -> None:
    case = walked(workflow, 4)
    waiting = accept(case, "ask_customer", {"question": "何时发生？"}).case
    assert "awaiting_customer" in waiting.states
    assert due(waiting, "reply") == due(case, "reply")
    back = accept(waiting, "supplement", {"content": "昨晚八点掉线。"}, by="customer").case
    assert "contacted" in back.states
    assert back.facts["content"] == "昨晚八点掉线。"


def test_a_supervisor_upgrades_a_general_complaint_once(workflow: Workflow) -> None:
    case = accept(walked(workflow, 5), "upgrade", {"reason": "群体性"}, by="supervisor").case
    assert case.facts["grade"] == "major"
    assert "resolving" in case.states
    refuse(case, "answer", ANSWER, by="agent")
    refuse(case, "upgrade", {"reason": "群体性"}, by="supervisor")
    accept(case, "answer", ANSWER, by="supervisor")


def test_a_complaint_without_a_grade_cannot_be_upgraded(workflow: Workflow) -> None:
    refusal = refuse(opened(workflow), "upgrade", {"reason": "安全"}, by="supervisor")
    assert "grade" in needed(refusal)


# The fifteen days.


def due(case: Case, clock: str) -> datetime:
    return next(each.at for each in case.due if each.clock == clock and each.kind == "expiry")


def test_the_answer_is_due_at_the_end_of_the_fifteenth_day(workflow: Workflow) -> None:
    assert due(opened(workflow), "reply") == LAST_INSTANT


def test_an_answer_at_the_last_instant_is_in_time(workflow: Workflow) -> None:
    outcome = accept(quick(workflow), "answer", ANSWER, at=LAST_INSTANT)
    assert "reply" not in breached(outcome.case)


def test_an_answer_a_microsecond_later_is_a_breach(workflow: Workflow) -> None:
    outcome = accept(quick(workflow), "answer", ANSWER, at=LAST_INSTANT + MICROSECOND)
    (breach,) = (each for each in outcome.case.breaches if each.clock == "reply")
    assert breach.due == LAST_INSTANT
    assert "appeal_measures:10(4)" in {str(clause) for clause in breach.cites}
    assert "answered" in outcome.case.states


def test_an_overdue_answer_goes_to_the_supervisor_and_tells_the_recourse(
    workflow: Workflow,
) -> None:
    on_time = quick(workflow).tick(LAST_INSTANT)
    assert not {"escalate_to_supervisor", "tell_recourse"} & set(effects(on_time))
    late = on_time.case.tick(LAST_INSTANT + MICROSECOND)
    assert effects(late) == ["escalate_to_supervisor", "tell_recourse"]


def test_a_complaint_received_in_another_offset_has_the_same_deadline(workflow: Workflow) -> None:
    case = workflow.start(OPENING, at=RECEIVED.astimezone(UTC), id="C-1")
    assert due(case, "reply") == LAST_INSTANT


def test_the_day_of_receipt_is_the_day_in_the_zone_of_the_pack(workflow: Workflow) -> None:
    before_midnight = datetime(2026, 3, 2, 15, 59, 59, tzinfo=UTC)
    assert due(workflow.start({}, at=before_midnight, id="C-1"), "reply") == LAST_INSTANT
    midnight = workflow.start({}, at=before_midnight + timedelta(seconds=1), id="C-2")
    assert due(midnight, "reply") == LAST_INSTANT + timedelta(days=1)


def test_a_slow_acknowledgement_is_reported(workflow: Workflow) -> None:
    outcome = opened(workflow).tick(RECEIVED + timedelta(hours=24) + MICROSECOND)
    assert breached(outcome.case) == ["acknowledgement"]
    assert effects(outcome) == ["escalate_to_supervisor"]


def test_contact_is_due_after_the_record(workflow: Workflow) -> None:
    recorded = accept(opened(workflow), "record", at=RECEIVED + timedelta(hours=1)).case
    assert due(recorded, "first_contact") == RECEIVED + timedelta(hours=49)


def quick(workflow: Workflow) -> Case:
    """Return a case that only wants its answer."""
    return accept(walked(workflow, 5), "supplement", {"kind": "fault"}).case


def breached(case: Case) -> list[str]:
    return [breach.clock for breach in case.breaches]


# After the answer.


def test_a_dissatisfied_customer_reopens_the_case_and_hears_of_the_recourse(
    workflow: Workflow,
) -> None:
    outcome = accept(walked(workflow, 6), "reopen", {"opinion": "没有修好。"}, by="customer")
    assert "resolving" in outcome.case.states
    assert outcome.case.facts["reopened"] is True
    assert outcome.case.facts["satisfied"] is False
    assert effects(outcome) == ["tell_recourse"]


def test_a_reopened_case_has_a_time_limit_of_its_own(workflow: Workflow) -> None:
    case = accept(walked(workflow, 6), "reopen", {"opinion": "没有修好。"}, by="customer").case
    assert due(case, "second_reply") == datetime(2026, 3, 10, tzinfo=BEIJING)
    assert "reply" not in {each.clock for each in case.due}
    late = case.tick(datetime(2026, 3, 10, tzinfo=BEIJING) + MICROSECOND)
    assert effects(late) == ["escalate_to_supervisor"]
    accept(accept(late.case, "answer", ANSWER).case, "accept", by="customer")


def test_the_time_in_which_the_customer_is_awaited_counts_for_the_law_and_not_for_our_limit(
    workflow: Workflow,
) -> None:
    case = accept(walked(workflow, 6), "reopen", {"opinion": "没有修好。"}, by="customer").case
    asked = accept(case, "ask_customer", {"question": "哪一处？"}).case
    assert asked.clocks["second_reply"].paused == RECEIVED
    again = accept(asked, "supplement", by="customer", at=RECEIVED + timedelta(days=2)).case
    assert due(again, "second_reply") == datetime(2026, 3, 12, tzinfo=BEIJING)
    first = accept(walked(workflow, 5), "ask_customer", {"question": "哪一处？"}).case
    assert first.clocks["reply"].paused is None
    assert due(first, "reply") == LAST_INSTANT


def test_a_customer_who_says_nothing_is_waited_for_and_then_the_case_closes(
    workflow: Workflow,
) -> None:
    case = walked(workflow, 6)
    assert "answered" in case.tick(datetime(2026, 3, 10, tzinfo=BEIJING)).case.states
    lapsed = case.tick(datetime(2026, 3, 10, tzinfo=BEIJING) + MICROSECOND)
    assert "closed" in lapsed.case.states
    assert effects(lapsed) == ["plan_follow_up"]


def test_an_appeal_before_the_answer_is_due_is_refused(workflow: Workflow) -> None:
    refusal = refuse(walked(workflow, 5), "appeal", by="customer")
    assert {"appeal_measures:10(4)", "appeal_measures:13"} <= cited(refusal)


def test_an_unanswered_customer_appeals_when_the_time_is_over(workflow: Workflow) -> None:
    late = walked(workflow, 5).tick(LAST_INSTANT + MICROSECOND).case
    outcome = accept(late, "appeal", by="customer")
    assert "appealed" in outcome.case.states
    assert effects(outcome) == ["hand_over_file"]
    assert "telecom_regulations:39(1)" in cited(outcome)


@pytest.mark.parametrize("reopen", [False, True])
def test_a_dissatisfied_customer_appeals(workflow: Workflow, *, reopen: bool) -> None:
    case = walked(workflow, 6)
    if reopen:
        case = accept(case, "reopen", {"opinion": "没有修好。"}, by="customer").case
    assert "appealed" in accept(case, "appeal", by="customer").case.states


# The status of the trouble ticket.

TICKET_EDGES = {
    ("acknowledged", "inProgress"),
    ("acknowledged", "rejected"),
    ("acknowledged", "cancelled"),
    ("inProgress", "held"),
    ("inProgress", "pending"),
    ("inProgress", "resolved"),
    ("inProgress", "cancelled"),
    ("held", "inProgress"),
    ("pending", "inProgress"),
    ("pending", "cancelled"),
    ("resolved", "closed"),
    ("resolved", "inProgress"),
}
"""The published life cycle of a TMF621 trouble ticket."""


@pytest.mark.parametrize(
    "events",
    [
        "contact resolve answer accept",
        "contact ask_customer supplement resolve answer reopen answer accept",
        "contact ask_customer withdraw",
        "contact resolve withdraw",
        "contact resolve answer withdraw",
        "contact resolve answer reopen withdraw",
    ],
)
def test_the_ticket_moves_as_tmf621_allows(workflow: Workflow, events: str) -> None:
    case = walked(workflow, 3)
    payloads = {
        **dict(STEPS),
        "ask_customer": {"question": "何时发生？"},
        "reopen": {"opinion": "没有修好。"},
    }
    status = ["acknowledged", case.maps("tmf621")]
    for event in events.split():
        by = "customer" if event in {"accept", "reopen", "withdraw", "supplement"} else "agent"
        case = accept(case, event, payloads.get(event, {}), by=by).case
        status.append(case.maps("tmf621"))
    moves = {(one, other) for one, other in pairwise(status) if one != other}
    assert moves <= TICKET_EDGES
