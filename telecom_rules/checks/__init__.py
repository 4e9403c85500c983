"""What is worth saying about a pack that loads: one module a check.

Mistakes that stop a pack from loading are found where it is read and linked; a check looks at the
whole and adds what a compliance officer would want to know before the rules are used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.checks import (
    citations,
    clock_events,
    clock_starts,
    clock_stops,
    impossible,
    overlaps,
    properties,
    repeals,
    shadows,
    tables,
    titles,
    traps,
    unreachable,
    unused,
    unused_effects,
    unused_events,
    unverified,
    verification,
)

if TYPE_CHECKING:
    from telecom_rules.findings import Finding
    from telecom_rules.pack import Reading

__all__ = ["check"]

DEFAULT_CHECKS = (
    unreachable.check,
    traps.check,
    unused_events.check,
    clock_events.check,
    shadows.check,
    impossible.check,
    clock_stops.check,
    clock_starts.check,
    tables.check,
    unused_effects.check,
    overlaps.check,
    properties.check,
    citations.check,
    titles.check,
    repeals.check,
    unverified.check,
    unused.check,
)
RELEASE_CHECKS = (verification.check,)


def check(reading: Reading, *, release: bool = False) -> tuple[Finding, ...]:
    """Return what the checks find in a pack that has been read, in the order of the places.

    Args:
        reading: what `telecom_rules.pack.read` returned.
        release: whether to list figures that nobody has verified, too.
    """
    checks = DEFAULT_CHECKS + RELEASE_CHECKS if release else DEFAULT_CHECKS
    found = (finding for one in checks for finding in one(reading))
    return tuple(sorted(found, key=lambda finding: finding.span))
