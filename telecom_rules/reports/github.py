"""The format `github`: workflow commands, which GitHub Actions shows at the changed lines.

GitHub shows ten errors and ten warnings of a step and drops the others, so the worst come first
and the last lines say how many are not shown; `summarize_step` has them all.
Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from telecom_rules.findings import Severity
from telecom_rules.findings.terminal import escape_invisible
from telecom_rules.reports.markdown import escape_text, quote_code, write_row
from telecom_rules.reports.summary import summarize_report
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterator

    from telecom_rules.findings import Finding
    from telecom_rules.reports.report import Report
    from telecom_rules.wording import Language

MOST_SHOWN = 10
"""Annotations of one kind that GitHub shows for a step."""
NOT_SHOWN = Wording(
    "另有 {count} 处未在此标注，见任务摘要",
    "not annotated here: {count} more; see the summary of the job",
)
HEADER = Wording("位置|问题|说明", "place|finding|what is wrong")


def write(report: Report) -> str:
    """Return an annotation for the first findings of each severity, then a summary."""
    shown = [
        finding
        for severity in Severity
        for finding in islice(
            (each for each in report.all_findings if each.severity is severity), MOST_SHOWN
        )
    ]
    lines = [annotate(each, report.language) for each in shown]
    left = len(report.all_findings) - len(shown)
    if left:
        lines.append(NOT_SHOWN.fill(count=left).say(report.language))
    return "\n".join([*lines, *summarize_report(report)])


def annotate(finding: Finding, language: Language) -> str:
    """Return the workflow command for a finding; GitHub calls it as we call the severity."""
    span = finding.span
    place: dict[str, object] = {"file": span.file, "line": span.line, "endLine": span.end_line}
    if span.line == span.end_line:  # GitHub refuses columns across lines
        place |= {"col": span.column, "endColumn": span.end_column}
    place["title"] = finding.id
    told = [finding.wording, *finding.notes, *([finding.help] if finding.help else [])]
    message = "\n".join(escape_invisible(each.say(language)) for each in told)
    parts = ",".join(f"{key}={escape_property(str(value))}" for key, value in place.items())
    return f"::{finding.severity} {parts}::{escape_data(message)}"


def escape_data(text: str) -> str:
    """Return the text of a workflow command, which is one line."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def escape_property(text: str) -> str:
    """Return the value of a property of a workflow command."""
    return escape_data(escape_invisible(text)).replace(":", "%3A").replace(",", "%2C")


def summarize_step(report: Report) -> str:
    """Return every finding as a table in Markdown: for the summary of a job."""
    return "\n".join(write_summary(report))


def write_summary(report: Report) -> Iterator[str]:
    """Yield the lines of `summarize_step`."""
    language = report.language
    if report.all_findings:
        yield write_row(*HEADER.say(language).split("|"))
        yield write_row("---", "---", "---")
    for each in report.all_findings:
        yield write_row(
            quote_code(str(each.span)), each.id, escape_text(each.wording.say(language))
        )
    yield ""
    for line in summarize_report(report):
        yield escape_text(line)
