"""The shipped pack without some of its parts, or with another sign at one of its boundaries."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, get_args

from telecom_rules.expressions.typed import Typed
from telecom_rules.findings.kinds import POLICY, WORKFLOW
from telecom_rules.pack import NamedMapping
from telecom_rules.policies import PeerDecisions
from telecom_rules.scenarios import PolicyScenario, WorkflowScenario
from telecom_rules.workflows.engine.configuration import Configurations

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from telecom_rules.expressions import Expression
    from telecom_rules.pack import Pack
    from telecom_rules.policies import Policy
    from telecom_rules.scenarios import Scenario
    from telecom_rules.scenarios.coverage.conditions import Site
    from telecom_rules.vocabulary import Clause
    from telecom_rules.workflows import Workflow
    from telecom_rules.workflows.chart import Chart

Mark = tuple[object, ...]
NODES = get_args(Typed)


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
            returns = () if state.call is None else state.call.done
            groups = {**state.on, "always": state.always, "onDone": state.done, "call": returns}
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
            policy, rows=tuple(rows), checks=tuple(checks), _policies=peers
        )
    flows = {name: reduced(flow, marks, policies) for name, flow in pack.workflows.items()}
    return replace(
        pack, policies=NamedMapping(POLICY, policies), workflows=NamedMapping(WORKFLOW, flows)
    )


def reduced(flow: Workflow, marks: set[Mark], policies: Mapping[str, Policy]) -> Workflow:
    """Return a workflow without some of its parts, asking `policies`."""
    if all(kind not in {"transition", "clock"} or name != flow.name for kind, name, *_ in marks):
        return asking(flow, flow._machine.chart, policies)

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
            call=state.call and replace(state.call, done=kept(name, "call", state.call.done)),
        )
    clocks = {
        name: clock
        for name, clock in flow.clocks.items()
        if ("clock", flow.name, name) not in marks
    }
    return asking(flow, replace(flow._machine.chart, states=states, clocks=clocks), policies)


def asking(flow: Workflow, chart: Chart, policies: Mapping[str, Policy]) -> Workflow:
    """Return a workflow with a chart of its own that asks `policies`."""
    mine = {name: each for name, each in policies.items() if each.facts.name == flow.facts.name}
    machine = replace(
        flow._machine,
        chart=chart,
        configurations=(
            flow._machine.configurations if chart is flow._machine.chart else Configurations(chart)
        ),
        policy_outputs=partial(PeerDecisions, MappingProxyType(mine)),
    )
    return replace(flow, _machine=machine)


def moved(scenario: Scenario, pack: Pack) -> Scenario:
    """Return a scenario as one of another pack."""
    if isinstance(scenario, PolicyScenario):
        return replace(scenario, policy=pack.policies[scenario.policy.name])
    assert isinstance(scenario, WorkflowScenario)
    before = None if scenario.predecessor is None else moved(scenario.predecessor, pack)
    return replace(scenario, workflow=pack.workflows[scenario.workflow.name], predecessor=before)


BLUNT = {
    "less": "less_or_equal",
    "less_or_equal": "less",
    "greater": "greater_or_equal",
    "greater_or_equal": "greater",
}
"""The mistake that people make at a boundary: whether the figure itself is in or out."""


def blunted(pack: Pack, site: Site) -> Pack:
    """Return the pack with the other sign in one comparison with a figure."""
    swap = partial(swapped, site)
    policies: dict[str, Policy] = {}
    peers = MappingProxyType(policies)
    for policy in pack.policies.values():
        rows = (replace(row, tests=tuple(map(swap, row.tests))) for row in policy.rows)
        checks = (
            replace(each, when=each.when and swap(each.when), require=swap(each.require))
            for each in policy.checks
        )
        policies[policy.name] = replace(
            policy, rows=tuple(rows), checks=tuple(checks), _policies=peers
        )
    flows = {name: regarded(flow, swap, policies) for name, flow in pack.workflows.items()}
    return replace(
        pack, policies=NamedMapping(POLICY, policies), workflows=NamedMapping(WORKFLOW, flows)
    )


def regarded(
    flow: Workflow, swap: Callable[[Expression], Expression], policies: Mapping[str, Policy]
) -> Workflow:
    """Return a workflow with other guards, asking `policies`."""

    def guarded(group: tuple) -> tuple:
        return tuple(replace(each, guard=each.guard and swap(each.guard)) for each in group)

    states = {
        name: replace(
            state,
            on={event: guarded(group) for event, group in state.on.items()},
            always=guarded(state.always),
            done=guarded(state.done),
        )
        for name, state in flow.states.items()
    }
    return asking(flow, replace(flow._machine.chart, states=states), policies)


def swapped(site: Site, expression: Expression) -> Expression:
    """Return an expression, with the other sign in `site` if that is a part of it."""
    if expression.span != site.expression.span:
        return expression
    return replace(expression, tree=rebuilt(expression.tree, site.node))


def rebuilt(node: Typed, target: Typed) -> Typed:
    """Return a tree with the other sign in one of its comparisons."""
    if node == target:
        return replace(node, overload=BLUNT[node.overload])
    parts = {}
    for field in fields(node):
        value = getattr(node, field.name)
        if isinstance(value, NODES):
            parts[field.name] = rebuilt(value, target)
        elif isinstance(value, tuple) and value and isinstance(value[0], NODES):
            parts[field.name] = tuple(rebuilt(each, target) for each in value)
    return replace(node, **parts) if parts else node
