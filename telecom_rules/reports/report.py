"""A report: the findings of a pack and, if its scenarios were run, their results."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from telecom_rules.findings import Finding
    from telecom_rules.pack import Overview
    from telecom_rules.scenarios import Coverage, ScenarioResult
    from telecom_rules.wording import Language, Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioRun:
    """The results of the scenarios that were run.

    Attributes:
        results: one result for each scenario that was run.
        written: the number of scenarios in the pack, run or not.
        faulty: how many of those asked for were not run because of mistakes in them.
        unread: how many files of scenarios cannot be read.
        coverage: how much of the pack they cover, if that was measured.
        lists_missing: whether people also read what is not covered.
        seconds: how long each of them took, as long as somebody has measured it.
    """

    results: Sequence[ScenarioResult]
    written: int
    faulty: int = 0
    unread: int = 0
    coverage: Coverage | None = None
    lists_missing: bool = False
    seconds: Sequence[float] = ()

    @property
    def failed(self) -> int:
        """The number of scenarios that failed."""
        return sum(not each.passed for each in self.results)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings of the coverage, then those of each failed scenario."""
        return (
            *(self.coverage.findings if self.coverage is not None else ()),
            *(finding for each in self.results for finding in each.findings),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a verb has found out about a pack, and how people want to read it.

    Attributes:
        findings: the findings of the files, in the order in which they are written.
        ignored: the findings that comments in the rules set aside.
        known: the findings that a baseline has.
        gone: how many findings a baseline has that nobody finds any more.
        texts: the text of each file by its name; a frame shows the line from there.
        pack: the pack at a glance, or `None` if it has errors.
        run: the results of its scenarios, or `None` if they were not run.
        language: the language of the formats that people read.
        color: whether these formats use ANSI colours.
        statistics: whether people read how often each code was found.
        verb: the verb whose report it is; what it found is told behind the findings.
        remarks: what it found besides findings, line by line, for people.
        details: the same for programs, by key.
    """

    findings: Sequence[Finding]
    ignored: Sequence[Finding] = ()
    known: Sequence[Finding] = ()
    gone: int = 0
    texts: Mapping[str, str] = field(repr=False)
    pack: Overview | None = None
    run: ScenarioRun | None = None
    language: Language = "en"
    color: bool = False
    statistics: bool = False
    verb: str = "validate"
    remarks: Sequence[Wording] = ()
    details: Mapping[str, object] = field(default_factory=dict)

    @property
    def all_findings(self) -> tuple[Finding, ...]:
        """The findings of the files, then those of the scenarios."""
        return (*self.findings, *(self.run.findings if self.run is not None else ()))
