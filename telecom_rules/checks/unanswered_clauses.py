"""TR507: a clause that must be accounted for, but nothing in the pack answers it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.checks.analysis.matrix import ClauseStanding, build_matrix
from telecom_rules.findings import Finding
from telecom_rules.vocabulary import SourceDefinition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from telecom_rules.pack import Reading


CODES = ("TR507",)


def check(reading: Reading) -> Iterator[Finding]:
    """Yield a finding for each clause that must be accounted for and is not."""
    places = {
        (str(source.source), str(number)): number.span
        for source in reading.drafts.of(SourceDefinition)
        for number in source.clauses
    }
    for row in build_matrix(reading):
        if row.standing is ClauseStanding.NOWHERE:
            span = places[row.clause.source.name, row.clause.id]
            yield Finding("TR507", span, {"clause": row.clause, "title": row.clause.title})
