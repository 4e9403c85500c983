"""TR607: an unverified figure that makes a check fail.

A check of severity `error` decides the verdict of its list. While its requirement reads a figure
of low confidence, it may only warn or advise.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.findings import Finding
from telecom_rules.vocabulary import Confidence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from telecom_rules.pack import Reading


CODES = ("TR607",)
PARAMETER_PREFIX = "parameters."


def check(reading: Reading) -> Iterator[Finding]:
    """Yield a finding for each failing check that reads a figure of low confidence."""
    if reading.pack is None:
        return
    low = {
        name
        for name, parameter in reading.pack.parameters.items()
        if any(value.confidence is Confidence.LOW for value in parameter.values)
    }
    for policy in reading.pack.policies.values():
        for item in policy.checks:
            reads = {name for each in (*item.tests, item.require) for name in each.reads}
            for name in sorted(low):
                if item.severity == "error" and PARAMETER_PREFIX + name in reads:
                    yield Finding("TR607", item.span, {"check": item.id, "name": name})
