"""Adoptions: a row that began before the library goes on as a case, and nothing is invented."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from telecom_rules.errors import ArgumentError, FactsError, TelecomRulesError, UnknownName
from telecom_rules.workflows import Accepted, Adopted, DueKind, Entry, EntryKind, Standpoint, verify
from tests.shipped import shipped
from tests.workflows.house import PARALLEL, ZONE, made

RECEIVED = datetime(2026, 3, 2, 10, tzinfo=ZONE)
REPLY_DUE = datetime(2026, 3, 18, tzinfo=ZONE)
"""24:00 of 17 March: 15 days after 2 March, whose own day is not counted."""
FACTS = {
    "customer_id": "c1",
    "channel": "phone",
    "content": "slow",
    "received_at": RECEIVED,
    "grade": "general",
    "measures": "replaced",
}
HOUR = timedelta(hours=1)


RELAY = """
workflow: relay
version: 1.0.0
title: {zh: 接力, en: Relay}
facts: complaint
events:
  finish: {title: {zh: 完, en: Finish}}
  first_over: {title: {zh: 一, en: First over}}
clocks:
  first:
    title: {zh: 一, en: First}
    from: waiting
    until: late
    limit: 3 days
    on_expiry: first_over
  second: {title: {zh: 二, en: Second}, from: late, until: done, limit: 2 days}
initial: waiting
states:
  waiting: {title: {zh: 等待, en: Waiting}, on: {first_over: {target: late}}}
  late: {title: {zh: 逾期, en: Late}, on: {finish: {target: done}}}
  done: {title: {zh: 完, en: Done}, type: final}
"""
HASTY = """
workflow: hasty
version: 1.0.0
title: {zh: 急, en: Hasty}
facts: complaint
events: {finish: {title: {zh: 完, en: Finish}}}
initial: early
states:
  early: {title: {zh: 早, en: Early}, always: [{target: late}]}
  late: {title: {zh: 晚, en: Late}, on: {finish: {target: done}}}
  done: {title: {zh: 完, en: Done}, type: final}
