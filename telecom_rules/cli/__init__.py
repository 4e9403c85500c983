"""The command `telecom-rules`: one module a verb, argparse underneath."""

from __future__ import annotations

import argparse
import os
import sys
from typing import TYPE_CHECKING

from telecom_rules.cli import (
    coverage,
    decide,
    demo,
    diff,
    export,
    fmt,
    graph,
    import_,
    run,
    show,
    test,
    validate,
)
from telecom_rules.cli.screen import Screen
from telecom_rules.cli.status import CLEAN, FINDINGS, NOT_CHECKED, USAGE, ExitStatus, UsageError
from telecom_rules.errors import PackError, PackNotFound, TelecomRulesError, UnknownName

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["main"]

VERBS = (validate, test, coverage, decide, run, show, diff, graph, export, import_, fmt, demo)

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
    chosen = build_parser().parse_args(arguments)
    screen = Screen(sys.stdout, chosen.language, colour=wants_colour())
    try:
        status: ExitStatus = chosen.run(chosen, screen)
    except BrokenPipeError:
        # The reader (`| head`) has seen enough; nothing may be flushed into the closed pipe.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return CLEAN
    except TelecomRulesError as problem:
        print(problem.explain(chosen.language), file=sys.stderr)
        return status_of(problem)
    except OSError as problem:
        place = f"{problem.filename}: " if problem.filename else ""
        print(f"{place}{problem.strerror}", file=sys.stderr)
        return NOT_CHECKED
    return status


def status_of(problem: TelecomRulesError) -> ExitStatus:
    """Return the exit status for an error that stopped a verb."""
    if isinstance(problem, (UnknownName, UsageError)):
        return USAGE
    if isinstance(problem, PackError) and not isinstance(problem, PackNotFound):
        return FINDINGS
    return NOT_CHECKED


def build_parser() -> argparse.ArgumentParser:
    """Return the parser with every verb on it."""
    parser = argparse.ArgumentParser(
        prog="telecom-rules",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
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
            choices=("zh", "en"),
            default="en",
            help="language of the output (default: en)",
        )
        one.set_defaults(run=verb.run)
    return parser


def wants_colour() -> bool:
    """Tell whether the output is a terminal that may be coloured; see https://no-color.org."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")
