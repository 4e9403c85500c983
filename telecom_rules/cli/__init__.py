"""The command `telecom-rules`: one module a verb, argparse underneath."""

from __future__ import annotations

import argparse
import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from telecom_rules import __version__
from telecom_rules.cli import (
    compare,
    coverage,
    decide,
    demo,
    diff,
    explain,
    export,
    fmt,
    generate,
    graph,
    import_,
    init,
    profile,
    run,
    show,
    test,
    upgrade,
    validate,
    verify,
)
from telecom_rules.cli.collecting import collecting_seldom
from telecom_rules.cli.configuration import fill_in, read_configuration
from telecom_rules.cli.reporting import find_folders
from telecom_rules.cli.screen import Screen, describe_system_error, write_text
from telecom_rules.cli.status import (
    CLEAN,
    FINDINGS,
    INTERRUPTED,
    NOT_CHECKED,
    USAGE,
    ExitStatus,
    UsageError,
)
from telecom_rules.cli.usage_errors import translate, wants_chinese
from telecom_rules.errors import (
    ArgumentError,
    PackError,
    PackNotFound,
    TelecomRulesError,
    UnknownName,
)
from telecom_rules.findings.terminal import show_line
from telecom_rules.suggestions import find_nearest
from telecom_rules.wording import read_language

if TYPE_CHECKING:
    from collections.abc import Sequence

    from _typeshed import SupportsWrite

    from telecom_rules.wording import Language

__all__ = ["main"]

VERBS = (
    init,
    validate,
    explain,
    verify,
    test,
    generate,
    coverage,
    decide,
    run,
    show,
    diff,
    compare,
    profile,
    upgrade,
    graph,
    export,
    import_,
    fmt,
    demo,
)

INVALID_CHOICE = re.compile(
    r"argument [^:]*: invalid choice: '(?P<given>[^']*)' (?P<known>.*)", re.DOTALL
)
UNKNOWN_OPTION = re.compile(r"unrecognized arguments: (?P<given>--[^\s=]+)")

DESCRIPTION = """Validate, read and run packs of telecom rules.
校验、查阅和运行电信业务规则包。"""
EPILOG = """exit status:
  0  clean: everything asked for was done
  1  findings: the pack has mistakes, or a record could not be read
  2  usage: the command line is wrong
  3  not checked: there was nothing to check, or it could not be opened
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command with `arguments`, by default the process's own; return its exit status."""
    parser = build_parser()
    chosen, unknown = parser.parse_known_args(arguments)
    if unknown:
        chosen.parser.error(f"unrecognized arguments: {' '.join(unknown)}")
    refuse_lost_values(parser, chosen)
    configure(parser, chosen)
    language = choose_language(parser, "en" if chosen.language is None else chosen.language)
    screen = Screen(sys.stdout, sys.stderr, language, colour=wants_colour())
    try:
        with collecting_seldom():
            status: ExitStatus = chosen.run(chosen, screen)
        # A full disk or a closed pipe is met here, and not when Python ends.
        if sys.stdout is not None:
            sys.stdout.flush()
    except BrokenPipeError:
        # The reader (`| head`) has seen enough; nothing may be flushed into the closed pipe.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return CLEAN
    except KeyboardInterrupt:
        return INTERRUPTED
    except TelecomRulesError as problem:
        path = getattr(chosen, "path", None) or getattr(chosen, "rules", None)
        complain_of(problem, screen, path)
        return status_of(problem)
    except OSError as problem:
        screen.complain_line(describe_system_error(problem).say(screen.language))
        return NOT_CHECKED
    return status


def refuse_lost_values(parser: argparse.ArgumentParser, chosen: argparse.Namespace) -> None:
    """Refuse `--on=--`, of which the parser of Python 3.11 makes an empty list; nothing else is."""
    for name, value in vars(chosen).items():
        if value == []:
            parser.error(f"argument --{name.replace('_', '-')}: expected one argument")


def configure(parser: argparse.ArgumentParser, chosen: argparse.Namespace) -> None:
    """Fill in what the configuration says. One that is wrong is refused in both languages."""
    try:
        fill_in(chosen, read_configuration(Path.cwd()))
    except UsageError as problem:
        parser.error(f"{problem.wording.en} | {problem.wording.zh}")
    except OSError as problem:
        told = describe_system_error(problem)
        parser.error(f"{told.en} | {told.zh}")


