"""Places as the reader of a report reaches them: from the working directory."""

from __future__ import annotations

from dataclasses import replace
from posixpath import normpath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from telecom_rules.findings import Finding, Fix, Span
    from telecom_rules.reports.report import Report, ScenarioRun
    from telecom_rules.scenarios import Coverage, ScenarioResult


def move_report(report: Report, folder: str) -> Report:
    """Return a report whose places begin with the path of the pack's folder.

    Args:
        report: a report whose places are told from the folder of the pack.
        folder: the path of that folder from where the reader stands, with `/` between folders; an
            empty text is the folder itself.
    """
    if not folder:
        return report
    return replace(
        report,
        findings=move_findings(report.findings, folder),
        ignored=move_findings(report.ignored, folder),
        known=move_findings(report.known, folder),
        texts={move_name(name, folder): text for name, text in report.texts.items()},
        run=None if report.run is None else move_run(report.run, folder),
    )


def move_findings(findings: Iterable[Finding], folder: str) -> tuple[Finding, ...]:
    """Return findings whose places begin with the path of the pack's folder."""
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


def move_fix(fix: Fix, folder: str) -> Fix:
    """Return a fix whose places begin with the path of the pack's folder."""
    moved = (replace(each, span=move_span(each.span, folder)) for each in fix.edits)
    return replace(fix, edits=tuple(moved))


def move_span(span: Span, folder: str) -> Span:
    """Return a place that begins with the path of the pack's folder."""
    return span._replace(file=move_name(span.file, folder))


def move_name(name: str, folder: str) -> str:
    """Return the name of a file from where the reader stands.

    A file of a base that was installed, such as `telecom_rules:pack.yaml`, has no path there.
    """
    is_installed = ":" in name.partition("/")[0]
    return name if is_installed or not folder else normpath(f"{folder}/{name}")


def move_run(run: ScenarioRun, folder: str) -> ScenarioRun:
    """Return the results of scenarios with their places moved."""
    return replace(
        run,
        results=[move_result(each, folder) for each in run.results],
        coverage=None if run.coverage is None else move_coverage(run.coverage, folder),
    )


def move_result(result: ScenarioResult, folder: str) -> ScenarioResult:
    """Return the result of a scenario with its places moved."""
    scenario = replace(result.scenario, span=move_span(result.scenario.span, folder))
    return replace(result, scenario=scenario, findings=move_findings(result.findings, folder))


def move_coverage(coverage: Coverage, folder: str) -> Coverage:
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
