"""TR504: an element that cites no clause.

A pack may switch the check off with `require_cites: false` in its `pack.yaml`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.findings import Finding
from telecom_rules.pack import PackDefinition
from telecom_rules.pack.elements import Citing, iter_elements

if TYPE_CHECKING:
    from collections.abc import Iterator

    from telecom_rules.pack import Reading


CODES = ("TR504",)


def check(reading: Reading) -> Iterator[Finding]:
    """Yield a finding for each element of the pack that cites nothing."""
    pack = next(iter(reading.drafts.of(PackDefinition)), None)
    if pack is None or not pack.require_cites:
        return
    # A slip in the same line may well hide the citation.
    broken = reading.slips
    for element in iter_elements(reading.drafts):
        place = (element.span.file, element.span.line)
        if element.citing is Citing.REQUIRED and not element.cites and place not in broken:
            values = {"kind": element.kind, "name": element.path}
            yield Finding("TR504", element.span, values)
