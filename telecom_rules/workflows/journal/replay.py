"""Replays a journal: executes every entry again and compares the result."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from telecom_rules.digests import DIGEST_LENGTH, to_canonical_json
from telecom_rules.errors import ArgumentError, JournalError, JournalMismatch, TelecomRulesError
from telecom_rules.vocabulary import read_record
from telecom_rules.wording import Wording, join_wordings, shorten
from telecom_rules.workflows.engine.clocks import DueKind, list_dues
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
from telecom_rules.workflows.engine.subcases import find_call, invocation_of, read_id
from telecom_rules.workflows.explain import explain_refusal
from telecom_rules.workflows.journal.differences import (
    DUE_NAMES,
    PROVENANCE,
    describe_entry_difference,
)
from telecom_rules.workflows.journal.entry import Entry
from telecom_rules.workflows.journal.snapshot import restore
from telecom_rules.workflows.journal.writing import build_adoption_entry, build_entry
from telecom_rules.workflows.migration.migrate import migrate
from telecom_rules.workflows.migration.results import Stranded
from telecom_rules.workflows.phrases import format_deadline, format_instant

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from telecom_rules.workflows.engine.case_state import CaseState
    from telecom_rules.workflows.engine.machine import Machine
    from telecom_rules.workflows.migration.rules import Migration


NO_ENTRY = Wording(
    "不是日志条目；请先用 `Entry.load` 读取", "not an `Entry`; read it with `Entry.load` first"
)
DEADLINES = ("started", "resumed")
"""The parts that foretell deadlines. A deadline that was superseded since makes no difference; one
that still counts is in the snapshot."""
EMPTY = Wording("日志为空", "the journal is empty")
ONLY_REFUSALS = Wording(
    "日志中只有拒绝的条目；请从个案的第一条（开始、迁移或接管）起给出",
    "the journal has only refusals; give it from the first entry of the case on: its start, a"
    " migration or its adoption",
)
NO_ENTRIES = Wording("应为日志条目的序列，而不是 {found}", "expected entries, found {found}")
NOT_CHAINED = Wording(
    "与前一条目不衔接：其间有条目被改动、删去、插入或调换",
    "it does not follow on the entry before it: one was changed, dropped, added or moved",
)
OTHER_RULES = Wording(
    "日志是依照另一版规则（{found}）写成的，当前流程是 {expected}；请用原规则重放",
    "the journal was written by other rules ({found}) than these ({expected}); replay it by its"
    " own",
)
FIRST_KINDS = frozenset({EntryKind.START, EntryKind.MIGRATE, EntryKind.ADOPT})
"""The kinds of entry with which a replay begins."""
CLOCK_ENTRY_MISSING = Wording(
    "此前缺少时限的条目：至 {at}，时限 `{clock}` 已于 {due_at} {due}",
    "an entry of a clock is missing before this one of {at}: the {due} of the time limit"
    " `{clock}` at {due_at}",
)
IN_THE_PAST = Wording(
    "条目的时刻 {at} 早于此前的 {now}", "its instant {at} is before {now}, that of the one before"
)
NOTHING_DUE = Wording(
    "此时没有将要提醒或届满的时限，而日志记载时限 `{clock}` 已于 {due_at} {due}",
    "no clock is due at this point, where the journal has the {due} of the time limit"
    " `{clock}` at {due_at}",
)


def replay(
    machine: Machine, migrations: Sequence[Migration], entries: Iterable[Entry]
) -> tuple[str, CaseState, str]:
    """Replay a journal; return the id of the case, its state and the digest of its last entry.

    Raises:
        JournalError: an entry differs from the result of the workflow, or is not chained to the
            one before it.
        JournalMismatch: the case has gone on by other rules.
    """
    journal = read_journal(entries)
    last = find_last(journal)
    if last is None:
        raise build_journal_error(0, ONLY_REFUSALS if journal else EMPTY)
    if last.workflow_digest != machine.digest:
        found, index = shorten(last.workflow_digest, DIGEST_LENGTH), len(journal) - 1
        wording = OTHER_RULES.fill(found=found, expected=machine.digest)
        raise JournalMismatch(wording, index, machine.digest, last.workflow_digest)
    return last.case, run_journal(machine, migrations, journal), last.digest


def run_journal(
    machine: Machine, migrations: Sequence[Migration], journal: Sequence[Entry]
) -> CaseState:
    """Return the state that a journal leads to, whatever rules its entries happened by.

    Raises:
        JournalError: an entry differs from the result of the workflow.
    """
    start = find_replay_start(journal)
    before, case_state = find_last(journal[:start]), None
    for index, entry in enumerate(journal[start:], start):
        try:
            if entry.kind is not EntryKind.REFUSAL:
                case_state = run_entry(machine, migrations, case_state, entry, index)
            if before is not None:
                check_link(before, entry, index)
            elif entry.kind is EntryKind.REFUSAL:
                raise build_journal_error(index, NOT_CHAINED)
            if entry.kind is not EntryKind.REFUSAL:
                before = entry
        except JournalError:
            raise
        except (TelecomRulesError, ValueError, TypeError, RecursionError) as problem:
            # An entry may hold any JSON: its values may break whatever reads them.
            why = (
                problem.wording
                if isinstance(problem, TelecomRulesError)
                else Wording.same(str(problem))
            )
            raise build_journal_error(index, why) from None
    if case_state is None:
        raise build_journal_error(0, Wording("日志没有开始", "the journal has no start"))
    return case_state


def read_journal(entries: Iterable[Entry], argument: str = "entries") -> tuple[Entry, ...]:
    """Return the entries of a journal, which is the argument `argument`, as a tuple.

    Raises:
        ArgumentError: it cannot be iterated.
        JournalError: one is not an `Entry`.
    """
    try:
        journal = tuple(entries)
    except MemoryError:
        raise
    except Exception:  # an object of the host
        raise ArgumentError(argument, NO_ENTRIES.fill(found=shorten(entries))) from None
    for index, each in enumerate(journal):
        if not issubclass(type(each), Entry):
            raise build_journal_error(index, NO_ENTRY)
    return journal


def find_replay_start(journal: Sequence[Entry]) -> int:
    """Return the index of the entry from which a journal is replayed: its last migration, or 0.

    Raises:
        JournalError: entries are missing before the migration.
    """
    migrations = [at for at, each in enumerate(journal) if each.kind is EntryKind.MIGRATE]
    start = migrations[-1] if migrations else 0
    chained = sum(each.kind is not EntryKind.REFUSAL for each in journal[:start])
    if start and journal[start].sequence != chained:
        raise build_journal_error(
            start, Wording("此前缺少条目", "entries are missing before this one")
        )
    return start


def find_last(journal: Sequence[Entry]) -> Entry | None:
    """Return the last entry of the chain, or `None` where there is none."""
    chained = (each for each in reversed(journal) if each.kind is not EntryKind.REFUSAL)
    return next(chained, None)


def check_link(before: Entry, entry: Entry, index: int) -> None:
    """Raise `JournalError` unless `entry` follows on the entry before it."""
    if (entry.case, entry.sequence, entry.previous) != (
        before.case,
        before.sequence + 1,
        before.digest,
    ):
        raise build_journal_error(index, NOT_CHAINED)


def run_entry(
    machine: Machine,
    migrations: Sequence[Migration],
    case_state: CaseState | None,
    entry: Entry,
    index: int,
) -> CaseState:
    """Execute `entry` again, and return the new case state if the result is equal."""
    if (case_state is None) is not (entry.kind in FIRST_KINDS):
        raise build_journal_error(
            index,
            Wording("只有第一条可以且必须是开始", "only the first entry can, and must, be a start"),
        )
    if entry.kind is EntryKind.MIGRATE:
        after, again = replay_migration(machine, migrations, entry, index)
    elif entry.kind is EntryKind.ADOPT:
        after, again = replay_adoption(machine, entry)
    else:
        step = run_step(machine, case_state, entry, index)
        previous = None if case_state is None else entry.previous
        after, again = step.after, build_entry(machine, entry.case, step, previous)
    # Other rules may have foretold other deadlines; whatever happened must have happened.
    describe = describe_all if entry.workflow_digest == machine.digest else describe_course
    if describe(again) != describe(entry):
        raise build_journal_error(index, describe_entry_difference(again, entry))
    return after


def run_step(machine: Machine, case_state: CaseState | None, entry: Entry, index: int) -> Macrostep:
    """Execute an entry again that is neither a migration nor an adoption."""
    step = (
        replay_start(machine, entry)
        if case_state is None
        else replay_step(machine, entry.case, case_state, entry, index)
    )
    # Nobody causes a time limit to end.
    return step if entry.kind is EntryKind.CLOCK else step._replace(actor=entry.actor)


def run_steps(
    machine: Machine, case_state: CaseState | None, entries: Sequence[Entry]
) -> tuple[Macrostep, ...]:
    """Return the steps of the entries of one outcome.

    Raises:
        JournalError: an entry differs from the result of the workflow.
    """
    steps: list[Macrostep] = []
    for index, entry in enumerate(entries):
        step = run_step(machine, case_state, entry, index)
        again = build_entry(machine, entry.case, step, entry.previous)
        if describe_all(again) != describe_all(entry):
            raise build_journal_error(index, describe_entry_difference(again, entry))
        steps.append(step)
        case_state = step.after
    return tuple(steps)


def describe_all(entry: Entry) -> str:
    """Return an entry as canonical JSON."""
    return to_canonical_json(entry.dump())


def describe_course(entry: Entry) -> str:
    """Return what happened in an entry, as canonical JSON."""
    data: dict[str, Any] = entry.dump()
    happened = {name: data[name] for name in data.keys() - PROVENANCE}
    return to_canonical_json({**happened, **{name: [*data[name]] for name in DEADLINES}})


def replay_adoption(machine: Machine, entry: Entry) -> tuple[CaseState, Entry]:
    """Restore the snapshot that `entry` holds again."""
    id, case_state, _ = restore(machine, entry.payload)
    return case_state, build_adoption_entry(machine, id, case_state, entry.payload, entry.actor)


def replay_migration(
    machine: Machine, migrations: Sequence[Migration], entry: Entry, sequence: int
) -> tuple[CaseState, Entry]:
    """Migrate the snapshot that `entry` holds again."""
    migrated = migrate(machine, migrations, entry.payload, entry.at, entry.actor)
    if isinstance(migrated, Stranded):
        why = Wording(migrated.explain("zh"), migrated.explain("en"))
        raise build_journal_error(sequence, why)
    return migrated.case_state, migrated.entry


def replay_start(machine: Machine, entry: Entry) -> Macrostep:
    """Start the case of `entry`."""
    at = normalize_instant(entry.at, machine.zone)
    read_id(entry.case)
    return require_start(machine, open_case(machine, machine.facts.read(entry.payload), at))


def replay_step(
    machine: Machine, case: str, case_state: CaseState, entry: Entry, sequence: int
) -> Macrostep:
    """Execute an entry after the start again."""
    if entry.kind is EntryKind.CLOCK:
        return replay_firing(machine, case_state, entry, sequence)
    if entry.kind is EntryKind.RETURN:
        return replay_return(machine, case, case_state, entry, sequence)
    return replay_event(machine, case_state, entry, sequence)


def replay_firing(
    machine: Machine, case_state: CaseState, entry: Entry, sequence: int
) -> Macrostep:
    """Fire the clock that is due first."""
    if case_state.next_due is None:
        wording = NOTHING_DUE.fill(
            clock=shorten(entry.clock),
            due=DUE_NAMES[entry.due or DueKind.EXPIRY],
            due_at=format_deadline(entry.due_at or entry.at),
        )
        raise build_journal_error(sequence, wording)
    return fire_clock(machine, case_state, case_state.next_due)


def replay_event(machine: Machine, case_state: CaseState, entry: Entry, sequence: int) -> Macrostep:
    """Take the event of `entry`."""
    at = normalize_instant(entry.at, machine.zone)
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
        raise build_journal_error(sequence, describe_gap(case_state, at))
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
    at = normalize_instant(entry.at, machine.zone)
    if at < case_state.at or case_state.quiet_until < at:
        raise build_journal_error(sequence, describe_gap(case_state, at))
    event = invocation_of(machine, pending.state).event
    payload = read_record(event.payload, entry.payload, event.name)
    step = take_back(machine, case_state, pending, payload, at)
    if not isinstance(step, Macrostep):
        why = [each.wording for each in step]
        raise build_journal_error(sequence, join_wordings(why, between=("；", "; ")))
    return step


def describe_gap(case_state: CaseState, at: datetime) -> Wording:
    """Return why an entry at `at` cannot be the next one of a case."""
    due = next((each for each in list_dues(case_state.runs) if each.fires <= at), None)
    if due is None:
        return IN_THE_PAST.fill(at=format_instant(at), now=format_instant(case_state.at))
    return CLOCK_ENTRY_MISSING.fill(
        at=format_instant(at),
        clock=due.clock,
        due=DUE_NAMES[due.kind],
        due_at=format_deadline(due.at),
    )


def build_journal_error(sequence: int, why: Wording) -> JournalError:
    """Return the error for the entry number `sequence`."""
    wording = Wording(
        "日志第 {sequence} 条无法重放：{why}",
        "entry {sequence} of the journal cannot be replayed: {why}",
    )
    return JournalError(wording.fill(sequence=sequence, why=why), sequence)
