"""`telecom-rules test`: run the scenarios of a pack and say what did not come true, and why."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from telecom_rules.cli.status import CLEAN, FINDINGS, NOT_CHECKED, ExitStatus
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from telecom_rules.cli.screen import Screen
    from telecom_rules.findings import Finding
    from telecom_rules.pack import Pack
    from telecom_rules.scenarios import Coverage, ScenarioReading, ScenarioResult


NAME = "test"
SUMMARY = "run the scenarios of a pack and say what did not come true, and why"
EXAMPLE = "telecom-rules test house_rules/"

NO_SCENARIOS = Wording("没有可运行的场景", "there are no scenarios to run")
NO_SCENARIO_CHOSEN = Wording(
    "没有可运行的场景：没有一个符合所给的名称或文件",
    "there are no scenarios to run: none has this name or stands in this file",
)
TALLY = Wording(
    "场景：通过 {passed}，未通过 {failed}", "scenarios: {passed} passed, {failed} failed"
)

SEEN = Wording("{kind}：{covered}/{total}", "{kind}: {covered}/{total}")
COVERAGE_PERCENT = Wording("覆盖率 {percent}%", "coverage {percent}%")


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the verb."""
    parser.add_argument(
        "path",
        nargs="?",
        help="the pack's directory, or scenarios in it (default: the shipped pack)",
    )
    parser.add_argument(
        "--select", metavar="NAME", default="", help="run only scenarios whose name contains this"
    )
    parser.add_argument(
        "--coverage", action="store_true", help="also say what of the pack no scenario sees at work"
    )
    parser.add_argument(
        "--fail-under",
        type=percentage,
        metavar="PERCENT",
        help="fail where less than this is seen at work, and then list what is not",
    )
    parser.add_argument(
        "--format",
        choices=("text", "json", "junit"),
        default="text",
        help="frames for people, or a report for machines",
    )


HUNDRED_PERCENT = 100
"""Per cent."""


def percentage(text: str) -> float:
    """Return a share in per cent; as the type of an argument.

    Raises:
        ValueError: it is no number from 0 to 100.
    """
    value = float(text)
    if not 0 <= value <= HUNDRED_PERCENT:
        raise ValueError(text)
    return value


class ScenarioReport(NamedTuple):
    """What there is to tell.

    Attributes:
        pack: the pack.
        written: its scenarios as read.
        results: what came of those that ran.
        coverage: how much they have seen, if that was measured.
        lists_missing: whether to list what they have not seen.
    """

    pack: Pack
    written: ScenarioReading
    results: Sequence[ScenarioResult]
    coverage: Coverage | None
    lists_missing: bool


def run(arguments: argparse.Namespace, screen: Screen) -> ExitStatus:
    """Run the scenarios and print what did not come true."""
    from telecom_rules import scenarios
    from telecom_rules.findings import Severity
    from telecom_rules.pack import find_pack, read

    reading = read(arguments.path)
    pack = reading.require_pack()
    observe = arguments.coverage or arguments.fail_under is not None
    written = scenarios.read(arguments.path, pack)
    part = path_prefix_of(find_pack(arguments.path), arguments.path)
    chosen = (
        each
        for each in written.scenarios
        if arguments.select in each.id and f"{each.span.file}/".startswith(part)
    )
    results = scenarios.run(chosen, pack, observe=observe)
    coverage = scenarios.measure(results, reading) if observe else None
    short = coverage is not None and coverage.percent < (arguments.fail_under or 0)
    report = ScenarioReport(
        pack, written, results, coverage, lists_missing=short or arguments.coverage
    )
    WRITERS[arguments.format](report, screen)
    if any(each.severity is Severity.ERROR for each in written.findings):
        return FINDINGS
    if not results:
        return NOT_CHECKED
    if short:
        return FINDINGS
    return CLEAN if all(each.passed for each in results) else FINDINGS


def path_prefix_of(root: Path, path: str | None) -> str:
    """Return how the names of the files that `path` means begin, with a `/` behind each."""
    if path is None or Path(path).resolve() == root.resolve():
        return ""
    part = Path(path).resolve().relative_to(root.resolve()).as_posix()
    return f"{part}/" if "scenarios" in part.split("/") else ""


