"""`telecom-rules profile`: how often each rule of a policy is tried, and what that takes."""

from __future__ import annotations

import time
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from telecom_rules.cli.arguments import add_law_day, add_records, add_rules
from telecom_rules.cli.decide import find_day, read_day_or_fact
from telecom_rules.cli.status import CLEAN, FINDINGS, ExitStatus
from telecom_rules.errors import TelecomRulesError
from telecom_rules.reports import json
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from telecom_rules.cli.records import FileRecord
    from telecom_rules.cli.screen import Screen
    from telecom_rules.policies import Policy
    from telecom_rules.policies.trials.profile import PolicyProfile, Profile


NAME = "profile"
SUMMARY = "count how often each rule of a policy is tried on records, and the time it takes"
EXAMPLE = (
    "telecom-rules profile violation_penalty --records examples/data/violations.csv"
    " --on committed_on"
)
MICROSECOND = 1_000
"""Nanoseconds."""
PERCENT = 100


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the verb."""
    parser.add_argument("policy", help="the policy's name; `telecom-rules show` lists them")
    add_records(parser)
    add_law_day(parser)
    add_rules(parser)
    parser.add_argument(
        "--format", choices=("text", "json"), default="text", help="for people, or for machines"
    )


class Measured(NamedTuple):
    """What deciding the records of a file took.

    Attributes:
        decided: the records that were decided, known or not.
        failed: the records that were not.
        ordinary: the nanoseconds that a host needs for one of the decided, the median.
        policies: what each policy took when each rule was measured.
    """

    decided: int
    failed: int
    ordinary: float
    policies: tuple[PolicyProfile, ...]


def run(arguments: argparse.Namespace, screen: Screen) -> ExitStatus:
    """Decide every record, once as ever and once measured, and print what it took."""
    from statistics import median

    from telecom_rules.cli.records import read_records
    from telecom_rules.pack import load
    from telecom_rules.policies.trials.profile import Profile

    pack = load(arguments.rules)
    policy = pack.policies[arguments.policy]
    day = read_day_or_fact(arguments.on, policy) or datetime.now(pack.zone).date().isoformat()
    profile = Profile(policy, time.perf_counter_ns)
    times: list[int] = []
    failed = 0
    for row in read_records(arguments.records, policy.facts.record_type):
        spent = measure(row, policy, profile, day)
        if spent is None:
            failed += 1
        else:
            times.append(spent)
    measured = Measured(len(times), failed, median(times or [0]), profile.policies)
    if arguments.format == "json":
        screen.write_document(json.encode(dump_measured(measured)), "json")
    else:
        show_measured(measured, screen)
    return FINDINGS if failed else CLEAN


def measure(row: FileRecord, policy: Policy, profile: Profile, day: str) -> int | None:
    """Return the nanoseconds of one ordinary decision, which is made again measured.

    Returns:
        `None` if the record cannot be decided; nothing of it is measured then.
    """
    from telecom_rules.cli.records import Unreadable

    if isinstance(row.data, Unreadable):
        return None
    facts = dict(row.data)
    if "id" not in policy.facts.fields:
        facts.pop("id", None)
    try:
        on = find_day(day, facts)
        policy.decide(facts, on=on)  # the first of its day is made ready, which is no decision
        started = time.perf_counter_ns()
        policy.decide(facts, on=on)
        spent = time.perf_counter_ns() - started
        profile.decide(facts, on=on)
    except TelecomRulesError:
        return None
    return spent


# For people

HEAD = Wording(
    "共 {all} 条记录：已判定 {decided} 条，未能判定 {failed} 条；"
    "通常每次判定约 {each} 微秒（中位数）",
    "{all} record{s}: {decided} decided, {failed} not; {each} µs a decision as a host makes them,"
    " the median",
)
EXPLAINED = Wording(
    "以下为逐条精确计算、逐项计时所得，较通常的判定为慢；用于比较各规则的占比。"
    "时间不含所询问的其他判定策略。",
    "Below, each rule is evaluated exactly and measured, which is slower than an ordinary decision:"
    " compare the shares. The time is without that of other policies that are asked.",
)
COLUMNS = Wording("计算次数|决定次数|微秒|占比", "tried|decided|µs|share")
SEPARATOR = "|"
NAME_WIDTH, NUMBER_WIDTH = 38, 10


def show_measured(measured: Measured, screen: Screen) -> None:
    """Print what each policy and each of its rules took."""
    count = measured.decided + measured.failed
    screen.say(
        HEAD.fill(
            all=count,
            s="" if count == 1 else "s",
            decided=measured.decided,
            failed=measured.failed,
            each=write_micros(measured.ordinary),
        )
    )
    screen.say(EXPLAINED)
    screen.write_line()
    whole = sum(each.own for each in measured.policies)
    columns = COLUMNS.say(screen.language).split(SEPARATOR)
    screen.write_line(write_columns("", columns))
    for policy in measured.policies:
        row = write_row(policy.asked, policy.known, policy.own, whole)
        screen.write_line(screen.paint(write_columns(policy.name, row), "bold"))
        for rule in policy.rules:
            row = write_row(rule.tried, rule.decided, rule.own, whole)
            screen.write_line(write_columns(f"  {rule.id}", row))


def write_row(tried: int, decided: int, spent: int, whole: int) -> list[str]:
    """Return the columns of a policy or a rule."""
    share = f"{PERCENT * spent / whole:.1f} %" if whole else "-"
    return [str(tried), str(decided), write_micros(spent), share]


def write_columns(name: str, columns: Sequence[str]) -> str:
    """Return a line of the table."""
    wide = (f"{each:>{NUMBER_WIDTH - count_wide(each)}}" for each in columns)
    return f"{name:<{NAME_WIDTH}}{''.join(wide)}".rstrip()


def count_wide(text: str) -> int:
    """Return how many more columns a text takes on a screen than it has characters."""
    return sum(ord(each) > 0x2E7F for each in text)  # noqa: PLR2004 - from here on they are wide


def write_micros(nanoseconds: float) -> str:
    """Return a time in microseconds."""
    return f"{nanoseconds / MICROSECOND:.1f}"


# For machines


def dump_measured(measured: Measured) -> dict[str, object]:
    """Return what was measured as a JSON object; all times are nanoseconds."""
    return {
        "decided": measured.decided,
        "not_decided": measured.failed,
        "ordinary": measured.ordinary,
        "policies": [each.dump() for each in measured.policies],
    }
