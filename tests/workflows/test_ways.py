"""Which event leads to a state or a status, whether it may be sent, and else why not."""

from __future__ import annotations

import json
import pickle
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from telecom_rules.errors import ArgumentError, UnknownName
from telecom_rules.workflows import Accepted, Workflow
from tests.workflows.house import (
    ANSWER,
    CONTACT,
    FACTS,
    GENERAL,
    PARALLEL,
    RECORD,
    START,
    after,
    complaint,
    made,
    started,
    zh,
)
from tests.workflows.test_journal import FLOWS, PAYLOADS, ROLES, Act, ran

if TYPE_CHECKING:
    from telecom_rules.workflows import Case

CHOICE = """
workflow: choice
version: 1.0.0
title: {zh: 分流, en: Choice}
facts: complaint
roles: role
events:
  go: {title: {zh: 走, en: Go}}
  ask: {title: {zh: 问, en: Ask}, payload: {amount: money}}
initial: here
states:
  here:
    title: {zh: 此, en: Here}
    on:
      go: sorted
      ask: {target: sorted, assign: event}
  sorted:
    title: {zh: 分拣, en: Sorted}
    always: [{target: large, guard: amount > 5000}, small]
  large: {title: {zh: 大额, en: Large}, maps: {crm: busy}}
  small: {title: {zh: 小额, en: Small}, maps: {crm: busy}, on: {go: done}}
  done: {title: {zh: 完成, en: Done}, type: final, maps: {crm: over}}
"""


def ways(case: Case, to: str, vocabulary: str | None = None, by: str | None = None):
    return {each.event: each.allowed for each in case.ways(to, vocabulary, by=by)}


def test_an_option_names_the_states_it_may_lead_to_and_none_where_it_stays() -> None:
    options = {each.event: each.targets for each in after(started(), RECORD).allowed()}
    assert options == {"classify": ("major", "general"), "withdraw": ("closed",), "appraise": ()}


def test_a_way_is_the_option_that_leads_to_the_state() -> None:
    case = started()
    assert ways(case, "recorded", by="agent") == {"record": True}
    assert ways(case, "closed", by="agent") == {"withdraw": False}
    assert ways(case, "closed", "tmf621", by="customer") == {"withdraw": True}
    (reason,) = case.ways("closed", by="agent").reasons
    assert reason.wording.en == "“Agent” may not send “Withdraw”; it is for “Customer”"


def test_of_several_roles_the_best_way_counts() -> None:
    found = started().ways("closed", by=["agent", "customer"])
    assert [each.allowed for each in found] == [True]
    assert found.reasons == ()
    assert found.explain("zh") == ""
    assert [each.kind for each in started().ways("closed", by=[]).reasons] == ["role"]


def test_a_way_that_depends_on_the_data_of_the_event_says_on_which() -> None:
    case = after(started(), RECORD)
    found = case.ways("major", by="supervisor")
    assert [(each.event, each.allowed, each.needs) for each in found] == [
        ("classify", None, ("event.grade",))
    ]
    assert [each.kind for each in case.ways("major", by="agent").reasons] == ["role"]


def test_an_event_that_would_lead_elsewhere_now_is_no_way() -> None:
    case = after(complaint().start(FACTS, at=START, id="C-1"), RECORD, GENERAL, CONTACT, ANSWER)
    assert ways(case, "closed", by="customer") == {"feedback": None, "withdraw": True}
    small = made(CHOICE).start({"amount": 1}, at=START, id="C-1")
    assert ways(small, "small") == {"go": True, "ask": None}
    assert ways(small, "large") == {"go": False, "ask": None}
    (found, _) = small.ways("large")
    assert [zh(each) for each in found.reasons] == ["“走”此时会转为“小额”,而不是“大额”"]
    assert [each.wording.en for each in found.reasons] == [
        "“Go” now leads to “Small”, not to “Large”"
    ]
    assert found.reasons[0].kind == "no_way"
    assert ways(small, "busy", "crm") == {"go": True, "ask": True}


def test_a_state_that_is_left_at_once_is_not_reached() -> None:
    case = made(CHOICE).start({"amount": 1}, at=START, id="C-1")
    assert case.allowed()[0].targets == ("large", "small")
    assert ways(case, "sorted") == {}


def test_where_no_event_leads_it_is_said_in_words_with_what_can_be_reached() -> None:
    found = started().ways("answered")
    assert list(found) == []
    (reason,) = found.reasons
    assert reason.kind == "no_way"
    assert (
        reason.wording.zh
        == "没有事件能从“已受理”直接转为“已答复”；现在可以转为：“已登记”、“已结案”"
    )
    assert reason.wording.en == (
        "no event leads from “Received” to “Answered”; reached from here: “Recorded”, “Closed”"
    )
    assert reason.data == {
        "to": "answered",
        "vocabulary": None,
        "state": "received",
        "reached": ("recorded", "closed"),
    }
    assert found.explain("en").endswith("(Specification, 7.1.2(1))")


