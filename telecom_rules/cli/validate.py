"""`telecom-rules validate`: report every mistake of a pack, with its place and a fix."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from telecom_rules.cli.arguments import add_path, read_count, read_given_day
from telecom_rules.cli.progress import CHECKING, ProgressLine
from telecom_rules.cli.reporting import (
    add_report_options,
    add_selection,
    read_selection,
    write_report,
)
from telecom_rules.cli.rewriting import show_changes, write_changes
from telecom_rules.cli.status import CLEAN, FINDINGS, ExitStatus, UsageError
from telecom_rules.cli.watching import add_watch, watch
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Sequence

    from telecom_rules.cli.reporting import Selection
    from telecom_rules.cli.screen import Screen
    from telecom_rules.findings import Finding
    from telecom_rules.validation import Baseline, Validation
    from telecom_rules.validation.examination import Settle


CACHE: str | None = ".telecom_rules_cache"
"""The folder of the cache, in the working directory unless another one is named."""
NAME = "validate"
SUMMARY = "check a pack of rules and report every mistake with file, line and column"
EXAMPLE = "telecom-rules validate house_rules/"
MENDED = Wording("已改正 {count} 处，涉及 {files} 个文件", "{count} mended in {files} file{s}")
WOULD_MEND = Wording(
    "可改正 {count} 处，涉及 {files} 个文件", "{count} would be mended in {files} file{s}"
)
NOTHING_TO_APPLY = Wording(
    "`--unsafe-fixes` 须与 `--fix` 或 `--diff` 同用", "`--unsafe-fixes` needs `--fix` or `--diff`"
)
WRITTEN = Wording(
    "已将 {count} 个问题写入基线 {path}", "findings written to the baseline {path}: {count}"
)


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the verb."""
    add_path(parser, "the pack's directory, or a file inside it")
    add_report_options(parser)
    add_selection(parser)
    add_watch(parser)
    parser.add_argument("--strict", action="store_true", help="let a warning fail the run")
    parser.add_argument("--release", action="store_true", help="also list unverified figures")
    parser.add_argument(
        "--on",
        metavar="DAY",
        help="also tell if the calendar ends soon after this day, such as 2026-12-01 or today",
    )
    parser.add_argument(
        "--calendar-days",
        metavar="DAYS",
        help="for how many days from then the calendar should go on (default: 90)",
    )
    parser.add_argument(
        "--prove",
        action="store_true",
        help="put what is undecided to a solver, as `verify` does (extra: proofs)",
    )
    parser.add_argument(
        "--fix", action="store_true", help="mend in place what has one reading only"
    )
    parser.add_argument(
        "--diff", action="store_true", help="write nothing; print what --fix would change"
    )
    parser.add_argument(
        "--unsafe-fixes", action="store_true", help="with these, also mend what is a guess"
    )
    parser.add_argument(
        "--baseline", metavar="FILE", help="leave out the findings that this file has"
    )
    parser.add_argument(
        "--cache-dir",
        metavar="FOLDER",
        help=f"where findings are kept for the next run with the same files (default: {CACHE})",
    )
    parser.add_argument("--no-cache", action="store_true", help="neither read nor keep findings")
    parser.add_argument(
        "--write-baseline", metavar="FILE", help="write the findings to this file, and report none"
    )


def run(arguments: argparse.Namespace, screen: Screen) -> ExitStatus:
    """Validate the pack, with `--watch` again and again."""
    if arguments.watch:
        return watch(arguments.path, lambda: run_once(arguments, screen), screen)
    return run_once(arguments, screen)


def run_once(arguments: argparse.Namespace, screen: Screen) -> ExitStatus:
    """Validate the pack and print the findings, or mend those that can be."""
    if arguments.unsafe_fixes and not (arguments.fix or arguments.diff):
        raise UsageError(NOTHING_TO_APPLY)
    selection, baseline = read_selection(arguments), read_baseline(arguments.baseline)
    if arguments.fix or arguments.diff:
        return mend(arguments, screen, selection, baseline)
    examined = examine_pack(arguments, screen)
    return report(examined, arguments, screen, selection, baseline)


def mend(
    arguments: argparse.Namespace, screen: Screen, selection: Selection, baseline: Baseline
) -> ExitStatus:
    """Apply the fixes and print what is left, or print what would change."""
    from telecom_rules.validation import fix

    def choose(validation: Validation) -> Sequence[Finding]:
        return baseline.divide(selection.pick(validation.findings), validation.texts).new

    fixed = fix(
        arguments.path, release=arguments.release, unsafe=arguments.unsafe_fixes, choose=choose
    )
    files = len(fixed.files)
    counts = {"count": fixed.count, "files": files, "s": "" if files == 1 else "s"}
    if arguments.diff:
        show_changes(fixed.files, screen)
        screen.complain(WOULD_MEND.fill(**counts).say(screen.language))
        return FINDINGS if files or fails(choose(fixed.validation), arguments) else CLEAN
    write_changes(fixed.files)
    if files:
        screen.complain(MENDED.fill(**counts).say(screen.language))
    examined = examine_pack(arguments, screen) if arguments.prove else fixed.validation
    return report(examined, arguments, screen, selection, baseline)


def examine_pack(arguments: argparse.Namespace, screen: Screen) -> Validation:
    """Validate the pack, and say meanwhile how far that is."""
    from telecom_rules.validation import DAYS_AHEAD, examine

    days = arguments.calendar_days
    settle = find_solver() if arguments.prove else None
    cache = None if arguments.no_cache else arguments.cache_dir or CACHE
    with ProgressLine(CHECKING, screen.language) as line:
        return examine(
            arguments.path,
            release=arguments.release,
            settle=settle,
            progress=line,
            cache=cache,
            on=read_given_day("--on", arguments.on),
            calendar_days=DAYS_AHEAD if days is None else read_count("--calendar-days", str(days)),
        )


def report(
    examined: Validation,
    arguments: argparse.Namespace,
    screen: Screen,
    selection: Selection,
    baseline: Baseline,
) -> ExitStatus:
    """Print the findings, or write them to a new baseline."""
    from telecom_rules.pack import find_pack
    from telecom_rules.reports import Report
    from telecom_rules.validation import Baseline

    chosen = selection.pick(examined.findings)
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
    return FINDINGS if fails(divided.new, arguments) else CLEAN


def fails(findings: Iterable[Finding], arguments: argparse.Namespace) -> bool:
    """Tell whether findings fail the run."""
    from telecom_rules.findings import Severity

    fatal = {Severity.ERROR, Severity.WARNING} if arguments.strict else {Severity.ERROR}
    return any(each.severity in fatal for each in findings)


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
