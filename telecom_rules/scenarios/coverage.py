"""How much of a pack its scenarios see at work."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from telecom_rules.scenarios.elements import Kind, elements
from telecom_rules.scenarios.grounds import executed, grounds, in_vain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from telecom_rules.findings import Finding
    from telecom_rules.pack import Reading
    from telecom_rules.scenarios.elements import Element
    from telecom_rules.scenarios.observe import Mark
    from telecom_rules.scenarios.run import Result

__all__ = ["Coverage", "Share", "measure"]


@dataclass(frozen=True, slots=True)
class Share:
    """How much of one kind is seen.

    Attributes:
        kind: the kind.
        total: how many there are.
        missing: those that no scenario sees, in the order of their places.
    """

    kind: Kind
    total: int
    missing: tuple[Element, ...]

    @property
    def covered(self) -> int:
        """How many are seen."""
        return self.total - len(self.missing)


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of a pack the scenarios that came true have seen.

    Attributes:
        shares: the kinds of which the pack has something.
        findings: clauses that scenarios cite and on which nothing in them rests.
    """

    shares: tuple[Share, ...]
    findings: tuple[Finding, ...]

    @property
    def percent(self) -> float:
        """How much of everything is seen, in percent; all of nothing is 100."""
        total = sum(each.total for each in self.shares)
        return 100.0 * sum(each.covered for each in self.shares) / total if total else 100.0


def measure(results: Iterable[Result], reading: Reading) -> Coverage:
    """Return how much of a pack was seen by the scenarios that came true.

    Args:
        results: what came of the scenarios, from a `Runner` that observes.
        reading: the pack as it was read.
    """
    if reading.pack is None:
        return Coverage((), ())
    cites = grounds(reading.pack)
    passed = [each for each in results if each.passed]
    marks = {mark for each in passed for mark in each.marks}
    marks |= {("clause", clause) for each in passed for clause in named(each, cites)}
    every = elements(reading)
    shares = (share(kind, [each for each in every if each.kind is kind], marks) for kind in Kind)
    findings = tuple(finding for each in passed for finding in in_vain(each, cites))
    return Coverage(tuple(each for each in shares if each.total), findings)


def named(result: Result, cites: Mapping[Mark, tuple[str, ...]]) -> set[str]:
    """Return the clauses that a scenario names and on which something in it rests."""
    return {str(each.value) for each in result.scenario.cites} & set(executed(result.marks, cites))


def share(kind: Kind, every: Sequence[Element], marks: set[Mark]) -> Share:
    """Return how much of one kind is seen."""
    return Share(kind, len(every), tuple(each for each in every if each.mark not in marks))
