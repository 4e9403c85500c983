"""`telecom-rules export`: a part of a pack as a document of another tool."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from telecom_rules.cli.arguments import add_rules
from telecom_rules.cli.status import CLEAN, FINDINGS, ExitStatus, UsageError
from telecom_rules.reports import json
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    import argparse

    from telecom_rules.cli.screen import Screen
    from telecom_rules.pack import Pack


NAME = "export"
SUMMARY = "write a workflow (SCXML, XState) or a decision table (DMN) for another tool"
EXAMPLE = "telecom-rules export complaint_handling --to scxml > complaint.scxml"


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the verb."""
    parser.add_argument("name", help="the name of a workflow or a policy")
    parser.add_argument(
        "--to",
        required=True,
        choices=("scxml", "xstate", "dmn"),
        help="SCXML or the JSON of an XState 5 machine for a workflow; DMN 1.5 for a policy",
    )
    parser.add_argument(
        "--on", metavar="DATE", help="of a policy, the day whose rules are written (default: today)"
    )
    add_rules(parser)


def run(arguments: argparse.Namespace, screen: Screen) -> ExitStatus:
    """Print the workflow or policy in the format asked for."""
    from telecom_rules.interop import NotExpressible
    from telecom_rules.pack import load

    pack = load(arguments.rules)
    try:
        on = date.fromisoformat(arguments.on or datetime.now(pack.zone).date().isoformat())
    except ValueError:
        no_date = Wording(
            "`{text}` 不是 2026-03-01 形式的日期", "`{text}` is not a date such as 2026-03-01"
        )
        raise UsageError(no_date.fill(text=arguments.on)) from None
    try:
        document = write_document(pack, arguments, on, screen)
    except NotExpressible as problem:
        screen.complain_line(problem.explain(screen.language))
        return FINDINGS
    screen.write_document(document.rstrip("\n"), arguments.to)
    return CLEAN


IS_A_WORKFLOW = Wording(
    "`{name}` 是流程，请使用 `--to scxml` 或 `--to xstate`",
    "`{name}` is a workflow: use `--to scxml` or `--to xstate`",
)
IS_A_POLICY = Wording("`{name}` 是策略，请使用 `--to dmn`", "`{name}` is a policy: use `--to dmn`")


def write_document(pack: Pack, arguments: argparse.Namespace, on: date, screen: Screen) -> str:
    """Return the workflow or policy in one of the formats."""
    from telecom_rules.interop import to_dmn, to_scxml, to_xstate

    name = arguments.name
    if arguments.to == "dmn" and name in pack.workflows and name not in pack.policies:
        raise UsageError(IS_A_WORKFLOW.fill(name=name))
    if arguments.to != "dmn" and name in pack.policies and name not in pack.workflows:
        raise UsageError(IS_A_POLICY.fill(name=name))
    if arguments.to == "dmn":
        return to_dmn(pack.policies[name], on=on)
    workflow = pack.workflows[name]
    if arguments.to == "scxml":
        return to_scxml(workflow)
    return json.encode(to_xstate(workflow, screen.language))
