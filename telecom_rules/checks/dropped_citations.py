"""TR765: an overlay whose citations leave out a clause that the base cites for the same element.

A clause of the house goes behind those of the base: what the law asks is still asked by the law,
and explanations say so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.findings import Finding
from telecom_rules.pack.elements import iter_elements
from telecom_rules.vocabulary.parameters import ValueDefinition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from telecom_rules.pack import Reading


CODES = ("TR765",)


def check(reading: Reading) -> Iterator[Finding]:
    """Yield a finding for each element of the base that no longer cites one of its clauses."""
    is_own = reading.overlay.is_own
    own = [
        (each, span)
        for each in iter_elements(reading.drafts)
        if each.cites and not isinstance(each.definition, ValueDefinition)
        for span in (each.definition.span_of_key("cites"),)
        if is_own(span) and not is_own(each.definition.span)
    ]
    if not own or reading.base is None:
        return
    # What an overlay changes keeps the place that it has in the base.
    cited = {
        (type(each.definition), each.definition.span): each.cites
        for each in iter_elements(reading.base.drafts)
    }
    for element, span in own:
        before = cited.get((type(element.definition), element.definition.span), ())
        dropped = ", ".join(f"`{each}`" for each in before if each not in element.cites)
        if dropped:
            values = {"kind": element.kind, "name": element.path, "clauses": dropped}
            yield Finding("TR765", span, values)
