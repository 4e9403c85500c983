"""The format `junit`: JUnit XML, which CI servers read.

A scenario is a test case, and a failed one has a failure. A finding of a file is a test case of
its own, named after its code: an error has an error, a warning passes and is quoted as output.
Every text is escaped as on a terminal, which leaves no character that XML 1.0 forbids.
Source: https://github.com/testmoapp/junitxml.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from telecom_rules.findings import Severity, render
from telecom_rules.findings.terminal import escape_invisible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from telecom_rules.findings import Finding
    from telecom_rules.reports.report import Report
    from telecom_rules.scenarios import ScenarioResult


def write(report: Report) -> str:
    """Return the report as one `testsuite`."""
    pack, results = report.pack, () if report.run is None else report.run.results
    suite = Element(
        "testsuite",
        name="" if pack is None else escape_invisible(f"{pack.name} {pack.version}"),
        tests=str(len(report.findings) + len(results)),
        failures=str(sum(not each.passed for each in results)),
        errors=str(sum(each.severity is Severity.ERROR for each in report.findings)),
    )
    for finding in report.findings:
        add_finding(suite, finding, report)
    for result in results:
        add_result(suite, result, report)
    indent(suite)
    return tostring(suite, encoding="unicode")


def add_finding(suite: Element, finding: Finding, report: Report) -> None:
    """Add the test case of a finding."""
    case = SubElement(
        suite, "testcase", classname=escape_invisible(finding.span.file), name=finding.id
    )
    if finding.severity is Severity.ERROR:
        add_problem(case, "error", [finding], report)
    else:
        SubElement(case, "system-out").text = render([finding], report.texts, report.language)


def add_result(suite: Element, result: ScenarioResult, report: Report) -> None:
    """Add the test case of a scenario."""
    scenario = result.scenario
    group, _, name = scenario.id.rpartition("/")
    file = escape_invisible(scenario.span.file)
    case = SubElement(suite, "testcase", classname=group, name=name, file=file)
    if not result.passed:
        add_problem(case, "failure", result.findings, report)


def add_problem(case: Element, tag: str, findings: Sequence[Finding], report: Report) -> None:
    """Add an error or a failure: the first finding in short, all of them as frames."""
    problem = SubElement(case, tag, message=findings[0].concise(report.language))
    problem.text = render(findings, report.texts, report.language)
