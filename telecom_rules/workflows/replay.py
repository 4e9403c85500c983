"""From a journal back to its case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.errors import JournalError, TelecomRulesError
from telecom_rules.vocabulary import read_record
from telecom_rules.wording import Wording
from telecom_rules.workflows.calls import called_id, called_in
from telecom_rules.workflows.entry import Entry, EntryKind, canonical
from telecom_rules.workflows.instants import instant
from telecom_rules.workflows.journal import entry
from telecom_rules.workflows.migrate import migrate
from telecom_rules.workflows.migrated import Stranded
from telecom_rules.workflows.outcome import Refused
from telecom_rules.workflows.phrases import listed
from telecom_rules.workflows.step import Step, fire, take_back

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from telecom_rules.workflows.case import Case
    from telecom_rules.workflows.workflow import Workflow

__all__ = ["replay"]


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
            raise mistake(sequence, NO_ENTRY)
    start = resumption(journal)
    for sequence, each in enumerate(journal[start:], start):
        try:
            case = follow(workflow, case, each, sequence)
        except JournalError:
            raise
        except (TelecomRulesError, ValueError, TypeError, RecursionError) as problem:
            why = problem.wording if isinstance(problem, TelecomRulesError) else str(problem)
            raise mistake(sequence, Wording("{why}", "{why}").fill(why=why)) from None
    if case is None:
        raise mistake(0, Wording("日志为空", "the journal is empty"))
    return case


def resumption(journal: Sequence[Entry]) -> int:
    """Return the place of the entry from which a journal is done again: its last migration, or 0.

    Raises:
        JournalError: entries are missing before the migration.
    """
    moves = [at for at, each in enumerate(journal) if each.kind is EntryKind.MIGRATE]
    start = moves[-1] if moves else 0
    if start and journal[start].sequence != start:
        raise mistake(start, Wording("此前缺少条目", "entries are missing before this one"))
    return start


def follow(workflow: Workflow, case: Case | None, given: Entry, sequence: int) -> Case:
    """Do again what `given` says was done, and return the case if it comes out the same."""
    if (case is None) is not (given.kind in {EntryKind.START, EntryKind.MIGRATE}):
        raise mistake(
            sequence,
            Wording("第一条、且仅第一条应为开始", "the first entry, and no other, is a start"),
        )
    if given.kind is EntryKind.MIGRATE:
        case, made = carried_over(workflow, given, sequence)
    elif case is None:
        opened = workflow.open(given.payload, at=given.at, id=given.case)
        case, made = opened.case, opened.entry
    elif given.kind is EntryKind.CLOCK:
        case, made = fired(workflow, case, sequence)
    elif given.kind is EntryKind.RETURN:
        case, made = came_back(workflow, case, given, sequence)
    else:
        case, made = sent(case, given, sequence)
    if canonical(made.dump()) != canonical(given.dump()):
        raise mistake(sequence, difference(made, given))
    return case


def carried_over(workflow: Workflow, given: Entry, sequence: int) -> tuple[Case, Entry]:
    """Move the case of the snapshot that `given` carries, once more."""
    moved = migrate(workflow, given.payload, given.at)
    if isinstance(moved, Stranded):
        raise mistake(sequence, Wording(moved.explain("zh"), moved.explain("en")))
    return moved.case, moved.entry


def fired(workflow: Workflow, case: Case, sequence: int) -> tuple[Case, Entry]:
    """Let the clock of `case` that is due first do what it does."""
    if case.next_due is None:
        raise mistake(
            sequence, Wording("此时没有运行中的时限", "no clock is running at this point")
        )
    step = fire(workflow, case.standing, case.next_due)
    return workflow.case(case.id, step.after), entry(workflow, case.id, step)


def sent(case: Case, given: Entry, sequence: int) -> tuple[Case, Entry]:
    """Send the event of `given` to `case`."""
    outcome = case.send(given.event or "", given.payload, at=given.at, by=given.by)
    if isinstance(outcome, Refused):
        raise mistake(sequence, Wording(outcome.explain("zh"), outcome.explain("en")))
    if outcome.firings:
        raise mistake(
            sequence,
            Wording("此前缺少时限的条目", "an entry of a clock is missing before this one"),
        )
    return outcome.case, outcome.entry


def came_back(workflow: Workflow, case: Case, given: Entry, sequence: int) -> tuple[Case, Entry]:
    """Take back the called case that `given` says came back, as the journal remembers it."""
    standing = case.standing
    waiting = {called_id(case.id, each): each for each in standing.calls}
    pending = waiting.get(given.returned or "")
    if pending is None:
        raise mistake(
            sequence, Wording("个案没有在等待它交回", "the case does not wait for what came back")
        )
    if given.at < case.at or standing.quiet < given.at:
        raise mistake(
            sequence,
            Wording("此前缺少时限的条目", "an entry of a clock is missing before this one"),
        )
    event = called_in(workflow, pending.state).event
    payload = read_record(event.payload, given.payload, event.name)
    at = instant(given.at, workflow.zone, workflow.name)
    step = take_back(workflow, standing, pending, payload, at)
    if not isinstance(step, Step):
        why = [each.wording for each in step]
        raise mistake(sequence, listed(why, between=("；", "; ")))
    return workflow.case(case.id, step.after), entry(workflow, case.id, step)


def difference(made: Entry, given: Entry) -> Wording:
    """Return which parts of two entries differ."""
    ours, theirs = made.dump(), given.dump()
    names = ", ".join(name for name in ours if canonical(ours[name]) != canonical(theirs[name]))
    return Wording("与重新执行的结果不同：{names}", "what comes out now differs in {names}").fill(
        names=names
    )


def mistake(sequence: int, why: Wording) -> JournalError:
    """Return the error for the entry number `sequence`."""
    wording = Wording(
        "日志第 {sequence} 条无法重放：{why}",
        "entry {sequence} of the journal does not replay: {why}",
    )
    return JournalError(wording.fill(sequence=sequence, why=why), sequence)
