"""Measures the coverage of a pack by scenarios."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from telecom_rules.scenarios.coverage.clauses import (
    find_unsupported_cites,
    iter_executed_clauses,
    map_clauses,
)
from telecom_rules.scenarios.coverage.elements import CoverageKind, list_items

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from telecom_rules.findings import Finding
    from telecom_rules.pack import Reading
    from telecom_rules.scenarios.coverage.elements import CoverageItem
    from telecom_rules.scenarios.coverage.observe import CoverageMark
    from telecom_rules.scenarios.run import ScenarioResult


@dataclass(frozen=True, slots=True)
class Share:
    """The coverage of one kind.

    Attributes:
        kind: the kind.
        total: the number of items.
        missing: the items that are not covered, in the order of their spans.
    """

    kind: CoverageKind
    total: int
    missing: tuple[CoverageItem, ...]

    @property
    def covered(self) -> int:
        """The number of items covered."""
        return self.total - len(self.missing)


@dataclass(frozen=True, slots=True)
class Coverage:
    """The coverage of a pack by the scenarios that pass.

    Attributes:
        shares: the coverage of each kind that the pack has.
        findings: clauses that scenarios cite and do not cover.
    """

    shares: tuple[Share, ...]
    findings: tuple[Finding, ...]

    @property
    def percent(self) -> float:
        """The percentage of all items covered; 100 if there are none."""
        total = sum(each.total for each in self.shares)
        return 100.0 * sum(each.covered for each in self.shares) / total if total else 100.0


def measure(results: Iterable[ScenarioResult], reading: Reading, *, base: bool = False) -> Coverage:
    """Return the coverage of a pack by the scenarios that pass.

    Args:
        results: the results of a `Runner` that observes.
        reading: the pack as it was read.
        base: whether what the packs below it say has to be covered too, and not only what it
            writes itself.
    """
    if reading.pack is None:
        return Coverage((), ())
    cites = map_clauses(reading.pack)
    passed = [each for each in results if each.passed]
    marks = {mark for each in passed for mark in each.marks}
    marks |= {("clause", clause) for each in passed for clause in covered_clauses_of(each, cites)}
    every = [each for each in list_items(reading) if base or reading.overlay.is_own(each.span)]
    shares = (
        build_share(kind, [each for each in every if each.kind is kind], marks)
        for kind in CoverageKind
    )
    findings = tuple(finding for each in passed for finding in find_unsupported_cites(each, cites))
    return Coverage(tuple(each for each in shares if each.total), findings)


def covered_clauses_of(
    result: ScenarioResult, cites: Mapping[CoverageMark, tuple[str, ...]]
) -> set[str]:
    """Return the clauses that a scenario cites and covers."""
    return {str(each.value) for each in result.scenario.cites} & set(
        iter_executed_clauses(result.marks, cites)
    )


def build_share(
    kind: CoverageKind, every: Sequence[CoverageItem], marks: set[CoverageMark]
) -> Share:
    """Return the coverage of one kind."""
    return Share(kind, len(every), tuple(each for each in every if each.mark not in marks))
