"""`telecom-rules demo`: validate, decide and run on the example records."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING

from telecom_rules.cli import decide
from telecom_rules.cli import run as walking
from telecom_rules.cli.status import CLEAN, FINDINGS, ExitStatus
from telecom_rules.reports import Report, concise
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterable
    from pathlib import Path
    from typing import TypeVar

    from telecom_rules.cli.decide import RecordOutcome
    from telecom_rules.cli.run import Walk
    from telecom_rules.cli.screen import Screen
    from telecom_rules.pack import Pack

    T = TypeVar("T")


NAME = "demo"
SUMMARY = "validate the shipped pack, decide violations and run complaints, and print the results"
EXAMPLE = "telecom-rules demo --language zh"

DECIDED_ON = "committed_on"
"""The fact of a violation with the day whose law applies."""
AT_THE_THRESHOLD = ("V-2026-0154", "V-2026-0155")
"""Two violations that differ only in the gain: one fen below a threshold, and at it."""
LAST_INSTANT = "2026-11-01T00:00:00+08:00"
"""The instant to which the clocks of the complaints run."""


def declare(_: argparse.ArgumentParser) -> None:
    """Declare the arguments of the verb: it has none of its own."""


def run(_: argparse.Namespace, screen: Screen) -> ExitStatus:
    """Run the three parts and print the results."""
    from telecom_rules.checks import check
    from telecom_rules.pack import find_shipped, read

    reading = read()
    found = (*reading.findings, *check(reading))
    screen.write_title(Wording("一、校验规则包", "1. The pack of rules"))
    report = Report(findings=found, texts={}, pack=reading.overview, language=screen.language)
    screen.write_lines(concise.write(report))
    if reading.pack is None:
        return FINDINGS
    records = find_shipped("examples") / "data"
    show_violations(reading.pack, records / "violations.csv", screen)
    show_complaints(reading.pack, records / "complaints.jsonl", screen)
    return CLEAN


def show_violations(pack: Pack, file: Path, screen: Screen) -> None:
    """Decide the penalty of every violation in `file`, and print one of each kind."""
    from telecom_rules.cli.records import read_records

    policy = pack.policies["violation_penalty"]
    answers = [
        decide.decide_record(row, policy, DECIDED_ON)
        for row in read_records(file, policy.facts.record_type)
    ]
    screen.write_title(
        Wording(f"二、违规处罚（{file.name}）", f"2. Penalties for violations ({file.name})")
    )
    screen.say(decide.tally(Counter(each.standing for each in answers)))
    show_examples(answers, group_of, lambda answer: decide.describe_outcome(answer, screen), screen)
    below, at = (next(each for each in answers if each.key == key) for key in AT_THE_THRESHOLD)
    screen.write_title(
        Wording(
            "违法所得相差一分，罚款上限反而下降",
            "The maximum fine is lower for a gain one fen higher",
        )
    )
    screen.write_line(decide.describe_outcome(below, screen))
    screen.write_line(decide.describe_outcome(at, screen))
    if not isinstance(at.result, Wording):
        screen.write_title(Wording(f"{at.key} 的理由", f"Reasons for {at.key}"))
        screen.write_lines(at.result.explain(screen.language))


def group_of(answer: RecordOutcome) -> str:
    """Return the group of a decision: its rule, or the reason why there is none."""
    if isinstance(answer.result, Wording):
        return answer.result.en
    rule = answer.result.rule
    return rule.id if rule is not None else f"missing {answer.result.missing}"


def show_complaints(pack: Pack, file: Path, screen: Screen) -> None:
    """Run every complaint in `file`; print refused events and time limits that ran out."""
    from telecom_rules.cli.records import read_records

    workflow = pack.workflows["complaint_handling"]
    until = datetime.fromisoformat(LAST_INSTANT)
    walks = [walking.walk(workflow, row, until) for row in read_records(file)]
    screen.write_title(Wording(f"三、投诉处理（{file.name}）", f"3. Complaints ({file.name})"))
    screen.say(walking.tally(walks))
    states = Counter(one.case.state for one in walks if one.case is not None)
    for state, count in states.most_common():
        screen.write_line(
            f"{count:>5}×  {state}  {workflow.states[state].title.say(screen.language)}"
        )
    show_refusals(walks, screen)
    show_problems(walks, screen)
    show_breaches(walks, screen)


def show_refusals(walks: Iterable[Walk], screen: Screen) -> None:
    """Print which events were refused and why, one of each kind."""
    screen.write_title(Wording("被拒绝的事件及理由", "Refused events and reasons"))
    steps = ((one, step, step.refusal) for one in walks for step in one.steps)
    refused = [(one, step, each) for one, step, each in steps if each is not None]
    show_examples(
        refused,
        lambda three: " ".join([three[1].event, *(each.kind for each in three[2].reasons)]),
        lambda three: (
            f"{three[0].key} {three[1].event}: {walking.summarize_refusal(three[2], screen)}"
        ),
        screen,
    )


def show_problems(walks: Iterable[Walk], screen: Screen) -> None:
    """Print which histories could not be run and why, one of each kind."""
    screen.write_title(Wording("无法办理的投诉", "Complaints that could not be run"))
    stopped = [(one, one.problem) for one in walks if one.problem is not None]
    show_examples(
        stopped,
        lambda pair: pair[1].en,
        lambda pair: f"{pair[0].key}: {pair[1].say(screen.language)}",
        screen,
    )


def show_breaches(walks: Iterable[Walk], screen: Screen) -> None:
    """Print which time limits ran out, one of each kind, with the clauses they come from."""
    screen.write_title(Wording("已经届满的时限", "Time limits that ran out"))
    cases = ((one, one.case) for one in walks if one.case is not None)
    broken = [(one, breach) for one, case in cases for breach in case.breaches]
    show_examples(
        broken,
        lambda pair: pair[1].clock,
        lambda pair: f"{pair[0].key} {walking.summarize_breach(pair[1], screen)}",
        screen,
    )


def show_examples(
    things: Iterable[T], kind: Callable[[T], str], line: Callable[[T], str], screen: Screen
) -> None:
    """Print the first thing of each kind with how many there are of it, the most frequent first."""
    first: dict[str, T] = {}
    count: Counter[str] = Counter()
    for thing in things:
        first.setdefault(kind(thing), thing)
        count[kind(thing)] += 1
    for each, number in count.most_common():
        screen.write_line(f"{number:>5}×  {line(first[each])}")
