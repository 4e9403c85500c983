"""Writes generated records as a file of scenarios, with today's answers to be confirmed."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from telecom_rules.errors import TelecomRulesError
from telecom_rules.scenarios.scenario import DEFAULT_RULE
from telecom_rules.scenarios.writing import (
    iter_head,
    spell,
    spell_names,
    spell_title,
    spell_values,
)
from telecom_rules.wording import Wording, join_wordings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from collections.abc import Set as AbstractSet
    from datetime import date

    from telecom_rules.policies import Decision, Policy
    from telecom_rules.scenarios.coverage.observe import CoverageMark
    from telecom_rules.testing.generation.generate import Generated
    from telecom_rules.testing.generation.goals import Goal
    from telecom_rules.testing.generation.search import Shown
    from telecom_rules.vocabulary import Record, Value
    from telecom_rules.wording import Language


TO_CONFIRM = Wording(
    "由规则生成：记录的是规则今天的结论，不是规则应有的结论。请逐条确认，或改为应有的结论。",
    "Made from the rules: each says what they answer today, not what they ought to. Confirm each, "
    "or write what it ought to be.",
)
TITLE = Wording("{title}：生成的场景，待确认", "{title}: generated, to be confirmed")
DECIDED = Wording("由“{rule}”作出决定，待确认", "Decided by “{rule}”, to be confirmed")
BY_DEFAULT = Wording("适用默认结论，待确认", "Decided by default, to be confirmed")
FAILED = Wording("“{check}”不通过，待确认", "“{check}” fails, to be confirmed")
NOTHING_FAILED = Wording("没有检查项未通过，待确认", "No check fails, to be confirmed")
NEEDS = Wording("数据不全，待确认", "Facts are missing, to be confirmed")
REFUSED = Wording("拒绝作出决定，待确认", "No decision, to be confirmed")
SHOWS = Wording("说明：", "Shows: ")
NOT_SHOWN = Wording("没有找到能说明下列情形的数据：", "No record was found that shows:")
SEMICOLON = ("；", "; ")
MOST_SAID = 3
"""What one record shows that is told."""


class Answer(NamedTuple):
    """What a policy answers today.

    Attributes:
        group: the name of the scenario that it belongs to.
        title: that scenario's name for people.
        lines: the keys of an example that say so.
    """

    group: str
    title: Wording
    lines: tuple[str, ...]


def write_generated(generated: Generated, language: Language) -> str:
    """Return a file of scenarios; what none of them shows stands at its end, as a comment.

    Args:
        generated: what was made for a policy.
        language: the language of the comments.
    """
    policy = generated.policy
    lines = [f"# {TO_CONFIRM.say(language)}"]
    lines += iter_head(
        f"{policy.name}_generated", TITLE.fill(title=policy.title), "policy", policy.name
    )
    if generated.shown:
        day = Counter(each.on for each in generated.shown).most_common(1)[0][0]
        given = find_common([each.facts for each in generated.shown])
        lines.append(f"on: {day.isoformat()}")
        if given:
            lines += ["given:", *(f"  {name}: {spell(value)}" for name, value in given.items())]
        lines += ["", "tests:", *iter_tests(generated, given, day, language)]
    if generated.unreached:
        lines += ["", f"# {NOT_SHOWN.say(language)}"]
        lines += [f"# - {describe_goal(each).say(language)}" for each in generated.unreached]
    return "\n".join(lines) + "\n"


def find_common(records: Iterable[Record]) -> Mapping[str, Value]:
    """Return the facts that most records have, each with its most usual value."""
    listed = list(records)
    found: dict[str, Value] = {}
    for name in dict.fromkeys(name for each in listed for name in each):
        values = Counter(each[name] for each in listed if name in each)
        value, times = values.most_common(1)[0]
        if times * 2 > len(listed):
            found[name] = value
    return found


def iter_tests(
    generated: Generated, given: Mapping[str, Value], day: date, language: Language
) -> Iterator[str]:
    """Yield the lines of the scenarios, one for each way in which the policy answers."""
    policy = generated.policy
    said = {each.mark: describe_goal(each) for each in generated.goals}
    groups: dict[str, tuple[Wording, list[tuple[Shown, Answer]]]] = {}
    for each in generated.shown:
        answer = describe_answer(policy, each)
        groups.setdefault(answer.group, (answer.title, []))[1].append((each, answer))
    for group, (title, examples) in groups.items():
        yield f"  {group}:"
        yield f"    title: {spell_title(title)}"
        yield "    examples:"
        for each, answer in examples:
            told = [said.pop(mark) for mark in [*said] if mark in each.marks]
            yield f"      # {join_shown(told).say(language)}"
            yield from indent(iter_example(each, answer, given, day))


def describe_goal(goal: Goal) -> Wording:
    """Return what a record shows, with the rule or check that it shows it of."""
    element = goal.name.rpartition("/")[2]
    return Wording(f"{element}：{goal.what.zh}", f"{element}: {goal.what.en}")


def join_shown(told: list[Wording]) -> Wording:
    """Return what a record shows on one line."""
    parts = join_wordings(told[:MOST_SAID], SEMICOLON)
    rest = len(told) - MOST_SAID
    more = Wording(f"；另有 {rest} 项", f"; and {rest} more") if rest > 0 else Wording("", "")
    return Wording(f"{SHOWS.zh}{parts.zh}{more.zh}", f"{SHOWS.en}{parts.en}{more.en}")


def indent(lines: Iterable[str]) -> Iterator[str]:
    """Yield the lines of an item of a list."""
    for at, each in enumerate(lines):
        yield f"      {'  ' if at else '- '}{each}"


def iter_example(
    shown: Shown, answer: Answer, given: Mapping[str, Value], day: date
) -> Iterator[str]:
    """Yield the lines of one example."""
    if shown.on != day:
        yield f"on: {shown.on.isoformat()}"
    own = {name: value for name, value in shown.facts.items() if given.get(name) != value}
    yield f"given: {spell_values(own)}"
    without = [name for name in given if name not in shown.facts]
    if without:
        yield f"without: {spell_names(without)}"
    yield from answer.lines


def describe_answer(policy: Policy, shown: Shown) -> Answer:
    """Return what the policy answers on a record today."""
    try:
        broken = policy.facts.find_broken(shown.facts)
        if broken:
            return Answer("refused", REFUSED, ("error: inconsistent_facts",))
        decision = policy.decide(shown.facts, on=shown.on)
    except TelecomRulesError as problem:
        return Answer("refused", REFUSED, (f"error: {problem.code.replace('-', '_')}",))
    if not decision.known:
        return Answer("needs", NEEDS, (f"needs: {spell_names(decision.missing)}",))
    outputs = {name: value for name, value in decision.outputs.items() if value is not None}
    lines = (f"then: {spell_values(outputs)}",) if outputs else ()
    if policy.hit_policy is None:
        return describe_checks(decision, shown.marks, lines)
    return describe_rules(decision, lines)


def describe_rules(decision: Decision, lines: tuple[str, ...]) -> Answer:
    """Return what a table answers."""
    names = [each.id for each in decision.rules]
    if not names:
        return Answer(f"by_{DEFAULT_RULE}", BY_DEFAULT, (*lines, f"rule: {DEFAULT_RULE}"))
    titles = [each.title or Wording.same(each.id) for each in decision.rules]
    title = DECIDED.fill(rule=join_wordings(titles, SEMICOLON))
    return Answer("_and_".join(names), title, (*lines, f"rule: {spell_names(names)}"))


def describe_checks(
    decision: Decision, marks: AbstractSet[CoverageMark], lines: tuple[str, ...]
) -> Answer:
    """Return what a checklist answers: the checks that fail, are unknown, or are to be shown."""
    told = ", ".join(
        f"{each.id}: {each.status}"
        for each in decision.results
        if each.status in {"fail", "unknown"}
        or ("check", decision.policy, each.id, each.status) in marks
    )
    failed = next((each for each in decision.results if each.status == "fail"), None)
    said = (*lines, f"checks: {{{told}}}") if told else lines
    if failed is None:
        return Answer("nothing_fails", NOTHING_FAILED, said)
    return Answer(f"fails_{failed.id}", FAILED.fill(check=failed.title), said)
