"""A journal is evidence: what was changed, dropped, added or moved in it is found, and where."""

from __future__ import annotations

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import Any

import pytest

from telecom_rules.errors import ArgumentError, JournalError, JournalMismatch
from telecom_rules.workflows import (
    Accepted,
    Discrepancy,
    DiscrepancyKind,
    Entry,
    EntryKind,
    Refused,
    machine_of,
    verify,
)
from telecom_rules.workflows import workflow as holder
from telecom_rules.workflows.engine.case_state import CaseState
from telecom_rules.workflows.engine.clocks import Run
from telecom_rules.workflows.engine.macrostep import Macrostep
from telecom_rules.workflows.journal import snapshot
from telecom_rules.workflows.journal.writing import build_adoption_entry
from tests.workflows.house import (
    ANSWER,
    COMPLAINT,
    CONTACT,
    FACTS,
    MAJOR,
    RECORD,
    START,
    complaint,
    errand,
    made,
)

HOUR = timedelta(hours=1)


def walk(by_restoring: bool = False) -> tuple[Any, list[Entry]]:
    """Return a case and its journal: three events, a refusal, a warning and a breach."""
    opened = complaint().open(FACTS, at=START, id="C-1", actor="u1")
    case, entries, at = opened.case, [*opened.entries], START
    refused = case.send("classify", {"grade": "major"}, at=at, by="supervisor", actor="u7")
    assert isinstance(refused, Refused)
    entries.append(refused.entry)
    for name, payload, by in (RECORD, MAJOR, CONTACT):
        at += 3 * HOUR
        if by_restoring:
            case = complaint().restore(json.loads(json.dumps(case.dump())))
        outcome = case.send(name, payload, at=at, by=by, actor="u42")
        assert isinstance(outcome, Accepted), outcome.explain()
        entries += outcome.entries
        case = outcome.case
    ticked = case.tick(at + timedelta(days=30))
    return ticked.case, [*entries, *ticked.entries]


@cache
def journal() -> tuple[Entry, ...]:
    return tuple(walk()[1])


def kinds(found: tuple[Discrepancy, ...]) -> list[tuple[str, int]]:
    return [(each.kind.value, each.index) for each in found]


def test_a_whole_journal_has_no_discrepancy() -> None:
    case, entries = walk()
    assert verify(entries, head=case.head) == ()
    assert verify(Entry.load(json.loads(json.dumps(each.dump()))) for each in entries) == ()


def test_each_entry_carries_the_digest_of_the_one_before_it() -> None:
    chained = [each for each in journal() if each.kind is not EntryKind.REFUSAL]
    assert chained[0].previous is None
    assert [each.previous for each in chained[1:]] == [each.digest for each in chained[:-1]]
    assert {len(each.digest) for each in chained} == {len("sha256:") + 64}


def test_the_chain_goes_on_after_the_case_was_stored() -> None:
    assert walk(by_restoring=True)[1] == list(journal())


def test_the_head_of_a_case_is_the_digest_of_its_last_entry_and_is_stored_with_it() -> None:
    case, entries = walk()
    assert case.head == entries[-1].digest == case.dump()["head"]
    assert complaint().restore(case.dump()).head == case.head


def test_a_start_without_its_entry_has_the_head_of_the_same_journal() -> None:
    opened = complaint().open(FACTS, at=START, id="C-1")
    assert complaint().start(FACTS, at=START, id="C-1").head == opened.entry.digest


def test_the_head_does_not_depend_on_when_it_is_asked_for() -> None:
    asked, unasked = (complaint().start(FACTS, at=START, id="C-1") for _ in range(2))
    for name, payload, by in (RECORD, MAJOR, CONTACT, ANSWER):
        at = asked.at + HOUR
        asked = asked.send(name, payload, at=at, by=by).case
        assert asked.head
        unasked = unasked.send(name, payload, at=at, by=by).case
    assert asked.head == unasked.head


def test_a_case_whose_entries_nobody_reads_keeps_no_more_steps_than_a_few(monkeypatch) -> None:
    monkeypatch.setattr(holder, "MOST_UNREAD", 3)
    case = complaint().start(FACTS, at=START, id="C-1")
    for name, payload, by in (RECORD, MAJOR, CONTACT, ANSWER):
        case = case.send(name, payload, at=case.at + HOUR, by=by).case
    unread, origin = 0, case._past
    while isinstance(origin, tuple):
        unread, origin = unread + 1, origin[0]
    assert (unread, origin.sequence) == (2, 3)


