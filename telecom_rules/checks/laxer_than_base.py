"""TR760 to TR762: house rules that are laxer than their base, or not known to be as strict."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from telecom_rules.checks.strictness import Direction
from telecom_rules.checks.strictness.places import describe, find_placed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from telecom_rules.findings import Finding
    from telecom_rules.pack import Reading


CODES = ("TR760", "TR761", "TR762")
CODE_OF: Final[Mapping[Direction, str]] = {
    Direction.LAXER: "TR760",
    Direction.INCOMPARABLE: "TR761",
    Direction.UNDECIDED: "TR762",
}


def check(reading: Reading) -> Iterator[Finding]:
    """Yield a finding for each deviation from the base that is not known to be allowed."""
    yield from find_refused(reading, CODE_OF)


def find_refused(reading: Reading, codes: Mapping[Direction, str]) -> Iterator[Finding]:
    """Yield a finding for each deviation of some directions; settings may be loosened."""
    for each in find_placed(reading, codes):
        yield each.build_finding(codes[each.deviation.direction], describe(each.deviation))
