"""Places as the reader of a report reaches them: from the working directory."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from posixpath import normpath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from telecom_rules.findings import Finding, Fix, Span
    from telecom_rules.reports.report import Report, ScenarioRun
    from telecom_rules.scenarios import Coverage, ScenarioResult


@dataclass(frozen=True, slots=True)
class Folders:
    """The paths of folders from where the reader stands, with `/`; an empty text for where he does.

    Attributes:
        own: the folder of the pack.
        installed: those of the bases that are found by their name, by it.
    """

    own: str = ""
    installed: Mapping[str, str] = field(default_factory=dict)

    def move(self, name: str) -> str:
        """Return the name of a file from where the reader stands.

        A file of a base that is found by its name begins with that: `telecom_rules:pack.yaml`.
        """
        label, _, rest = name.partition(":")
        if rest and "/" not in label:
            folder = self.installed.get(label)
            return name if folder is None else normpath(f"{folder or '.'}/{rest}")
        return normpath(f"{self.own}/{name}") if self.own else name


def move_report(report: Report, folder: Folders) -> Report:
    """Return a report whose places are told from where the reader stands.

    Args:
        report: a report whose places are told from the folder of the pack.
        folder: the folders of the pack and its bases.
    """
    return replace(
        report,
        findings=move_findings(report.findings, folder),
        ignored=move_findings(report.ignored, folder),
        known=move_findings(report.known, folder),
        texts={folder.move(name): text for name, text in report.texts.items()},
        run=None if report.run is None else move_run(report.run, folder),
    )


def move_findings(findings: Iterable[Finding], folder: Folders) -> tuple[Finding, ...]:
    """Return findings whose places are told from where the reader stands."""
    return tuple(
        replace(
            each,
            span=move_span(each.span, folder),
            related=tuple(
                replace(other, span=move_span(other.span, folder)) for other in each.related
            ),
            fix=None if each.fix is None else move_fix(each.fix, folder),
        )
        for each in findings
    )


def move_fix(fix: Fix, folder: Folders) -> Fix:
    """Return a fix whose places are told from where the reader stands."""
    moved = (replace(each, span=move_span(each.span, folder)) for each in fix.edits)
    return replace(fix, edits=tuple(moved))


def move_span(span: Span, folder: Folders) -> Span:
    """Return a place as it is told from where the reader stands."""
    return span._replace(file=folder.move(span.file))


def move_run(run: ScenarioRun, folder: Folders) -> ScenarioRun:
    """Return the results of scenarios with their places moved."""
    return replace(
        run,
        results=[move_result(each, folder) for each in run.results],
        coverage=None if run.coverage is None else move_coverage(run.coverage, folder),
    )


def move_result(result: ScenarioResult, folder: Folders) -> ScenarioResult:
    """Return the result of a scenario with its places moved."""
    scenario = replace(result.scenario, span=move_span(result.scenario.span, folder))
    return replace(result, scenario=scenario, findings=move_findings(result.findings, folder))


def move_coverage(coverage: Coverage, folder: Folders) -> Coverage:
    """Return a coverage with its places moved."""
    return replace(
        coverage,
        findings=move_findings(coverage.findings, folder),
        shares=tuple(
            replace(
                share,
                missing=tuple(
                    replace(each, span=move_span(each.span, folder)) for each in share.missing
                ),
            )
            for share in coverage.shares
        ),
    )
