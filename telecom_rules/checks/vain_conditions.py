"""TR409: a condition of consistency that no record meets; TR410: one that every record meets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.checks.analysis.satisfiability import find_contradiction
from telecom_rules.expressions.consistency import conditions_of
from telecom_rules.findings import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from telecom_rules.pack import Reading


CODES = ("TR409", "TR410")


def check(reading: Reading) -> Iterator[Finding]:
    """Yield a finding for each condition that refuses every record, or none."""
    if reading.pack is None:
        return
    for facts in reading.pack.facts.values():
        for each in conditions_of(facts):
            values = {"facts": facts.name, "name": each.id}
            if find_contradiction(each.require, {}) is not None:
                yield Finding("TR409", each.span, values)
            elif find_contradiction(each.contradiction, {}) is not None:
                yield Finding("TR410", each.span, values)
