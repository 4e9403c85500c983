"""Everything in a pack that cites clauses, with the days on which it applies."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from telecom_rules.policies import PolicyDefinition
from telecom_rules.vocabulary import (
    ALWAYS,
    CalendarDefinition,
    CatalogueDefinition,
    FactsDefinition,
    ParameterDefinition,
    Period,
)
from telecom_rules.wording import Wording
from telecom_rules.workflows import WorkflowDefinition

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from telecom_rules.documents import Word
    from telecom_rules.findings import Span
    from telecom_rules.pack import Drafts
    from telecom_rules.vocabulary import PeriodDefinition
    from telecom_rules.workflows.definition import StateDefinition


CALENDAR = Wording("日历", "calendar")
CATALOGUE = Wording("目录", "catalogue")
CODE = Wording("代码", "code")
FACTS = Wording("数据", "facts")
FACT = Wording("数据项", "fact")
PARAMETER_VALUE = Wording("参数值", "value of")
POLICY = Wording("策略", "policy")
RULE = Wording("规则", "rule")
CHECK = Wording("检查项", "check")
WORKFLOW = Wording("流程", "workflow")
EVENT = Wording("事件", "event")
CLOCK = Wording("时限", "clock")
PROPERTY = Wording("性质", "property")
STATE = Wording("状态", "state")
TRANSITION = Wording("转换", "transition")


class CitingElement(NamedTuple):
    """Something that cites clauses.

    Attributes:
        kind: what it is.
        name: its name, for people.
        span: where it is.
        cites: the clauses as written.
        days: the days on which it applies.
        cites_optional: whether it may do without a clause.
        owner: the policy or workflow it is part of, where its name does not say.
    """

    kind: Wording
    name: str
    span: Span
    cites: tuple[Word, ...]
    days: Period = ALWAYS
    cites_optional: bool = False
    owner: str = ""

    @property
    def path(self) -> str:
        """Its name with what it is part of, such as `complaint_grade.safety`."""
        return f"{self.owner}.{self.name}" if self.owner else self.name


def iter_elements(drafts: Drafts) -> Iterator[CitingElement]:
    """Yield every element of a pack that cites clauses or ought to."""
    for calendar in drafts.of(CalendarDefinition):
        name = calendar.calendar
        yield CitingElement(CALENDAR, name, name.span, calendar.cites, cites_optional=True)
        for year, days in calendar.years.items():
            yield CitingElement(
                CALENDAR, f"{name}.{year}", year.span, days.cites, cites_optional=True
            )
    for catalogue in drafts.of(CatalogueDefinition):
        name = catalogue.catalogue
        yield CitingElement(CATALOGUE, name, name.span, catalogue.cites)
        for code, each in catalogue.codes.items():
            yield CitingElement(CODE, f"{name}.{code}", code.span, each.cites, cites_optional=True)
    for facts in drafts.of(FactsDefinition):
        yield CitingElement(FACTS, facts.facts, facts.facts.span, facts.cites)
        for field, fact in facts.fields.items():
            yield CitingElement(
                FACT, f"{facts.facts}.{field}", field.span, fact.cites, cites_optional=True
            )
    for parameter in drafts.of(ParameterDefinition):
        yield from iter_figure_elements(parameter)
    for policy in drafts.of(PolicyDefinition):
        yield from iter_policy_elements(policy)
    for workflow in drafts.of(WorkflowDefinition):
        yield from iter_workflow_elements(workflow)


def iter_figure_elements(parameter: ParameterDefinition) -> Iterator[CitingElement]:
    """Yield the values of a parameter; one without an end applies until the next begins."""
    values = sorted(parameter.values, key=lambda each: each.since)
    following = [*(each.since for each in values[1:]), None]
    for value, after in zip(values, following, strict=True):
        name = f"{parameter.parameter} ({value.since.isoformat()})"
        days = Period(value.since, value.until or after)
        yield CitingElement(PARAMETER_VALUE, name, value.span, value.cites, days)


def iter_policy_elements(policy: PolicyDefinition) -> Iterator[CitingElement]:
    """Yield a policy and its rules or checks, which apply while the policy does."""
    name, whole = policy.policy, period_of(policy.in_force)
    yield CitingElement(POLICY, name, name.span, policy.cites, whole)
    for rule in policy.rules:
        days = whole & period_of(rule.in_force)
        yield CitingElement(RULE, rule.id, rule.id.span, rule.cites, days, owner=name)
    for item in policy.checks:
        days = whole & period_of(item.in_force)
        yield CitingElement(CHECK, item.id, item.id.span, item.cites, days, owner=name)


def period_of(definition: PeriodDefinition | None) -> Period:
    """Return the days that a definition says, which are all where there is none."""
    return ALWAYS if definition is None else Period(definition.since, definition.until)


def iter_workflow_elements(workflow: WorkflowDefinition) -> Iterator[CitingElement]:
    """Yield a workflow and what cites clauses in it."""
    name = workflow.workflow
    yield CitingElement(WORKFLOW, name, name.span, workflow.cites)
    for event, sent in workflow.events.items():
        yield CitingElement(EVENT, event, event.span, sent.cites, cites_optional=True, owner=name)
    for clock, limit in workflow.clocks.items():
        yield CitingElement(CLOCK, clock, clock.span, limit.cites, owner=name)
    for number, stated in enumerate(workflow.properties, start=1):
        yield CitingElement(PROPERTY, f"{name}.properties[{number}]", stated.span, stated.cites)
    yield from iter_state_elements(workflow.states, name)


def iter_state_elements(
    members: Mapping[Word, StateDefinition], within: str
) -> Iterator[CitingElement]:
    """Yield the states and transitions below one level of a statechart."""
    for name, state in members.items():
        yield CitingElement(STATE, name, name.span, state.cites, owner=within)
        for event, transition in state.transitions:
            label = f"{name}.{event or 'always'}"
            yield CitingElement(TRANSITION, label, transition.span, transition.cites, owner=within)
        yield from iter_state_elements(state.states, within)
