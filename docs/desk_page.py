"""Writes the page of the desk: each matter with what answers it, and the answer for an example.

The examples are scenarios of the pack, run by the engine while the page is written.
"""

from __future__ import annotations

import re
from itertools import chain, groupby
from typing import TYPE_CHECKING

from telecom_rules import scenarios
from telecom_rules.reports.markdown import escape_text, quote_code, write_row
from telecom_rules.scenarios import PolicyScenario, Runner, WorkflowScenario
from telecom_rules.vocabulary.describe import describe_briefly
from telecom_rules.vocabulary.values import read_value
from telecom_rules.wording import Wording, join_wordings
from telecom_rules.workflows.chart import Emission

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from telecom_rules.pack import Matter, Pack
    from telecom_rules.scenarios.run import ScenarioEnd
    from telecom_rules.vocabulary import Parameter
    from telecom_rules.workflows import Entry, Workflow

__all__ = ["desk"]

EXPIRED = {
    False: Wording("时限提醒：{clock}", "warned: {clock}"),
    True: Wording("时限届满：{clock}", "time is over: {clock}"),
}
COLUMNS = (
    "时间 · when",
    "谁 · who",
    "何事 · what",
    "状态 · state",
    "待办与时限 · to do, time limits",
)
START = Wording("开始", "start")
DUE = Wording("{clock}，{at} 止", "{clock}, until {at}")


def desk(rules: Path, pack: Pack) -> Iterator[str]:
    """Yield the lines of the page: a list of the matters, then each at length."""
    written = {each.id: each for each in scenarios.read(rules, pack).scenarios}
    runner = Runner(pack)
    yield "| 事项 · matter | 用户会说 · people say |"
    yield "|---|---|"
    for matter in pack.matters.values():
        heading = both(matter.title, " · ")
        link = f"[{heading}](#{slug_of(heading)})"
        yield write_row(link, "<br>".join(both(each) for each in matter.said))
    for matter in pack.matters.values():
        yield ""
        yield f"## {both(matter.title, ' · ')}"
        yield ""
        yield from elements(pack, matter)
        yield ""
        yield from asked(pack, matter)
        for example in matter.examples:
            yield ""
            yield from answer(written[example], runner)
        yield ""
        yield from limits(pack, matter)
        yield ""
        yield f"**无法得知 · what the library cannot know**: {both(matter.cannot_know, ' · ')}"


def slug_of(heading: str) -> str:
    """Return the name by which a link leads to a heading."""
    return re.sub(r"[^\w\- ]", "", heading).lower().replace(" ", "-")


def both(wording: Wording, between: str = "<br>") -> str:
    """Return a text in both languages, as a line shows it."""
    zh, en = map(escape_text, wording)
    return zh if zh == en else f"{zh}{between}{en}"


def elements(pack: Pack, matter: Matter) -> Iterator[str]:
    """Yield what a matter is recorded as, what settles it, what decides, and the law."""
    yield "| | | |"
    yield "|---|---|---|"
    for kind in matter.kinds:
        yield write_row("登记为 · recorded as", quote_code(str(kind)), both(kind.title))
    for name in matter.workflows:
        yield write_row("流程 · workflow", quote_code(name), both(pack.workflows[name].title))
    for name in matter.policies:
        yield write_row("策略 · policy", quote_code(name), both(pack.policies[name].title))
    for clause in matter.cites:
        yield write_row("依据 · law", quote_code(str(clause)), both(clause.title))


def asked(pack: Pack, matter: Matter) -> Iterator[str]:
    """Yield the facts that are needed, one line for each kind."""
    yield "**须查明 · facts needed**"
    yield ""
    for kind, facts in groupby(matter.asks, key=lambda each: each.facts):
        several = list(facts)
        zh = "；".join(escape_text(each.title.zh) for each in several)
        en = "; ".join(escape_text(each.title.en) for each in several)
        title = pack.facts[kind].title
        yield f"- {both(title, ' · ')} ({quote_code(kind)}): {zh}<br>{en}"


def answer(scenario: scenarios.Scenario, runner: Runner) -> Iterator[str]:
    """Yield an example with the answer that the rules give today.

    Raises:
        ValueError: the example is not answered as its scenario expects.
    """
    if not runner.run(scenario).passed:
        raise ValueError(f"the example {scenario.id} fails")
    yield f"**示例 · example** {quote_code(scenario.id)}: {both(scenario.title, ' · ')}"
    yield ""
    if isinstance(scenario, PolicyScenario):
        yield from decided(scenario)
    if isinstance(scenario, WorkflowScenario):
        end = runner.ends[scenario.id][0]
        if end is not None:
            yield from told(end, scenario.workflow)