def test_a_case_whose_entries_nobody_reads_keeps_none_of_its_earlier_states() -> None:
    case = complaint().start(FACTS, at=START, id="C-1")
    for name, payload, by in (RECORD, MAJOR, CONTACT, ANSWER):
        case = case.send(name, payload, at=case.at + HOUR, by=by).case
    kept, origin = [], case._past
    while isinstance(origin, tuple):
        kept += origin[1:]
        origin = origin[0]
    assert kept
    assert not any(isinstance(each, CaseState | Macrostep | Run) for each in kept)


def test_an_entry_read_late_names_the_role_and_who_sent_the_event() -> None:
    case = errand().start({"amount": "1", "reworks": 0}, at=START, id="E-1")
    outcome = case.send("ask", at=START + HOUR, by="agent", actor="u1")
    assert isinstance(outcome, Accepted)
    assert outcome.case.send("reply", at=START + 2 * HOUR).case.head
    assert (outcome.entry.by, outcome.entry.actor) == ("agent", "u1")


def test_threads_that_ask_at_once_get_the_same_head() -> None:
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(8) as pool:
            for _ in range(20):
                case, entries = walk()[0], journal()
                again = complaint().restore(case.dump()).tick(case.at + 900 * HOUR).case
                heads = set(pool.map(lambda one: one.head, [again] * 16))
                assert heads == {again.head}
                assert case.head == entries[-1].digest
    finally:
        sys.setswitchinterval(before)


@pytest.mark.parametrize(
    "change",
    [
        {"by": "agent"},
        {"actor": "u43"},
        {"actor": None},
        {"at": START + 6 * HOUR + timedelta(microseconds=1)},
        {"event": "contact"},
        {"payload": {"grade": "general"}},
        {"effects": ()},
        {"workflow_digest": "sha256:2"},
    ],
    ids=str,
)
def test_a_changed_entry_is_found_by_the_one_after_it(change: dict[str, Any]) -> None:
    entries = list(journal())
    entries[3] = replace(entries[3], **change)
    assert kinds(verify(entries)) == [("chain", 4)]
    with pytest.raises(JournalError):
        complaint().replay(entries)


@pytest.mark.parametrize("change", [{"by": "agent"}, {"actor": "u43"}, {"due_at": None}])
def test_a_changed_last_entry_is_found_by_the_stored_head(change: dict[str, Any]) -> None:
    case, entries = walk()
    entries[-1] = replace(entries[-1], **change)
    assert verify(entries) == ()
    assert kinds(verify(entries, head=case.head)) == [("head", len(entries))]


@pytest.mark.parametrize("lost", [2, 3, 4, 5])
def test_a_dropped_entry_is_found_where_it_stood(lost: int) -> None:
    entries = list(journal())
    del entries[lost]
    assert kinds(verify(entries)) == [("sequence", lost), ("chain", lost)]


def test_a_dropped_first_entry_is_found() -> None:
    found = verify(journal()[2:])
    assert kinds(found) == [("beginning", 0), ("sequence", 0), ("chain", 0)]


@pytest.mark.parametrize("count", [1, 2, 3])
def test_entries_dropped_at_the_end_are_found_by_the_stored_head(count: int) -> None:
    case, entries = walk()
    assert kinds(verify(entries[:-count], head=case.head)) == [("head", len(entries) - count)]
    assert kinds(verify([], head=case.head)) == [("head", 0)]


def test_entries_that_were_swapped_are_found() -> None:
    entries = list(journal())
    entries[3], entries[4] = entries[4], entries[3]
    assert {"sequence", "chain", "order"} <= {each.kind.value for each in verify(entries)}


def test_an_entry_of_another_case_is_found() -> None:
    entries = list(journal())
    entries[3] = replace(entries[3], case="C-2")
    assert ("case", 3) in kinds(verify(entries))


def test_a_whole_journal_of_another_case_does_not_end_in_the_stored_head() -> None:
    case, _ = walk()
    foreign = [replace(each, case="C-2") for each in journal()]
    assert {each.kind for each in verify(foreign, head=case.head)} >= {DiscrepancyKind.HEAD}


def test_a_discrepancy_says_in_both_languages_which_entry_it_is() -> None:
    (found, *_) = verify([*journal()[:3], *journal()[4:]])
    assert found.wording.en.startswith("entry 3 of the journal: its number is 3, 2 belongs here")
    assert found.wording.zh.startswith("日志第 3 条：序号为 3，此处应为 2")


