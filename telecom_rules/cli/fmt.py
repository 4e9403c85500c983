"""`telecom-rules fmt`: format the files of a pack."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from telecom_rules.cli.reporting import (
    add_report_options,
    choose_format,
    path_from_here,
    write_report,
)
from telecom_rules.cli.rewriting import show_changes, write_changes
from telecom_rules.cli.status import CLEAN, FINDINGS, NOT_CHECKED, ExitStatus, UsageError
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Mapping, Sequence

    from telecom_rules.cli.screen import Screen
    from telecom_rules.findings import Finding, Findings


NAME = "fmt"
SUMMARY = "format the YAML files of a pack; comments and content are kept"
EXAMPLE = "telecom-rules fmt house_rules/"
NEEDS_CHECK = Wording(
    "`--format`、`--output` 和 `--statistics` 须与 `--check` 同用",
    "`--format`, `--output` and `--statistics` are for the report of `--check`",
)


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the verb."""
    parser.add_argument(
        "paths",
        nargs="*",
        default=["."],
        metavar="PATH",
        help="files or folders of a pack (default: the pack around this folder)",
    )
    parser.add_argument(
        "--check", action="store_true", help="write nothing; exit with 1 if a file would change"
    )
    parser.add_argument("--diff", action="store_true", help="write nothing; print the changes")
    add_report_options(parser)


@dataclass(slots=True)
class FormattedFile:
    """One file of a pack.

    Attributes:
        path: its path.
        before: its bytes.
        after: its formatted text, or `None` if it cannot be formatted.
        findings: the reasons why it cannot be formatted.
    """

    path: Path
    before: bytes
    after: str | None
    findings: list[Finding] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Its text."""
        return self.before.decode("utf-8", "replace")

    @property
    def is_changed(self) -> bool:
        """Whether formatting changes the text."""
        return self.after is not None and self.after != self.text


def run(arguments: argparse.Namespace, screen: Screen) -> ExitStatus:
    """Format the files, or list those that would change."""
    from telecom_rules.documents.characters import decode_for_display
    from telecom_rules.findings import Findings, cap_findings, render
    from telecom_rules.validation import FixedFile

    form = choose_format(arguments.format) if arguments.check and not arguments.diff else "text"
    if not arguments.check and (arguments.format or arguments.output or arguments.statistics):
        raise UsageError(NEEDS_CHECK)
    findings = Findings()
    files = [each for path in arguments.paths for each in format_files(path, findings)]
    findings += (finding for each in files for finding in each.findings)
    texts = {path_from_here(each.path): decode_for_display(each.before) for each in files}
    changing = [each for each in files if each.is_changed]
    status = FINDINGS if findings or (changing and arguments.check) else CLEAN
    if form != "text" or arguments.output or arguments.statistics:
        report_files(changing, findings, texts, arguments, screen)
        return status if files else NOT_CHECKED
    if findings:
        screen.complain(render(cap_findings(findings), texts, screen.language))
    changes = [FixedFile(each.path, each.before, (each.after or "").encode()) for each in changing]
    if arguments.diff:
        show_changes(changes, screen)
    else:
        for each in changing:
            screen.write_line(path_from_here(each.path))
        if not arguments.check:
            write_changes(changes)
    screen.say(tally(files, changing, kept=arguments.check or arguments.diff))
    return status if files else NOT_CHECKED


def report_files(
    changing: Sequence[FormattedFile],
    findings: Sequence[Finding],
    texts: Mapping[str, str],
    arguments: argparse.Namespace,
    screen: Screen,
) -> None:
    """Write a report with a finding for each file that would change."""
    from telecom_rules.documents.formatting.differences import find_unformatted
    from telecom_rules.findings import cap_findings
    from telecom_rules.reports import Report

    found = [
        find_unformatted(each.text, each.after or "", path_from_here(each.path))
        for each in changing
    ]
    report = Report(
        findings=cap_findings([*findings, *found]),
        texts=texts,
        language=screen.language,
        color=screen.colour,
        statistics=arguments.statistics,
        verb=NAME,
    )
    write_report(report, arguments, screen, Path())


def format_files(path: str, findings: Findings) -> Iterator[FormattedFile]:
    """Yield every file of a pack at or below `path`; one that cannot be opened is a finding.

    Raises:
        PackNotFound: there is no pack at `path`.
    """
    from telecom_rules.documents import format_text
    from telecom_rules.findings import Findings
    from telecom_rules.pack.files import find_pack, gather_files

    root = find_pack(path)
    start = Path(path).resolve()
    files = {**gather_files(root, findings), **gather_files(root, findings, scenarios=True)}
    for name, data in sorted(files.items()):
        file = root / name
        if start == file.resolve() or start in file.resolve().parents:
            mine = Findings()
            after = format_text(data, path_from_here(file), mine)
            yield FormattedFile(file, data, after, mine)


def tally(files: list[FormattedFile], changing: list[FormattedFile], *, kept: bool) -> Wording:
    """Return one line that counts the files."""
    if not files:
        return Wording("没有可排版的文件", "there is nothing to format")
    would = Wording("待排版", "would change") if kept else Wording("已排版", "changed")
    return Wording(
        "{files} 个文件，{changing} 个{would}", "{files} file{s}, {changing} {would}"
    ).fill(files=len(files), s="" if len(files) == 1 else "s", changing=len(changing), would=would)