def decided(scenario: PolicyScenario) -> Iterator[str]:
    """Yield the facts of the first example of a policy, and the decision."""
    example = scenario.examples[0]
    policy = scenario.policy
    record = policy.facts.read(example.facts)
    for name, field in policy.facts.fields.items():
        if name in example.facts:
            value = describe_briefly(record[name], field.type)
            line = name_value(field.title or Wording.same(name), value)
            yield f"- {both(line, ' · ')}"
    decision = policy.decide(example.facts, on=example.on)
    yield ""
    yield f"> {escape_text(decision.summary('zh'))}<br>{escape_text(decision.summary('en'))}"


def told(end: ScenarioEnd, workflow: Workflow) -> Iterator[str]:
    """Yield the story of a case: when, who, what, where it then is, and what is to be done."""
    yield write_row(*COLUMNS)
    yield "|" + "---|" * len(COLUMNS)
    for entry in end.journal:
        yield write_row(
            f"{entry.at:%Y-%m-%d %H:%M}",
            "" if entry.by is None else both(workflow.roles[entry.by]),
            "<br>".join(map(both, (name_step(entry, workflow), *set_facts(entry, workflow)))),
            "<br>".join(both(each) for each in innermost(entry, workflow)),
            "<br>".join(both(each) for each in consequences(entry, workflow)),
        )


def set_facts(entry: Entry, workflow: Workflow) -> Iterator[Wording]:
    """Yield the facts that were set, each with its value."""
    record = workflow.facts.partial.model_validate(entry.assigned, strict=False)
    for name, field in workflow.facts.fields.items():
        if name in entry.assigned:
            value = describe_briefly(getattr(record, name), field.type)
            yield name_value(field.title or Wording.same(name), value)


def name_value(title: Wording, value: Wording) -> Wording:
    """Return a fact with its value."""
    return Wording("{title}：{value}", "{title}: {value}").fill(title=title, value=value)


def name_step(entry: Entry, workflow: Workflow) -> Wording:
    """Return what happened."""
    if entry.clock is not None:
        clock = workflow.clocks[entry.clock]
        return EXPIRED[entry.breach].fill(clock=clock.title)
    return START if entry.event is None else workflow.events[entry.event].title


def innermost(entry: Entry, workflow: Workflow) -> Iterator[Wording]:
    """Yield the titles of the states in which the case stays that have none inside them."""
    around = {each.parent for each in workflow.states.values()}
    passed = {name for name in entry.entered if name in entry.left}
    for name in dict.fromkeys(entry.entered):
        if name not in around and (name not in passed or name == entry.entered[-1]):
            yield workflow.states[name].title


def consequences(entry: Entry, workflow: Workflow) -> Iterator[Wording]:
    """Yield the effects that are asked for, then the time limits that begin."""
    known = {each.effect.name: each.effect for each in iter_emissions(workflow)}
    for name, payload in entry.effects:
        told = (
            describe_briefly(read_value(known[name].payload.fields[key], value), field.type)
            for key, value in payload.items()
            for field in (known[name].payload.fields[key],)
            if value not in (None, "")
        )
        values = join_wordings(told, ("；", "; "))
        title = known[name].title
        yield name_value(title, values) if values.en else title
    for name, deadline in entry.started.items():
        if deadline is not None:
            title = workflow.clocks[name].title
            yield DUE.fill(clock=title, at=f"{deadline:%Y-%m-%d %H:%M}")


def iter_emissions(workflow: Workflow) -> Iterator[Emission]:
    """Yield whatever asks for an effect in a workflow."""
    for state in workflow.states.values():
        actions = (each.actions for each in state.transitions)
        for action in (*state.entry, *state.exit, *chain.from_iterable(actions)):
            if isinstance(action, Emission):
                yield action


def limits(pack: Pack, matter: Matter) -> Iterator[str]:
    """Yield the figures that what answers a matter reads, each with its clause."""
    figures = list(iter_figures(pack, matter))
    yield "**时限与数值 · limits and figures**"
    yield ""
    if not figures:
        yield "没有数值 · no figures"
        return
    yield "| | 数值 · figure | 自 · from | 依据 · clause | |"
    yield "|---|---|---|---|---|"
    for figure in figures:
        value = figure.values[-1]
        yield write_row(
            f"{quote_code(figure.name)}<br>{both(figure.title)}",
            both(value.wording),
            str(value.since),
            ", ".join(quote_code(str(each)) for each in value.cites),
            both(value.assurance),
        )


def iter_figures(pack: Pack, matter: Matter) -> Iterator[Parameter]:
    """Yield each figure once: those of the policies, then those of the workflows."""
    names = dict.fromkeys(
        (
            *(name for each in matter.policies for name in pack.policies[each].parameters),
            *(
                name
                for each in matter.workflows
                for name in figures_of_workflow(pack.workflows[each])
            ),
        )
    )
    return (pack.parameters[name] for name in names)


def figures_of_workflow(workflow: Workflow) -> Iterable[str]:
    """Return the figures that the time limits of a workflow are counted by."""
    limits_read = (getattr(each.limit, "name", None) for each in workflow.clocks.values())
    return [each for each in limits_read if each is not None]
