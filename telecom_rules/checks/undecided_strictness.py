"""TR763: before a release, house rules of which it is not known whether they are laxer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.checks.laxer_than_base import find_refused
from telecom_rules.checks.strictness import Direction

if TYPE_CHECKING:
    from collections.abc import Iterator

    from telecom_rules.findings import Finding
    from telecom_rules.pack import Reading


CODES = ("TR763",)


def check(reading: Reading) -> Iterator[Finding]:
    """Yield a finding for each deviation from the base that is not decided."""
    yield from find_refused(reading, {Direction.UNDECIDED: "TR763"})
