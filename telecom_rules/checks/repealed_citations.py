"""TR605 and TR606: citations of law on days on which it is not in force.

TR605: a clause ends before the element that cites it. It is not reported if the element also cites
a clause that follows, of the same source or of its successor: the element then rests on both.
TR606: an element begins before every clause that it cites.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.findings import Finding, Findings
from telecom_rules.pack.elements import iter_citing
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from telecom_rules.documents import Word
    from telecom_rules.pack import Reading
    from telecom_rules.pack.elements import Element
    from telecom_rules.vocabulary import Clause


CODES = ("TR605", "TR606")
CLAUSE_IN_FORCE = Wording("届时有效的条款", "a clause in force at that time")


def check(reading: Reading) -> Iterator[Finding]:
    """Yield a finding for each citation of a clause outside the days on which it is in force."""
    if reading.pack is None:
        return
    words = reading.pack.vocabulary
    for element in iter_citing(reading.drafts):
        cited = list(zip(element.cites, words.cite(element.cites, Findings()), strict=True))
        clauses = [clause for _, clause in cited]
        for word, clause in cited:
            if is_outlived(element, clause) and not is_succeeded(clause, clauses):
                yield build_repealed_finding(element, word, clause)
        if clauses and not has_clause_in_force(element, clauses):
            values = {"kind": element.kind, "name": element.path, "day": element.days.since}
            yield Finding("TR606", element.cites[0].span, values)


def is_outlived(element: Element, clause: Clause) -> bool:
    """Return whether an element applies on a day after the clause has ended."""
    end, last = clause.in_force.until, element.days.until
    return end is not None and (last is None or last > end)


def is_succeeded(clause: Clause, clauses: Sequence[Clause]) -> bool:
    """Return whether a clause that replaces `clause` is among those cited."""
    sources = {clause.source.name, clause.source.repealed_by}
    end = clause.in_force.until
    return end is not None and any(
        each.source.name in sources and end in each.in_force for each in clauses
    )


def has_clause_in_force(element: Element, clauses: Sequence[Clause]) -> bool:
    """Return whether a clause is in force on the first day of an element; true without one."""
    first = element.days.since
    return first is None or any(
        each.in_force.since is None or each.in_force.since <= first for each in clauses
    )


def build_repealed_finding(element: Element, word: Word, clause: Clause) -> Finding:
    """Return the finding for a citation of a clause that has ended, with its replacement."""
    instead = successor_of(clause)
    values = {
        "clause": word,
        "day": clause.in_force.until,
        "kind": element.kind,
        "name": element.path,
        "instead": CLAUSE_IN_FORCE if instead is None else f"`{instead}`",
    }
    return Finding("TR605", word.span, values)


def successor_of(clause: Clause) -> str | None:
    """Return the replacement of a clause: its present number, or the later source."""
    return clause.source.repealed_by if clause.version is None else str(clause.present)
