"""Builds the journal entries of macrosteps, adoptions and refusals."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from telecom_rules.vocabulary import dump_record
from telecom_rules.wording import make_encodable
from telecom_rules.workflows.engine.clocks import DueKind
from telecom_rules.workflows.engine.macrostep import (
    EntryKind,
    compare_calls,
    find_returned_call,
)
from telecom_rules.workflows.engine.subcases import call_id_of, invocation_of
from telecom_rules.workflows.journal.entry import Entry, JournalCall, JournalReason, Microstep

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from telecom_rules.workflows.engine.case_state import CaseState, PendingCall
    from telecom_rules.workflows.engine.clocks import Run
    from telecom_rules.workflows.engine.configuration import Move
    from telecom_rules.workflows.engine.machine import Machine
    from telecom_rules.workflows.engine.macrostep import Macrostep
    from telecom_rules.workflows.journal.entry import JsonObject
    from telecom_rules.workflows.refusals.reason import Reason


class Refusal(NamedTuple):
    """A refused event, at its place in a journal.

    Attributes:
        sequence: how many entries the journal has.
        previous: the digest of the last of them, or `None` if the case keeps no journal.
        event: the event as sent.
        at: when it was sent.
        by: the role that sent it, or `None`.
        actor: who sent it, or `None`.
        reasons: why it was refused.
    """

    sequence: int
    previous: str | None
    event: str
    at: datetime
    by: str | None
    actor: str | None
    reasons: tuple[Reason, ...]


def build_entry(machine: Machine, case: str, step: Macrostep, previous: str | None) -> Entry:
    """Return the journal entry of one step of the case with the id `case`.

    Args:
        machine: the linked workflow.
        case: the id of the case.
        step: the step.
        previous: the digest of the entry before it, or `None` where there is none.
    """
    move, due, moves = step.move, step.due, step.moves
    stopped, started = find_changed_clocks(step)
    paused, resumed = find_paused_clocks(step)
    begun, cancelled = compare_calls((step,))
    returned = find_returned_call(step)
    return Entry(
        case=case,
        sequence=step.after.sequence - 1,
        at=step.after.at,
        kind=step.kind,
        previous=previous,
        workflow=machine.name,
        workflow_digest=machine.digest,
        event=move.transition.event.name if move else None,
        payload=dump_record(step.payload),
        by=step.by,
        actor=step.actor,
        left=step.left,
        entered=step.entered,
        assigned=dump_record(step.assigned),
        effects=tuple([(each.name, dump_record(each.payload)) for each in step.effects]),
        stopped=stopped,
        started=started,
        paused=paused,
        resumed=resumed,
        clock=due.clock if due else None,
        due=due.kind if due else None,
        due_at=due.at if due else None,
        microsteps=tuple(map(build_microstep, moves)) if len(moves) > 1 else (),
        calls=tuple([build_journal_call(machine, case, each) for each in begun]),
        cancelled=tuple([call_id_of(case, each) for each in cancelled]),
        returned=None if returned is None else call_id_of(case, returned),
    )


def build_entries(
    machine: Machine, case: str, steps: Iterable[Macrostep], previous: str | None
) -> tuple[tuple[Entry, ...], str | None]:
    """Return the journal entries of steps, each with the digest of the one before it, and the head.

    The head is the digest of the last: an entry works its digest out whenever it is asked for it.
    """
    entries: list[Entry] = []
    for step in steps:
        entries.append(build_entry(machine, case, step, previous))
        previous = entries[-1].digest
    return tuple(entries), previous


def build_refusal_entry(machine: Machine, case: str, refusal: Refusal) -> Entry:
    """Return the journal entry of a refusal: beside the chain, at the place it happened."""
    return Entry(
        case=case,
        sequence=refusal.sequence,
        at=refusal.at,
        kind=EntryKind.REFUSAL,
        previous=refusal.previous,
        workflow=machine.name,
        workflow_digest=machine.digest,
        event=make_encodable(refusal.event),
        by=None if refusal.by is None else make_encodable(refusal.by),
        actor=refusal.actor,
        reasons=tuple(
            JournalReason(str(each.kind), each.wording, tuple(map(str, each.cites)))
            for each in refusal.reasons
        ),
    )


def build_adoption_entry(
    machine: Machine, case: str, case_state: CaseState, snapshot: JsonObject, actor: str | None
) -> Entry:
    """Return the first journal entry of a case that began elsewhere.

    Args:
        machine: the linked workflow.
        case: the id of the case.
        case_state: its state as adopted.
        snapshot: the same as JSON, without a head, because no entry is before this one.
        actor: who adopts it, or `None`.
    """
    running = [run for run in case_state.runs if run.running]
    return Entry(
        case=case,
        sequence=case_state.sequence - 1,
        at=case_state.at,
        kind=EntryKind.ADOPT,
        workflow=machine.name,
        workflow_digest=machine.digest,
        payload=snapshot,
        actor=actor,
        entered=case_state.configuration.states,
        assigned=dump_record(case_state.record),
        started={run.name: run.deadline for run in running},
    )


def build_journal_call(machine: Machine, caller: str, pending: PendingCall) -> JournalCall:
    """Return a pending call as JSON values."""
    return JournalCall(
        case=call_id_of(caller, pending),
        workflow=invocation_of(machine, pending.state).workflow,
        state=pending.state,
        facts=dump_record(pending.facts),
    )


def build_microstep(move: Move) -> Microstep:
    """Return a move as a microstep of the journal."""
    return Microstep(move.transition.event.name or None, move.left, move.entered)


def find_changed_clocks(step: Macrostep) -> tuple[tuple[str, ...], dict[str, datetime | None]]:
    """Return the clocks that a step stopped, and those it started with their deadlines.

    An expired clock does not count as stopped.
    """
    stopped: list[str] = []
    started: dict[str, datetime | None] = {}
    expired = step.due.clock if step.due and step.due.kind is DueKind.EXPIRY else None
    for earlier, run in find_changed_runs(step):
        was_running = earlier is not None and earlier.running and run.name != expired
        restarted = was_running and step.restarts(run.name)
        if was_running and (restarted or not run.running):
            stopped.append(run.name)
        if run.running and (restarted or not was_running):
            started[run.name] = run.deadline
    return tuple(stopped), started


def find_changed_runs(step: Macrostep) -> list[tuple[Run | None, Run]]:
    """Return the runs that a step changed: before, or `None` for a new one, and after.

    The engine keeps unchanged runs as the same objects, so that identity tells.
    """
    if step.before is not None and step.before.runs is step.after.runs:
        return []
    before = {run.name: run for run in step.before.runs} if step.before else {}
    return [
        (before.get(run.name), run) for run in step.after.runs if before.get(run.name) is not run
    ]


def find_paused_clocks(step: Macrostep) -> tuple[tuple[str, ...], dict[str, datetime | None]]:
    """Return the clocks that a step paused, and those it resumed with their new deadlines."""
    paused: list[str] = []
    resumed: dict[str, datetime | None] = {}
    for earlier, run in find_changed_runs(step):
        since = earlier.paused if earlier is not None and earlier.running else None
        if not run.running or run.paused == since:
            continue
        if run.paused is not None:
            paused.append(run.name)
        elif not step.restarts(run.name):
            resumed[run.name] = run.deadline
    return tuple(paused), resumed
