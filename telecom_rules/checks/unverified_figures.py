"""TR604: figures not verified against the source text, listed before a release."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.findings import Finding
from telecom_rules.vocabulary import ParameterDefinition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from telecom_rules.pack import Reading


CODES = ("TR604",)


def check(reading: Reading) -> Iterator[Finding]:
    """Yield a finding for each value of a parameter whose confidence is low."""
    for parameter in reading.drafts.of(ParameterDefinition):
        for value in parameter.values:
            if value.confidence == "low":
                yield Finding("TR604", value.span, {"name": parameter.parameter})
