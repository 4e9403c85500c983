"""`telecom-rules generate`: scenarios of a policy that nobody has written yet."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from telecom_rules.cli.arguments import add_rules
from telecom_rules.cli.status import CLEAN, ExitStatus, UsageError
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    import argparse

    from telecom_rules.cli.screen import Screen
    from telecom_rules.pack import Pack
    from telecom_rules.testing.generation import Generated


NAME = "generate"
SUMMARY = "write the scenarios that a policy is missing, with today's answers to be confirmed"
EXAMPLE = "telecom-rules generate complaint_grade --all > scenarios/complaint_grade.yaml"
ALL_SHOWN = Wording(
    "“{title}”：场景缺少的共 {goals} 项，所写数据 {shown} 条已全部说明",
    "{title}: what the scenarios do not show: {goals}; records that show it: {shown}",
)
MOST_SHOWN = Wording(
    "“{title}”：场景缺少的共 {goals} 项，已写数据 {shown} 条；其中 {unreached} 项没有找到数据",
    "{title}: what the scenarios do not show: {goals}; records that show it: {shown}; found no"
    " record for: {unreached}",
)
NOTHING = Wording(
    "“{title}”：没有缺少的场景", "{title}: the scenarios show everything; nothing to add"
)
NO_DATE = Wording(
    "`{text}` 不是 2026-03-01 形式的日期", "`{text}` is not a date such as 2026-03-01"
)
EXISTS = Wording(
    "`{path}` 已存在，未作改动；请另选文件名", "`{path}` exists and was left alone; choose another"
)


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the verb."""
    parser.add_argument("policy", help="the policy's name")
    parser.add_argument(
        "--all", action="store_true", help="count nothing that scenarios show: write all anew"
    )
    parser.add_argument("--on", metavar="DATE", help="the day of the records (default: today)")
    parser.add_argument(
        "--out", metavar="FILE", help="the file to write; it must not exist (default: print it)"
    )
    add_rules(parser)


def run(arguments: argparse.Namespace, screen: Screen) -> ExitStatus:
    """Print the scenarios, or write them to a file, and say how many there are."""
    from telecom_rules.pack import load
    from telecom_rules.testing.generation import write_generated

    pack = load(arguments.rules)
    if arguments.out is not None and Path(arguments.out).exists():
        raise UsageError(EXISTS.fill(path=arguments.out))
    generated = make(pack, arguments)
    if not generated.goals:
        screen.complain_line(NOTHING.fill(title=generated.policy.title).say(screen.language))
        return CLEAN
    text = format_scenarios(write_generated(generated, screen.language))
    if arguments.out is None:
        screen.write_document(text.rstrip("\n"), "yaml")
    else:
        Path(arguments.out).write_text(text, encoding="utf-8")
    counted = (MOST_SHOWN if generated.unreached else ALL_SHOWN).fill(
        title=generated.policy.title,
        goals=len(generated.goals),
        shown=len(generated.shown),
        unreached=len(generated.unreached),
    )
    screen.complain_line(counted.say(screen.language))
    return CLEAN


def make(pack: Pack, arguments: argparse.Namespace) -> Generated:
    """Return what is missing of the policy that was asked for."""
    from telecom_rules import scenarios
    from telecom_rules.testing.generation import generate

    try:
        day = date.fromisoformat(arguments.on or datetime.now(pack.zone).date().isoformat())
    except ValueError:
        raise UsageError(NO_DATE.fill(text=arguments.on)) from None
    policy = pack.policies[arguments.policy]
    written = scenarios.read(arguments.rules, pack, base=True)
    return generate(pack, policy, written.scenarios, day, anew=arguments.all)


def format_scenarios(text: str) -> str:
    """Return a file of scenarios as `telecom-rules fmt` leaves it."""
    from telecom_rules.documents import format_text
    from telecom_rules.findings import Findings

    formatted = format_text(text.encode(), "generated.yaml", Findings())
    return text if formatted is None else formatted
