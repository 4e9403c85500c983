"""The format `junit`: JUnit XML, which CI servers read.

A scenario is a test case, and a failed one has a failure. A finding of a file is a test case of
its own, named after its code: an error has an error, a warning passes and is quoted as output.
Every text is escaped as on a terminal, which leaves no character that XML 1.0 forbids.
Source: https://github.com/testmoapp/junitxml.
"""

from __future__ import annotations

from itertools import zip_longest
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
    seconds = () if report.run is None else report.run.seconds
    if seconds:
        suite.set("time", write_time(sum(seconds)))
    for finding in report.findings:
        add_finding(suite, finding, report)
    for result, took in zip_longest(results, seconds):
        case = add_result(suite, result, report)
        if took is not None:
            case.set("time", write_time(took))
    indent(suite)
    return tostring(suite, encoding="unicode")


def add_finding(suite: Element, finding: Finding, report: Report) -> None:
    """Add the test case of a finding."""
    file = escape_invisible(finding.span.file)
    case = SubElement(
        suite,
        "testcase",
        classname=file,
        name=finding.id,
        file=file,
        line=str(finding.span.line),
    )
    if finding.severity is Severity.ERROR:
        add_problem(case, "error", [finding], report)
    else:
        SubElement(case, "system-out").text = render([finding], report.texts, report.language)


def add_result(suite: Element, result: ScenarioResult, report: Report) -> Element:
    """Add the test case of a scenario, and return it."""
    scenario = result.scenario
    group, _, name = scenario.id.rpartition("/")
    file = escape_invisible(scenario.span.file)
    line = str(scenario.span.line)
    case = SubElement(suite, "testcase", classname=group, name=name, file=file, line=line)
    if not result.passed:
        add_problem(case, "failure", result.findings, report)
    return case


def write_time(seconds: float) -> str:
    """Return a time as JUnit has it: seconds, to the millisecond."""
    return f"{seconds:.3f}"


def add_problem(case: Element, tag: str, findings: Sequence[Finding], report: Report) -> None:
    """Add an error or a failure: the first finding in short, all of them as frames."""
    problem = SubElement(case, tag, message=findings[0].concise(report.language))
    problem.text = render(findings, report.texts, report.language)