def choose_language(parser: argparse.ArgumentParser, tag: str) -> Language:
    """Return the language of the output. Another one is refused in both that there are."""
    try:
        return read_language(tag)
    except ArgumentError as problem:
        parser.error(f"argument --language: {problem.problem.en} | {problem.problem.zh}")


def complain_of(problem: TelecomRulesError, screen: Screen, path: str | None) -> None:
    """Write the error that stopped a verb to the error stream.

    Args:
        problem: the error.
        screen: where it goes.
        path: the pack of the verb; the mistakes of a pack are told from the working directory.
    """
    if type(problem) is PackError and path is not None:
        from telecom_rules.pack import find_pack
        from telecom_rules.reports.places import move_findings

        spans = [
            span
            for each in problem.findings
            for span in (each.span, *(one.span for one in each.related))
        ]
        folders = find_folders(find_pack(path), (each.file for each in spans))
        problem = PackError(move_findings(problem.findings, folders))
    text = problem.explain(screen.language)
    if isinstance(problem, PackError):
        screen.complain(text)  # a headline and a line for each finding, escaped already
    else:
        screen.complain_line(text)


def status_of(problem: TelecomRulesError) -> ExitStatus:
    """Return the exit status for an error that stopped a verb."""
    if isinstance(problem, (UnknownName, UsageError)):
        return USAGE
    if isinstance(problem, PackError) and not isinstance(problem, PackNotFound):
        return FINDINGS
    return NOT_CHECKED


class Parser(argparse.ArgumentParser):
    """A parser whose messages and help any terminal can show, whatever the arguments hold.

    Attributes:
        given: the arguments that it reads.
    """

    given: Sequence[str] = ()

    def parse_known_args(  # type: ignore[override]  # all that is called here
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> tuple[argparse.Namespace, list[str]]:
        """Read the arguments, and keep them to see which language they ask for."""
        self.given = sys.argv[1:] if args is None else args
        return super().parse_known_args(args, namespace)

    def print_usage(self, file: SupportsWrite[str] | None = None) -> None:
        """Write how the command is called."""
        write_text(file or sys.stdout, self.format_usage())

    def print_help(self, file: SupportsWrite[str] | None = None) -> None:
        """Write the help."""
        write_text(file or sys.stdout, self.format_help())

    def error(self, message: str) -> NoReturn:
        """Write why the command line is wrong, with the word most likely meant; end the command."""
        near = self.find_meant(message)
        if wants_chinese(self.given):
            message = translate(message) + (f"；是否指 `{near}`？" if near is not None else "")
            usage = self.format_usage().replace("usage: ", "用法：", 1)
            text = f"{usage}{self.prog}：{show_line(message)}\n"
        else:
            message += f"; did you mean `{near}`?" if near is not None else ""
            text = f"{self.format_usage()}{self.prog}: error: {show_line(message)}\n"
        write_text(sys.stderr, text)
        sys.exit(USAGE)

    def find_meant(self, message: str) -> str | None:
        """Return the verb, choice or option that is near to what a message refuses, or `None`."""
        if (match := INVALID_CHOICE.match(message)) is not None:
            return find_nearest(match["given"], re.findall("'([^']*)'", match["known"]))
        if (match := UNKNOWN_OPTION.match(message)) is not None:
            return find_nearest(match["given"], self._option_string_actions)
        return None


def build_parser() -> argparse.ArgumentParser:
    """Return the parser with every verb on it."""
    parser = Parser(
        prog="telecom-rules",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"telecom-rules {__version__}")
    verbs = parser.add_subparsers(title="verbs", required=True, metavar="VERB")
    for verb in VERBS:
        one = verbs.add_parser(
            verb.NAME,
            help=verb.SUMMARY,
            description=verb.SUMMARY,
            epilog=f"example:\n  {verb.EXAMPLE}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        verb.declare(one)
        one.add_argument(
            "--language",
            metavar="{zh,en}",
            help="language of the output; a tag such as zh-Hans counts as zh (default: en)",
        )
        one.set_defaults(run=verb.run, verb=verb.NAME, parser=one)
    return parser


def wants_colour() -> bool:
    """Tell whether the output is a terminal that may be coloured; see https://no-color.org."""
    is_terminal = sys.stdout is not None and sys.stdout.isatty()
    return is_terminal and not os.environ.get("NO_COLOR")
