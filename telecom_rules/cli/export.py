"""`telecom-rules export`: a part of a pack as a document of another tool."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from telecom_rules.cli.status import CLEAN, Status

if TYPE_CHECKING:
    import argparse

    from telecom_rules.cli.screen import Screen
    from telecom_rules.wording import Language
    from telecom_rules.workflows import Workflow

__all__ = ["EXAMPLE", "NAME", "SUMMARY", "declare", "run"]

NAME = "export"
SUMMARY = "write a workflow for another tool: SCXML or XState"
EXAMPLE = "telecom-rules export complaint_handling --to scxml > complaint.scxml"


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the verb."""
    parser.add_argument("name", help="the workflow's name")
    parser.add_argument(
        "--to",
        required=True,
        choices=("scxml", "xstate"),
        help="SCXML, or the JSON of an XState 5 machine",
    )
    parser.add_argument(
        "--rules", metavar="PATH", help="the pack to use (default: the shipped pack)"
    )


def run(arguments: argparse.Namespace, screen: Screen) -> Status:
    """Print the workflow in the format asked for."""
    from telecom_rules.pack import load

    workflow = load(arguments.rules).workflows[arguments.name]
    screen.line(written(workflow, arguments.to, screen.language).rstrip("\n"))
    return CLEAN


def written(workflow: Workflow, form: str, language: Language) -> str:
    """Return the workflow in one of the formats."""
    from telecom_rules.interop import to_scxml, to_xstate

    if form == "scxml":
        return to_scxml(workflow)
    return json.dumps(to_xstate(workflow, language), ensure_ascii=False, indent=2)
