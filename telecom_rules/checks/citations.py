"""TR504: every element says which clause it comes from.

A pack may switch the check off with `require_cites: false` in its `pack.yaml`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from telecom_rules.findings import Finding, Span
from telecom_rules.pack import PackDefinition
from telecom_rules.policies import PolicyDefinition
from telecom_rules.vocabulary import CatalogueDefinition, FactsDefinition, ParameterDefinition
from telecom_rules.wording import Wording
from telecom_rules.workflows import WorkflowDefinition

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from telecom_rules.documents import Word
    from telecom_rules.pack import Drafts, Reading
    from telecom_rules.workflows.definition import StateDefinition

__all__ = ["check"]

RULE = Wording("规则", "rule")


class Element(NamedTuple):
    """Something that must cite a clause."""

    kind: Wording
    name: str
    span: Span
    cites: bool


def check(reading: Reading) -> Iterator[Finding]:
    """Yield a finding for each element of the pack that cites nothing."""
    pack = next(iter(reading.drafts.of(PackDefinition)), None)
    if pack is None or not pack.require_cites:
        return
    for element in elements(reading.drafts):
        if not element.cites:
            values = {"kind": element.kind, "name": element.name}
            yield Finding("TR504", element.span, values)


def elements(drafts: Drafts) -> Iterator[Element]:
    """Yield every element that must cite a clause."""
    for catalogue in drafts.of(CatalogueDefinition):
        yield Element(
            Wording("目录", "catalogue"),
            catalogue.catalogue,
            catalogue.catalogue.span,
            bool(catalogue.cites),
        )
    for facts in drafts.of(FactsDefinition):
        yield Element(Wording("数据", "facts"), facts.facts, facts.facts.span, bool(facts.cites))
    for parameter in drafts.of(ParameterDefinition):
        for value in parameter.values:
            name = f"{parameter.parameter} ({value.since.isoformat()})"
            yield Element(Wording("参数值", "value of"), name, value.span, bool(value.cites))
    for policy in drafts.of(PolicyDefinition):
        yield Element(
            Wording("策略", "policy"), policy.policy, policy.policy.span, bool(policy.cites)
        )
        for rule in policy.rules:
            yield Element(RULE, rule.id, rule.id.span, bool(rule.cites))
        for item in policy.checks:
            yield Element(RULE, item.id, item.id.span, bool(item.cites))
    for workflow in drafts.of(WorkflowDefinition):
        yield from parts(workflow)


def parts(workflow: WorkflowDefinition) -> Iterator[Element]:
    """Yield a workflow and what must cite a clause in it."""
    yield Element(
        Wording("流程", "workflow"),
        workflow.workflow,
        workflow.workflow.span,
        bool(workflow.cites),
    )
    for name, clock in workflow.clocks.items():
        yield Element(Wording("时限", "clock"), name, name.span, bool(clock.cites))
    for number, stated in enumerate(workflow.properties, start=1):
        label = f"{workflow.workflow}.properties[{number}]"
        yield Element(Wording("性质", "property"), label, stated.span, bool(stated.cites))
    yield from states(workflow.states)


def states(members: Mapping[Word, StateDefinition]) -> Iterator[Element]:
    """Yield the states and transitions below one level of a statechart."""
    for name, state in members.items():
        yield Element(Wording("状态", "state"), name, name.span, bool(state.cites))
        for event, transition in state.transitions:
            label = f"{name}.{event or 'always'}"
            yield Element(
                Wording("转换", "transition"), label, transition.span, bool(transition.cites)
            )
        yield from states(state.states)
