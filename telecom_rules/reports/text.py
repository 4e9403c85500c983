"""The format `text`: a frame around the line of each finding, then a summary; for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.findings import render
from telecom_rules.reports.summary import summarize_report

if TYPE_CHECKING:
    from telecom_rules.reports.report import Report


def write(report: Report) -> str:
    """Return the report as frames and a summary."""
    found = report.all_findings
    frames = [render(found, report.texts, report.language, color=report.color)] if found else []
    return "\n".join([*frames, *summarize_report(report)])
