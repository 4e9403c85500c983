"""From a journal back to its case."""

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
    "不是日志条目；请先用 `Entry.load` 读取", "it is no `Entry`; read it with `Entry.load` first"
)
CLOCK_ENTRY_MISSING = Wording(
    "此前缺少时限的条目", "an entry of a clock is missing before this one"
)


def replay(
    machine: Machine, migrations: Sequence[Migration], entries: Iterable[Entry]
) -> tuple[str, CaseState]:
    """Run a journal again; return the id of its case and the state that it leads to.

    Raises:
        JournalError: an entry is not what the workflow makes of the same thing now.
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
            why = problem.wording if isinstance(problem, TelecomRulesError) else str(problem)
            raise build_journal_error(sequence, Wording("{why}", "{why}").fill(why=why)) from None
    if case_state is None:
        raise build_journal_error(0, Wording("日志为空", "the journal is empty"))
    return case, case_state


def find_replay_start(journal: Sequence[Entry]) -> int:
    """Return the place of the entry from which a journal is done again: its last migration, or 0.

    Raises:
        JournalError: entries are missing before the migration.
    """
    moves = [at for at, each in enumerate(journal) if each.kind is EntryKind.MIGRATE]
    start = moves[-1] if moves else 0
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
    given: Entry,
    sequence: int,
) -> CaseState:
    """Do again what `given` says was done, and return where that leads if it comes out the same."""
    if (case_state is None) is not (given.kind in {EntryKind.START, EntryKind.MIGRATE}):
        raise build_journal_error(
            sequence,
            Wording("第一条、且仅第一条应为开始", "the first entry, and no other, is a start"),
        )
    if given.kind is EntryKind.MIGRATE:
        after, made = replay_migration(machine, migrations, given, sequence)
    else:
        step = (
            replay_start(machine, given)
            if case_state is None
            else replay_step(machine, case, case_state, given, sequence)
        )
        after, made = step.after, build_entry(machine, case, step)
    if to_canonical_json(made.dump()) != to_canonical_json(given.dump()):
        raise build_journal_error(sequence, describe_entry_difference(made, given))
    return after


def replay_migration(
    machine: Machine, migrations: Sequence[Migration], given: Entry, sequence: int
) -> tuple[CaseState, Entry]:
    """Move the case of the snapshot that `given` carries, once more."""
    moved = migrate(machine, migrations, given.payload, given.at)
    if isinstance(moved, Stranded):
        raise build_journal_error(sequence, Wording(moved.explain("zh"), moved.explain("en")))
    return moved.case_state, moved.entry


def replay_start(machine: Machine, given: Entry) -> Macrostep:
    """Start the case of `given`."""
    at = normalize_instant(given.at, machine.zone, machine.name)
    check_id(machine.name, given.case)
    return require_start(machine, open_case(machine, machine.facts.read(given.payload), at))


def replay_step(
    machine: Machine, case: str, case_state: CaseState, given: Entry, sequence: int
) -> Macrostep:
    """Do again what happened to the case with the id `case`, which has started."""
    if given.kind is EntryKind.CLOCK:
        return replay_firing(machine, case_state, sequence)
    if given.kind is EntryKind.RETURN:
        return replay_return(machine, case, case_state, given, sequence)
    return replay_event(machine, case_state, given, sequence)


def replay_firing(machine: Machine, case_state: CaseState, sequence: int) -> Macrostep:
    """Let the clock that is due first do what it does."""
    if case_state.next_due is None:
        raise build_journal_error(
            sequence, Wording("此时没有运行中的时限", "no clock is running at this point")
        )
    return fire_clock(machine, case_state, case_state.next_due)


def replay_event(machine: Machine, case_state: CaseState, given: Entry, sequence: int) -> Macrostep:
    """Take the event of `given`."""
    at = normalize_instant(given.at, machine.zone, machine.name)
    event = given.event or ""
    firings, reached, hindrance = reach(machine, case_state, at)
    step = (
        react(machine, reached, event, given.payload, at, given.by)
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
    machine: Machine, case: str, case_state: CaseState, given: Entry, sequence: int
) -> Macrostep:
    """Take back the called case that `given` says came back, as the journal remembers it."""
    pending = find_call(case, case_state, given.returned)
    if pending is None:
        raise build_journal_error(
            sequence, Wording("个案没有在等待它交回", "the case does not wait for what came back")
        )
    at = normalize_instant(given.at, machine.zone, machine.name)
    if at < case_state.at or case_state.quiet_until < at:
        raise build_journal_error(sequence, CLOCK_ENTRY_MISSING)
    event = invocation_of(machine, pending.state).event
    payload = read_record(event.payload, given.payload, event.name)
    step = take_back(machine, case_state, pending, payload, at)
    if not isinstance(step, Macrostep):
        why = [each.wording for each in step]
        raise build_journal_error(sequence, join_wordings(why, between=("；", "; ")))
    return step


def describe_entry_difference(made: Entry, given: Entry) -> Wording:
    """Return which parts of two entries differ."""
    ours, theirs = made.dump(), given.dump()
    names = ", ".join(
        name for name in ours if to_canonical_json(ours[name]) != to_canonical_json(theirs[name])
    )
    return Wording("与重新执行的结果不同：{names}", "what comes out now differs in {names}").fill(
        names=names
    )


def build_journal_error(sequence: int, why: Wording) -> JournalError:
    """Return the error for the entry number `sequence`."""
    wording = Wording(
        "日志第 {sequence} 条无法重放：{why}",
        "entry {sequence} of the journal does not replay: {why}",
    )
    return JournalError(wording.fill(sequence=sequence, why=why), sequence)
