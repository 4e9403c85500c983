"""`telecom-rules validate`: report every mistake of a pack, with its place and a fix."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.cli.arguments import add_path
from telecom_rules.cli.status import CLEAN, FINDINGS, ExitStatus
from telecom_rules.reports import FORMATS, Report

if TYPE_CHECKING:
    import argparse

    from telecom_rules.cli.screen import Screen


NAME = "validate"
SUMMARY = "check a pack of rules and report every mistake with file, line and column"
EXAMPLE = "telecom-rules validate house_rules/"


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the verb."""
    add_path(parser, "the pack's directory, or a file inside it")
    parser.add_argument(
        "--format",
        choices=tuple(FORMATS),
        default="text",
        help="frames or lines for people, or a document for machines",
    )
    parser.add_argument("--release", action="store_true", help="also list unverified figures")


def run(arguments: argparse.Namespace, screen: Screen) -> ExitStatus:
    """Validate the pack and print the findings."""
    from telecom_rules import scenarios
    from telecom_rules.checks import check
    from telecom_rules.findings import Severity
    from telecom_rules.pack import read

    reading = read(arguments.path)
    written = scenarios.read(arguments.path, reading.pack)
    findings = sorted(
        (
            *reading.findings,
            *check(reading, release=arguments.release),
            *written.findings,
        ),
        key=lambda each: (each.span, each.id),
    )
    report = Report(
        findings=findings,
        texts={**reading.texts, **written.texts},
        pack=reading.pack,
        language=screen.language,
        color=screen.colour,
    )
    screen.write_document(FORMATS[arguments.format](report), arguments.format)
    return FINDINGS if any(each.severity is Severity.ERROR for each in findings) else CLEAN
