"""`telecom-rules graph`: draw a workflow as a state diagram, or a policy with what it asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.cli.arguments import add_rules
from telecom_rules.cli.status import CLEAN, ExitStatus, UsageError
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    import argparse

    from telecom_rules.cli.screen import Screen
    from telecom_rules.policies import Policy
    from telecom_rules.wording import Language
    from telecom_rules.workflows import Workflow


NAME = "graph"
SUMMARY = "draw a workflow, or a policy with what it asks: Mermaid or Graphviz"
EXAMPLE = "telecom-rules graph complaint_handling --format dot | dot -Tsvg > complaint.svg"


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the verb."""
    parser.add_argument("workflow", help="the name of a workflow or a policy")
    parser.add_argument(
        "--format",
        choices=("mermaid", "dot"),
        default="mermaid",
        help="Mermaid (the default), or of a workflow a Graphviz graph",
    )
    add_rules(parser)


def run(arguments: argparse.Namespace, screen: Screen) -> ExitStatus:
    """Print the workflow in the format asked for."""
    from telecom_rules.pack import load

    pack = load(arguments.rules)
    name = arguments.workflow
    if name in pack.policies and name not in pack.workflows:
        picture = draw_policy(pack.policies[name], arguments.format, screen.language)
    else:
        picture = draw_workflow(pack.workflows[name], arguments.format, screen.language)
    screen.write_document(picture.rstrip("\n"), arguments.format)
    return CLEAN


ONLY_MERMAID = Wording(
    "`{name}` 是策略，只能绘制为 Mermaid", "`{name}` is a policy, which is drawn as Mermaid only"
)


def draw_policy(policy: Policy, form: str, language: Language) -> str:
    """Return a policy with those that it asks and the facts of each."""
    from telecom_rules import diagrams

    if form == "dot":
        raise UsageError(ONLY_MERMAID.fill(name=policy.name))
    return diagrams.to_decision_graph(policy, language)


def draw_workflow(workflow: Workflow, form: str, language: Language) -> str:
    """Return the workflow in one of the formats."""
    from telecom_rules import diagrams

    return (
        diagrams.to_dot(workflow, language)
        if form == "dot"
        else diagrams.to_mermaid(workflow, language)
    )
