"""What a case waits for is stored with it, and comes back exactly or not at all."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from telecom_rules.errors import JournalError, SnapshotError
from telecom_rules.workflows import Accepted, Entry, Migrated, Refused, Stranded
from telecom_rules.workflows.journal.snapshot import seal
from tests.workflows.subcases import FACTS, HOUR, SERVICE, START, fixed, opened, packed, waiting
from tests.workflows.tampering import DELETE, JSON, leaves, tampered

if TYPE_CHECKING:
    from telecom_rules.workflows import Case

AGAIN = packed(
    service=SERVICE.replace(
        "    on: {withdraw: closed,",
        "    on: {report: {target: waiting, reenter: true}, withdraw: closed,",
    )
)
CASE = waiting(AGAIN).case.send("report", at=START + 2 * HOUR).case
SERVICES = CASE.workflow
SNAPSHOT = CASE.dump()
PATHS = [*[path for path in leaves(SNAPSHOT) if path[0] == "calls"], ("calls",), ("sequence",)]


def test_a_snapshot_names_the_case_that_is_waited_for() -> None:
    assert SNAPSHOT["calls"] == [
        {
            "case": "S-1/waiting/2",
            "state": "waiting",
            "entry": 2,
            "at": "2026-03-02T11:00:00+08:00",
            "facts": {"line": "0105550", "visits": 1},
        }
    ]
    again = SERVICES.restore(json.loads(json.dumps(SNAPSHOT)))
    assert again == CASE
    assert again.calls == CASE.calls
    child = fixed(again.calls[0].open().case)
    assert again.returned(child, at=child.at) == CASE.returned(child, at=child.at)


OTHERS = ["S-1/waiting/1", "idle", "answered", START.isoformat(), 0, 1, 2, 3, {"line": "x"}, []]


@settings(max_examples=300, deadline=None)
@given(path=st.sampled_from(PATHS), value=JSON | st.sampled_from(OTHERS) | st.just(DELETE))
def test_a_forged_call_is_refused_or_is_one_that_can_be(path: tuple[Any, ...], value: Any) -> None:
    data = tampered(SNAPSHOT, path, value)
    try:
        data["seal"] = seal(data)
        case = SERVICES.restore(data)
    except (SnapshotError, ValueError, TypeError):
        return
    assert SERVICES.restore(case.dump()) == case
    for call in case.calls:
        child = fixed(call.open().case)
        assert isinstance(case.returned(child, at=max(child.at, case.at)), Accepted)
    case.send("withdraw", at=case.at)


FORGED = [
    ({"case": "S-1/waiting/1"}, "the call of the state `waiting` is impossible"),
    ({"entry": 1}, "the call of the state `waiting` is impossible"),
    ({"case": "S-1/waiting/3", "entry": 3}, "the call of the state `waiting` is impossible"),
    ({"at": "2026-03-02T11:00:01+08:00"}, "the call of the state `waiting` is impossible"),
    ({"state": "idle"}, "the call of the state `idle` is impossible"),
    ({"state": "none"}, "the call of the state `none` is impossible"),
    ({"facts": {"line": "too long a line"}}, "Line"),
    ({"facts": {"lane": "1"}}, "lane"),
    ({"more": 1}, "more"),
]


@pytest.mark.parametrize(("change", "says"), FORGED)
def test_what_is_wrong_with_a_forged_call_is_named(change: dict[str, Any], says: str) -> None:
    (call,) = SNAPSHOT["calls"]
    data = {**SNAPSHOT, "calls": [{**call, **change}]}
    data["seal"] = seal(data)
    with pytest.raises(SnapshotError) as caught:
        SERVICES.restore(data)
    assert says in caught.value.explain("en")


def test_a_state_that_calls_twice_is_refused() -> None:
    data = {**SNAPSHOT, "calls": SNAPSHOT["calls"] * 2}
    data["seal"] = seal(data)
    with pytest.raises(SnapshotError, match="it has two calls of one state"):
        SERVICES.restore(data)


STEPS = ("report", "withdraw", "fix", "abandon", "tick")


def walked(steps: list[str]) -> tuple[Case, list[Entry]]:
    """Return what becomes of a case, with its journal."""
    begun = SERVICES.open(FACTS, at=START, id="S-1")
    case, entries = begun.case, [*begun.entries]
    for step in steps:
        at = case.at + 30 * HOUR
        if step in {"fix", "abandon"}:
            if not case.calls:
                continue
            child = case.calls[-1].open().case
            payload = {"cause": "x"} if step == "fix" else None
            outcome = case.returned(child.send(step, payload, at=child.at).case, at=at)
        else:
            outcome = case.tick(at) if step == "tick" else case.send(step, at=at)
        if not isinstance(outcome, Refused):
            assert outcome.cancelled == tuple(
                each for each in case.calls if step in {"report", "withdraw", "tick"}
                if each not in outcome.case.calls
            )  # fmt: skip
            case, entries = outcome.case, [*entries, *outcome.entries]
    return case, entries


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(STEPS), max_size=10))
def test_replaying_gives_the_same_case_whatever_was_called(steps: list[str]) -> None:
    case, entries = walked(steps)
    stored = [Entry.load(json.loads(json.dumps(each.dump()))) for each in entries]
    assert SERVICES.replay(stored) == case
    assert SERVICES.restore(json.loads(json.dumps(case.dump()))) == case


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_a_journal_with_a_tampered_call_does_not_replay(data: st.DataObject) -> None:
    case, entries = walked(["report", "report", "abandon", "report", "fix"])
    number = data.draw(st.integers(0, len(entries) - 1))
    whole = entries[number].dump()
    paths = [
        each for each in leaves(whole) if each[0] in {"calls", "cancelled", "returned", "payload"}
    ]
    path = data.draw(st.sampled_from(paths))
    value = data.draw(JSON | st.sampled_from(OTHERS) | st.just(DELETE))
    try:
        changed = Entry.load(tampered(whole, path, value))
        again = SERVICES.replay([*entries[:number], changed, *entries[number + 1 :]])
    except JournalError:
        return
    assert again == case


NEWER = SERVICE.replace("version: 1.0.0", "version: 2.0.0").replace(
    "initial: idle\n", "migrations:\n  - {from: 1.0.0}\ninitial: idle\n"
)


def test_a_case_that_waits_cannot_move_to_a_newer_version() -> None:
    newer = packed(service=NEWER).workflows["service"]
    moved = newer.migrate(waiting().case.dump(), at=START + 2 * HOUR)
    assert isinstance(moved, Stranded)
    assert [each.kind for each in moved.reasons] == ["waiting"]
    assert isinstance(newer.migrate(opened().case.dump(), at=START + HOUR), Migrated)


def test_a_migration_leads_to_no_state_that_calls() -> None:
    text = NEWER.replace("{from: 1.0.0}", "{from: 1.0.0, states: {idle: waiting}}")
    newer = packed(service=text).workflows["service"]
    moved = newer.migrate(opened().case.dump(), at=START + HOUR)
    assert isinstance(moved, Stranded)
    assert [(each.kind, each.data) for each in moved.reasons] == [
        ("waiting", {"states": ("waiting",)})
    ]
    assert "“Waiting”, which calls another workflow" in moved.explain()
