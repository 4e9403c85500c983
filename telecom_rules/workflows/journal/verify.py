"""Verifies the chain of a journal, without the rules: whether it is whole and unchanged."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from telecom_rules.digests import DIGEST_LENGTH
from telecom_rules.errors import JournalError
from telecom_rules.frozen import Portable
from telecom_rules.values.arguments import read_text
from telecom_rules.wording import Wording, shorten
from telecom_rules.workflows.engine.macrostep import EntryKind
from telecom_rules.workflows.journal.entry import Entry
from telecom_rules.workflows.journal.replay import (
    FIRST_KINDS,
    build_journal_error,
    find_last,
    read_journal,
)
from telecom_rules.workflows.phrases import format_instant

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class DiscrepancyKind(StrEnum):
    """The kinds of discrepancy in a journal."""

    BEGINNING = "beginning"
    """The journal does not begin with a start or an adoption."""
    SEQUENCE = "sequence"
    """An entry does not have the number of its place: one is missing, added or moved."""
    CHAIN = "chain"
    """An entry does not carry the digest of the one before it: one of the two was changed."""
    CASE = "case"
    """An entry is of another case."""
    ORDER = "order"
    """An entry is older than the one before it."""
    HEAD = "head"
    """The journal does not end in the entry that is stored as its head."""


@dataclass(frozen=True, slots=True)
class Discrepancy(Portable):
    """A place where a journal is not what was written.

    Attributes:
        kind: its kind.
        index: the index of the entry among those given; the length of the journal for its end.
        wording: what is wrong, for people.
    """

    kind: DiscrepancyKind
    index: int
    wording: Wording


DISCREPANCIES = {
    DiscrepancyKind.BEGINNING: Wording(
        "日志没有从个案的开始写起：此前缺少条目",
        "the journal does not begin where the case began: entries are missing before this one",
    ),
    DiscrepancyKind.SEQUENCE: Wording(
        "序号为 {found}，此处应为 {expected}：有条目缺失、多出或被调换",
        "its number is {found}, {expected} belongs here: an entry is missing, added or moved",
    ),
    DiscrepancyKind.CHAIN: Wording(
        "与前一条目的摘要不符：两者之一被改动",
        "it does not carry the digest of the entry before it: one of the two was changed",
    ),
    DiscrepancyKind.CASE: Wording(
        "属于另一个案 `{found}`，而不是 `{expected}`",
        "it is of another case, `{found}` instead of `{expected}`",
    ),
    DiscrepancyKind.ORDER: Wording(
        "时间 {found} 早于前一条目的 {expected}",
        "its time {found} is before {expected}, that of the entry before it",
    ),
    DiscrepancyKind.HEAD: Wording(
        "日志末条的摘要是 {found}，而留存的是 {expected}：末尾有条目缺失、多出或被改动",
        "the journal ends in {found}, stored is {expected}: at its end an entry is missing, added"
        " or changed",
    ),
}


def verify(entries: Iterable[Entry], *, head: str | None = None) -> tuple[Discrepancy, ...]:
    """Return every place where a journal is not what was written; none if it is whole.

    It needs no rules and executes nothing; `Workflow.replay` compares a journal with the rules.
    Digests are no signatures: who can write the whole journal and its head can write another. So
    keep the head, or a signature of it, where the writers of the journal cannot write.

    Args:
        entries: the journal, from its first entry on; refusals where they happened.
        head: the digest of its last entry, as it was stored elsewhere: `Case.head`. Without it, a
            change of the last entry and entries missing at the end are not found.

    Raises:
        ArgumentError: `entries` cannot be iterated, or `head` is not a text.
        JournalError: one of them is not an `Entry`.
    """
    if head is not None:
        head = read_text("head", head)
    journal = [reread_entry(each, index) for index, each in enumerate(read_journal(entries))]
    found = list(find_discrepancies(journal))
    if head is not None:
        last = find_last(journal)
        end = None if last is None else last.digest
        if head != end:
            shown = shorten(end or "-", DIGEST_LENGTH), shorten(head, DIGEST_LENGTH)
            found.append(build_discrepancy(DiscrepancyKind.HEAD, len(journal), *shown))
    return tuple(found)


def reread_entry(entry: Entry, index: int) -> Entry:
    """Return an entry as it comes out of a store: a host may have made one by hand.

    Raises:
        JournalError: it cannot be stored.
    """
    try:
        return Entry.load(entry.dump())
    except JournalError as problem:
        raise build_journal_error(index, problem.wording) from None
    except MemoryError:
        raise
    except Exception as problem:  # whatever its parts do that are objects of the host
        why = Wording.same(type(problem).__name__)
        raise build_journal_error(index, why) from None


def find_discrepancies(journal: Iterable[Entry]) -> Iterator[Discrepancy]:
    """Yield the discrepancies between each entry and the one before it."""
    before: Entry | None = None
    digest: str | None = None
    count = 0
    for index, entry in enumerate(journal):
        if before is None:
            if entry.kind not in FIRST_KINDS or entry.kind is EntryKind.MIGRATE:
                yield build_discrepancy(DiscrepancyKind.BEGINNING, index)
        else:
            yield from compare_neighbours(before, entry, index)
        if entry.sequence != count:
            yield build_discrepancy(DiscrepancyKind.SEQUENCE, index, entry.sequence, count)
        if entry.previous != digest:
            yield build_discrepancy(DiscrepancyKind.CHAIN, index)
        if entry.kind is not EntryKind.REFUSAL:
            # Count on from what was found, so that one missing entry is not told for each after it.
            before, digest, count = entry, entry.digest, entry.sequence + 1


def compare_neighbours(before: Entry, entry: Entry, index: int) -> Iterator[Discrepancy]:
    """Yield in what an entry contradicts the one before it."""
    if entry.case != before.case:
        yield build_discrepancy(
            DiscrepancyKind.CASE, index, shorten(entry.case), shorten(before.case)
        )
    if entry.at < before.at:
        instants = format_instant(entry.at), format_instant(before.at)
        yield build_discrepancy(DiscrepancyKind.ORDER, index, *instants)


def build_discrepancy(
    kind: DiscrepancyKind, index: int, found: object = "", expected: object = ""
) -> Discrepancy:
    """Return a discrepancy at the entry `index`."""
    wording = Wording("日志第 {index} 条：{why}", "entry {index} of the journal: {why}")
    why = DISCREPANCIES[kind].fill(found=found, expected=expected)
    return Discrepancy(kind, index, wording.fill(index=index, why=why))
