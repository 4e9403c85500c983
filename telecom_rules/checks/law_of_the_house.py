"""TR766: a figure said to be one of the law that rests on nothing but the house's own clauses.

Whoever follows a change of the law before the base does registers the instrument, with who issued
it, and cites that. A source of the house without an issuer is one that the house has written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.findings import Finding, Findings
from telecom_rules.vocabulary import ParameterDefinition, SourceDefinition, SourceKind
from telecom_rules.vocabulary.parameters import ParameterKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from telecom_rules.pack import Reading


CODES = ("TR766",)


def check(reading: Reading) -> Iterator[Finding]:
    """Yield a finding for each value of a figure of the law that cites only the house."""
    if reading.pack is None:
        return
    written = find_own_sources(reading)
    words = reading.pack.vocabulary
    for parameter in reading.drafts.of(ParameterDefinition):
        if parameter.kind != ParameterKind.LAW:
            continue
        for value in parameter.values:
            clauses = words.cite(value.cites, Findings())
            if clauses and all(each.source.name in written for each in clauses):
                told = ", ".join(f"`{each}`" for each in clauses)
                values = {"name": parameter.parameter, "clauses": told}
                yield Finding("TR766", value.span, values)


def find_own_sources(reading: Reading) -> frozenset[str]:
    """Return the names of the sources that those who keep the pack have written themselves."""
    extends = reading.base is not None
    return frozenset(
        each.source
        for each in reading.drafts.of(SourceDefinition)
        if each.kind == SourceKind.HANDBOOK
        or (extends and each.issuer is None and reading.overlay.is_own(each.span))
    )
