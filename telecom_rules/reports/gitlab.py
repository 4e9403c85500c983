"""The format `gitlab`: a code quality report, which GitLab shows in a merge request.

Source: https://docs.gitlab.com/ci/testing/code_quality/, "Code Quality report format".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.findings import Severity
from telecom_rules.findings.fingerprints import fingerprint
from telecom_rules.reports.json import encode

if TYPE_CHECKING:
    from telecom_rules.reports.report import Report

SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor"}


def write(report: Report) -> str:
    """Return the findings as one JSON list."""
    found = report.all_findings
    marks = fingerprint(found, report.texts)
    return encode(
        [
            {
                "description": f"{each.id} {each.wording.say(report.language)}",
                "check_name": each.code.name,
                "fingerprint": mark,
                "severity": SEVERITIES[each.severity],
                "location": {
                    "path": each.span.file,
                    "lines": {"begin": each.span.line, "end": each.span.end_line},
                },
            }
            for each, mark in zip(found, marks, strict=True)
        ]
    )
