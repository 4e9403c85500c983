"""Retraces a case by other rules: whether its journal leads to the very same case by them too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from telecom_rules.errors import JournalError, SnapshotMismatch
from telecom_rules.wording import Wording
from telecom_rules.workflows.journal.json_values import to_canonical_json
from telecom_rules.workflows.journal.replay import build_journal_error, find_last, run_journal
from telecom_rules.workflows.journal.snapshot import dump

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from telecom_rules.workflows.engine.case_state import CaseState
    from telecom_rules.workflows.engine.machine import Machine
    from telecom_rules.workflows.journal.entry import Entry
    from telecom_rules.workflows.migration.rules import Migration


ORIGIN = frozenset({"version", "digest", "pin", "past", "seal"})
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
) -> tuple[str, CaseState, str]:
    """Return id, state and head of a case of other rules, if these have led it there as well.

    Args:
        machine: the machine of these rules.
        migrations: their migrations.
        data: the snapshot of the case.
        journal: its journal.

    Raises:
        JournalError: the journal is not that of the case.
        SnapshotMismatch: by these rules the case would have taken another course.
    """
    last = find_last(journal)
    if last is None or (last.case, last.digest) != (data["id"], data.get("head")):
        raise build_journal_error(max(len(journal) - 1, 0), OTHER_JOURNAL)
    try:
        case_state = run_journal(machine, migrations, journal)
    except JournalError as problem:
        raise build_mismatch(machine, data, problem.wording) from None
    if strip_origin(dump(machine, last.case, case_state, last.digest)) != strip_origin(data):
        raise build_mismatch(machine, data, OTHER_DEADLINES)
    return last.case, case_state, last.digest


def strip_origin(data: Mapping[str, Any]) -> str:
    """Return what a snapshot says of the case, as canonical JSON."""
    return to_canonical_json({name: data[name] for name in data if name not in ORIGIN})


def build_mismatch(machine: Machine, data: Mapping[str, Any], why: object) -> SnapshotMismatch:
    """Return the error for a case that these rules would have led elsewhere."""
    return SnapshotMismatch(OTHER_COURSE.fill(why=why), machine.digest, data["digest"])
