"""`telecom-rules fmt`: format the files of a pack."""

from __future__ import annotations

from dataclasses import dataclass, field
from difflib import unified_diff
from pathlib import Path
from typing import TYPE_CHECKING

from telecom_rules.cli.status import CLEAN, FINDINGS, NOT_CHECKED, ExitStatus
from telecom_rules.findings.terminal import escape_invisible
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from telecom_rules.cli.screen import Screen
    from telecom_rules.findings import Finding, Findings


NAME = "fmt"
SUMMARY = "format the YAML files of a pack; comments and content are kept"
EXAMPLE = "telecom-rules fmt house_rules/"


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


@dataclass(slots=True)
class FormattedFile:
    """One file of a pack.

    Attributes:
        path: its path.
        before: its text.
        after: its formatted text, or `None` if it cannot be formatted.
        findings: the reasons why it cannot be formatted.
    """

    path: Path
    before: str
    after: str | None
    findings: list[Finding] = field(default_factory=list)

    @property
    def is_changed(self) -> bool:
        """Whether formatting changes the text."""
        return self.after is not None and self.after != self.before


def run(arguments: argparse.Namespace, screen: Screen) -> ExitStatus:
    """Format the files, or list those that would change."""
    from telecom_rules.findings import Findings, cap_findings, render

    findings = Findings()
    files = [each for path in arguments.paths for each in format_files(path, findings)]
    findings += (finding for each in files for finding in each.findings)
    if findings:
        texts = {str(each.path): each.before for each in files}
        screen.complain(render(cap_findings(findings), texts, screen.language))
    changing = [each for each in files if each.is_changed]
    for each in changing:
        if arguments.diff:
            screen.write_document("\n".join(diff_of(each)), "diff")
        elif arguments.check:
            screen.write_line(str(each.path))
        else:
            write_file(each)
            screen.write_line(str(each.path))
    screen.say(tally(files, changing, kept=arguments.check or arguments.diff))
    if not files:
        return NOT_CHECKED
    return FINDINGS if findings or (changing and arguments.check) else CLEAN


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
            after = format_text(data, str(file), mine)
            yield FormattedFile(file, data.decode("utf-8", "replace"), after, mine)


def diff_of(each: FormattedFile) -> list[str]:
    """Return the changes of a file as a unified diff."""
    before, after = each.before.splitlines(), (each.after or "").splitlines()
    name = escape_invisible(str(each.path))
    return list(unified_diff(before, after, name, name, lineterm=""))


def write_file(each: FormattedFile) -> None:
    """Write a formatted file atomically."""
    from telecom_rules.pack.files import replace_file

    replace_file(each.path, (each.after or "").encode())


def tally(files: list[FormattedFile], changing: list[FormattedFile], *, kept: bool) -> Wording:
    """Return one line that counts the files."""
    if not files:
        return Wording("没有可排版的文件", "there is nothing to format")
    would = Wording("待排版", "would change") if kept else Wording("已排版", "changed")
    return Wording(
        "{files} 个文件，{changing} 个{would}", "{files} file{s}, {changing} {would}"
    ).fill(files=len(files), s="" if len(files) == 1 else "s", changing=len(changing), would=would)
