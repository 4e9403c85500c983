"""From a journal back to its case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.errors import JournalError, TelecomRulesError
from telecom_rules.vocabulary import read_record
from telecom_rules.wording import Wording, join_wordings
from telecom_rules.workflows.engine.instants import normalize_instant
from telecom_rules.workflows.engine.macrostep import Macrostep, fire_clock, take_back
from telecom_rules.workflows.engine.subcases import call_id_of, invocation_of
from telecom_rules.workflows.journal.entry import Entry, EntryKind, to_canonical_json
from telecom_rules.workflows.journal.writing import build_entry
from telecom_rules.workflows.migration.migrate import migrate
from telecom_rules.workflows.migration.results import Stranded
from telecom_rules.workflows.outcome import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from telecom_rules.workflows.case import Case
    from telecom_rules.workflows.workflow import Workflow


NO_ENTRY = Wording(
    "不是日志条目；请先用 `Entry.load` 读取", "it is no `Entry`; read it with `Entry.load` first"
)


def replay(workflow: Workflow, entries: Iterable[Entry]) -> Case:
    """Run a journal again and return the case it leads to.

    Raises:
        JournalError: an entry is not what the workflow makes of the same thing now.
    """
    case: Case | None = None
    journal = tuple(entries)
    for sequence, each in enumerate(journal):
        if not isinstance(each, Entry):
            raise build_journal_error(sequence, NO_ENTRY)
    start = find_replay_start(journal)
    for sequence, each in enumerate(journal[start:], start):
        try:
            case = replay_entry(workflow, case, each, sequence)
        except JournalError:
            raise
        except (TelecomRulesError, ValueError, TypeError, RecursionError) as problem:
            why = problem.wording if isinstance(problem, TelecomRulesError) else str(problem)
            raise build_journal_error(sequence, Wording("{why}", "{why}").fill(why=why)) from None
    if case is None:
        raise build_journal_error(0, Wording("日志为空", "the journal is empty"))
    return case


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


def replay_entry(workflow: Workflow, case: Case | None, given: Entry, sequence: int) -> Case:
    """Do again what `given` says was done, and return the case if it comes out the same."""
    if (case is None) is not (given.kind in {EntryKind.START, EntryKind.MIGRATE}):
        raise build_journal_error(
            sequence,
            Wording("第一条、且仅第一条应为开始", "the first entry, and no other, is a start"),
        )
    if given.kind is EntryKind.MIGRATE:
        case, made = replay_migration(workflow, given, sequence)
    elif case is None:
        opened = workflow.open(given.payload, at=given.at, id=given.case)
        case, made = opened.case, opened.entry
    elif given.kind is EntryKind.CLOCK:
        case, made = replay_firing(workflow, case, sequence)
    elif given.kind is EntryKind.RETURN:
        case, made = replay_return(workflow, case, given, sequence)
    else:
        case, made = replay_event(case, given, sequence)
    if to_canonical_json(made.dump()) != to_canonical_json(given.dump()):
        raise build_journal_error(sequence, describe_entry_difference(made, given))
    return case


def replay_migration(workflow: Workflow, given: Entry, sequence: int) -> tuple[Case, Entry]:
    """Move the case of the snapshot that `given` carries, once more."""
    moved = migrate(workflow, given.payload, given.at)
    if isinstance(moved, Stranded):
        raise build_journal_error(sequence, Wording(moved.explain("zh"), moved.explain("en")))
    return moved.case, moved.entry


def replay_firing(workflow: Workflow, case: Case, sequence: int) -> tuple[Case, Entry]:
    """Let the clock of `case` that is due first do what it does."""
    if case.next_due is None:
        raise build_journal_error(
            sequence, Wording("此时没有运行中的时限", "no clock is running at this point")
        )
    step = fire_clock(workflow, case.case_state, case.next_due)
    return workflow.case(case.id, step.after), build_entry(workflow, case.id, step)


def replay_event(case: Case, given: Entry, sequence: int) -> tuple[Case, Entry]:
    """Send the event of `given` to `case`."""
    outcome = case.send(given.event or "", given.payload, at=given.at, by=given.by)
    if isinstance(outcome, Refused):
        raise build_journal_error(sequence, Wording(outcome.explain("zh"), outcome.explain("en")))
    if outcome.firings:
        raise build_journal_error(
            sequence,
            Wording("此前缺少时限的条目", "an entry of a clock is missing before this one"),
        )
    return outcome.case, outcome.entry


def replay_return(
    workflow: Workflow, case: Case, given: Entry, sequence: int
) -> tuple[Case, Entry]:
    """Take back the called case that `given` says came back, as the journal remembers it."""
    standing = case.case_state
    waiting = {call_id_of(case.id, each): each for each in standing.calls}
    pending = waiting.get(given.returned or "")
    if pending is None:
        raise build_journal_error(
            sequence, Wording("个案没有在等待它交回", "the case does not wait for what came back")
        )
    if given.at < case.at or standing.quiet_until < given.at:
        raise build_journal_error(
            sequence,
            Wording("此前缺少时限的条目", "an entry of a clock is missing before this one"),
        )
    event = invocation_of(workflow, pending.state).event
    payload = read_record(event.payload, given.payload, event.name)
    at = normalize_instant(given.at, workflow.zone, workflow.name)
    step = take_back(workflow, standing, pending, payload, at)
    if not isinstance(step, Macrostep):
        why = [each.wording for each in step]
        raise build_journal_error(sequence, join_wordings(why, between=("；", "; ")))
    return workflow.case(case.id, step.after), build_entry(workflow, case.id, step)


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
