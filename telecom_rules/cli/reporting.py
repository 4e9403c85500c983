"""What the verbs that report findings share: which, in which format, where, and from where on.

Places are told from the working directory, so that an editor or a CI can open them.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from telecom_rules.cli.screen import Screen
from telecom_rules.cli.status import UsageError
from telecom_rules.findings.codes import CODES
from telecom_rules.reports import FORMATS, Report
from telecom_rules.reports.places import Folders, move_report
from telecom_rules.suggestions import find_nearest
from telecom_rules.wording import Wording, shorten

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Iterator, Sequence

    from telecom_rules.findings import Finding
    from telecom_rules.pack import Reading

UNKNOWN_CODE = Wording(
    "`{option}`：没有代码以 `{name}` 开头，代码如 TR404 或 TR4",
    "`{option}`: no code begins with `{name}`; a code is such as TR404 or TR4",
)
UNKNOWN_FORMAT = Wording(
    "没有格式 `{name}`；可用的格式：{known}", "there is no format `{name}`; formats: {known}"
)
JOB_SUMMARY = "GITHUB_STEP_SUMMARY"
"""The variable with the file of a job's summary. Source: the page named in `reports/github.py`."""


def add_report_options(parser: argparse.ArgumentParser, more: Sequence[str] = ()) -> None:
    """Add the options for the form of a report; `more` are formats of the verb's own."""
    parser.add_argument(
        "--format",
        choices=(*FORMATS, *more),
        help="frames or lines for people, or a document for machines "
        "(default: text; on GitHub Actions github)",
    )
    parser.add_argument("--output", metavar="FILE", help="write the report to this file")
    parser.add_argument(
        "--statistics", action="store_true", help="also count the findings of each code"
    )


def choose_format(chosen: str | None) -> str:
    """Return the format of a report: as asked for, or as the place where it runs reads it.

    Raises:
        UsageError: there is no such format.
    """
    form = chosen or ("github" if os.environ.get("GITHUB_ACTIONS") == "true" else "text")
    if form not in FORMATS:  # a configuration may say anything
        raise UsageError(UNKNOWN_FORMAT.fill(name=shorten(form), known=", ".join(FORMATS)))
    return form


def build_report(
    reading: Reading,
    findings: Iterable[Finding],
    arguments: argparse.Namespace,
    screen: Screen,
    verb: str,
) -> Report:
    """Return the report of a verb that looks for findings of its own in a pack.

    Args:
        reading: the pack.
        findings: what was found.
        arguments: the options of `add_report_options` and `add_selection`.
        screen: where it goes.
        verb: the verb.
    """
    from telecom_rules.validation.suppressions import apply_suppressions
    from telecom_rules.validation.titles import add_titles

    applied = apply_suppressions((), findings, reading.texts)
    return Report(
        findings=add_titles(read_selection(arguments).pick(applied.kept), reading),
        ignored=applied.ignored,
        texts=reading.texts,
        pack=reading.overview,
        language=screen.language,
        color=screen.colour,
        statistics=arguments.statistics,
        verb=verb,
    )


def write_report(report: Report, arguments: argparse.Namespace, screen: Screen, root: Path) -> None:
    """Write a report in the format that was chosen.

    Args:
        report: the report, with places told from the folder of the pack.
        arguments: the options of `add_report_options`.
        screen: where it goes unless a file is named.
        root: the folder of the pack.
    """
    form = choose_format(arguments.format)
    moved = move_report(report, find_folders(root, report.texts))
    text = FORMATS[form](replace(moved, color=moved.color and arguments.output is None))
    if form == "github" and (summary := os.environ.get(JOB_SUMMARY)):
        from telecom_rules.reports import github

        with Path(summary).open("a", encoding="utf-8") as file:
            file.write(f"{github.summarize_step(moved)}\n")
    with open_output(arguments, screen) as out:
        out.write_document(text, form)


@contextmanager
def open_output(arguments: argparse.Namespace, screen: Screen) -> Iterator[Screen]:
    """Yield where a report goes: to the screen, or into the file that `--output` names."""
    if arguments.output is None:
        yield screen
        return
    with Path(arguments.output).open("w", encoding="utf-8", newline="\n") as file:
        yield Screen(file, None, screen.language, colour=False)


def find_folders(root: Path, names: Iterable[str]) -> Folders:
    """Return where the reader finds the files of a pack and of the bases that it names.

    Args:
        root: the folder of the pack.
        names: the names of its files; those of a base begin with the name of that, such as
            `telecom_rules:pack.yaml`.
    """
    from telecom_rules.pack.overlay.layers import find_named

    labels = {label for label, colon, _ in (each.partition(":") for each in names) if colon}
    found = {each: find_named(each) for each in sorted(labels) if "/" not in each}
    installed = {name: path_from_here(folder) for name, folder in found.items() if folder}
    return Folders(path_from_here(root), installed)


def path_from_here(root: Path) -> str:
    """Return the path of a folder, with `/`: from the working directory if it lies in there."""
    whole, here = root.resolve(), Path.cwd()
    path = whole.relative_to(here) if whole.is_relative_to(here) else whole
    return "" if path == Path() else path.as_posix()


def read_codes(option: str, texts: Sequence[str] | None) -> tuple[str, ...]:
    """Return the beginnings of codes that an option names, such as `TR404` or `tr4`.

    Raises:
        UsageError: no code begins so.
    """
    written = [name for text in texts or () for name in text.replace(",", " ").split()]
    for name in written:
        if not any(code.startswith(name.upper()) for code in CODES):
            told = UNKNOWN_CODE.fill(option=option, name=shorten(name))
            near = find_nearest(name.upper(), CODES)
            if near is not None:
                told = Wording("{told}；是否指 {near}？", "{told}; did you mean {near}?").fill(
                    told=told, near=near
                )
            raise UsageError(told)
    return tuple(each.upper() for each in written)


class Selection(NamedTuple):
    """The codes of which findings are asked for, by their beginnings.

    Attributes:
        select: those that are; all of them if it is empty.
        ignore: those that are not.
    """

    select: tuple[str, ...]
    ignore: tuple[str, ...]

    def pick(self, findings: Iterable[Finding]) -> tuple[Finding, ...]:
        """Return the findings that are asked for.

        The longer beginning wins: `--select TR404 --ignore TR4` keeps TR404 alone of the 400s.
        """
        return tuple(each for each in findings if self.is_asked_for(each.id))

    def is_asked_for(self, code: str) -> bool:
        """Tell whether findings of a code are asked for."""
        chosen = max((len(each) for each in self.select if code.startswith(each)), default=-1)
        left_out = max((len(each) for each in self.ignore if code.startswith(each)), default=-1)
        return left_out < chosen if self.select else left_out < 0


def add_selection(parser: argparse.ArgumentParser) -> None:
    """Add the options that choose findings by their codes."""
    parser.add_argument(
        "--select",
        action="append",
        metavar="CODES",
        help="report only findings whose code begins so, such as TR4,TR310",
    )
    parser.add_argument(
        "--ignore", action="append", metavar="CODES", help="leave out findings whose code begins so"
    )


def read_selection(arguments: argparse.Namespace) -> Selection:
    """Return what the options of `add_selection` say.

    Raises:
        UsageError: no code begins so.
    """
    return Selection(
        read_codes("--select", arguments.select), read_codes("--ignore", arguments.ignore)
    )
