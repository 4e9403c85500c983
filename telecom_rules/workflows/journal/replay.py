"""Replays a journal: executes every entry again and compares the result."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.errors import JournalError, TelecomRulesError
from telecom_rules.vocabulary import read_record
from telecom_rules.wording import Wording, join_wordings
from telecom_rules.workflows.engine.event_loop import (
    fire_clock,
    open_case,
    reach,
    react,
    require_start,
    take_back,
)
from telecom_rules.workflows.engine.instants import normalize_instant
from telecom_rules.workflows.engine.macrostep import EntryKind, Macrostep
from telecom_rules.workflows.engine.subcases import check_id, find_call, invocation_of
from telecom_rules.workflows.explain import explain_refusal
from telecom_rules.workflows.journal.entry import Entry, to_canonical_json
from telecom_rules.workflows.journal.writing import build_entry
from telecom_rules.workflows.migration.migrate import migrate
from telecom_rules.workflows.migration.results import Stranded

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from telecom_rules.workflows.engine.case_state import CaseState
    from telecom_rules.workflows.engine.machine import Machine
    from telecom_rules.workflows.migration.rules import Migration


NO_ENTRY = Wording(
    "不是日志条目；请先用 `Entry.load` 读取", "not an `Entry`; read it with `Entry.load` first"
)
CLOCK_ENTRY_MISSING = Wording(
    "此前缺少时限的条目", "an entry of a clock is missing before this one"
)


def replay(
    machine: Machine, migrations: Sequence[Migration], entries: Iterable[Entry]
) -> tuple[str, CaseState]:
    """Replay a journal; return the id of the case and its state.

    Raises:
        JournalError: an entry differs from the result of the workflow.
    """
    journal = tuple(entries)
    for sequence, each in enumerate(journal):
        if not isinstance(each, Entry):
            raise build_journal_error(sequence, NO_ENTRY)
    start = find_replay_start(journal)
    case, case_state = journal[start].case if journal else "", None
    for sequence, each in enumerate(journal[start:], start):
        try:
            case_state = replay_entry(machine, migrations, case, case_state, each, sequence)
        except JournalError:
            raise
        except (TelecomRulesError, ValueError, TypeError, RecursionError) as problem:
            # An entry may hold any JSON: its values may break whatever reads them.
            why = problem.wording if isinstance(problem, TelecomRulesError) else str(problem)
            raise build_journal_error(sequence, Wording("{why}", "{why}").fill(why=why)) from None
    if case_state is None:
        raise build_journal_error(0, Wording("日志为空", "the journal is empty"))
    return case, case_state


def find_replay_start(journal: Sequence[Entry]) -> int:
    """Return the index of the entry from which a journal is replayed: its last migration, or 0.

    Raises:
        JournalError: entries are missing before the migration.
    """
    migrations = [at for at, each in enumerate(journal) if each.kind is EntryKind.MIGRATE]
    start = migrations[-1] if migrations else 0
    if start and journal[start].sequence != start:
        raise build_journal_error(
            start, Wording("此前缺少条目", "entries are missing before this one")
        )
    return start


def replay_entry(
    machine: Machine,
    migrations: Sequence[Migration],
    case: str,
    case_state: CaseState | None,
    entry: Entry,
    sequence: int,
) -> CaseState:
    """Execute `entry` again, and return the new case state if the result is equal."""
    if (case_state is None) is not (entry.kind in {EntryKind.START, EntryKind.MIGRATE}):
        raise build_journal_error(
            sequence,
            Wording("只有第一条可以且必须是开始", "only the first entry can, and must, be a start"),
        )
    if entry.kind is EntryKind.MIGRATE:
        after, replayed = replay_migration(machine, migrations, entry, sequence)
    else:
        step = (
            replay_start(machine, entry)
            if case_state is None
            else replay_step(machine, case, case_state, entry, sequence)
        )
        after, replayed = step.after, build_entry(machine, case, step)
    if to_canonical_json(replayed.dump()) != to_canonical_json(entry.dump()):
        raise build_journal_error(sequence, describe_entry_difference(replayed, entry))
    return after


def replay_migration(
    machine: Machine, migrations: Sequence[Migration], entry: Entry, sequence: int
) -> tuple[CaseState, Entry]:
    """Migrate the snapshot that `entry` holds again."""
    migrated = migrate(machine, migrations, entry.payload, entry.at)
    if isinstance(migrated, Stranded):
        why = Wording(migrated.explain("zh"), migrated.explain("en"))
        raise build_journal_error(sequence, why)
    return migrated.case_state, migrated.entry


def replay_start(machine: Machine, entry: Entry) -> Macrostep:
    """Start the case of `entry`."""
    at = normalize_instant(entry.at, machine.zone, machine.name)
    check_id(machine.name, entry.case)
    return require_start(machine, open_case(machine, machine.facts.read(entry.payload), at))


def replay_step(
    machine: Machine, case: str, case_state: CaseState, entry: Entry, sequence: int
) -> Macrostep:
    """Execute an entry after the start again."""
    if entry.kind is EntryKind.CLOCK:
        return replay_firing(machine, case_state, sequence)
    if entry.kind is EntryKind.RETURN:
        return replay_return(machine, case, case_state, entry, sequence)
    return replay_event(machine, case_state, entry, sequence)


def replay_firing(machine: Machine, case_state: CaseState, sequence: int) -> Macrostep:
    """Fire the clock that is due first."""
    if case_state.next_due is None:
        raise build_journal_error(
            sequence, Wording("此时没有将要届满或提醒的时限", "no clock is due at this point")
        )
    return fire_clock(machine, case_state, case_state.next_due)


def replay_event(machine: Machine, case_state: CaseState, entry: Entry, sequence: int) -> Macrostep:
    """Take the event of `entry`."""
    at = normalize_instant(entry.at, machine.zone, machine.name)
    event = entry.event or ""
    firings, reached, hindrance = reach(machine, case_state, at)
    step = (
        react(machine, reached, event, entry.payload, at, entry.by)
        if hindrance is None
        else (hindrance,)
    )
    if not isinstance(step, Macrostep):
        zh, en = (explain_refusal(machine, event, at, step, each) for each in ("zh", "en"))
        raise build_journal_error(sequence, Wording(zh, en))
    if firings:
        raise build_journal_error(sequence, CLOCK_ENTRY_MISSING)
    return step


def replay_return(
    machine: Machine, case: str, case_state: CaseState, entry: Entry, sequence: int
) -> Macrostep:
    """Take the return of `entry` again, with the payload in the journal."""
    pending = find_call(case, case_state, entry.returned)
    if pending is None:
        raise build_journal_error(
            sequence,
            Wording("个案没有在等待它交回", "the case does not wait for the returned one"),
        )
    at = normalize_instant(entry.at, machine.zone, machine.name)
    if at < case_state.at or case_state.quiet_until < at:
        raise build_journal_error(sequence, CLOCK_ENTRY_MISSING)
    event = invocation_of(machine, pending.state).event
    payload = read_record(event.payload, entry.payload, event.name)
    step = take_back(machine, case_state, pending, payload, at)
    if not isinstance(step, Macrostep):
        why = [each.wording for each in step]
        raise build_journal_error(sequence, join_wordings(why, between=("；", "; ")))
    return step


def describe_entry_difference(replayed: Entry, entry: Entry) -> Wording:
    """Return the names of the parts in which two entries differ."""
    new, old = replayed.dump(), entry.dump()
    names = ", ".join(
        name for name in new if to_canonical_json(new[name]) != to_canonical_json(old[name])
    )
    return Wording("与重新执行的结果不一致：{names}", "the replayed entry differs in {names}").fill(
        names=names
    )


def build_journal_error(sequence: int, why: Wording) -> JournalError:
    """Return the error for the entry number `sequence`."""
    wording = Wording(
        "日志第 {sequence} 条无法重放：{why}",
        "entry {sequence} of the journal cannot be replayed: {why}",
    )
    return JournalError(wording.fill(sequence=sequence, why=why), sequence)