"""


def complaints():
    return shipped().workflows["complaint_handling"]


def adopt(state="resolving", at=RECEIVED + timedelta(days=5), clocks=None, **others) -> Adopted:
    clocks = {"reply": RECEIVED} if clocks is None else clocks
    return complaints().adopt(FACTS, state, clocks=clocks, at=at, id="C-7", **others)


def reload(entries) -> list[Entry]:
    return [Entry.load(json.loads(json.dumps(each.dump()))) for each in entries]


def test_an_adopted_row_has_the_statutory_date_of_a_case_that_was_started_then() -> None:
    adopted = adopt()
    started = complaints().start(FACTS, at=RECEIVED, id="C-7")
    assert adopted.case.clocks["reply"].deadline == REPLY_DUE
    assert adopted.case.clocks["reply"] == started.clocks["reply"]
    assert (adopted.case.state, adopted.case.at) == ("resolving", RECEIVED + timedelta(days=5))


def test_the_instant_of_a_clock_may_be_in_any_zone() -> None:
    adopted = adopt(clocks={"reply": RECEIVED.astimezone(UTC)})
    assert adopted.case.clocks["reply"].started == RECEIVED
    assert adopted.case.clocks["reply"].started.tzinfo == ZONE


def test_an_adoption_has_an_entry_of_its_own_kind_and_asks_for_nothing() -> None:
    adopted = adopt(actor="import of 2026")
    (entry,) = adopted.entries
    assert (entry.kind, entry.sequence, entry.previous) == (EntryKind.ADOPT, 0, None)
    assert (entry.actor, entry.at, entry.event) == ("import of 2026", adopted.case.at, None)
    assert entry.started == {"reply": REPLY_DUE}
    assert adopted.effects == ()
    assert adopted.case.breaches == ()


def test_an_adopted_case_replays_from_its_journal_and_from_its_snapshot() -> None:
    adopted = adopt()
    at = adopted.case.at + HOUR
    outcome = adopted.case.send(
        "answer", {"result": "done", "opinion_asked": True}, at=at, by="agent", actor="u1"
    )
    assert isinstance(outcome, Accepted), outcome.explain()
    journal = reload([*adopted.entries, *outcome.entries])
    assert complaints().replay(journal) == outcome.case
    assert verify(journal, head=outcome.case.head) == ()
    snapshot = json.loads(json.dumps(outcome.case.dump()))
    assert complaints().restore(snapshot, journal) == outcome.case
    assert complaints().restore(adopted.case.dump()) == adopted.case


def test_a_limit_that_has_ended_is_recorded_by_the_next_tick_with_its_own_deadline() -> None:
    at = RECEIVED + timedelta(days=40)
    adopted = adopt(at=at)
    assert adopted.case.next_due < at
    ticked = adopted.case.tick(at)
    (entry,) = ticked.entries  # no warning: it would come too late
    assert (entry.kind, entry.due, entry.due_at) == (EntryKind.CLOCK, DueKind.EXPIRY, REPLY_DUE)
    assert entry.at == at
    assert [each.due for each in ticked.breaches] == [REPLY_DUE]
    assert [each.name for each in ticked.effects] == ["escalate_to_supervisor", "tell_recourse"]
    journal = reload([*adopted.entries, *ticked.entries])
    assert verify(journal, head=ticked.case.head) == ()
    assert complaints().replay(journal) == ticked.case
    assert complaints().restore(ticked.case.dump(), journal) == ticked.case
    assert ticked.case.next_due is None


def test_a_warning_that_is_past_is_given_while_the_limit_still_runs() -> None:
    adopted = adopt(at=datetime(2026, 3, 16, tzinfo=ZONE))
    ticked = adopted.case.tick(adopted.case.at)
    assert [each.clock for each in ticked.warnings] == ["reply"]
    assert ticked.case.next_due == REPLY_DUE + timedelta(microseconds=1)


def test_limits_that_ended_in_a_row_are_recorded_in_order_at_the_adoption() -> None:
    workflow = made(RELAY)
    began, at = datetime(2026, 3, 2, 9, tzinfo=ZONE), datetime(2026, 3, 20, 9, tzinfo=ZONE)
    adopted = workflow.adopt({}, "waiting", clocks={"first": began}, at=at, id="R-1")
    ticked = adopted.case.tick(at)
    started = workflow.start({}, at=began, id="R-1").tick(at)
    # The second limit follows on the first, wherever the case was meanwhile.
    assert [each.due for each in ticked.breaches] == [each.due for each in started.breaches]
    assert [each.at for each in ticked.entries] == [at, at]
    assert all(one.at <= two.at for one, two in pairwise([adopted.entry, *ticked.entries]))
    assert workflow.replay(reload([adopted.entry, *ticked.entries])) == ticked.case
    assert workflow.restore(ticked.case.dump()) == ticked.case


def test_a_state_in_which_a_clock_pauses_pauses_it_from_the_adoption_on() -> None:
    clocks = {"second_reply": RECEIVED}
    adopted = adopt("awaiting_customer", clocks=clocks)
    run = adopted.case.clocks["second_reply"]
    assert (run.paused, run.pauses) == (adopted.case.at, ())
    assert "paused since" in adopted.explain()


def test_a_clock_that_an_active_state_starts_and_that_was_not_given_is_named() -> None:
    adopted = adopt("received")
    assert adopted.uncounted == ("acknowledgement",)
    assert "“Time to acknowledge”: no beginning was given" in adopted.explain()
    assert "未给出起算时刻" in adopted.explain("zh")
    assert adopt("resolving").uncounted == ()


def test_a_row_that_is_over_is_adopted_without_time_limits() -> None:
    adopted = adopt("archived", clocks={})
    assert adopted.case.final
    assert (adopted.case.next_due, adopted.uncounted) == (None, ())


@pytest.mark.parametrize(
    ("state", "clocks", "error", "words"),
    [
        ("resolvin", {}, UnknownName, "did you mean `resolving`"),
        ("", {}, UnknownName, "no state named"),
        ("open", {}, ArgumentError, "has states inside it: name one of them, `received`"),
        ("resolving+received", {}, ArgumentError, "cannot be active together"),
        ("resolving", {"repli": RECEIVED}, UnknownName, "did you mean `reply`"),
        ("resolving", {"reply": datetime(2026, 9, 1, tzinfo=ZONE)}, ArgumentError, "after the"),
        (
            "resolving",
            {"reply": "2026-03-02"},
            ArgumentError,
            "`clocks.reply`: expected a datetime",
        ),
        ("resolving", {"reply": datetime(2026, 3, 2)}, ArgumentError, "offset"),  # noqa: DTZ001
        ("resolving", [("reply", RECEIVED)], ArgumentError, "names of clocks with the instants"),
        ("resolving", {3: RECEIVED}, ArgumentError, "expected a text"),
        ("answered", {"reply": RECEIVED}, ArgumentError, "stops when the state `answered`"),
        ("archived", {"appeal": RECEIVED}, ArgumentError, "the case is over"),
        (None, {}, ArgumentError, "`state`: expected a text"),
    ],
)
def test_a_row_that_no_case_can_be_is_refused_with_words(state, clocks, error, words) -> None:
    with pytest.raises(error, match=words) as caught:
        adopt(state, clocks=clocks)
    assert isinstance(caught.value, TelecomRulesError)
    assert caught.value.explain("zh") != caught.value.explain("en")


def test_facts_are_read_as_those_of_a_start() -> None:
    with pytest.raises(FactsError, match="channel"):
        complaints().adopt({"channel": "pigeon"}, "resolving", at=RECEIVED, id="C-1")


def test_parallel_states_are_named_as_a_case_names_them() -> None:
    workflow = made(PARALLEL)
    adopted = workflow.adopt({}, "left_2+right_1", at=RECEIVED, id="P-1")
    assert adopted.case.state == "left_2+right_1"
    with pytest.raises(ArgumentError, match="one state of each parallel region"):
        workflow.adopt({}, "left_2", at=RECEIVED, id="P-1")


def test_a_state_that_the_case_would_leave_at_once_is_refused() -> None:
    workflow = made(HASTY)
    with pytest.raises(ArgumentError, match="leaves the state `early` at once"):
        workflow.adopt({}, "early", at=RECEIVED, id="P-1")
    assert workflow.adopt({}, "late", at=RECEIVED, id="P-1").case.state == "late"


def test_an_unknown_past_is_taken_to_have_kept_every_property() -> None:
    adopted = adopt()
    judged = {each.property.name: each.standpoint for each in complaints().judge(adopted.entries)}
    assert set(judged.values()) == {Standpoint.OPEN}
    outcome = adopted.case.send(
        "answer", {"result": "r", "opinion_asked": True}, at=adopted.case.at, by="agent"
    )
    verdicts = complaints().judge([*adopted.entries, *outcome.entries])
    assert Standpoint.VIOLATED not in {each.standpoint for each in verdicts}
    # What happens from here on is judged as ever.
    over = adopt("closed", clocks={})
    assert Standpoint.VIOLATED not in {each.standpoint for each in complaints().judge(over.entries)}
