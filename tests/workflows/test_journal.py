"""The journal is the truth: replaying it gives the same case, bit for bit."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from telecom_rules.errors import JournalError
from telecom_rules.workflows import Accepted, Case, Entry, EntryKind, Refused, Workflow
from tests.workflows.house import (
    ANSWER,
    CONTACT,
    FACTS,
    MAJOR,
    RECORD,
    START,
    complaint,
    errand,
    patrol,
)

GAPS = (
    timedelta(0),
    timedelta(microseconds=1),
    timedelta(hours=1),
    timedelta(hours=2),
    timedelta(hours=24),
    timedelta(days=4),
    timedelta(days=15, hours=15),
)
ROLES = ("agent", "supervisor", "customer", None, "nobody")
PAYLOADS: dict[str, list[dict[str, object] | None]] = {
    "record": [{"customer_id": "U-1", "content": "网速慢"}, {"customer_id": 1}],
    "classify": [{"grade": "major"}, {"grade": "general"}, {"grade": "x"}, None],
    "feedback": [{"satisfied": True}, {"satisfied": False}, {}],
    "appraise": [{"amount": "4999.99"}, {"amount": 8000}, {"amount": -1}, {"amount": 0.5}],
}


@dataclass(frozen=True)
class Act:
    """Something a host does: send an event, or tick where `event` is `None`."""

    gap: timedelta
    event: str | None = None
    payload: dict[str, object] | None = None
    by: str | None = None
    ticks: int = 0


PATHS = {
    "complaint_handling": [
        RECORD,
        MAJOR,
        CONTACT,
        ANSWER,
        ("feedback", {"satisfied": False}, None),
    ],
    "patrol": [("begin", None, None), ("pause", None, None), ("begin", None, None)],
    "errand": [("ask", None, None), ("reply", None, None), ("park", None, None)],
}


def acts(workflow: Workflow) -> st.SearchStrategy[list[Act]]:
    """Return random histories: some way along the usual path, then anything at all."""
    events = [*workflow.events, "nothing"]
    anything = st.sampled_from(events).flatmap(
        lambda event: st.builds(
            Act,
            gap=st.sampled_from(GAPS),
            event=st.just(event),
            payload=st.sampled_from(PAYLOADS.get(event, [None])),
            by=st.sampled_from(ROLES),
            ticks=st.integers(0, 3),
        )
    )
    ticks = st.builds(Act, gap=st.sampled_from(GAPS))
    path = PATHS[workflow.name]
    return st.builds(
        lambda length, gaps, rest: [
            *(Act(gap, *step, ticks=2) for step, gap in zip(path[:length], gaps, strict=False)),
            *rest,
        ],
        st.integers(0, len(path)),
        st.lists(st.sampled_from(GAPS), min_size=len(path), max_size=len(path)),
        st.lists(anything | ticks, max_size=10),
    )


@dataclass
class Run:
    """A case as a host keeps it, with its journal."""

    case: Case
    entries: list[Entry] = field(default_factory=list)

    def tick(self, at: Any) -> None:
        ticked = self.case.tick(at)
        self.case = ticked.case
        self.entries += ticked.entries

    def do(self, act: Act, at: Any) -> None:
        if act.event is None:
            self.tick(at)
            return
        outcome = self.case.send(act.event, act.payload, at=at, by=act.by)
        if isinstance(outcome, Refused):
            assert outcome.case is self.case
            assert outcome.reasons
            assert outcome.explain("zh")
            assert outcome.explain("en")
        else:
            self.case = outcome.case
            self.entries += outcome.entries


def ran(workflow: Workflow, history: list[Act], *, ticking: bool = False) -> Run:
    """Return what became of a case; with `ticking`, the host also ticks in between."""
    opened = workflow.open(FACTS, at=START, id="C-1")
    run = Run(opened.case, [opened.entry])
    at = START
    for act in history:
        if ticking:
            for part in range(act.ticks):
                run.tick(at + act.gap * part / max(act.ticks, 1))
            if act.ticks == 3:
                run.tick(at + act.gap)
        at += act.gap
        run.do(act, at)
    run.tick(at)
    return run


HISTORIES = max(80, settings.default.max_examples // 4)
FLOWS = st.sampled_from([complaint, patrol, errand]).flatmap(
    lambda make: st.tuples(st.just(make()), acts(make()))
)


@settings(max_examples=HISTORIES)
@given(FLOWS)
def test_replaying_the_entries_of_any_run_gives_its_case(told: tuple[Workflow, list[Act]]) -> None:
    workflow, history = told
    run = ran(workflow, history)
    again = workflow.replay(run.entries)
    assert again == run.case
    assert json.dumps(again.dump()) == json.dumps(run.case.dump())
    assert [entry.sequence for entry in run.entries] == list(range(run.case.sequence))


@settings(max_examples=HISTORIES)
@given(FLOWS)
def test_entries_survive_being_stored_as_json(told: tuple[Workflow, list[Act]]) -> None:
    run = ran(*told)
    stored = [json.dumps(entry.dump(), allow_nan=False) for entry in run.entries]
    assert [Entry.load(json.loads(text)) for text in stored] == run.entries


@settings(max_examples=HISTORIES)
@given(FLOWS)
def test_how_often_a_host_ticks_changes_nothing(told: tuple[Workflow, list[Act]]) -> None:
    workflow, history = told
    lazy, eager = ran(workflow, history), ran(workflow, history, ticking=True)
    assert eager.case == lazy.case
    assert eager.entries == lazy.entries


@settings(max_examples=HISTORIES)
@given(FLOWS)
def test_entries_that_nobody_reads_have_the_digests_that_they_would_have_had(
    told: tuple[Workflow, list[Act]],
) -> None:
    workflow, history = told
    case, at = workflow.start(FACTS, at=START, id="C-1"), START
    for act in history:
        at += act.gap
        outcome = (
            case.tick(at)
            if act.event is None
            else case.send(act.event, act.payload, at=at, by=act.by)
        )
        case = outcome.case
    assert case.tick(at).case.head == ran(workflow, history).entries[-1].digest


@settings(max_examples=HISTORIES)
@given(FLOWS)
def test_a_case_that_is_stored_after_every_act_goes_the_same_way(
    told: tuple[Workflow, list[Act]],
) -> None:
    workflow, history = told
    case, at = workflow.start(FACTS, at=START, id="C-1"), START
    for act in history:
        at += act.gap
        case = workflow.restore(case.dump())
        run = Run(case)
        run.do(act, at)
        case = run.case
    assert case.tick(at).case == ran(workflow, history).case


def journal() -> list[Entry]:
    """Return the journal of a case with events, a warning and breaches."""
    run = Run(complaint().start(FACTS, at=START, id="C-1"))
    run.entries.append(complaint().open(FACTS, at=START, id="C-1").entry)
    at = START
    for name, payload, by in (RECORD, MAJOR, CONTACT, ANSWER):
        at += timedelta(hours=3)
        run.do(Act(timedelta(0), name, payload, by), at)
    run.do(Act(timedelta(0), "feedback", {"satisfied": False}, "customer"), at)
    run.tick(at + timedelta(days=30))
    return run.entries


def test_an_entry_tells_everything_that_changed() -> None:
    entry = journal()[2]
    assert entry.dump() == {
        "format": 1,
        "case": "C-1",
        "sequence": 2,
        "at": "2026-03-01T15:00:00+08:00",
        "kind": "event",
        "previous": journal()[1].digest,
        "workflow": "complaint_handling",
        "workflow_digest": complaint().digest,
        "event": "classify",
        "payload": {"grade": "major"},
        "by": "supervisor",
        "actor": None,
        "left": ["recorded"],
        "entered": ["major"],
        "assigned": {"grade": "major"},
        "effects": [{"effect": "notify", "payload": {"customer": "U-1", "grade": "major"}}],
        "stopped": [],
        "started": {"first_contact": "2026-03-02T15:00:00+08:00"},
        "paused": [],
        "resumed": {},
        "clock": None,
        "due": None,
        "due_at": None,
        "microsteps": [],
        "calls": [],
        "cancelled": [],
        "returned": None,
        "reasons": [],
    }
    assert journal()[3].stopped == ("first_contact",)


def test_the_first_entry_is_enough_to_start_again() -> None:
    opened = complaint().open(FACTS, at=START, id="C-1")
    assert isinstance(opened, Accepted)
    assert complaint().replay([opened.entry]) == complaint().start(FACTS, at=START, id="C-1")
    assert opened.entry.assigned == {"amount": "6000.00", "reworks": 0}
    assert opened.entry.entered == ("open", "received")


CHANGES: list[dict[str, Any]] = [
    {"at": START + timedelta(hours=6, microseconds=1)},
    {"by": "agent"},
    {"payload": {"grade": "general"}},
    {"event": "contact"},
    {"entered": ("general",)},
    {"left": ()},
    {"assigned": {}},
    {"effects": ()},
    {"started": {}},
    {"stopped": ("reply",)},
    {"kind": "clock"},
    {"kind": "start"},
    {"sequence": 3},
    {"case": "C-2"},
    {"clock": "reply"},
    {"payload": {"grade": object()}},
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: next(iter(change)))
def test_an_entry_that_was_changed_is_found_where_it_stands(change: dict[str, Any]) -> None:
    entries = journal()
    entries[2] = replace(entries[2], **change)
    with pytest.raises(JournalError) as caught:
        complaint().replay(entries)
    assert caught.value.sequence == 2
    assert "第 2 条" in caught.value.explain("zh")


@pytest.mark.parametrize("lost", range(len(journal()) - 1))
def test_an_entry_that_was_lost_is_found(lost: int) -> None:
    entries = journal()
    del entries[lost]
    with pytest.raises(JournalError) as caught:
        complaint().replay(entries)
    assert caught.value.sequence == lost


def test_a_first_entry_that_does_not_start_a_case_is_found() -> None:
    entries = journal()
    entries[0] = replace(entries[0], payload={"amount": "lots"})
    with pytest.raises(JournalError) as caught:
        complaint().replay(entries)
    assert caught.value.sequence == 0
    assert "Amount" in caught.value.explain("en")


def test_a_clock_cannot_fire_where_none_runs() -> None:
    opened = patrol().open(FACTS, at=START, id="p")
    fired = replace(opened.entry, sequence=1, kind=EntryKind.CLOCK, clock="round")
    with pytest.raises(JournalError, match=r"no clock is due at this point, .*`round`"):
        patrol().replay([opened.entry, fired])


def test_an_event_before_the_clocks_caught_up_is_found() -> None:
    opened = patrol().open(FACTS, at=START, id="p")
    begun = opened.case.send("begin", at=START)
    assert isinstance(begun, Accepted)
    late = begun.case.send("pause", at=START + timedelta(hours=1))
    assert isinstance(late, Accepted)
    assert [entry.clock for entry in late.entries] == ["round", None]
    with pytest.raises(JournalError, match=r"a clock is missing before .*`round`"):
        patrol().replay([opened.entry, begun.entry, replace(late.entry, sequence=2)])


def test_entries_that_nobody_read_are_refused_with_what_reads_them() -> None:
    opened = complaint().open(FACTS, at=START, id="C-1")
    stored = [opened.entry.dump()]
    with pytest.raises(JournalError, match=r"`Entry\.load`"):
        complaint().replay(stored)  # type: ignore[arg-type]


def test_entries_out_of_order_or_twice_are_found() -> None:
    entries = journal()
    for wrong in ([entries[0], entries[0]], [entries[0], entries[2], entries[1]], entries[1:]):
        with pytest.raises(JournalError):
            complaint().replay(wrong)
    with pytest.raises(JournalError, match="the journal is empty"):
        complaint().replay([])


def test_a_journal_does_not_replay_under_other_rules_that_differ() -> None:
    with pytest.raises(JournalError):
        patrol().replay(journal())


GOOD = journal()[5].dump()


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        {},
        {**GOOD, "extra": 1},
        {**GOOD, "sequence": -1},
        {**GOOD, "sequence": True},
        {**GOOD, "at": "yesterday"},
        {**GOOD, "kind": "other"},
        {**GOOD, "payload": []},
        {**GOOD, "payload": {1: 2}},
        {**GOOD, "left": "received"},
        {**GOOD, "effects": {}},
        {**GOOD, "effects": [1]},
        {**GOOD, "effects": [{"effect": 1, "payload": {}}]},
        {**GOOD, "started": {"reply": "soon"}},
        {**GOOD, "due": "later"},
        {key: value for key, value in GOOD.items() if key != "at"},
    ],
)
def test_what_is_no_entry_is_not_loaded(data: Any) -> None:
    with pytest.raises(JournalError) as caught:
        Entry.load(data)
    assert caught.value.wording.zh.startswith("不是有效的日志条目")
