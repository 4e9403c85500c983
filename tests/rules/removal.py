"""The shipped pack without one of its rules, checks, transitions or clocks."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING

from telecom_rules.pack import Named
from telecom_rules.pack.pack import POLICY, WORKFLOW
from telecom_rules.policies import Answers
from telecom_rules.scenarios import Flow, Questions
from telecom_rules.workflows.configuration import Configurations

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from telecom_rules.pack import Pack
    from telecom_rules.policies import Policy
    from telecom_rules.scenarios import Scenario
    from telecom_rules.vocabulary import Clause
    from telecom_rules.workflows import Workflow

Mark = tuple[object, ...]


@dataclass(frozen=True)
class Part:
    """Something that does something: what can be taken out.

    Attributes:
        mark: what scenarios note when they have seen it at work, without how it ended.
        name: its name.
        cites: its clauses.
    """

    mark: Mark
    name: str
    cites: tuple[Clause, ...]


def parts(pack: Pack) -> Iterator[Part]:
    """Yield every rule, check, transition and clock of a pack."""
    for policy in pack.policies.values():
        for row in policy.rows:
            name = f"rule {policy.name}/{row.rule.id}"
            yield Part(("rule", policy.name, row.rule.id), name, row.rule.cites)
        for check in policy.checks:
            name = f"check {policy.name}/{check.id}"
            yield Part(("check", policy.name, check.id), name, check.cites)
    for workflow in pack.workflows.values():
        for state in workflow.states.values():
            groups = {**state.on, "always": state.always, "onDone": state.done}
            for event, group in groups.items():
                for at, transition in enumerate(group):
                    mark = ("transition", workflow.name, state.name, event, at)
                    yield Part(mark, " ".join(map(str, mark)), transition.cites)
        for clock in workflow.clocks.values():
            mark = ("clock", workflow.name, clock.name)
            yield Part(mark, " ".join(mark), clock.cites)


def without(pack: Pack, *gone: Part) -> Pack:
    """Return the pack without some of its parts."""
    marks = {part.mark for part in gone}
    policies: dict[str, Policy] = {}
    peers = MappingProxyType(policies)
    for policy in pack.policies.values():
        rows = (row for row in policy.rows if ("rule", policy.name, row.rule.id) not in marks)
        checks = (each for each in policy.checks if ("check", policy.name, each.id) not in marks)
        policies[policy.name] = replace(
            policy, rows=tuple(rows), checks=tuple(checks), _policies=peers, _editions={}
        )
    flows = {name: reduced(flow, marks, policies) for name, flow in pack.workflows.items()}
    return replace(pack, policies=Named(POLICY, policies), workflows=Named(WORKFLOW, flows))


def reduced(flow: Workflow, marks: set[Mark], policies: Mapping[str, Policy]) -> Workflow:
    """Return a workflow without some of its parts, asking `policies`."""

    def kept(state: str, event: str, group: tuple) -> tuple:
        key = ("transition", flow.name, state, event)
        return tuple(each for at, each in enumerate(group) if (*key, at) not in marks)

    states = {}
    for name, state in flow.states.items():
        on = {event: kept(name, event, group) for event, group in state.on.items()}
        states[name] = replace(
            state,
            on={event: group for event, group in on.items() if group},
            always=kept(name, "always", state.always),
            done=kept(name, "onDone", state.done),
        )
    clocks = {
        name: clock
        for name, clock in flow.clocks.items()
        if ("clock", flow.name, name) not in marks
    }
    chart = replace(flow.chart, states=states, clocks=clocks)
    mine = {name: each for name, each in policies.items() if each.facts.name == flow.facts.name}
    return replace(
        flow,
        chart=chart,
        configurations=Configurations(chart),
        answers=partial(Answers, MappingProxyType(mine)),
    )


def moved(scenario: Scenario, pack: Pack) -> Scenario:
    """Return a scenario as one of another pack."""
    if isinstance(scenario, Questions):
        return replace(scenario, policy=pack.policies[scenario.policy.name])
    assert isinstance(scenario, Flow)
    before = None if scenario.before is None else moved(scenario.before, pack)
    return replace(scenario, workflow=pack.workflows[scenario.workflow.name], before=before)
