"""Retraces a case by other rules: whether its journal leads to the very same case by them too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from telecom_rules.errors import SnapshotMismatch, TelecomRulesError
from telecom_rules.wording import Wording
from telecom_rules.workflows.engine.macrostep import EntryKind
from telecom_rules.workflows.journal.entry import to_canonical_json
from telecom_rules.workflows.journal.replay import (
    build_journal_error,
    describe_entry_difference,
    find_replay_start,
    replay_migration,
    replay_start,
    replay_step,
)
from telecom_rules.workflows.journal.snapshot import dump
from telecom_rules.workflows.journal.writing import build_entry

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from telecom_rules.workflows.engine.case_state import CaseState
    from telecom_rules.workflows.engine.machine import Machine
    from telecom_rules.workflows.journal.entry import Entry
    from telecom_rules.workflows.migration.rules import Migration


MATERIAL = (
    "sequence", "at", "kind", "event", "payload", "by", "left", "entered", "assigned", "effects",
    "stopped", "paused", "clock", "due", "due_at", "microsteps", "calls", "cancelled", "returned",
)  # fmt: skip
"""The parts of an entry that say what happened."""
DEADLINES = ("started", "resumed")
"""The parts that foretell deadlines. A deadline that was superseded since makes no difference; one
that still counts is in the snapshot."""
ORIGIN = frozenset({"version", "digest", "pin", "seal"})
"""The parts of a snapshot that say by which rules it was made."""

OTHER_JOURNAL = Wording(
    "日志与快照不符，不是同一个案的完整日志",
    "the journal does not end in the snapshot; it is of another case, or not complete",
)
OTHER_DEADLINES = Wording("时限的截止时刻不同", "its time limits would end at other instants")
OTHER_COURSE = Wording(
    "按现行规则重放，个案的经过不同：{why}；请用 `migrate` 迁移",
    "by these rules the case would have taken another course: {why}; `migrate` it",
)


def retrace(
    machine: Machine,
    migrations: Sequence[Migration],
    data: Mapping[str, object],
    journal: Sequence[Entry],
) -> tuple[str, CaseState]:
    """Return the id and the state of a case of other rules, if these have led it there as well.

    Args:
        machine: the machine of these rules.
        migrations: their migrations.
        data: the snapshot of the case.
        journal: its journal.

    Raises:
        JournalError: the journal is not that of the case.
        SnapshotMismatch: by these rules the case would have taken another course.
    """
    if not journal or identify(journal[-1]) != (data["id"], data["sequence"], data["at"]):
        raise build_journal_error(max(len(journal) - 1, 0), OTHER_JOURNAL)
    try:
        case_state = follow(machine, migrations, journal)
    except (TelecomRulesError, ValueError, TypeError, RecursionError) as problem:
        why = problem.wording if isinstance(problem, TelecomRulesError) else str(problem)
        raise build_mismatch(machine, data, why) from None
    id = journal[-1].case
    if strip_origin(dump(machine, id, case_state)) != strip_origin(data):
        raise build_mismatch(machine, data, OTHER_DEADLINES)
    return id, case_state


def identify(last: Entry) -> tuple[str, int, str]:
    """Return what the snapshot after an entry says of itself: id, sequence and instant."""
    return last.case, last.sequence + 1, last.at.isoformat()


def follow(
    machine: Machine, migrations: Sequence[Migration], journal: Sequence[Entry]
) -> CaseState:
    """Return the state that a journal leads to.

    Raises:
        TelecomRulesError: by these rules it would have become another journal.
    """
    start = find_replay_start(journal)
    case_state: CaseState | None = None
    for sequence, each in enumerate(journal[start:], start):
        if each.kind is EntryKind.MIGRATE:
            case_state, again = replay_migration(machine, migrations, each, sequence)
        else:
            step = (
                replay_start(machine, each)
                if case_state is None
                else replay_step(machine, each.case, case_state, each, sequence)
            )
            case_state, again = step.after, build_entry(machine, each.case, step)
        if describe_course(again) != describe_course(each):
            raise build_journal_error(sequence, describe_entry_difference(again, each))
    if case_state is None:
        raise build_journal_error(0, OTHER_JOURNAL)
    return case_state


def describe_course(entry: Entry) -> str:
    """Return what happened in an entry, as canonical JSON."""
    data: dict[str, Any] = entry.dump()
    happened = {name: data[name] for name in MATERIAL}
    return to_canonical_json({**happened, **{name: [*data[name]] for name in DEADLINES}})


def strip_origin(data: Mapping[str, Any]) -> str:
    """Return what a snapshot says of the case, as canonical JSON."""
    return to_canonical_json({name: data[name] for name in data if name not in ORIGIN})


def build_mismatch(machine: Machine, data: Mapping[str, Any], why: object) -> SnapshotMismatch:
    """Return the error for a case that these rules would have led elsewhere."""
    return SnapshotMismatch(OTHER_COURSE.fill(why=why), machine.digest, data["digest"])
