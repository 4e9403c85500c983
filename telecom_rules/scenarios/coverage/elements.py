"""The coverage items of a pack: everything that its scenarios should cover."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from telecom_rules.expressions.consistency import conditions_of
from telecom_rules.findings import Findings
from telecom_rules.pack.elements import iter_elements
from telecom_rules.pack.located import iter_transitions, iter_workflows
from telecom_rules.policies.definition import CheckDefinition, RuleDefinition
from telecom_rules.scenarios.coverage.conditions import (
    iter_boundaries,
    iter_conditions,
    reachable_sides_of,
)
from telecom_rules.scenarios.coverage.observe import (
    change_days_of,
)
from telecom_rules.scenarios.scenario import DEFAULT_RULE
from telecom_rules.vocabulary import ParameterDefinition, SourceKind
from telecom_rules.vocabulary.facts import ConsistencyDefinition
from telecom_rules.wording import Wording
from telecom_rules.workflows.definition import ClockDefinition, TransitionDefinition

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from telecom_rules.expressions import Expression
    from telecom_rules.findings import Span
    from telecom_rules.pack import Pack, Reading
    from telecom_rules.pack.located import LocatedWorkflow
    from telecom_rules.policies import Policy
    from telecom_rules.scenarios.coverage.observe import CoverageMark
    from telecom_rules.vocabulary import Clause, FactType


class CoverageKind(StrEnum):
    """A kind of coverage item."""

    RULE = "rule"
    """A rule that decides."""
    CONDITION = "condition"
    """A condition of a policy, once true and once false."""
    CHECK = "check"
    """An item of a checklist, once passed and once failed."""
    CONSISTENCY = "consistency"
    """A condition of consistency that refuses a record."""
    TRANSITION = "transition"
    """A transition that is taken."""
    GUARD = "guard"
    """A guard, once true and once false."""
    CLOCK = "clock"
    """A time limit, once kept and once breached, and its warning."""
    PROPERTY = "property"
    """A property of a workflow that a case satisfies."""
    BOUNDARY = "boundary"
    """A figure in a comparison: a value just under it, at it, just over it."""
    IN_FORCE = "in_force"
    """A change of the law, of a promise or of a setting: a day before it and a day from it on."""
    CLAUSE = "clause"
    """A clause of the specification, cited by a scenario that executes an element of it."""

    @property
    def wording(self) -> Wording:
        """Its name for people, in the plural."""
        return TITLES[self]


TITLES = {
    CoverageKind.RULE: Wording("规则", "rules"),
    CoverageKind.CONDITION: Wording("条件", "conditions"),
    CoverageKind.CHECK: Wording("检查项", "checks"),
    CoverageKind.CONSISTENCY: Wording("一致性条件", "conditions of consistency"),
    CoverageKind.TRANSITION: Wording("转换", "transitions"),
    CoverageKind.GUARD: Wording("转换条件", "guards"),
    CoverageKind.CLOCK: Wording("时限", "clocks"),
    CoverageKind.PROPERTY: Wording("流程约束", "properties"),
    CoverageKind.BOUNDARY: Wording("界限", "boundaries"),
    CoverageKind.IN_FORCE: Wording("按日期的变更", "changes by day"),
    CoverageKind.CLAUSE: Wording("条款", "clauses"),
}
TRUTH_WORDINGS = {True: Wording("成立", "true"), False: Wording("不成立", "false")}
SIDE_WORDINGS = {
    "under": Wording("略低于界限", "just under"),
    "at": Wording("等于界限", "at the figure"),
    "over": Wording("略高于界限", "just over"),
}
CLOCK_END_WORDINGS = {
    "kept": Wording("如期", "kept"),
    "expired": Wording("逾期", "breached"),
    "warned": Wording("提醒", "warned"),
}
EXECUTABLE_DEFINITIONS = (
    RuleDefinition,
    CheckDefinition,
    ConsistencyDefinition,
    TransitionDefinition,
    ClockDefinition,
)
"""Elements that execute, so that a scenario can cover the clauses they cite."""
CHECK_STATUSES = ("pass", "fail")


@dataclass(frozen=True, slots=True)
class CoverageItem:
    """One coverage item.

    Attributes:
        kind: its kind.
        mark: the mark that covers it.
        name: the element that it belongs to, such as `violation_penalty/crime`.
        what: the aspect to be covered, for people.
        span: its span.
    """

    kind: CoverageKind
    mark: CoverageMark
    name: str
    what: Wording
    span: Span


def list_items(reading: Reading) -> tuple[CoverageItem, ...]:
    """Return the coverage items of a pack, kind by kind; none of a pack that does not link."""
    pack = reading.pack
    if pack is None:
        return ()
    found = [each for facts in pack.facts.values() for each in iter_facts_items(facts)]
    found += [each for policy in pack.policies.values() for each in iter_policy_items(policy)]
    found += [each for flow in iter_workflows(reading) for each in iter_workflow_items(flow)]
    found += iter_parameter_items(pack, reading.drafts.of(ParameterDefinition))
    found += iter_clause_items(reading)
    order = list(CoverageKind)
    return tuple(sorted(found, key=lambda each: (order.index(each.kind), each.span)))


def iter_facts_items(facts: FactType) -> Iterator[CoverageItem]:
    """Yield the conditions that the facts of a record meet together."""
    what = Wording("拒绝自相矛盾的数据", "refuses a record")
    for each in conditions_of(facts):
        mark = ("inconsistent", facts.name, each.id)
        name = f"{facts.name}/{each.id}"
        yield CoverageItem(CoverageKind.CONSISTENCY, mark, name, what, each.span)


def iter_policy_items(policy: Policy) -> Iterator[CoverageItem]:
    """Yield the rules, checks, conditions, figures and changes of a policy."""
    for row in policy.rows:
        name = f"{policy.name}/{row.rule.id}"
        what = Wording("作出决定", "decides")
        yield CoverageItem(
            CoverageKind.RULE, ("rule", policy.name, row.rule.id), name, what, row.span
        )
        yield from iter_test_items(name, row.tests)
    if policy.default is not None:
        name, what = f"{policy.name}/{DEFAULT_RULE}", Wording("作出决定", "decides")
        yield CoverageItem(
            CoverageKind.RULE, ("rule", policy.name, DEFAULT_RULE), name, what, policy.span
        )
    for check in policy.checks:
        name = f"{policy.name}/{check.id}"
        for status in CHECK_STATUSES:
            what = Wording.same(f"`{status}`")
            mark: CoverageMark = ("check", policy.name, check.id, status)
            yield CoverageItem(CoverageKind.CHECK, mark, name, what, check.span)
        yield from iter_test_items(name, check.conditions)
    for day in change_days_of(policy):
        for after in (False, True):
            what = Wording("自 {day} 起", "from {day} on") if after else Wording(
                "{day} 之前", "before {day}")  # fmt: skip
            mark = ("turn", policy.name, day, after)
            yield CoverageItem(
                CoverageKind.IN_FORCE, mark, policy.name, what.fill(day=day), policy.span
            )


def iter_test_items(name: str, tests: Iterable[Expression]) -> Iterator[CoverageItem]:
    """Yield the conditions and figures in the tests of a rule or check."""
    for test in tests:
        for site in iter_conditions(test):
            for holds, truth in TRUTH_WORDINGS.items():
                what = Wording("`{text}` {truth}", "`{text}` is {truth}").fill(
                    text=site.text, truth=truth
                )
                span = span_of_part(test, site.node.start, site.node.end)
                yield CoverageItem(
                    CoverageKind.CONDITION, ("condition", *site.key, holds), name, what, span
                )
        yield from iter_boundary_items(name, test)


def iter_boundary_items(name: str, test: Expression) -> Iterator[CoverageItem]:
    """Yield the sides of each boundary in an expression."""
    for site in iter_boundaries(test):
        for side in reachable_sides_of(site):
            what = Wording("`{text}`：{side}", "`{text}`: {side}").fill(
                text=site.text, side=SIDE_WORDINGS[side]
            )
            span = span_of_part(test, site.node.start, site.node.end)
            yield CoverageItem(
                CoverageKind.BOUNDARY, ("boundary", *site.key, side), name, what, span
            )


def span_of_part(test: Expression, start: int, end: int) -> Span:
    """Return the span of a part of an expression, or of the whole if that is unknown."""
    span = test.span
    # Escapes and line breaks in YAML make columns and characters differ.
    if span.end_line > span.line or span.end_column - span.column != len(test.source):
        return span
    return span.within(start, end)


def iter_workflow_items(flow: LocatedWorkflow) -> Iterator[CoverageItem]:
    """Yield the transitions, guards, clocks and figures of a workflow."""
    workflow, definition = flow.workflow, flow.definition
    for key, transition in iter_transitions(flow.chart):
        state, event, at = key
        name = f"{workflow.name}/{state}/{event}" + (f"[{at + 1}]" if at else "")
        span = flow.span_of_transition(key)
        what = Wording("转为 {to}", "to {to}").fill(to=transition.target or state)
        mark = (workflow.name, *key)
        yield CoverageItem(CoverageKind.TRANSITION, ("transition", *mark), name, what, span)
        if transition.guard is not None:
            yield from iter_condition_items(name, ("guard", *mark), transition.guard)
    for each in flow.chart.states.values():
        conditions = {action.when.span: action.when for action in each.actions if action.when}
        for condition in conditions.values():
            name, when_mark = f"{workflow.name}/{each.name}", ("when", str(condition.span))
            yield from iter_condition_items(name, when_mark, condition)
    for clock in workflow.clocks.values():
        span = next(
            (word.span for word in definition.clocks if word == (clock.beside or clock.name)),
            definition.span,
        )
        ends = ["kept", "expired"] + (["warned"] if clock.warn_at is not None else [])
        for end in ends:
            clock_mark = ("clock", workflow.name, clock.name, end)
            name = f"{workflow.name}/{clock.name}"
            yield CoverageItem(CoverageKind.CLOCK, clock_mark, name, CLOCK_END_WORDINGS[end], span)
    for demand, stated in zip(workflow.properties, definition.properties, strict=True):
        kept: CoverageMark = ("property", workflow.name, demand.name)
        yield CoverageItem(CoverageKind.PROPERTY, kept, workflow.name, demand.title, stated.span)


def iter_condition_items(
    name: str, mark: CoverageMark, condition: Expression
) -> Iterator[CoverageItem]:
    """Yield the truth values and boundaries of a guard, or of the condition of an action."""
    text = " ".join(condition.source.split())
    for holds, truth in TRUTH_WORDINGS.items():
        what = Wording("`{text}` {truth}", "`{text}` is {truth}").fill(text=text, truth=truth)
        yield CoverageItem(CoverageKind.GUARD, (*mark, holds), name, what, condition.span)
    yield from iter_boundary_items(name, condition)


def iter_parameter_items(
    pack: Pack, drafts: Iterable[ParameterDefinition]
) -> Iterator[CoverageItem]:
    """Yield the values of each parameter that has several."""
    for definition in drafts:
        parameter = pack.parameters[definition.parameter]
        if len(parameter.values) == 1:
            continue
        spans = {each.since: each.span for each in definition.values}
        for value in parameter.values:
            what = Wording("{value}（自 {day} 起）", "{value} (from {day} on)").fill(
                value=value.wording, day=value.since
            )
            mark = ("figure", parameter.name, value.since)
            span = spans.get(value.since, definition.span) if value.since else definition.span
            yield CoverageItem(CoverageKind.IN_FORCE, mark, parameter.name, what, span)


def iter_clause_items(reading: Reading) -> Iterator[CoverageItem]:
    """Yield the clauses of specifications that a rule, a check, a transition or a clock cites."""
    pack = reading.pack
    if pack is None:
        return
    places: dict[str, Span] = {}
    clauses: dict[str, Clause] = {}
    for element in iter_elements(reading.drafts):
        if isinstance(element.definition, EXECUTABLE_DEFINITIONS):
            for clause in pack.vocabulary.cite(element.cites, Findings()):
                if clause.source.kind is SourceKind.SPECIFICATION:
                    clauses.setdefault(str(clause), clause)
                    places.setdefault(str(clause), element.span)
    for name, clause in clauses.items():
        yield CoverageItem(CoverageKind.CLAUSE, ("clause", name), name, clause.title, places[name])
