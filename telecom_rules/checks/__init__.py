"""Checks of a pack that loads: one module a check, named after what it finds, its codes on top.

Mistakes that stop a pack from loading are found where it is read and linked. A check looks at the
whole pack and reports what a compliance officer has to know before the rules are used. The code of
a finding leads to the module that makes it: `CODES` of the modules here, or `FOUND_WHILE_LINKING`.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from telecom_rules.findings import Finding
    from telecom_rules.pack import Reading

__all__ = ["CHECKS", "FOUND_WHILE_LINKING", "Check", "check", "check_citations"]


class Check(Protocol):
    """A module that holds one check.

    Attributes:
        CODES: the codes of its findings.
    """

    CODES: tuple[str, ...]

    def check(self, reading: Reading) -> Iterator[Finding]:
        """Yield the findings in a pack; none where the pack does not load."""


# The folder is the list: a check that has a file here runs.
CHECKS: tuple[Check, ...] = tuple(
    cast("Check", import_module(f"{__name__}.{each.name}"))
    for each in iter_modules(__path__)
    if not each.ispkg
)
RELEASE_CODES = frozenset({"TR604"})
"""Reported before a release only."""
CITATION_CODES = frozenset({"TR504", "TR507"})
"""Reported by `coverage --check`: an element without a clause, a clause without an element."""
COVERAGE_CODES = frozenset({"TR507"})
"""Reported by `coverage --check` only: a pack in the making answers few clauses yet."""
FOUND_WHILE_LINKING: Mapping[str, str] = MappingProxyType(
    {
        "TR311": "telecom_rules.workflows.linking.endless",
        "TR312": "telecom_rules.workflows.linking.states",
        "TR313": "telecom_rules.pack.linking",
    }
)
"""Codes of reachability that already stop a pack from loading, with the modules that make them."""


def check(reading: Reading, *, release: bool = False) -> tuple[Finding, ...]:
    """Return the findings of the checks in a pack that has been read, in the order of the places.

    Args:
        reading: what `telecom_rules.pack.read` returned.
        release: whether to list the figures that nobody has verified, too.
    """
    left_out = COVERAGE_CODES if release else COVERAGE_CODES | RELEASE_CODES
    return run_checks(reading, (each for each in CHECKS if left_out.isdisjoint(each.CODES)))


def check_citations(reading: Reading) -> tuple[Finding, ...]:
    """Return what has no counterpart: elements that cite no clause, clauses that nothing answers.

    Args:
        reading: what `telecom_rules.pack.read` returned.
    """
    return run_checks(
        reading, (each for each in CHECKS if not CITATION_CODES.isdisjoint(each.CODES))
    )


def run_checks(reading: Reading, checks: Iterator[Check]) -> tuple[Finding, ...]:
    """Return the findings of some checks, in the order of the places."""
    found = (finding for each in checks for finding in each.check(reading))
    return tuple(sorted(found, key=lambda finding: (finding.span, finding.id)))