def write_text(report: ScenarioReport, screen: Screen) -> None:
    """Print a frame for each thing that did not come true, and how many scenarios there are."""
    from telecom_rules.findings import render

    findings = [
        *report.written.findings,
        *(report.coverage.findings if report.coverage is not None else ()),
        *(each for result in report.results for each in result.findings),
    ]
    if findings:
        screen.write_line(
            render(findings, report.written.texts, screen.language, color=screen.colour)
        )
    if not report.results:
        screen.say(NO_SCENARIO_CHOSEN if report.written.scenarios else NO_SCENARIOS)
        return
    failed = sum(not each.passed for each in report.results)
    screen.say(TALLY.fill(passed=len(report.results) - failed, failed=failed))
    if report.coverage is not None:
        show_coverage(report.coverage, screen, listed=report.lists_missing)


def show_coverage(coverage: Coverage, screen: Screen, *, listed: bool) -> None:
    """Print how much of each kind is seen and, if `listed`, what is not, with its place."""
    for share in coverage.shares:
        screen.write_title(
            SEEN.fill(kind=share.kind.wording, covered=share.covered, total=share.total)
        )
        for each in share.missing if listed else ():
            what = each.what.say(screen.language)
            screen.write_line(f"  {each.name}: {what}  {screen.paint(str(each.span), 'dim')}")
    screen.write_line()
    screen.say(COVERAGE_PERCENT.fill(percent=f"{int(coverage.percent * 100) / 100:.2f}"))


def write_json(report: ScenarioReport, screen: Screen) -> None:
    """Print what came of each scenario as one JSON object."""
    content: dict[str, object] = {
        "pack": report.pack.name,
        "version": report.pack.version,
        "digest": report.pack.digest,
        "findings": [dump_finding(each) for each in report.written.findings],
        "scenarios": [
            {
                "id": each.scenario.id,
                "title": each.scenario.title._asdict(),
                "file": each.scenario.span.file,
                "line": each.scenario.span.line,
                "cites": [str(clause.value) for clause in each.scenario.cites],
                "passed": each.passed,
                "findings": [dump_finding(finding) for finding in each.findings],
            }
            for each in report.results
        ],
    }
    if report.coverage is not None:
        content["coverage"] = dump_coverage(report.coverage)
    screen.write_line(json.dumps(content, ensure_ascii=False, indent=2))


def dump_coverage(coverage: Coverage) -> dict[str, object]:
    """Return how much is seen as JSON."""
    return {
        "percent": coverage.percent,
        "findings": [dump_finding(each) for each in coverage.findings],
        "kinds": {
            str(share.kind): {
                "covered": share.covered,
                "total": share.total,
                "missing": [
                    {
                        "name": each.name,
                        "what": each.what._asdict(),
                        "file": each.span.file,
                        "line": each.span.line,
                    }
                    for each in share.missing
                ],
            }
            for share in coverage.shares
        },
    }


def dump_finding(finding: Finding) -> dict[str, object]:
    """Return a finding as JSON."""
    return {
        "code": finding.id,
        "severity": str(finding.severity),
        "file": finding.span.file,
        "line": finding.span.line,
        "column": finding.span.column,
        "message": finding.wording._asdict(),
        "notes": [each._asdict() for each in finding.notes],
    }


def write_junit(report: ScenarioReport, screen: Screen) -> None:
    """Print what came of each scenario as the JUnit XML that CI servers read."""
    from xml.etree.ElementTree import Element, SubElement, indent, tostring

    failed = sum(not each.passed for each in report.results)
    suite = Element(
        "testsuite",
        name=f"{report.pack.name} {report.pack.version}",
        tests=str(len(report.results)),
        failures=str(failed),
        errors=str(len(report.written.findings)),
    )
    for finding in report.written.findings:
        case = SubElement(suite, "testcase", classname=finding.span.file, name=finding.id)
        error = SubElement(case, "error", message=finding.concise(screen.language))
        error.text = render_plain([finding], report.written, screen)
    for result in report.results:
        group, _, name = result.scenario.id.rpartition("/")
        case = SubElement(
            suite, "testcase", classname=group, name=name, file=result.scenario.span.file
        )
        if not result.passed:
            first = result.findings[0].concise(screen.language)
            failure = SubElement(case, "failure", message=first)
            failure.text = render_plain(result.findings, report.written, screen)
    indent(suite)
    screen.write_line(tostring(suite, encoding="unicode"))


def render_plain(findings: Sequence[Finding], written: ScenarioReading, screen: Screen) -> str:
    """Return findings as frames without colour."""
    from telecom_rules.findings import render

    return render(findings, written.texts, screen.language)


WRITERS = {"text": write_text, "json": write_json, "junit": write_junit}
