"""`telecom-rules validate`: every mistake of a pack, with its place and what to do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.cli.status import CLEAN, FINDINGS, ExitStatus
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    import argparse

    from telecom_rules.cli.screen import Screen
    from telecom_rules.pack import Pack


NAME = "validate"
SUMMARY = "check a pack of rules and report every mistake with file, line and column"
EXAMPLE = "telecom-rules validate house_rules/"


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the verb."""
    parser.add_argument(
        "path",
        nargs="?",
        help="the pack's directory, or a file inside it (default: the shipped pack)",
    )
    parser.add_argument(
        "--format",
        choices=("text", "concise"),
        default="text",
        help="frames, or one line a finding",
    )
    parser.add_argument(
        "--release", action="store_true", help="also list the figures that nobody has verified"
    )


def run(arguments: argparse.Namespace, screen: Screen) -> ExitStatus:
    """Validate the pack and print what was found."""
    from telecom_rules import scenarios
    from telecom_rules.checks import check
    from telecom_rules.findings import Severity, render, summarize
    from telecom_rules.pack import read

    reading = read(arguments.path)
    written = scenarios.read(arguments.path, reading.pack)
    findings = sorted(
        (
            *reading.findings,
            *check(reading, release=arguments.release),
            *written.findings,
        ),
        key=lambda f: f.span,
    )
    texts = {**reading.texts, **written.texts}
    if arguments.format == "concise":
        for finding in findings:
            screen.write_line(finding.concise(screen.language))
    elif findings:
        screen.write_line(render(findings, texts, screen.language, color=screen.colour))
    screen.write_line(summarize(findings, screen.language))
    if reading.pack is not None:
        screen.say(describe_pack(reading.pack))
    return FINDINGS if any(each.severity is Severity.ERROR for each in findings) else CLEAN


def describe_pack(pack: Pack) -> Wording:
    """Return one line that says what the pack holds."""
    clauses = sum(len(source.clauses) for source in pack.sources.values())
    return Wording(
        "{name} {version}（{digest}）：策略 {policies}，流程 {workflows}，参数 {parameters}，"
        "数据 {facts}，目录 {catalogues}，依据 {sources}（条款 {clauses}）",
        "{name} {version} ({digest}): policies {policies}, workflows {workflows}, "
        "parameters {parameters}, facts {facts}, catalogues {catalogues}, "
        "sources {sources} (clauses {clauses})",
    ).fill(
        name=pack.name,
        version=pack.version,
        digest=pack.digest[:19],
        policies=len(pack.policies),
        workflows=len(pack.workflows),
        parameters=len(pack.parameters),
        facts=len(pack.facts),
        catalogues=len(pack.catalogues),
        sources=len(pack.sources),
        clauses=clauses,
    )
