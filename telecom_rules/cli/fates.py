"""The fate of stored cases when a newer pack takes over, by asking what it would do with each."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from telecom_rules.errors import FactsError, JournalError, SnapshotError, SnapshotMismatch
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from telecom_rules.cli.records import FileRecord
    from telecom_rules.pack import Pack
    from telecom_rules.workflows import Entry, Reason, Stranded


MOST_NAMED = 5
"""Cases that are named of those with one fate for one reason."""

NO_WORKFLOW = Wording("新规则包中没有这一流程", "the newer pack does not have this workflow")
NO_INSTANT = Wording("没有时刻 `at`", "the snapshot has no instant `at`")


class Fate(StrEnum):
    """The fate of a case when the newer pack takes over."""

    RESTORED = "restored"
    """The newer pack restores it: nothing that it may have done has changed."""
    MOVED = "moved"
    """A migration moves it to the newer pack."""
    CLOSED = "closed"
    """It has ended."""
    STRANDED = "stranded"
    """The newer pack can neither restore nor migrate it."""
    UNREADABLE = "unreadable"
    """It is not a snapshot, or cannot be read."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """One case of the file and its fate.

    Attributes:
        place: its place in the file.
        id: the case's id, if there is one.
        workflow: its workflow.
        state: the innermost state that it is in.
        fate: its fate.
        reasons: why it is stranded or unreadable.
        cites: the clauses behind them.
        key: what is the same of all cases with the same reasons.
    """

    place: str
    id: str = ""
    workflow: str = ""
    state: str = ""
    fate: Fate = Fate.UNREADABLE
    reasons: tuple[Wording, ...] = ()
    cites: tuple[str, ...] = ()
    key: tuple[object, ...] = ()


@dataclass(slots=True)
class Group:
    """The cases of a workflow that have one fate for the same reasons.

    Attributes:
        fate: their fate.
        workflow: their workflow.
        reasons: why the first of them has it.
        cites: the clauses behind that.
        count: how many they are.
        first: the ids of the first, or their places in the file.
        states: how many of them are in each state.
    """

    fate: Fate
    workflow: str
    reasons: tuple[Wording, ...]
    cites: tuple[str, ...]
    count: int = 0
    first: list[str] = field(default_factory=list)
    states: Counter[str] = field(default_factory=Counter)


def find_outlook(old: Pack, new: Pack, row: FileRecord, at: datetime | None) -> Outlook:
    """Return one case of the file with its fate.

    Args:
        old: the older pack.
        new: the newer pack.
        row: the record of the file: a snapshot, or `case` and `journal`.
        at: when the newer pack takes over; `None` for the last change of the case.
    """
    from telecom_rules.cli.records import Unreadable

    if isinstance(row.data, Unreadable):
        return Outlook(row.place, reasons=(row.data.wording,))
    data, written = unwrap_snapshot(row.data)
    id, name = str(data.get("id", "")), str(data.get("workflow", ""))
    states = [str(each) for each in as_list(data.get("states"))]
    one = Outlook(row.place, id, name, states[-1] if states else "")
    try:
        journal = None if written is None else read_journal(written)
        return decide_fate(old, new, one, data, states, journal, at)
    except (SnapshotError, JournalError, FactsError) as problem:
        return tell(one, Fate.UNREADABLE, (problem.wording,))
    except ValueError:
        return tell(one, Fate.UNREADABLE, (NO_INSTANT,))


def decide_fate(
    old: Pack,
    new: Pack,
    one: Outlook,
    data: Mapping[str, object],
    states: list[str],
    journal: list[Entry] | None,
    at: datetime | None,
) -> Outlook:
    """Return a case with its fate.

    Raises:
        SnapshotError: the snapshot is damaged.
        JournalError: the journal is not that of the case.
        ValueError: the snapshot has no instant.
    """
    from telecom_rules.workflows import Stranded

    ended = one.workflow in old.workflows and is_over(old, one.workflow, states)
    try:
        case = new.restore(data, journal)
        return tell(one, Fate.CLOSED if case.final else Fate.RESTORED)
    except SnapshotMismatch:
        if ended:
            return tell(one, Fate.CLOSED)
        if one.workflow not in new.workflows:
            cites = old.workflows[one.workflow].cites if one.workflow in old.workflows else ()
            return tell(one, Fate.STRANDED, (NO_WORKFLOW,), tuple(map(str, cites)))
    moment = datetime.fromisoformat(str(data.get("at"))) if at is None else at
    moved = new.migrate(data, at=moment)
    return describe_stranded(one, moved) if isinstance(moved, Stranded) else tell(one, Fate.MOVED)


def is_over(pack: Pack, workflow: str, states: Iterable[str]) -> bool:
    """Return whether a case in some states has ended."""
    known = pack.workflows[workflow].states
    return any(known[name].final and not known[name].ancestors for name in states if name in known)


def describe_stranded(one: Outlook, stranded: Stranded) -> Outlook:
    """Return a case that is stranded, with its reasons."""
    wordings = tuple(each.wording for each in stranded.reasons)
    key = tuple(key_of(each) for each in stranded.reasons)
    return tell(one, Fate.STRANDED, wordings, tuple(map(str, stranded.cites)), key)


def key_of(reason: Reason) -> tuple[object, ...]:
    """Return what a reason has in common with those of other cases: it may tell their instants."""
    return (str(reason.kind), *sorted((name, str(each)) for name, each in reason.data.items()))


def tell(
    one: Outlook,
    fate: Fate,
    reasons: tuple[Wording, ...] = (),
    cites: tuple[str, ...] = (),
    key: tuple[object, ...] = (),
) -> Outlook:
    """Return a case with its fate."""
    return Outlook(one.place, one.id, one.workflow, one.state, fate, reasons, cites, key or reasons)


def unwrap_snapshot(
    data: Mapping[str, object],
) -> tuple[Mapping[str, object], object]:
    """Return a snapshot and the journal beside it, or `None` where there is none.

    `telecom-rules run --json` writes the snapshot under the key `case`.
    """
    case = data.get("case")
    if isinstance(case, dict) and "workflow" not in data:
        return case, data.get("journal")
    return data, None


def read_journal(written: object) -> list[Entry]:
    """Return the journal that a record has beside its snapshot.

    Raises:
        JournalError: it is not one.
    """
    from telecom_rules.workflows import Entry

    return [Entry.load(each if isinstance(each, dict) else {}) for each in as_list(written)]


def as_list(value: object) -> list[object]:
    """Return a list as it is, and nothing for what is not a list."""
    return value if isinstance(value, list) else []


def group(outlooks: Iterable[Outlook]) -> Iterator[Group]:
    """Yield the cases of one fate and the same reasons together, in the order of the file."""
    groups: dict[tuple[object, ...], Group] = {}
    for each in outlooks:
        key = (each.fate, each.workflow, each.key)
        if key not in groups:
            groups[key] = Group(each.fate, each.workflow, each.reasons, each.cites)
        one = groups[key]
        one.count += 1
        one.states[each.state] += 1
        if len(one.first) < MOST_NAMED:
            one.first.append(each.id or each.place)
    yield from groups.values()
