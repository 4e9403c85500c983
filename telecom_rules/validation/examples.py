"""The examples of matters: each is a scenario of the pack, which is read beside the rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.findings import Findings
from telecom_rules.findings.kinds import SCENARIO
from telecom_rules.pack import MatterDefinition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from telecom_rules.findings import Finding
    from telecom_rules.pack import Reading


def find_lost_examples(reading: Reading, scenarios: frozenset[str]) -> Iterator[Finding]:
    """Yield a finding for each example of a matter that is not a scenario.

    Args:
        reading: the pack.
        scenarios: the names of the scenarios of the pack and of those that it extends.
    """
    findings = Findings()
    known = dict.fromkeys(sorted(scenarios), True)
    for definition in reading.drafts.of(MatterDefinition) if reading.pack is not None else ():
        for each in definition.examples:
            findings.find(each, SCENARIO, known)
    yield from filter(reading.overlay.concerns, findings)
