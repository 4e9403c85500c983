"""Retraces a case by other rules: whether its journal leads to the very same case by them too."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from telecom_rules.digests import to_canonical_json
from telecom_rules.errors import JournalError, SnapshotMismatch
from telecom_rules.wording import Wording, join_wordings
from telecom_rules.workflows.engine.macrostep import EntryKind
from telecom_rules.workflows.journal.clocks import describe_end
from telecom_rules.workflows.journal.differences import describe_differences
from telecom_rules.workflows.journal.replay import read_journal, run_journal
from telecom_rules.workflows.journal.snapshot import check_seal, dump
from telecom_rules.workflows.journal.verify import verify

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from telecom_rules.workflows.engine.case_state import CaseState
    from telecom_rules.workflows.engine.machine import Machine
    from telecom_rules.workflows.journal.entry import Entry
    from telecom_rules.workflows.migration.rules import Migration


ORIGIN = frozenset({"version", "digest", "pin", "past", "seal"})
"""The parts of a snapshot that say by which rules it was made."""

OTHER_JOURNAL = Wording(
    "日志不是快照所属个案的完整、原样的日志：{why}",
    "the journal is not that of the snapshot, whole and unchanged: {why}",
)
OTHER_CLOCKS = Wording("时限不同：{clocks}", "its time limits would differ: {clocks}")
OTHER_END = Wording(
    "`{clock}` 的截止时刻为 {new}，原为 {old}", "`{clock}` would end at {new} instead of {old}"
)
OTHER_CLOCK = Wording("`{clock}` 的{parts}", "`{clock}` in {parts}")
OTHER_CASE = Wording("个案不同：{parts}", "it would differ in {parts}")
OTHER_COURSE = Wording(
    "按现行规则重放，个案的经过不同：{why}；请用 `migrate` 迁移",
    "by these rules the case would have taken another course: {why}; `migrate` it",
)


def read_own_journal(data: Mapping[str, object], entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Return the journal of the case in a snapshot, without its refusals.

    Raises:
        ArgumentError: it cannot be iterated.
        SnapshotError: the snapshot is damaged, so it cannot tell which journal is its own.
        JournalError: it is not that journal, whole and unchanged.
    """
    journal = read_journal(entries, "journal")
    check_seal(data)
    head = data.get("head")
    for each in verify(journal, head=head if isinstance(head, str) else NO_HEAD):
        raise JournalError(OTHER_JOURNAL.fill(why=each.wording), each.index)
    return tuple(each for each in journal if each.kind is not EntryKind.REFUSAL)


NO_HEAD = "-"
"""Stands for the head of a snapshot without one: no journal ends in it."""


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
        journal: its journal, as `read_own_journal` returned it.

    Raises:
        SnapshotMismatch: by these rules the case would have taken another course.
    """
    last = journal[-1]
    try:
        case_state = run_journal(machine, migrations, journal)
    except JournalError as problem:
        raise build_mismatch(machine, data, problem.wording) from None
    again = dump(machine, last.case, case_state, last.digest)
    if strip_origin(again) != strip_origin(data):
        raise build_mismatch(machine, data, describe_other_outcome(again, data))
    return last.case, case_state, last.digest


def describe_other_outcome(again: Mapping[str, Any], data: Mapping[str, Any]) -> Wording:
    """Return the time limits that differ from those in the snapshot, or else what does."""
    before = {each["clock"]: each for each in data["clocks"]}
    clocks = [
        describe_other_clock(each, before[each["clock"]])
        for each in again["clocks"]
        if each != before.get(each["clock"], each)
    ]
    if clocks:
        return OTHER_CLOCKS.fill(clocks=join_wordings(clocks, between=("；", "; ")))
    return OTHER_CASE.fill(parts=describe_differences(again, data, ORIGIN))


def describe_other_clock(new: Mapping[str, Any], old: Mapping[str, Any]) -> Wording:
    """Return how a time limit differs from the one in the snapshot."""
    if new["deadline"] == old["deadline"]:
        return OTHER_CLOCK.fill(clock=new["clock"], parts=describe_differences(new, old))
    return OTHER_END.fill(
        clock=new["clock"],
        new=describe_stored(new["deadline"]),
        old=describe_stored(old["deadline"]),
    )


def describe_stored(deadline: str | None) -> Wording:
    """Return the deadline in a snapshot, for people."""
    return describe_end(None if deadline is None else datetime.fromisoformat(deadline))


def strip_origin(data: Mapping[str, Any]) -> str:
    """Return what a snapshot says of the case, as canonical JSON."""
    return to_canonical_json({name: data[name] for name in data if name not in ORIGIN})


def build_mismatch(machine: Machine, data: Mapping[str, Any], why: object) -> SnapshotMismatch:
    """Return the error for a case that these rules would have led elsewhere."""
    return SnapshotMismatch(OTHER_COURSE.fill(why=why), machine.digest, data["digest"])
