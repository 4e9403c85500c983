"""Traceability matrix: the elements of a pack that answer each clause of its sources.

A clause is answered by an element that cites it and does, names or measures something. A fact or an
event that cites it is listed but does not answer it: recording is not acting.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from typing import TYPE_CHECKING

from telecom_rules.checks.analysis.ways import find_ways
from telecom_rules.findings import Findings
from telecom_rules.pack import MatterDefinition
from telecom_rules.pack.elements import iter_citing
from telecom_rules.vocabulary import FactsDefinition, SourceKind
from telecom_rules.vocabulary.facts import FactDefinition
from telecom_rules.wording import Wording
from telecom_rules.workflows.definition import EventDefinition

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from telecom_rules.checks.analysis.ways import Way
    from telecom_rules.pack import Reading
    from telecom_rules.pack.elements import Element
    from telecom_rules.vocabulary import Clause, Source


RECORDING_DEFINITIONS = (FactsDefinition, FactDefinition, EventDefinition, MatterDefinition)
"""Elements that only record something or point to others, so they answer no clause."""


class ClauseStanding(StrEnum):
    """How a clause is accounted for."""

    ANSWERED = "answered"
    """Something in the pack cites it."""
    GUIDANCE = "guidance"
    """It cannot be executed or measured; the source file says why."""
    GAP = "gap"
    """The source itself is incomplete; the source file says what is missing."""
    NOWHERE = "nowhere"
    """Nothing answers it, although something must."""
    UNUSED = "unused"
    """Nothing answers it, and nothing has to."""

    @property
    def wording(self) -> Wording:
        """Its name for people."""
        return STANDING_WORDINGS[self]


STANDING_WORDINGS = {
    ClauseStanding.ANSWERED: Wording("已落实", "answered"),
    ClauseStanding.GUIDANCE: Wording("仅为指引", "guidance only"),
    ClauseStanding.GAP: Wording("原文有缺漏", "gap in the source"),
    ClauseStanding.NOWHERE: Wording("未落实", "not answered"),
    ClauseStanding.UNUSED: Wording("未采用", "not used"),
}


@dataclass(frozen=True, slots=True)
class TracedClause:
    """A clause with the elements that cite it.

    Attributes:
        clause: the clause.
        elements: the elements that cite it, in the order of the files.
        way: how it is answered, or `None` where nothing answers it.
    """

    clause: Clause
    elements: tuple[Element, ...]
    way: Way | None

    @property
    def standing(self) -> ClauseStanding:
        """How it is accounted for."""
        if any(not isinstance(each.definition, RECORDING_DEFINITIONS) for each in self.elements):
            return ClauseStanding.ANSWERED
        if self.clause.gap is not None:
            return ClauseStanding.GAP
        if self.clause.guidance is not None:
            return ClauseStanding.GUIDANCE
        return ClauseStanding.NOWHERE if is_required(self.clause.source) else ClauseStanding.UNUSED

    @property
    def reason(self) -> Wording | None:
        """Why it is guidance only or a gap, as stated in the source file."""
        return self.clause.gap or self.clause.guidance


def build_matrix(reading: Reading) -> tuple[TracedClause, ...]:
    """Return every clause of every source of a pack; none of a pack that does not link."""
    if reading.pack is None:
        return ()
    words = reading.pack.vocabulary
    citing: dict[tuple[str, str], list[Element]] = defaultdict(list)
    for element in iter_citing(reading.drafts):
        for clause in dict.fromkeys(words.cite(element.cites, Findings())):
            citing[clause.source.name, clause.present.id].append(element)
    ways = find_ways(reading.pack)
    return tuple(
        TracedClause(
            clause, tuple(citing[source.name, clause.id]), ways.get((source.name, clause.id))
        )
        for source in words.sources.values()
        for clause in source.clauses.values()
    )


def is_required(source: Source) -> bool:
    """Return whether every clause of a source must be accounted for; not so for laws."""
    return source.kind is SourceKind.SPECIFICATION


def group_by_source(rows: Iterable[TracedClause]) -> Iterator[tuple[Source, list[TracedClause]]]:
    """Yield the clauses source by source."""
    for _, group in groupby(rows, key=lambda row: row.clause.source.name):
        clauses = list(group)
        yield clauses[0].clause.source, clauses
