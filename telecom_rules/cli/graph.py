"""`telecom-rules graph`: draw a workflow as a state diagram."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.cli.arguments import add_rules
from telecom_rules.cli.status import CLEAN, ExitStatus

if TYPE_CHECKING:
    import argparse

    from telecom_rules.cli.screen import Screen
    from telecom_rules.wording import Language
    from telecom_rules.workflows import Workflow


NAME = "graph"
SUMMARY = "draw a workflow: Mermaid or Graphviz"
EXAMPLE = "telecom-rules graph complaint_handling --format dot | dot -Tsvg > complaint.svg"


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the verb."""
    parser.add_argument("workflow", help="the workflow's name")
    parser.add_argument(
        "--format",
        choices=("mermaid", "dot"),
        default="mermaid",
        help="a Mermaid state diagram (the default), or a Graphviz graph",
    )
    add_rules(parser)


def run(arguments: argparse.Namespace, screen: Screen) -> ExitStatus:
    """Print the workflow in the format asked for."""
    from telecom_rules.pack import load

    workflow = load(arguments.rules).workflows[arguments.workflow]
    picture = draw_workflow(workflow, arguments.format, screen.language)
    screen.write_document(picture.rstrip("\n"), arguments.format)
    return CLEAN


def draw_workflow(workflow: Workflow, form: str, language: Language) -> str:
    """Return the workflow in one of the formats."""
    from telecom_rules import diagrams

    return (
        diagrams.to_dot(workflow, language)
        if form == "dot"
        else diagrams.to_mermaid(workflow, language)
    )
