"""`telecom-rules demo`: the main job on the records that come with the project."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING

from telecom_rules.cli import decide, validate
from telecom_rules.cli import run as walking
from telecom_rules.cli.status import CLEAN, FINDINGS, Status
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterable
    from pathlib import Path
    from typing import TypeVar

    from telecom_rules.cli.decide import Answer
    from telecom_rules.cli.run import Walk
    from telecom_rules.cli.screen import Screen
    from telecom_rules.pack import Pack

    T = TypeVar("T")

__all__ = ["EXAMPLE", "NAME", "SUMMARY", "declare", "run"]

NAME = "demo"
SUMMARY = (
    "validate the shipped pack, decide violations and walk complaints, and say what came of it"
)
EXAMPLE = "telecom-rules demo --language zh"

DECIDED_ON = "committed_on"
"""The fact of a violation whose day says which law applies."""
AT_THE_THRESHOLD = ("V-2026-0154", "V-2026-0155")
"""Two violations alike but for the gain: one cent below a threshold, and at it."""
LAST_INSTANT = "2026-11-01T00:00:00+08:00"
"""How far the clocks of the complaints run on."""


def declare(_: argparse.ArgumentParser) -> None:
    """Declare the arguments of the verb: it has none of its own."""


def run(_: argparse.Namespace, screen: Screen) -> Status:
    """Do the three jobs one after another and print what came of them."""
    from telecom_rules.checks import check
    from telecom_rules.findings import summary
    from telecom_rules.pack import read, shipped

    reading = read()
    found = (*reading.findings, *check(reading))
    screen.title(Wording("一、校验规则包", "1. The pack of rules"))
    for finding in found:
        screen.line(finding.concise(screen.language))
    if reading.pack is None:
        return FINDINGS
    screen.say(validate.census(reading.pack))
    screen.line(summary(found, screen.language))
    records = shipped("examples") / "data"
    violations(reading.pack, records / "violations.csv", screen)
    complaints(reading.pack, records / "complaints.jsonl", screen)
    return CLEAN


def violations(pack: Pack, file: Path, screen: Screen) -> None:
    """Decide the penalty of every violation in `file`, and print one of each kind."""
    from telecom_rules.cli.records import rows

    policy = pack.policies["violation_penalty"]
    answers = [
        decide.answer(row, policy, DECIDED_ON) for row in rows(file, policy.facts.record_type)
    ]
    screen.title(
        Wording(f"二、违规处罚（{file.name}）", f"2. Penalties for violations ({file.name})")
    )
    screen.say(decide.tally(answers))
    examples(answers, rule_of, lambda answer: decide.line(answer, screen), screen)
    below, at = (next(each for each in answers if each.key == key) for key in AT_THE_THRESHOLD)
    screen.title(
        Wording("违法所得相差一分，罚款上限反而下降", "One cent more, and the highest fine falls")
    )
    screen.line(decide.line(below, screen))
    screen.line(decide.line(at, screen))
    if not isinstance(at.result, Wording):
        screen.title(Wording(f"{at.key} 的理由", f"Why, for {at.key}"))
        screen.line(at.result.explain(screen.language))


def rule_of(answer: Answer) -> str:
    """Return what the answers are grouped by: the rule, or what stood in the way of a decision."""
    if isinstance(answer.result, Wording):
        return answer.result.en
    rule = answer.result.rule
    return rule.id if rule is not None else f"missing {answer.result.missing}"


def complaints(pack: Pack, file: Path, screen: Screen) -> None:
    """Walk every complaint in `file`, and print what was refused and which time limits ran out."""
    from telecom_rules.cli.records import rows

    workflow = pack.workflows["complaint_handling"]
    until = datetime.fromisoformat(LAST_INSTANT)
    walks = [walking.walk(workflow, row, until) for row in rows(file)]
    screen.title(Wording(f"三、投诉处理（{file.name}）", f"3. Complaints ({file.name})"))
    screen.say(walking.tally(walks))
    states = Counter(one.case.state for one in walks if one.case is not None)
    for state, count in states.most_common():
        screen.line(f"{count:>5}×  {state}  {workflow.states[state].title.say(screen.language)}")
    refusals(walks, screen)
    problems(walks, screen)
    breaches(walks, screen)


def refusals(walks: Iterable[Walk], screen: Screen) -> None:
    """Print which events were refused and why, one of each kind."""
    screen.title(Wording("被拒绝的事件及理由", "What was refused, and why"))
    steps = ((one, step, step.refusal) for one in walks for step in one.steps)
    refused = [(one, step, each) for one, step, each in steps if each is not None]
    examples(
        refused,
        lambda three: " ".join([three[1].event, *(each.kind for each in three[2].reasons)]),
        lambda three: f"{three[0].key} {three[1].event}: {walking.refused(three[2], screen)}",
        screen,
    )


def problems(walks: Iterable[Walk], screen: Screen) -> None:
    """Print which histories could not be walked and why, one of each kind."""
    screen.title(Wording("无法办理的投诉", "Complaints that could not be walked"))
    stopped = [(one, one.problem) for one in walks if one.problem is not None]
    examples(
        stopped,
        lambda pair: pair[1].en,
        lambda pair: f"{pair[0].key}: {pair[1].say(screen.language)}",
        screen,
    )


def breaches(walks: Iterable[Walk], screen: Screen) -> None:
    """Print which time limits ran out, one of each kind, with the clauses they come from."""
    screen.title(Wording("已经届满的时限", "Time limits that ran out"))
    cases = ((one, one.case) for one in walks if one.case is not None)
    broken = [(one, breach) for one, case in cases for breach in case.breaches]
    examples(
        broken,
        lambda pair: pair[1].clock,
        lambda pair: f"{pair[0].key} {walking.breached(pair[1], screen)}",
        screen,
    )


def examples(
    things: Iterable[T], kind: Callable[[T], str], line: Callable[[T], str], screen: Screen
) -> None:
    """Print the first thing of each kind with how many there are of it, the most frequent first."""
    first: dict[str, T] = {}
    count: Counter[str] = Counter()
    for thing in things:
        first.setdefault(kind(thing), thing)
        count[kind(thing)] += 1
    for each, number in count.most_common():
        screen.line(f"{number:>5}×  {line(first[each])}")
