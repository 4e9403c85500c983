"""The steps of one macrostep in the worst case: of its guards, its content and what they ask.

The estimate follows the chart: of exclusive states the dearest counts, of parallel ones all do.
Automatic guards are evaluated after every microstep, as many as there may be.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from itertools import chain
from typing import TYPE_CHECKING, Final, TypeAlias

from telecom_rules.findings import Finding, Related
from telecom_rules.wording import Wording, shorten
from telecom_rules.workflows.chart import Raising
from telecom_rules.workflows.chart import iter_expressions as iter_action_expressions
from telecom_rules.workflows.engine.microstep import MOST_MICROSTEPS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from telecom_rules.expressions import Expression
    from telecom_rules.findings import Span
    from telecom_rules.workflows.chart import Chart, State, Transition

    Group: TypeAlias = tuple[State, tuple[Transition, ...]]


MOST_STEPS_OF_MACROSTEP: Final = 10_000_000
"""Steps that one macrostep may take in the worst case: those of ten of the dearest expressions."""
MOST_SHOWN: Final = 3
"""Expressions that a finding shows, the dearest."""
LONGEST_SHOWN: Final = 40
"""Characters of an expression that a finding shows."""

TOP: Final = ""
"""What is around the outermost states."""

STEPS_HERE = Wording("至多 {steps} 步", "up to {steps} steps")


def find_dear_macrostep(
    chart: Chart, decisions: Counter[str], name: str, span: Span
) -> Iterator[Finding]:
    """Yield TR128 if one macrostep may take too long, with the dearest expressions.

    Args:
        chart: the linked states.
        decisions: the steps of one decision of each policy.
        name: the name of the workflow.
        span: where that is written.
    """
    cost = MacrostepCost(chart, decisions)
    if cost.steps <= MOST_STEPS_OF_MACROSTEP:
        return
    prices = {
        each.span: (cost.price(each), each)
        for state in chart.states.values()
        for each in state.expressions
    }
    dearest = sorted(prices.values(), key=lambda priced: -priced[0])[:MOST_SHOWN]
    values = {
        "name": name,
        "steps": cost.steps,
        "most": MOST_STEPS_OF_MACROSTEP,
        "dearest": ", ".join(
            f"`{shorten(each.source, LONGEST_SHOWN)}` ({steps})" for steps, each in dearest
        ),
    }
    related = (Related(each.span, STEPS_HERE.fill(steps=steps)) for steps, each in dearest)
    yield Finding("TR128", span, values, related=tuple(related))


@dataclass(frozen=True)
class MacrostepCost:
    """The steps of the macrosteps of one workflow.

    Attributes:
        chart: its states.
        decisions: the steps of one decision of each policy.
    """

    chart: Chart
    decisions: Counter[str]

    @property
    def steps(self) -> int:
        """The steps of the dearest macrostep."""
        followers = sum(len(transitions) for _, transitions in self.automatic)
        rounds = min(followers + 1, MOST_MICROSTEPS)  # the last one finds nothing to take
        times = 1
        if self.may_cycle:
            rounds = times = MOST_MICROSTEPS
        guards = Counter[str]()
        for state, transitions in self.automatic:
            guards[state.name] += self.price_guards(transitions)
        repeated = sum(map(self.price, self.iter_repeated_content()))
        once = sum(map(self.price, self.iter_content_done_once()))
        return self.price_dearest_event() + rounds * self.add_up(guards) + times * repeated + once

    def price_dearest_event(self) -> int:
        """Return the steps of the guards and the content on the dearest event."""
        by_event: dict[str, Counter[str]] = {}
        for state in self.chart.states.values():
            call = {} if state.call is None else {state.call.event.name: state.call.done}
            for event, transitions in chain(state.on.items(), call.items()):
                steps = self.price_guards(transitions)
                steps += sum(map(self.price, iter_content(transitions)))
                by_event.setdefault(event, Counter())[state.name] += steps
        return max(map(self.add_up, by_event.values()), default=0)

    @cached_property
    def automatic(self) -> tuple[Group, ...]:
        """The transitions that need no event from outside, by state."""
        actions = chain.from_iterable(state.actions for state in self.chart.states.values())
        raised = {each.event.name for each in actions if isinstance(each, Raising)}
        return tuple(
            (state, transitions)
            for state in self.chart.states.values()
            for transitions in (
                state.always,
                state.done,
                *(each for event, each in state.on.items() if event in raised),
            )
            if transitions
        )

    def iter_repeated_content(self) -> Iterator[Expression]:
        """Yield the expressions that each automatic transition may cause to be executed."""
        for _, transitions in self.automatic:
            yield from iter_content(transitions)
        for name in self.entered:
            yield from iter_state_content(self.chart.states[name])
        for clock in self.chart.clocks.values():
            yield from clock.expressions

    def iter_content_done_once(self) -> Iterator[Expression]:
        """Yield those of states that only an event from outside enters."""
        for name, state in self.chart.states.items():
            if name not in self.entered:
                yield from iter_state_content(state)

    @cached_property
    def entered(self) -> frozenset[str]:
        """The states that an automatic transition may enter."""
        found: set[str] = set()
        for _, transitions in self.automatic:
            for each in transitions:
                if each.targets:
                    found.update(self.iter_active_after(each))
        return frozenset(found)

    @property
    def may_cycle(self) -> bool:
        """Whether automatic transitions may follow one another in a circle, as far as it shows."""
        states = self.chart.states.values()
        followers = [each for _, transitions in self.automatic for each in transitions]
        content = [action for state in states for action in (*state.entry, *state.exit)]
        content += [action for each in followers for action in each.actions]
        if any(isinstance(action, Raising) for action in content):
            return True  # what they raise may be taken anywhere
        onward: dict[str, set[str]] = {}
        for each in followers:
            onward.setdefault(each.source, set()).update(self.iter_active_after(each))
        if any(name in after for name, after in onward.items()):
            return True
        try:
            TopologicalSorter(onward).prepare()
        except CycleError:
            return True
        return False

    def iter_active_after(self, transition: Transition) -> Iterator[str]:
        """Yield the states whose transitions may be enabled by one that was taken."""
        if not transition.targets:
            yield transition.source
        for name in transition.targets:
            target = self.chart.states[name]
            entered = target if target.history is None else self.chart.states[target.parent or name]
            yield from entered.path
            yield from self.inside.get(entered.name, ())
            for around in entered.ancestors:
                if around not in self.chart.states[transition.source].ancestors:
                    # Entering a state around it may enter others there: the regions beside it.
                    yield from self.inside[around]

    @cached_property
    def inside(self) -> Mapping[str, list[str]]:
        """The states inside each state that has any."""
        inside: dict[str, list[str]] = {}
        for state in self.chart.states.values():
            for around in state.ancestors:
                inside.setdefault(around, []).append(state.name)
        return inside

    def add_up(self, costs: Counter[str]) -> int:
        """Return the most that states which are active together cost, given the cost of each."""
        states = self.chart.states
        inside = Counter[str]()  # by state, the cost of those inside it; all are inside the top
        names = {name for each in costs for name in states[each].path}
        for name in sorted(names, key=lambda each: states[each].order, reverse=True):
            total = costs[name] + inside[name]
            around = states[name].parent or TOP
            parallel = around != TOP and states[around].parallel
            inside[around] = inside[around] + total if parallel else max(inside[around], total)
        return inside[TOP]

    def price_guards(self, transitions: Iterable[Transition]) -> int:
        """Return the steps of the guards in one state, which ask each policy once."""
        guards = [each.guard for each in transitions if each.guard is not None]
        asked = {name for guard in guards for name in guard.policies}
        return sum(each.cost for each in guards) + sum(self.decisions[name] for name in asked)

    def price(self, expression: Expression) -> int:
        """Return the steps of one expression and of the decisions it asks for."""
        return expression.cost + sum(self.decisions[name] for name in expression.policies)


def iter_state_content(state: State) -> Iterator[Expression]:
    """Yield the expressions of what entering and leaving a state execute."""
    yield from iter_action_expressions((*state.entry, *state.exit))
    if state.call is not None:
        yield from state.call.expressions


def iter_content(transitions: Iterable[Transition]) -> Iterator[Expression]:
    """Yield the expressions of what some transitions execute."""
    for transition in transitions:
        yield from iter_action_expressions(transition.actions)
