"""TR509: a kind of complaint or request that no matter of the desk answers.

Asked of the catalogues of which a matter names a code: whoever records a matter under another code
of theirs is told nothing. Packs without matters have none of these findings.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.findings import Finding
from telecom_rules.vocabulary import CatalogueDefinition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from telecom_rules.pack import Reading


CODES = ("TR509",)


def check(reading: Reading) -> Iterator[Finding]:
    """Yield a finding for each code beside those that matters name."""
    if reading.pack is None:
        return
    named = {
        (each.catalogue, each.code)
        for matter in reading.pack.matters.values()
        for each in matter.kinds
    }
    catalogues = {catalogue for catalogue, _ in named}
    for definition in reading.drafts.of(CatalogueDefinition):
        name = str(definition.catalogue)
        for code in definition.codes if name in catalogues else ():
            if (name, str(code)) not in named:
                values = {"catalogue": name, "code": code}
                yield Finding("TR509", code.span, values)
