"""Static checks of a loaded pack: one module per check, named after its finding, `CODES` on top.

Mistakes that prevent loading are found while reading and linking. A check analyses the whole pack
and reports what a compliance officer must know before the rules are used. To find the module of a
code, see `CODES` of the modules here, or `FOUND_WHILE_LINKING`.
"""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol, TypeAlias, cast

from telecom_rules.checks.strictness.causes import Causes
from telecom_rules.findings import Related, Severity, cap_findings
from telecom_rules.findings.collector import MOST_OF_ALL
from telecom_rules.pack.overlay.provenance import BASE_SAYS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from telecom_rules.findings import Finding, Span
    from telecom_rules.pack import Reading

__all__ = [
    "CHECKS",
    "FOUND_WHILE_LINKING",
    "Check",
    "Progress",
    "check",
    "check_citations",
    "ignore_progress",
]


class Check(Protocol):
    """A module that holds one check.

    Attributes:
        CODES: the codes of its findings.
    """

    CODES: tuple[str, ...]

    def check(self, reading: Reading) -> Iterator[Finding]:
        """Yield the findings in a pack; none if the pack does not load."""


# The folder is the registry: every module here runs as a check.
CHECKS: tuple[Check, ...] = tuple(
    cast("Check", import_module(f"{__name__}.{each.name}"))
    for each in iter_modules(__path__)
    if not each.ispkg
)
RELEASE_CODES = frozenset({"TR604", "TR763"})
"""Reported only before a release."""
SHARPENED_CODES = frozenset({"TR762"})
"""Warnings that are errors of a code of their own before a release (TR763)."""
REFUSED_CODES = frozenset({"TR760", "TR761"})
"""Where a house is laxer than its base, or cannot be compared with it."""
CITATION_CODES = frozenset({"TR504", "TR507"})
"""Reported by `coverage --check`: an element without a clause, a clause without an element."""
COVERAGE_CODES = frozenset({"TR507"})
"""Reported only by `coverage --check`: an unfinished pack answers few clauses yet."""
FOUND_WHILE_LINKING: Mapping[str, str] = MappingProxyType(
    {
        "TR311": "telecom_rules.workflows.linking.endless",
        "TR312": "telecom_rules.workflows.linking.states",
        "TR313": "telecom_rules.pack.linking",
    }
)
"""Codes of reachability that prevent loading, with the modules that report them."""


Progress: TypeAlias = "Callable[[int, int], None]"
"""Is told how many steps of how many are done."""


def ignore_progress(done: int, total: int) -> None:
    """Do nothing about the progress of a run: nobody watches it."""


def check(
    reading: Reading, *, release: bool = False, progress: Progress = ignore_progress
) -> tuple[Finding, ...]:
    """Return the findings of the checks in a pack, in the order of their spans.

    Args:
        reading: the result of `telecom_rules.pack.read`.
        release: whether to list unverified figures, too.
        progress: is told how many of how many checks are done.
    """
    excluded = COVERAGE_CODES if release else COVERAGE_CODES | RELEASE_CODES
    chosen = (each for each in CHECKS if excluded.isdisjoint(each.CODES))
    found = run_checks(reading, chosen, progress)
    return tuple(each for each in found if not release or each.id not in SHARPENED_CODES)


def check_citations(reading: Reading) -> tuple[Finding, ...]:
    """Return the findings on elements that cite no clause and clauses that nothing answers.

    Args:
        reading: the result of `telecom_rules.pack.read`.
    """
    return run_checks(
        reading, (each for each in CHECKS if not CITATION_CODES.isdisjoint(each.CODES))
    )


def move_to_house(reading: Reading, findings: Iterable[Finding]) -> list[Finding]:
    """Return findings, each about what the house has made of a base at the place where it did that.

    A warning without such a place is left out: who keeps the house cannot mend it. Several of one
    kind at one place have one cause and are one finding. Where the house is refused as laxer, what
    else the same line makes wrong is found once that is mended.
    """
    kept: list[Finding] = []
    moved: dict[tuple[str, Span], list[Finding]] = {}
    causes = Causes(reading)
    for each in findings:
        span = None if reading.overlay.is_own(each.span) else causes.find(each)
        if span is not None:
            moved.setdefault((each.id, span), []).append(each)
        elif reading.overlay.concerns(each):
            kept.append(each)
    refused = {each.span[:2] for each in kept if each.id in REFUSED_CODES}
    for (_, span), (first, *others) in moved.items():
        if span[:2] not in refused or first.severity is not Severity.ERROR:
            at_base = Related(first.span, BASE_SAYS)
            like_it = (Related(each.span, each.wording) for each in others)
            rest = (each for each in first.related if each.span != span)
            kept.append(replace(first, span=span, related=(at_base, *like_it, *rest)))
    return kept


def run_checks(
    reading: Reading, checks: Iterable[Check], progress: Progress = ignore_progress
) -> tuple[Finding, ...]:
    """Return the findings of some checks, in the order of their spans.

    What a base has on its own is for those who keep it, and is not repeated.
    """
    several = tuple(checks)
    found: list[Finding] = []
    for done, each in enumerate(several):
        progress(done, len(several))
        found += each.check(reading)
    if not all(reading.overlay.is_own(each.span) for each in found) and reading.base is not None:
        bases = reading.bases if reading.base.pack is None else (reading.base,)
        below = {
            (each.id, each.span, each.wording)
            for base in bases
            for each in run_checks(base, several)
        }
        found = [each for each in found if (each.id, each.span, each.wording) not in below]
    told = move_to_house(reading, reading.overlay.show_both_places(found))
    ordered = sorted(told, key=lambda finding: (finding.span, finding.id))
    return cap_findings(ordered, of_file=MOST_OF_ALL)
