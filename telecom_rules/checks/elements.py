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

__all__ = ["Element", "elements"]

CALENDAR = Wording("日历", "calendar")
CATALOGUE = Wording("目录", "catalogue")
CODE = Wording("代码", "code")
FACTS = Wording("数据", "facts")
FIELD = Wording("数据项", "fact")
FIGURE = Wording("参数值", "value of")
POLICY = Wording("策略", "policy")
RULE = Wording("规则", "rule")
CHECK = Wording("检查项", "check")
WORKFLOW = Wording("流程", "workflow")
EVENT = Wording("事件", "event")
CLOCK = Wording("时限", "clock")
PROPERTY = Wording("性质", "property")
STATE = Wording("状态", "state")
TRANSITION = Wording("转换", "transition")


class Element(NamedTuple):
    """Something that cites clauses.

    Attributes:
        kind: what it is.
        name: its name, for people.
        span: where it is.
        cites: the clauses as written.
        days: the days on which it applies.
        free: whether it may do without a clause.
        within: the policy or workflow it is part of, where its name does not say.
    """

    kind: Wording
    name: str
    span: Span
    cites: tuple[Word, ...]
    days: Period = ALWAYS
    free: bool = False
    within: str = ""

    @property
    def path(self) -> str:
        """Its name with what it is part of, such as `complaint_grade.safety`."""
        return f"{self.within}.{self.name}" if self.within else self.name


def elements(drafts: Drafts) -> Iterator[Element]:
    """Yield every element of a pack that cites clauses or ought to."""
    for calendar in drafts.of(CalendarDefinition):
        name = calendar.calendar
        yield Element(CALENDAR, name, name.span, calendar.cites, free=True)
        for year, days in calendar.years.items():
            yield Element(CALENDAR, f"{name}.{year}", year.span, days.cites, free=True)
    for catalogue in drafts.of(CatalogueDefinition):
        name = catalogue.catalogue
        yield Element(CATALOGUE, name, name.span, catalogue.cites)
        for code, each in catalogue.codes.items():
            yield Element(CODE, f"{name}.{code}", code.span, each.cites, free=True)
    for facts in drafts.of(FactsDefinition):
        yield Element(FACTS, facts.facts, facts.facts.span, facts.cites)
        for field, fact in facts.fields.items():
            yield Element(FIELD, f"{facts.facts}.{field}", field.span, fact.cites, free=True)
    for parameter in drafts.of(ParameterDefinition):
        yield from figures(parameter)
    for policy in drafts.of(PolicyDefinition):
        yield from rules(policy)
    for workflow in drafts.of(WorkflowDefinition):
        yield from parts(workflow)


def figures(parameter: ParameterDefinition) -> Iterator[Element]:
    """Yield the values of a parameter; one without an end applies until the next begins."""
    values = sorted(parameter.values, key=lambda each: each.since)
    following = [*(each.since for each in values[1:]), None]
    for value, after in zip(values, following, strict=True):
        name = f"{parameter.parameter} ({value.since.isoformat()})"
        days = Period(value.since, value.until or after)
        yield Element(FIGURE, name, value.span, value.cites, days)


def rules(policy: PolicyDefinition) -> Iterator[Element]:
    """Yield a policy and its rules or checks, which apply while the policy does."""
    name, whole = policy.policy, period(policy.in_force)
    yield Element(POLICY, name, name.span, policy.cites, whole)
    for rule in policy.rules:
        days = whole & period(rule.in_force)
        yield Element(RULE, rule.id, rule.id.span, rule.cites, days, within=name)
    for item in policy.checks:
        days = whole & period(item.in_force)
        yield Element(CHECK, item.id, item.id.span, item.cites, days, within=name)


def period(definition: PeriodDefinition | None) -> Period:
    """Return the days that a definition says, which are all where there is none."""
    return ALWAYS if definition is None else Period(definition.since, definition.until)


def parts(workflow: WorkflowDefinition) -> Iterator[Element]:
    """Yield a workflow and what cites clauses in it."""
    name = workflow.workflow
    yield Element(WORKFLOW, name, name.span, workflow.cites)
    for event, sent in workflow.events.items():
        yield Element(EVENT, event, event.span, sent.cites, free=True, within=name)
    for clock, limit in workflow.clocks.items():
        yield Element(CLOCK, clock, clock.span, limit.cites, within=name)
    for number, stated in enumerate(workflow.properties, start=1):
        yield Element(PROPERTY, f"{name}.properties[{number}]", stated.span, stated.cites)
    yield from states(workflow.states, name)


def states(members: Mapping[Word, StateDefinition], within: str) -> Iterator[Element]:
    """Yield the states and transitions below one level of a statechart."""
    for name, state in members.items():
        yield Element(STATE, name, name.span, state.cites, within=within)
        for event, transition in state.transitions:
            label = f"{name}.{event or 'always'}"
            yield Element(TRANSITION, label, transition.span, transition.cites, within=within)
        yield from states(state.states, within)
