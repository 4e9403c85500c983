"""`telecom-rules validate`: report every mistake of a pack, with its place and a fix."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from telecom_rules.cli.arguments import add_path
from telecom_rules.cli.reporting import add_report_options, is_selected, read_codes, write_report
from telecom_rules.cli.status import CLEAN, FINDINGS, ExitStatus
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    import argparse

    from telecom_rules.cli.screen import Screen
    from telecom_rules.validation import Baseline
    from telecom_rules.validation.examination import Settle


NAME = "validate"
SUMMARY = "check a pack of rules and report every mistake with file, line and column"
EXAMPLE = "telecom-rules validate house_rules/"
WRITTEN = Wording(
    "已将 {count} 个问题写入基线 {path}", "{count} findings are written to the baseline {path}"
)


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the verb."""
    add_path(parser, "the pack's directory, or a file inside it")
    add_report_options(parser)
    parser.add_argument(
        "--select",
        action="append",
        metavar="CODES",
        help="report only findings whose code begins so, such as TR4,TR310",
    )
    parser.add_argument(
        "--ignore", action="append", metavar="CODES", help="leave out findings whose code begins so"
    )
    parser.add_argument("--strict", action="store_true", help="let a warning fail the run")
    parser.add_argument("--release", action="store_true", help="also list unverified figures")
    parser.add_argument(
        "--prove",
        action="store_true",
        help="put what is undecided to a solver, as `verify` does (extra: proofs)",
    )
    parser.add_argument(
        "--baseline", metavar="FILE", help="leave out the findings that this file has"
    )
    parser.add_argument(
        "--write-baseline", metavar="FILE", help="write the findings to this file, and report none"
    )


def run(arguments: argparse.Namespace, screen: Screen) -> ExitStatus:
    """Validate the pack and print the findings."""
    from telecom_rules.findings import Severity
    from telecom_rules.pack import find_pack
    from telecom_rules.reports import Report
    from telecom_rules.validation import Baseline, examine

    select = read_codes("--select", arguments.select)
    ignore = read_codes("--ignore", arguments.ignore)
    baseline = read_baseline(arguments.baseline)
    settle = find_solver() if arguments.prove else None
    examined = examine(arguments.path, release=arguments.release, settle=settle)
    chosen = [each for each in examined.findings if is_selected(each, select, ignore)]
    if arguments.write_baseline is not None:
        text = Baseline.of(chosen, examined.texts).dump()
        Path(arguments.write_baseline).write_text(text, encoding="utf-8", newline="\n")
        screen.say(WRITTEN.fill(count=len(chosen), path=arguments.write_baseline))
        return CLEAN
    divided = baseline.divide(chosen, examined.texts)
    report = Report(
        findings=divided.new,
        ignored=examined.ignored,
        known=divided.known,
        gone=len(divided.gone),
        texts=examined.texts,
        pack=examined.pack,
        language=screen.language,
        color=screen.colour,
        statistics=arguments.statistics,
    )
    write_report(report, arguments, screen, find_pack(arguments.path))
    fatal = {Severity.ERROR, Severity.WARNING} if arguments.strict else {Severity.ERROR}
    return FINDINGS if any(each.severity in fatal for each in divided.new) else CLEAN


def find_solver() -> Settle:
    """Return what answers the questions that the checks leave undecided.

    Raises:
        MissingExtra: the extra `proofs` is not installed.
    """
    from telecom_rules.proofs.verification import settle_findings

    return settle_findings


def read_baseline(path: str | None) -> Baseline:
    """Return the baseline of a file; without one, a baseline that knows nothing.

    Raises:
        BaselineError: it is not a baseline.
        OSError: it cannot be opened.
    """
    from telecom_rules.validation import Baseline

    return Baseline(()) if path is None else Baseline.parse(Path(path).read_bytes(), path)
