"""Everything of a pack that scenarios have to see at work, with its place and its clauses."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from telecom_rules.scenarios.observe import DEFAULT, changes, transitions
from telecom_rules.scenarios.sites import boundaries, conditions, reachable
from telecom_rules.vocabulary import ParameterDefinition, SourceKind
from telecom_rules.wording import Wording
from telecom_rules.workflows import WorkflowDefinition

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from telecom_rules.documents import Word
    from telecom_rules.expressions import Expression
    from telecom_rules.findings import Span
    from telecom_rules.pack import Pack, Reading
    from telecom_rules.policies import Policy
    from telecom_rules.scenarios.observe import Mark
    from telecom_rules.vocabulary import Clause
    from telecom_rules.workflows import Transition, Workflow
    from telecom_rules.workflows.definition import StateDefinition, TransitionDefinition

__all__ = ["Element", "Kind", "elements"]


class Kind(StrEnum):
    """What kind of thing is seen at work."""

    RULE = "rule"
    """A rule that decides."""
    CONDITION = "condition"
    """A condition of a policy, once true and once false."""
    CHECK = "check"
    """An item of a checklist, once passed and once failed."""
    TRANSITION = "transition"
    """A transition that is taken."""
    GUARD = "guard"
    """A guard, once true and once false."""
    CLOCK = "clock"
    """A time limit, once kept and once broken, and its warning."""
    PROPERTY = "property"
    """A property of a workflow that a case has come to satisfy."""
    BOUNDARY = "boundary"
    """A figure that something is compared with: a value just under it, at it, just over it."""
    IN_FORCE = "in_force"
    """A change of the law: a day before it and a day from it on."""
    CLAUSE = "clause"
    """A clause of the specification, named by a scenario in which something rests on it."""

    @property
    def wording(self) -> Wording:
        """Its name for people, in the plural."""
        return TITLES[self]


TITLES = {
    Kind.RULE: Wording("规则", "rules"),
    Kind.CONDITION: Wording("条件", "conditions"),
    Kind.CHECK: Wording("检查项", "checks"),
    Kind.TRANSITION: Wording("转换", "transitions"),
    Kind.GUARD: Wording("转换条件", "guards"),
    Kind.CLOCK: Wording("时限", "clocks"),
    Kind.PROPERTY: Wording("性质", "properties"),
    Kind.BOUNDARY: Wording("界限", "boundaries"),
    Kind.IN_FORCE: Wording("生效变化", "changes of the law"),
    Kind.CLAUSE: Wording("条款", "clauses"),
}
VERDICTS = {True: Wording("成立", "true"), False: Wording("不成立", "false")}
SIDES = {
    "under": Wording("略低于界限", "just under"),
    "at": Wording("等于界限", "at the figure"),
    "over": Wording("略高于界限", "just over"),
}
CLOCK_ENDS = {
    "kept": Wording("如期", "kept"),
    "expired": Wording("逾期", "broken"),
    "warned": Wording("提醒", "warned"),
}
BOTH = ("pass", "fail")


@dataclass(frozen=True, slots=True)
class Element:
    """One thing to be seen.

    Attributes:
        kind: what kind of thing.
        mark: the mark that says it was seen.
        name: where in the pack it belongs, such as `violation_penalty/crime`.
        what: what of it has to be seen, for people.
        span: where it is written.
    """

    kind: Kind
    mark: Mark
    name: str
    what: Wording
    span: Span


def elements(reading: Reading) -> tuple[Element, ...]:
    """Return everything that the scenarios of a pack have to see, kind by kind.

    A pack that does not link has nothing.
    """
    pack = reading.pack
    if pack is None:
        return ()
    found = [each for policy in pack.policies.values() for each in of_policy(policy)]
    found += [
        each
        for definition in reading.drafts.of(WorkflowDefinition)
        for each in of_workflow(pack.workflows[definition.workflow], definition)
    ]
    found += of_parameters(pack, reading.drafts.of(ParameterDefinition))
    found += of_clauses(reading)
    order = list(Kind)
    return tuple(sorted(found, key=lambda each: (order.index(each.kind), each.span)))


def of_policy(policy: Policy) -> Iterator[Element]:
    """Yield the rules, checks, conditions, figures and changes of a policy."""
    for row in policy.rows:
        name = f"{policy.name}/{row.rule.id}"
        what = Wording("作出决定", "decides")
        yield Element(Kind.RULE, ("rule", policy.name, row.rule.id), name, what, row.span)
        yield from of_tests(name, row.tests)
    if policy.default is not None:
        name, what = f"{policy.name}/{DEFAULT}", Wording("作出决定", "decides")
        yield Element(Kind.RULE, ("rule", policy.name, DEFAULT), name, what, policy.span)
    for check in policy.checks:
        name = f"{policy.name}/{check.id}"
        for status in BOTH:
            what = Wording.same(f"`{status}`")
            mark: Mark = ("check", policy.name, check.id, status)
            yield Element(Kind.CHECK, mark, name, what, check.span)
        yield from of_tests(name, (*check.tests, check.require))
    for day in changes(policy):
        for after in (False, True):
            what = Wording("自 {day} 起", "from {day} on") if after else Wording(
                "{day} 之前", "before {day}")  # fmt: skip
            mark = ("turn", policy.name, day, after)
            yield Element(Kind.IN_FORCE, mark, policy.name, what.fill(day=day), policy.span)


def of_tests(name: str, tests: Iterable[Expression]) -> Iterator[Element]:
    """Yield the conditions and figures in the tests of a rule or check."""
    for test in tests:
        for site in conditions(test):
            for holds, told in VERDICTS.items():
                what = Wording("`{text}` {told}", "`{text}` is {told}").fill(
                    text=site.text, told=told
                )
                span = place(test, site.node.start, site.node.end)
                yield Element(Kind.CONDITION, ("condition", *site.key, holds), name, what, span)
        yield from of_figures(name, test)


def of_figures(name: str, test: Expression) -> Iterator[Element]:
    """Yield the sides of each figure that an expression compares with."""
    for site in boundaries(test):
        for side in reachable(site):
            what = Wording("`{text}`：{side}", "`{text}`: {side}").fill(
                text=site.text, side=SIDES[side]
            )
            span = place(test, site.node.start, site.node.end)
            yield Element(Kind.BOUNDARY, ("boundary", *site.key, side), name, what, span)


def place(test: Expression, start: int, end: int) -> Span:
    """Return where a part of an expression is written, as near as that can be told."""
    span = test.span
    if span.end_line > span.line or span.end_column - span.column != len(test.source):
        return span
    return span.within(start, end)


def of_workflow(workflow: Workflow, definition: WorkflowDefinition) -> Iterator[Element]:
    """Yield the transitions, guards, clocks and figures of a workflow."""
    states = dict(written(definition.states))
    for key, transition in transitions(workflow):
        state, event, at = key
        name = f"{workflow.name}/{state}/{event}" + (f"[{at + 1}]" if at else "")
        span = written_at(definition, states.get(state), event, at)
        what = Wording("转入 {to}", "to {to}").fill(to=transition.target or state)
        mark = (workflow.name, *key)
        yield Element(Kind.TRANSITION, ("transition", *mark), name, what, span)
        yield from of_guard(name, mark, transition)
    for clock in workflow.clocks.values():
        span = next(
            (word.span for word in definition.clocks if word == clock.name), definition.span
        )
        ends = ["kept", "expired"] + (["warned"] if clock.warn_at is not None else [])
        for end in ends:
            clock_mark = ("clock", workflow.name, clock.name, end)
            name = f"{workflow.name}/{clock.name}"
            yield Element(Kind.CLOCK, clock_mark, name, CLOCK_ENDS[end], span)
    for demand, stated in zip(workflow.properties, definition.properties, strict=True):
        kept: Mark = ("property", workflow.name, demand.name)
        yield Element(Kind.PROPERTY, kept, workflow.name, demand.title, stated.span)


def of_guard(name: str, mark: Mark, transition: Transition) -> Iterator[Element]:
    """Yield the sides of a transition's guard."""
    guard = transition.guard
    if guard is None:
        return
    for holds, told in VERDICTS.items():
        text = " ".join(guard.source.split())
        what = Wording("`{text}` {told}", "`{text}` is {told}").fill(text=text, told=told)
        yield Element(Kind.GUARD, ("guard", *mark, holds), name, what, guard.span)
    yield from of_figures(name, guard)


