"""The format `concise`: one line for each finding, then a summary; for logs and editors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.reports.summary import summarize_report

if TYPE_CHECKING:
    from telecom_rules.reports.report import Report


def write(report: Report) -> str:
    """Return the report as lines `FILE:LINE:COLUMN: SEVERITY[CODE] MESSAGE (HELP)`."""
    lines = [each.concise(report.language) for each in report.all_findings]
    return "\n".join([*lines, *summarize_report(report)])
