"""Several roles of one person: the first that may act does, else the nearest refusal is shown."""

from __future__ import annotations

from itertools import permutations
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from telecom_rules.workflows import Accepted, Refused, Workflow
from tests.workflows.house import (
    FACTS,
    GENERAL,
    RECORD,
    START,
    after,
    complaint,
    made,
    patrol,
    started,
)
from tests.workflows.test_journal import FLOWS, PAYLOADS, ROLES, Act, ran

if TYPE_CHECKING:
    from collections.abc import Iterable

    from telecom_rules.workflows import Case, Outcome

RECORDED = {"customer_id": "K1", "content": "x"}
BOTH = """
workflow: both
version: 1.0.0
title: {zh: 双, en: Both}
facts: complaint
roles: role
events: {go: {title: {zh: 走, en: Go}}}
initial: here
states:
  here:
    title: {zh: 此, en: Here}
    on:
      go: [{target: there, by: supervisor}, {target: elsewhere, by: agent}]
  there: {title: {zh: 彼, en: There}, type: final}
  elsewhere: {title: {zh: 他, en: Elsewhere}, type: final}
"""


def sent(case: Case, event: str, by: Iterable[str] | None, payload: Any = None) -> Outcome:
    return case.send(event, payload, at=case.at, by=by, actor="u42")


def refused(outcome: Outcome) -> Refused:
    assert isinstance(outcome, Refused)
    return outcome


def accepted(outcome: Outcome) -> Accepted:
    assert isinstance(outcome, Accepted)
    return outcome


def test_the_first_role_that_may_send_the_event_does_and_is_on_record() -> None:
    opened = complaint().open(FACTS, at=START, id="C-1")
    outcome = accepted(sent(opened.case, "record", ["customer", "supervisor", "agent"], RECORDED))
    assert (outcome.entry.by, outcome.entry.actor) == ("supervisor", "u42")
    assert outcome == sent(opened.case, "record", "supervisor", RECORDED)
    assert complaint().replay([*opened.entries, *outcome.entries]) == outcome.case


def test_a_role_that_takes_another_transition_is_tried_in_its_turn() -> None:
    case = made(BOTH).start(FACTS, at=START, id="C-1")
    ways = {"elsewhere": ["agent", "supervisor"], "there": ["supervisor", "agent"]}
    assert {accepted(sent(case, "go", each)).case.state for each in ways.values()} == set(ways)
    for state, roles in ways.items():
        assert accepted(sent(case, "go", roles)).case.state == state


def test_if_no_role_may_the_refusal_nearest_to_acceptance_is_shown_in_any_order() -> None:
    # Only the supervisor may do it, who is kept from it by the amount.
    case = after(complaint().start(FACTS | {"amount": 1}, at=START, id="C-1"), RECORD)
    nearest = refused(sent(case, "classify", "supervisor", {"grade": "major"}))
    assert {each.kind for each in nearest.reasons} == {"guard"}
    for roles in permutations(["customer", "agent", "supervisor"]):
        assert sent(case, "classify", roles, {"grade": "major"}) == nearest


def test_what_data_may_mend_is_nearer_than_what_is_for_another_role() -> None:
    case = after(complaint().start({"reworks": 0}, at=START, id="C-1"), RECORD)
    for roles in permutations(["customer", "agent"]):
        assert refused(sent(case, "classify", roles, {"grade": "x"})).by == "agent"


def test_groups_that_are_no_roles_are_passed_over() -> None:
    case = started()
    assert accepted(sent(case, "record", ["staff", "vpn", "agent"], RECORDED)).entry.by == "agent"
    assert refused(sent(case, "record", ["staff", "customer"], RECORDED)).by == "customer"
    outcome = refused(sent(case, "record", ["staff", "vpn"], RECORDED))
    assert outcome.by == "staff"
    assert outcome.reasons[0].wording.zh.startswith("没有角色 `staff`")


@pytest.mark.parametrize("nobody", [[], (), set(), frozenset(), iter([])])
def test_somebody_without_a_role_is_refused_in_words(nobody: Iterable[str]) -> None:
    # To contact the customer is for everybody: but who is known to have no role is nobody.
    case = after(started(), RECORD, GENERAL)
    assert isinstance(sent(case, "contact", None), Accepted)
    outcome = refused(sent(case, "contact", nobody))
    assert outcome.by is None
    assert outcome.entry.by is None
    (reason,) = outcome.reasons
    assert reason.kind == "role"
    allowed = ("agent", "supervisor", "customer")
    assert reason.data == {"event": "contact", "by": None, "allowed": allowed}
    assert reason.wording.zh == "发送人没有任何角色；“联系用户”可由任何角色执行"
    assert reason.wording.en == "the sender has no role; “Contact the customer” is for any role"
    (other,) = refused(sent(case, "withdraw", [])).reasons
    assert other.wording.zh == "发送人没有任何角色；“撤回”可由“用户”执行"
    assert [str(each) for each in other.cites] == ["spec:7.1.2(6)"]


def test_an_unknown_event_is_told_before_a_missing_role() -> None:
    assert refused(sent(started(), "recrod", [])).reasons[0].kind == "unknown_event"


@pytest.mark.parametrize("roles", [[], ["whoever"], ["a", "b"]])
def test_where_no_roles_are_declared_any_or_none_will_do(roles: list[str]) -> None:
    case = patrol().start(FACTS, at=START, id="P-1")
    assert accepted(sent(case, "begin", roles)).entry.by == next(iter(roles), None)


def test_a_set_is_tried_in_alphabetical_order_whatever_the_hash_seed() -> None:
    assert refused(sent(started(), "withdraw", {"supervisor", "agent"})).by == "agent"


def test_an_option_is_the_best_that_one_of_the_roles_has() -> None:
    case = started()
    options = {each.event: each for each in case.allowed(by=["agent", "customer"])}
    assert (options["record"].allowed, options["withdraw"].allowed) == (True, True)
    nobody = case.allowed(by=[])
    assert [each.event for each in nobody] == list(options)
    assert {(each.allowed, each.reasons[0].kind) for each in nobody} == {(False, "role")}


@settings(max_examples=100, deadline=None)
@given(
    FLOWS,
    st.lists(st.sampled_from([each for each in ROLES if each]), min_size=1, max_size=4),
    st.data(),
)
def test_several_roles_are_accepted_if_and_only_if_one_of_them_is(
    told: tuple[Workflow, list[Act]], roles: list[str], data: st.DataObject
) -> None:
    case = ran(*told).case
    event = data.draw(st.sampled_from(list(case.workflow.events)))
    payload = data.draw(st.sampled_from(PAYLOADS.get(event, [None])))
    alone = [case.send(event, payload, at=case.at, by=role) for role in roles]
    outcome = case.send(event, payload, at=case.at, by=roles)
    first = next((each for each in alone if isinstance(each, Accepted)), None)
    assert outcome == first if first else outcome in alone
    for one, *others in zip(*(case.allowed(by=each) for each in (roles, *roles)), strict=True):
        assert one in others
        assert one.allowed is max((each.allowed for each in others), key=(False, None, True).index)
