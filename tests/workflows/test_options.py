"""What may happen next, what may not and why: the buttons on a screen."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from telecom_rules.workflows import Accepted, Option, Refused
from tests.workflows.house import (
    ANSWER,
    COMPLAINT,
    CONTACT,
    FACTS,
    GENERAL,
    RECORD,
    START,
    after,
    complaint,
    en,
    made,
    started,
    zh,
)
from tests.workflows.test_journal import FLOWS, ROLES, Act, ran

if TYPE_CHECKING:
    from telecom_rules.workflows import Case, Workflow


def option(case: Case, event: str, by: str | None = None) -> Option:
    return {each.event: each for each in case.allowed(by)}[event]


def test_every_event_that_an_active_state_mentions_is_an_option_inner_states_first() -> None:
    assert [each.event for each in started().allowed()] == ["record", "withdraw", "appraise"]
    assert [each.event for each in started().allowed(by="customer")] == [
        "record",
        "withdraw",
        "appraise",
    ]


def test_an_option_says_what_a_button_needs() -> None:
    record = option(started(), "record", by="agent")
    assert record.allowed is True
    assert record.title == ("登记", "Record")
    assert list(record.payload) == ["customer_id", "content"]
    assert record.payload["content"].title == ("内容", "Content")
    assert record.roles == ("agent", "supervisor")
    assert record.reasons == ()
    assert [str(clause) for clause in record.cites] == ["spec:7.1.2(2)"]


def test_an_option_that_is_not_allowed_says_why() -> None:
    withdraw = option(started(), "withdraw", by="agent")
    assert withdraw.allowed is False
    assert [zh(reason) for reason in withdraw.reasons] == ["“客服”无权执行“撤回”;可由“用户”执行"]
    assert [en(reason) for reason in withdraw.reasons] == [
        "“Agent” may not send “Withdraw”; it is for “Customer”"
    ]


@pytest.mark.parametrize("role", [None, "agent", "supervisor", "customer", "nobody"])
def test_what_is_allowed_is_what_would_be_accepted_by_the_same_role(role: str | None) -> None:
    case = after(started(), RECORD)
    for each in case.allowed(by=role):
        if each.allowed is not None and not each.payload:
            sent = case.send(each.event, at=case.at, by=role)
            assert each.allowed is isinstance(sent, Accepted)
            assert each.reasons == (() if isinstance(sent, Accepted) else sent.reasons)


def test_an_event_for_certain_roles_is_not_allowed_without_one_and_says_so() -> None:
    withdraw = option(started(), "withdraw")
    assert (withdraw.allowed, withdraw.roles) == (False, ("customer",))
    assert withdraw.reasons[0].wording.en == "no role was given; “Withdraw” is for “Customer”"


def test_a_role_that_does_not_exist_may_do_nothing() -> None:
    for each in started().allowed(by="agnet"):
        assert each.allowed is False
        assert [reason.kind for reason in each.reasons] == ["role"]


def test_what_depends_on_the_data_of_the_event_is_neither_yes_nor_no() -> None:
    case = after(started(), RECORD)
    classify = option(case, "classify", by="supervisor")
    assert classify.allowed is None
    assert classify.needs == ("event.grade",)
    assert classify.reasons == ()


def test_a_guard_that_the_facts_alone_decide_is_decided() -> None:
    text = COMPLAINT.replace(
        "guard: event.grade == 'general'", "guard: reworks > 0 && event.grade == 'general'"
    )
    case = after(made(text).start(FACTS, at=START, id="C-1"), RECORD)
    classify = option(case, "classify", by="agent")
    assert classify.allowed is False
    assert [reason.kind for reason in classify.reasons] == ["role", "guard"]


def test_a_guard_that_asks_for_an_optional_field_depends_on_it() -> None:
    case = after(started(), RECORD, GENERAL, CONTACT, ANSWER)
    feedback = option(case, "feedback")
    assert feedback.allowed is None
    assert feedback.needs == ("event.satisfied",)


def test_missing_facts_are_reasons() -> None:
    case = after(complaint().start({"reworks": 0}, at=START, id="C-1"), RECORD)
    classify = option(case, "classify", by="supervisor")
    assert classify.allowed is None
    text = COMPLAINT.replace("guard: event.grade == 'general'", "guard: amount > 5")
    case = after(made(text).start({}, at=START, id="C-1"), RECORD)
    classify = option(case, "classify", by="agent")
    assert classify.allowed is False
    assert [reason.kind for reason in classify.reasons] == ["role", "unknown"]


def test_options_are_those_after_the_clocks_have_caught_up() -> None:
    case = started()
    late = case.due[-1].fires
    assert [each.event for each in case.allowed(at=late)] == ["answer", "withdraw", "appraise"]
    assert [each.event for each in case.allowed(at=case.due[-1].at)] == [
        "record",
        "withdraw",
        "appraise",
    ]


def test_options_of_an_earlier_day_are_refused() -> None:
    for each in started().allowed(at=START - timedelta(days=1)):
        assert [reason.kind for reason in each.reasons] == ["time_backwards"]


def test_a_case_that_is_over_has_no_options() -> None:
    assert after(started(), ("withdraw", {}, "customer")).allowed() == ()


def test_events_that_only_clocks_raise_are_no_options() -> None:
    assert "reply_overdue" not in {each.event for each in started().allowed()}


GOOD = {
    "record": {"customer_id": "U-1", "content": "x"},
    "classify": {"grade": "general"},
    "feedback": {"satisfied": True},
    "appraise": {"amount": 1},
}


@settings(max_examples=200, deadline=None)
@given(FLOWS, st.sampled_from(ROLES))
def test_what_is_offered_is_accepted_and_what_is_denied_is_refused(
    told: tuple[Workflow, list[Act]], by: str | None
) -> None:
    case = ran(*told).case
    if by is None:
        return
    for each in case.allowed(by=by):
        outcome = case.send(each.event, GOOD.get(each.event), at=case.at, by=by)
        if each.allowed is True:
            assert isinstance(outcome, Accepted), outcome.explain()
        if each.allowed is False:
            assert isinstance(outcome, Refused)
            assert outcome.reasons == each.reasons


@pytest.mark.parametrize("by", ["agent", None])
def test_asking_changes_nothing(by: str | None) -> None:
    case = started()
    before = case.dump()
    case.allowed(by=by, at=START + timedelta(days=400))
    assert case.dump() == before
