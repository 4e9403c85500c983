"""Citations of a source that is not there, told once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from telecom_rules.findings import Related
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from telecom_rules.findings import Finding

UNKNOWN_SOURCE = "TR501"
MOST_SHOWN = 10
"""Further places that a finding shows."""
CITED_HERE_TOO = Wording("此处也引用了它", "it is cited here, too")
COUNT = Wording("共引用 {count} 处", "places that cite it: {count}")


def join_citations(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings with one for each source that is not there, at its first citation.

    It counts the citations and shows the places of some. Where a name is near a citation each has
    its own: every one of them is to be mended where it stands.
    """
    every = sorted(findings, key=lambda each: each.span)
    citations: dict[object, list[Finding]] = {}
    for each in every:
        if is_lost(each):
            citations.setdefault(each.values["source"], []).append(each)
    return tuple(
        join(citations[each.values["source"]]) if is_lost(each) else each
        for each in every
        if not is_lost(each) or citations[each.values["source"]][0] is each
    )


def is_lost(finding: Finding) -> bool:
    """Tell whether a finding is about a citation of a source that nothing is near to."""
    return finding.id == UNKNOWN_SOURCE and finding.suggestion is None


def join(several: Sequence[Finding]) -> Finding:
    """Return the first of some findings about one source, with the places of the others."""
    first, *others = several
    if not others:
        return first
    related = (Related(each.span, CITED_HERE_TOO) for each in others[:MOST_SHOWN])
    return replace(
        first,
        related=(*first.related, *related),
        notes=(*first.notes, COUNT.fill(count=len(several))),
    )
