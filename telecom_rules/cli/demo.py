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
    from telecom_rules.cli.run import Step, Walk
    from telecom_rules.cli.screen import Screen
    from telecom_rules.pack import Pack
    from telecom_rules.policies import Decision
    from telecom_rules.workflows import Refused

    T = TypeVar("T")

__all__ = ["EXAMPLE", "NAME", "SUMMARY", "declare", "run"]

NAME = "demo"
SUMMARY = (
    "validate the shipped pack, decide violations and walk complaints, and say what came of it"
)
EXAMPLE = "telecom-rules demo --language zh"

DECIDED_ON = "found_on"
"""The fact of a violation whose day says which law applies."""
LAST_INSTANT = "2026-11-01T00:00:00+08:00"
"""How far the clocks of the complaints run on."""


def declare(_: argparse.ArgumentParser) -> None:
    """Declare the arguments of the verb: it has none of its own."""


def run(_: argparse.Namespace, screen: Screen) -> Status:
    """Do the three jobs one after another and print what came of them."""
    from telecom_rules.checks import check
    from telecom_rules.pack import read, shipped

    reading = read()
    found = (*reading.findings, *check(reading))
    screen.title(Wording("一、校验规则包", "1. The pack of rules"))
    for finding in found:
        screen.line(finding.concise(screen.language))
    if reading.pack is None:
        return FINDINGS
    screen.say(validate.census(reading.pack))
    screen.say(Wording(f"{len(found)} 处问题", f"{len(found)} findings"))
    examples = shipped("examples") / "data"
    violations(reading.pack, examples / "violations.csv", screen)
    complaints(reading.pack, examples / "complaints.jsonl", screen)
    return CLEAN


def violations(pack: Pack, file: Path, screen: Screen) -> None:
    """Decide the penalty of every violation in `file`, and print one of each kind."""
    from telecom_rules.cli.records import rows

    policy = pack.policies["violation_penalty"]
    answers = [
        decide.answer(row, policy, DECIDED_ON) for row in rows(file, policy.facts.record_type)
    ]
    screen.title(
        Wording(f"二、违规处罚({file.name})", f"2. Penalties for violations ({file.name})")
    )
    screen.say(decide.tally(answers))
    for answer, count in first_of_each(answers, rule_of):
        screen.line(f"{count:>5}×  {decide.line(answer, screen)}")
    told = next((each for each in answers if decided(each) is not None), None)
    decision = decided(told) if told is not None else None
    if told is not None and decision is not None:
        screen.title(Wording(f"其中 {told.name} 的理由", f"Why, for {told.name}"))
        screen.line(decision.explain(screen.language))


def decided(answer: Answer) -> Decision | None:
    """Return the decision, if there is one and it is known."""
    result = answer.result
    return None if isinstance(result, Wording) or not result.known else result


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
    screen.title(Wording(f"三、投诉处理({file.name})", f"3. Complaints ({file.name})"))
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
    for (one, step, each), count in first_of_each(refused, lambda three: kind(three[1], three[2])):
        screen.line(f"{count:>5}×  {one.key} {step.event}: {walking.refused(each, screen)}")


def kind(step: Step, refusal: Refused) -> str:
    """Return what refusals are grouped by: the event and the kinds of reason."""
    return " ".join([step.event, *(each.kind for each in refusal.reasons)])


def problems(walks: Iterable[Walk], screen: Screen) -> None:
    """Print which histories could not be walked and why, one of each kind."""
    screen.title(Wording("无法办理的投诉", "Complaints that could not be walked"))
    stopped = [(one, one.problem) for one in walks if one.problem is not None]
    for (one, problem), count in first_of_each(stopped, lambda pair: pair[1].en):
        screen.line(f"{count:>5}×  {one.key}: {problem.say(screen.language)}")


def breaches(walks: Iterable[Walk], screen: Screen) -> None:
    """Print which time limits ran out, one of each kind, with the clauses they come from."""
    screen.title(Wording("已经届满的时限", "Time limits that ran out"))
    cases = ((one, one.case) for one in walks if one.case is not None)
    broken = [(one, breach) for one, case in cases for breach in case.breaches]
    for (one, breach), count in first_of_each(broken, lambda pair: pair[1].clock):
        screen.line(f"{count:>5}×  {one.key} {walking.breached(breach, screen)}")


def first_of_each(things: Iterable[T], kind: Callable[[T], str]) -> list[tuple[T, int]]:
    """Return the first thing of each kind and how many there are, the most frequent first."""
    first: dict[str, T] = {}
    count: Counter[str] = Counter()
    for thing in things:
        first.setdefault(kind(thing), thing)
        count[kind(thing)] += 1
    return [(first[each], number) for each, number in count.most_common()]
