"""`telecom-rules import`: a document of another tool as files of a pack."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from telecom_rules.cli.status import CLEAN, FINDINGS, NOT_CHECKED, ExitStatus
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping, Sequence

    from telecom_rules.cli.screen import Screen
    from telecom_rules.findings import Finding
    from telecom_rules.interop import Imported


NAME = "import"
SUMMARY = "turn a document of another tool (SCXML, DMN) into files of a pack"
EXAMPLE = "telecom-rules import repair.scxml --into house_rules/"


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the verb."""
    parser.add_argument("file", type=Path, help="the document: .scxml or .dmn")
    parser.add_argument(
        "--partial",
        action="store_true",
        help="of a .dmn, leave out what cannot be converted, say so, and import the rest",
    )
    parser.add_argument(
        "--into",
        type=Path,
        metavar="DIRECTORY",
        help="write the files there instead of printing them, if they load, with the pack that is"
        " there if there is one; existing files are never overwritten",
    )


def run(arguments: argparse.Namespace, screen: Screen) -> ExitStatus:
    """Print or write the files; findings go to the error stream."""
    from telecom_rules.cli.records import read_file_text
    from telecom_rules.interop import NotImportable

    text = read_file_text(arguments.file)
    try:
        imported = import_document(
            text, arguments.file, gather_beside(arguments.into), partial=arguments.partial
        )
    except NotImportable as problem:
        report_findings(problem.findings, {str(arguments.file): text}, screen)
        return FINDINGS
    report_findings(imported.findings, {str(arguments.file): text}, screen)
    if arguments.into is not None:
        return write_files(imported.files, arguments.into, screen)
    for name, written in imported.files.items():
        screen.write_document(f"# {name}\n{written}".rstrip("\n"), "yaml")
    return CLEAN


def gather_beside(into: Path | None) -> Mapping[str, bytes] | None:
    """Return the files of the pack in a directory, or `None` if it holds none."""
    from telecom_rules.findings import Findings
    from telecom_rules.pack import gather_files
    from telecom_rules.pack.files import PACK_FILE

    if into is None or not (into / PACK_FILE).is_file():
        return None
    return gather_files(into, Findings())


def import_document(
    text: str, file: Path, beside: Mapping[str, bytes] | None, *, partial: bool
) -> Imported:
    """Return the document as files of a pack, after linking them with those beside them."""
    from telecom_rules.cli.records import Unreadable
    from telecom_rules.interop import from_dmn, from_scxml

    if file.suffix not in {".scxml", ".dmn"}:
        raise Unreadable(
            Wording(
                f"{file}：无法识别的文件类型；可用 .scxml、.dmn",
                f"{file}: unknown kind of file; use .scxml or .dmn",
            )
        )
    if file.suffix == ".dmn":
        return from_dmn(text, str(file), beside=beside, partial=partial)
    if partial:
        raise Unreadable(
            Wording(
                "--partial 仅适用于 .dmn：流程的状态互相依存，不能略去其中一部分",
                "--partial is for .dmn: the states of a workflow stand together",
            )
        )
    return from_scxml(text, str(file), beside=beside)


def report_findings(findings: Sequence[Finding], texts: Mapping[str, str], screen: Screen) -> None:
    """Print findings to the error stream: errors as frames, warnings on one line each."""
    from telecom_rules.findings import Severity, render

    errors = [each for each in findings if each.severity is Severity.ERROR]
    if errors:
        screen.complain(render(errors, texts, screen.language))
    for each in findings:
        if each not in errors:
            screen.complain_line(each.concise(screen.language))


def write_files(files: Mapping[str, str], into: Path, screen: Screen) -> ExitStatus:
    """Write the files below a directory, unless one of them exists already."""
    there = [name for name in files if (into / name).exists()]
    if there:
        screen.say(
            Wording(
                "未写入，下列文件已存在：{names}",
                "nothing written; these files exist already: {names}",
            ).fill(names=", ".join(there))
        )
        return NOT_CHECKED
    for name, text in files.items():
        path = into / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
        screen.write_line(str(path))
    return CLEAN