def test_what_is_not_a_journal_is_a_typed_error() -> None:
    with pytest.raises(ArgumentError, match="the argument `entries`"):
        verify(7)  # type: ignore[arg-type]
    with pytest.raises(JournalError):
        verify([journal()[0].dump()])  # type: ignore[list-item]
    with pytest.raises(JournalError):
        verify([replace(journal()[0], payload={"a": object()})])


def test_a_refusal_is_on_record_and_changes_nothing() -> None:
    entry = journal()[1]
    assert (entry.kind, entry.event, entry.by, entry.actor) == (
        EntryKind.REFUSAL,
        "classify",
        "supervisor",
        "u7",
    )
    assert (entry.sequence, entry.previous) == (1, journal()[0].digest)
    assert [each.kind for each in entry.reasons] == ["not_from_here"]
    assert entry.reasons[0].wording.zh.startswith("状态")
    assert Entry.load(json.loads(json.dumps(entry.dump()))) == entry
    without = [each for each in journal() if each.kind is not EntryKind.REFUSAL]
    assert complaint().replay(journal()) == complaint().replay(without)
    assert complaint().judge(journal()) == complaint().judge(without)
    assert verify(without) == ()


def test_a_refusal_that_was_moved_is_found() -> None:
    first, refusal, *others = journal()
    assert kinds(verify([first, others[0], refusal, *others[1:]])) == [
        ("order", 2),
        ("sequence", 2),
        ("chain", 2),
    ]
    with pytest.raises(JournalError, match="entry 2"):
        complaint().replay([first, others[0], refusal, *others[1:]])


def test_the_actor_is_beside_the_role_in_the_entry_of_whatever_somebody_did() -> None:
    chained = [each for each in journal() if each.kind is not EntryKind.REFUSAL]
    told = [(each.kind.value, each.by, each.actor) for each in chained]
    assert told[:3] == [
        ("start", None, "u1"),
        ("event", "agent", "u42"),
        ("event", "supervisor", "u42"),
    ]
    assert {actor for kind, _, actor in told if kind == "clock"} == {None}


@pytest.mark.parametrize("actor", ["", "x" * 201, "a\nb", "\ud800", 7, ["u1"]])
def test_an_actor_that_cannot_be_written_down_is_an_error_of_the_caller(actor: Any) -> None:
    case = complaint().start(FACTS, at=START, id="C-1")
    for act in (
        lambda: complaint().open(FACTS, at=START, id="C-1", actor=actor),
        lambda: case.send("withdraw", at=START, actor=actor),
        lambda: case.returned(case, at=START, actor=actor),
        lambda: complaint().migrate(case.dump(), at=START, actor=actor),
    ):
        with pytest.raises(ArgumentError, match="the argument `actor`"):
            act()


@cache
def quicker() -> Any:
    """Return the workflow by other rules: the first contact is to be made within a day less."""
    return made(COMPLAINT.replace("parameters.first_contact", "2 hours"))


def test_a_journal_of_other_rules_is_not_replayed() -> None:
    with pytest.raises(JournalMismatch) as caught:
        quicker().replay(journal())
    assert (caught.value.expected, caught.value.found) == (quicker().digest, complaint().digest)
    assert caught.value.sequence == len(journal()) - 1
    assert "另一版规则" in caught.value.explain("zh")


def test_a_refusal_as_the_first_entry_is_found() -> None:
    refusal = journal()[1]
    for entries in ([refusal], [refusal, refusal]):
        with pytest.raises(JournalError, match=r"the journal has only refusals; .* its start"):
            complaint().replay(entries)
    assert ("beginning", 0) in kinds(verify([refusal, *journal()]))


def test_an_adoption_begins_a_journal_and_replays() -> None:
    begun = complaint().start(FACTS, at=START, id="C-9")
    machine, state = machine_of(complaint()), begun._case_state
    held = snapshot.dump(machine, "C-9", state, None)
    entry = build_adoption_entry(machine, "C-9", state, held, "u1")
    assert (entry.kind, entry.sequence, entry.previous) == (EntryKind.ADOPT, 0, None)
    adopted = complaint().replay([Entry.load(json.loads(json.dumps(entry.dump())))])
    assert adopted == begun
    assert adopted.head == entry.digest
    outcome = adopted.send(*RECORD[:2], at=START + HOUR, by=RECORD[2])
    assert verify([entry, outcome.entry], head=outcome.case.head) == ()
    assert complaint().replay([entry, outcome.entry]) == outcome.case
    with pytest.raises(JournalError):
        complaint().replay([replace(entry, assigned={})])