def test_a_case_that_is_over_or_there_already_has_no_way_either() -> None:
    closed = after(started(), ("withdraw", {}, "customer"))
    assert (
        en_of(closed, "answered")
        == "the case is over; its state is “Closed”, and it cannot go to “Answered”"
    )
    assert en_of(started(), "received").startswith("the case is in “Received” already")
    assert en_of(started(), "acknowledged", "tmf621").startswith("the case is in `acknowledged`")


def en_of(case: Case, to: str, vocabulary: str | None = None) -> str:
    (reason,) = case.ways(to, vocabulary).reasons
    return reason.wording.en


def test_a_way_leads_to_states_in_parallel_as_a_case_names_them() -> None:
    workflow = made(
        PARALLEL.replace("right_on: {target", "left_on: {target: right_2}, right_on: {target", 1)
    )
    case = workflow.start({}, at=START, id="P-1")
    moved = after(case, ("right_on", {}, None))
    assert moved.state == "left_1+right_2"
    assert ways(case, moved.state) == {"right_on": True, "left_on": False}
    assert ways(case, "left_2+right_2") == {"left_on": True}
    assert ways(case, "right_2+left_2+right_2") == {"left_on": True}
    assert ways(moved, "left_2+right_2") == {"left_on": True}
    assert en_of(case, case.state).startswith("the case is in “Left 1”, “Right 1” already")
    assert en_of(case, "left_1+left_2").startswith("no event leads from “Left 1”, “Right 1” to")
    for wrong, name in {"left_2+rigth_2": "rigth_2", "left_2+": "", "+left_2": ""}.items():
        with pytest.raises(UnknownName, match="no state named") as caught:
            case.ways(wrong)
        assert caught.value.name == name


def test_what_is_not_there_is_an_error_that_says_so() -> None:
    case = started()
    with pytest.raises(UnknownName, match="no state named `answred`; did you mean `answered`"):
        case.ways("answred")
    with pytest.raises(UnknownName, match="no status named `done`"):
        case.ways("done", "tmf621")
    with pytest.raises(UnknownName, match="named `tmf622`; did you mean `tmf621`"):
        case.ways("closed", "tmf622")
    with pytest.raises(ArgumentError, match="`to`"):
        case.ways(5)  # type: ignore[arg-type]
    with pytest.raises(ArgumentError, match="`vocabulary`"):
        case.ways("closed", 5)  # type: ignore[arg-type]


def test_ways_are_those_after_the_clocks_have_caught_up() -> None:
    case = started()
    late = case.due[-1].fires
    assert [each.event for each in case.ways("answered", at=late)] == ["answer"]
    early = case.ways("recorded", at=START.replace(year=2025))
    assert [each.kind for each in early.reasons] == ["time_backwards"]


def test_ways_are_values() -> None:
    found = started().ways("closed", by="agent")
    assert pickle.loads(pickle.dumps(found)) == found  # noqa: S301 - our own bytes
    assert json.loads(json.dumps(found.dump())) == found.dump()
    assert (len(found), found[0].event, found.nearest) == (1, "withdraw", found[0])
    assert repr(found) == "<Ways to closed: withdraw>"


@settings(max_examples=100, deadline=None)
@given(FLOWS, st.sampled_from(ROLES), st.data())
def test_whatever_an_event_reaches_it_was_a_way_to_and_an_allowed_way_arrives(
    told: tuple[Workflow, list[Act]], by: str | None, data: st.DataObject
) -> None:
    case = ran(*told).case
    states = list(case.workflow.states)
    before = {name: case.ways(name, by=by) for name in states}
    for option in case.allowed(by=by):
        payload = data.draw(st.sampled_from(PAYLOADS.get(option.event, [None])))
        outcome = case.send(option.event, payload, at=case.at, by=by)
        if not isinstance(outcome, Accepted):
            continue
        arrived = set(outcome.step.entered) & set(outcome.case.states)
        for name in arrived:
            assert option.event in {
                each.event for each in before[name] if each.allowed is not False
            }
        for name in states:
            way = next((each for each in before[name] if each.event == option.event), None)
            if way is not None and way.allowed is True:
                assert name in arrived
        if arrived:
            found = case.ways(outcome.case.state, by=by)
            assert option.event in {each.event for each in found if each.allowed is not False}
        leaves = {name for name in arrived if not case.workflow.states[name].children}
        assert leaves <= set(option.targets)
