"""What a host's own tests use: cases in a state, facts that fit, a frozen clock, asserts."""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime, timedelta, timezone

import pytest

from telecom_rules import verify
from telecom_rules.errors import ArgumentError, FactsError, UnknownName
from telecom_rules.testing import (
    START,
    FrozenClock,
    NotBrought,
    assert_accepted,
    assert_decides,
    assert_due,
    assert_refused,
    assert_state,
    bring_case,
    build_facts,
)
from tests.shipped import shipped

ZONE = timezone(timedelta(hours=8))


def complaints():
    return shipped().workflows["complaint_handling"]


@pytest.mark.parametrize("state", ["received", "recorded", "general", "major", "answered"])
def test_a_case_is_brought_to_a_state_by_events_that_the_engine_accepted(state):
    brought = bring_case(complaints(), state, id="C-7")
    case, entries = brought
    assert state in case.states
    assert case.id == "C-7"
    assert verify(entries, head=case.head) == ()
    assert complaints().replay(entries) == case
    assert complaints().restore(case.dump()) == case


def test_the_way_is_short_and_facts_that_are_given_are_kept():
    brought = bring_case(complaints(), "recorded", {"customer_id": "K-1", "channel": "mail"})
    assert [each.event for each in brought.entries] == [None, "record"]
    assert brought.case.facts["customer_id"] == "K-1"
    assert brought.case.facts["channel"] == "mail"


def test_the_same_question_has_the_same_answer():
    assert bring_case(complaints(), "answered") == bring_case(complaints(), "answered")


def test_a_state_that_only_a_clock_leads_to_takes_the_time_it_needs():
    brought = bring_case(complaints(), "closed", at=datetime(2024, 3, 4, 9, tzinfo=ZONE))
    assert "closed" in brought.case.states
    assert brought.case.at >= datetime(2024, 3, 4, 9, tzinfo=ZONE)


def test_states_that_are_not_there_or_not_reached_are_typed_errors():
    with pytest.raises(UnknownName, match="did you mean `recorded`"):
        bring_case(complaints(), "recordd")
    # In 2028, when its limit ends, the calendar has no data: no clock leads to the archive.
    with pytest.raises(NotBrought, match="give the facts it takes") as caught:
        bring_case(complaints(), "archived")
    assert caught.value.state == "archived"
    assert "没有找到" in caught.value.explain("zh")
    with pytest.raises(FactsError, match="channel"):
        bring_case(complaints(), "recorded", {"channel": "pigeon"})
    with pytest.raises(ArgumentError):
        bring_case("complaint_handling", "recorded")


@pytest.mark.parametrize("whole", [False, True])
def test_facts_fit_every_kind_of_facts_that_ships(whole):
    for kind in shipped().facts.values():
        found = build_facts(kind, whole=whole)
        record = kind.read(found, partial=False)
        assert kind.find_broken(record) == ()
        assert len(found) >= sum(not each.optional for each in kind.fields.values())


def test_facts_that_are_given_stay_and_the_others_do_not_contradict_them():
    kind = shipped().facts["incident"]
    known = {"sensitive_persons_affected": 500}
    found = build_facts(kind, known, whole=True)
    assert found["sensitive_persons_affected"] == 500
    assert found["persons_affected"] >= 500
    with pytest.raises(FactsError):
        build_facts(kind, {"sensitive_persons_affected": "many"})
    with pytest.raises(ArgumentError):
        build_facts("incident")


def test_a_frozen_clock_stands_until_it_is_moved():
    clock = FrozenClock()
    assert clock() == clock() == START
    assert clock.move(timedelta(days=15)) == START + timedelta(days=15)
    assert clock.move_to(START) == clock.now == START
    for wrong in "2026-03-02", None, datetime(2026, 3, 2):  # noqa: DTZ001 - without a zone
        with pytest.raises(ArgumentError):
            FrozenClock(wrong)
        with pytest.raises(ArgumentError):
            clock.move_to(wrong)


def test_an_assert_that_holds_gives_the_value_and_one_that_fails_says_why():
    told = {"customer_id": "K-1", "channel": "phone", "received_at": START}
    case = bring_case(complaints(), "received", told).case
    accepted = assert_accepted(case.send("record", at=case.at, by="agent"), to="recorded")
    assert_state(accepted.case, "open")
    refused = assert_refused(case.send("classify", at=case.at, by="agent"))
    assert refused.case == case
    with pytest.raises(AssertionError, match=r"was refused(.|\n)*in received, with the facts"):
        assert_accepted(case.send("classify", at=case.at, by="agent"))
    with pytest.raises(AssertionError, match=r"allowed now: acknowledge, .*record"):
        assert_accepted(case.send("classify", at=case.at, by="agent"))
    with pytest.raises(AssertionError, match="it was accepted"):
        assert_refused(case.send("record", at=case.at, by="agent"))
    with pytest.raises(AssertionError, match="not because of `role`"):
        assert_refused(case.send("classify", at=case.at, by="agent"), "role")
    with pytest.raises(AssertionError, match="not under `spec:9`"):
        assert_refused(case.send("classify", at=case.at, by="agent"), cites="spec:9")
    with pytest.raises(AssertionError, match="is in `received`, not `recorded`"):
        assert_state(case, "recorded")


def test_the_assert_of_a_limit_shows_how_it_was_counted():
    case = bring_case(complaints(), "received").case
    due = datetime(2026, 3, 18, tzinfo=ZONE)
    assert assert_due(case, "reply", due).at == due
    with pytest.raises(AssertionError, match="- 2026-03-03: day 1"):
        assert_due(case, "reply", due + timedelta(days=1))


def test_the_assert_of_a_decision_shows_its_reasons():
    policy = shipped().policies["complaint_grade"]
    facts = {
        "safety_involved": True,
        "earlier_complaints": 0,
        "media_involved": False,
        "regulator_involved": False,
        "affected_customers": 1,
    }
    decision = policy.decide(facts, on=START.date())
    assert assert_decides(decision, grade="major") is decision
    with pytest.raises(AssertionError, match="`grade` is 'major', not 'general'"):
        assert_decides(decision, grade="general")
    with pytest.raises(AssertionError, match="it has no output `garde`"):
        assert_decides(decision, garde=None)


def test_nothing_of_it_needs_pytest():
    code = "import sys, telecom_rules.testing; print('pytest' in sys.modules)"
    done = subprocess.run(  # noqa: S603 - our own interpreter, our own arguments
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"
