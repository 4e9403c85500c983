"""What is worth saying about a pack that loads: one module a check.

Mistakes that stop a pack from loading are found where it is read and linked; a check looks at the
whole and adds what a compliance officer would want to know before the rules are used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.checks import (
    dead_ends,
    idle_expiries,
    impossible_guards,
    parallel_overlaps,
    properties,
    repealed_citations,
    shadowed_transitions,
    tables,
    uncited,
    unreachable,
    unstarted_clocks,
    unstopped_clocks,
    untitled,
    unused_effects,
    unused_elements,
    unused_events,
    unverified_failures,
    unverified_figures,
)

if TYPE_CHECKING:
    from telecom_rules.findings import Finding
    from telecom_rules.pack import Reading

__all__ = ["check"]

DEFAULT_CHECKS = (
    unreachable.check,
    dead_ends.check,
    unused_events.check,
    idle_expiries.check,
    shadowed_transitions.check,
    impossible_guards.check,
    unstopped_clocks.check,
    unstarted_clocks.check,
    tables.check,
    unused_effects.check,
    parallel_overlaps.check,
    properties.check,
    uncited.check,
    untitled.check,
    repealed_citations.check,
    unverified_failures.check,
    unused_elements.check,
)
RELEASE_CHECKS = (unverified_figures.check,)


def check(reading: Reading, *, release: bool = False) -> tuple[Finding, ...]:
    """Return what the checks find in a pack that has been read, in the order of the places.

    Args:
        reading: what `telecom_rules.pack.read` returned.
        release: whether to list figures that nobody has verified, too.
    """
    checks = DEFAULT_CHECKS + RELEASE_CHECKS if release else DEFAULT_CHECKS
    found = (finding for one in checks for finding in one(reading))
    return tuple(sorted(found, key=lambda finding: finding.span))