def written(states: Mapping[Word, StateDefinition]) -> Iterator[tuple[str, StateDefinition]]:
    """Yield every state of a workflow by name, as the file has it."""
    for name, state in states.items():
        yield str(name), state
        yield from written(state.states)


def written_at(
    definition: WorkflowDefinition, state: StateDefinition | None, event: str, at: int
) -> Span:
    """Return where a transition is written; of one that a wildcard stands for, its state."""
    if state is None:
        return definition.span
    groups: dict[str, Sequence[TransitionDefinition]] = {
        str(name): group for name, group in state.on.items()
    }
    returns = state.call.done if state.call is not None else ()
    groups |= {"always": state.always, "onDone": state.done, "call": returns}
    group = groups.get(event, ())
    return group[at].span if at < len(group) else state.span


def of_parameters(pack: Pack, drafts: Iterable[ParameterDefinition]) -> Iterator[Element]:
    """Yield the values of each parameter that has changed."""
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
            yield Element(Kind.IN_FORCE, mark, parameter.name, what, span)


def of_clauses(reading: Reading) -> Iterator[Element]:
    """Yield the clauses of specifications that a rule, a check, a transition or a clock cites."""
    pack = reading.pack
    if pack is None:
        return
    places: dict[str, Span] = {}
    clauses: dict[str, Clause] = {}
    for clause, span in executed(pack, reading):
        if clause.source.kind is SourceKind.SPECIFICATION:
            clauses.setdefault(str(clause), clause)
            places.setdefault(str(clause), span)
    for name, clause in clauses.items():
        yield Element(Kind.CLAUSE, ("clause", name), name, clause.title, places[name])


def executed(pack: Pack, reading: Reading) -> Iterator[tuple[Clause, Span]]:
    """Yield the clauses that something executable cites, with where that is written."""
    for policy in pack.policies.values():
        for row in policy.rows:
            yield from ((clause, row.span) for clause in row.rule.cites)
        for check in policy.checks:
            yield from ((clause, check.span) for clause in check.cites)
    for definition in reading.drafts.of(WorkflowDefinition):
        workflow = pack.workflows[definition.workflow]
        states = dict(written(definition.states))
        for (state, event, at), transition in transitions(workflow):
            span = written_at(definition, states.get(state), event, at)
            yield from ((clause, span) for clause in transition.cites)
        for name, clock in workflow.clocks.items():
            span = next((word.span for word in definition.clocks if word == name), definition.span)
            yield from ((clause, span) for clause in clock.cites)
