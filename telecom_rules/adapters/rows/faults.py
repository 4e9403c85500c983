"""Finds where the stored journal of a case is not what was written."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from telecom_rules.adapters.rows.chain import calculate_commitment, calculate_seal, read_entry
from telecom_rules.adapters.rows.rows import (
    ERASED,
    CaseRow,
    JournalRow,
    ValuesRow,
    find_odd_column,
    read_json,
)
from telecom_rules.errors import JournalError
from telecom_rules.frozen import Immutable
from telecom_rules.values.arguments import read_instance, read_items, read_object
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


class FaultKind(StrEnum):
    """The kinds of fault in a stored journal."""

    HOLE = "hole"
    """Rows are missing between two others."""
    CHANGED = "changed"
    """The row, or the seal of the one before it, was changed."""
    UNREADABLE = "unreadable"
    """A column of the row holds what no store writes, such as a text for an instant."""
    MOVED = "moved"
    """The row stands in the place of another, or belongs to another case."""
    VALUES = "values"
    """Its values were changed or are missing, and were not erased."""
    CUT = "cut"
    """Rows are missing at the end, or there are more than there should be."""
    SNAPSHOT = "snapshot"
    """The snapshot does not go on from the last entry."""


@dataclass(frozen=True, slots=True)
class Fault(Immutable):
    """A place where a stored journal is not what was written.

    Attributes:
        kind: its kind.
        sequence: the number of the row; of rows that are missing, that of the first.
        wording: what is wrong, for people.
    """

    kind: FaultKind
    sequence: int
    wording: Wording


FAULTS = {
    FaultKind.HOLE: Wording(
        "日志缺少第 {sequence} 至 {last} 条",
        "the entries {sequence} to {last} of the journal are missing",
    ),
    FaultKind.CHANGED: Wording(
        "日志第 {sequence} 条或其前一条的封印被改动",
        "entry {sequence} of the journal, or the seal before it, was changed",
    ),
    FaultKind.UNREADABLE: Wording(
        "日志第 {sequence} 条有一列无法读取，本库不会写入这样的值",
        "entry {sequence} of the journal has a column that cannot be read: no store writes this",
    ),
    FaultKind.MOVED: Wording(
        "日志第 {sequence} 条处放着另一条目",
        "in the place of entry {sequence} of the journal stands another one",
    ),
    FaultKind.VALUES: Wording(
        "日志第 {sequence} 条的数据被改动或缺失，且并非依法删除",
        "the values of entry {sequence} of the journal were changed or are missing, and not because"
        " they were erased",
    ),
    FaultKind.CUT: Wording(
        "日志的末尾不是留存的末尾：从第 {sequence} 条起缺失、多出或被改动",
        "the journal does not end where it should: from entry {sequence} on something is missing,"
        " added or changed",
    ),
    FaultKind.SNAPSHOT: Wording(
        "个案的快照并非由日志末条（第 {sequence} 条）而来",
        "the snapshot of the case does not go on from the last entry of its journal, {sequence}",
    ),
}


def find_faults(
    case: CaseRow, rows: Iterable[JournalRow], values: Mapping[int, ValuesRow]
) -> tuple[Fault, ...]:
    """Return every place where a stored journal is not what was written; none if it is whole.

    It needs no rules. Digests are no signatures: who can write the case and its whole journal can
    write another. So keep `case.head`, or a signature of it, where these cannot write.

    Args:
        case: the row of the case.
        rows: the rows of its journal, by number.
        values: the rows of their values, by number.

    Raises:
        ArgumentError: an argument is of another kind.
    """
    case = read_instance("case", case, CaseRow)
    journal = [read_instance("rows", each, JournalRow) for each in read_items("rows", rows)]
    held: dict[Any, ValuesRow] = {
        number: read_instance("values", each, ValuesRow)
        for number, each in read_object("values", values).items()
    }
    return tuple(iterate_faults(case, sorted(journal, key=number_of), held))


def number_of(row: JournalRow) -> int:
    """Return the number of a row: of a column that holds none, the one that its entry says."""
    said = row.sequence if type(row.sequence) is int else read_object_of(row.entry).get("sequence")
    return said if type(said) is int else 0


def iterate_faults(
    case: CaseRow, rows: list[JournalRow], values: Mapping[Any, ValuesRow]
) -> Iterator[Fault]:
    """Yield the faults of a journal, row by row, then those of its end."""
    head: str | None = None
    expected = 0
    whole = True
    for row in rows:
        number = number_of(row)
        if number > expected:
            yield build_hole(expected, number - 1)
        elif number < expected:  # there is one with this number already
            yield build_fault(FaultKind.MOVED, number)
        whole = whole and number == expected
        if find_odd_column(row) is not None:
            yield build_fault(FaultKind.UNREADABLE, number)
        else:
            yield from judge_row(case, row, head, after_hole=not whole)
        if not is_held(case, row, values.get(number)):
            yield build_fault(FaultKind.VALUES, number)
        whole = isinstance(row.seal, str)
        head, expected = row.seal, max(expected, number + 1)
    if (head, expected) != (case.head, case.sequence):
        known = isinstance(case.sequence, int)
        yield build_fault(FaultKind.CUT, min(expected, case.sequence) if known else expected)
    elif rows and case.snapshot is not None and not goes_on(case.snapshot, rows[-1], values):
        yield build_fault(FaultKind.SNAPSHOT, expected - 1)


def judge_row(
    case: CaseRow, row: JournalRow, head: str | None, *, after_hole: bool
) -> Iterator[Fault]:
    """Yield the faults of one row.

    Args:
        case: the row of the case.
        row: the row.
        head: the seal of the row before it.
        after_hole: whether that one is missing, so that the seal says nothing.
    """
    said = read_object_of(row.entry)
    if said.get("case") != case.id or said.get("sequence") != row.sequence:
        yield build_fault(FaultKind.MOVED, row.sequence)
    elif (not after_hole and row.seal != calculate_seal(head, row.entry, row.commitment)) or (
        not agrees(row)
    ):
        yield build_fault(FaultKind.CHANGED, row.sequence)


def is_held(case: CaseRow, row: JournalRow, values: ValuesRow | None) -> bool:
    """Return whether the values of a row are those written, or erased with the whole case."""
    if values is None or find_odd_column(values) is not None:
        return False
    if values.held == values.salt == ERASED:
        return case.snapshot is None
    return row.commitment == calculate_commitment(values.salt, values.held)


def agrees(row: JournalRow) -> bool:
    """Return whether the columns of a row say what its entry says."""
    try:
        entry = read_entry(row, None)
    except JournalError:
        return False
    return (entry.at, str(entry.kind), entry.event) == (row.at, row.kind, row.event)


def goes_on(snapshot: object, row: JournalRow, values: Mapping[Any, ValuesRow]) -> bool:
    """Return whether a snapshot goes on from the entry of a row."""
    held = values.get(row.sequence)
    if held is None or held.held == ERASED:
        return True  # nothing left to compare with; the row itself is judged elsewhere
    try:
        last = read_entry(row, held)
    except JournalError:
        return True
    return read_object_of(snapshot).get("head") == last.digest


def read_object_of(text: object) -> dict[str, object]:
    """Return the object of JSON in a text; an empty one if it has none."""
    try:
        data = read_json(text)
    except ValueError:
        return {}
    return data if type(data) is dict else {}


ONE_MISSING = Wording("日志缺少第 {sequence} 条", "entry {sequence} of the journal is missing")


def build_hole(first: int, last: int) -> Fault:
    """Return the fault of the rows that are missing between two others."""
    wording = ONE_MISSING if first == last else FAULTS[FaultKind.HOLE]
    return Fault(FaultKind.HOLE, first, wording.fill(sequence=first, last=last))


def build_fault(kind: FaultKind, sequence: int) -> Fault:
    """Return a fault of the row with a number."""
    return Fault(kind, sequence, FAULTS[kind].fill(sequence=sequence))
