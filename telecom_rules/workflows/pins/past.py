"""The past of a configuration: the states and events from which a case can have come to it.

It is worked out on the chart alone and errs on one side: whatever a case has really done is in it.
Regions of a parallel state count as one, and a history state as everything it may remember.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from telecom_rules.workflows.chart import Raising

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from telecom_rules.workflows.chart import Chart, State, Transition


@dataclass(frozen=True, slots=True)
class Past:
    """What a case may have done.

    Attributes:
        states: the states that may have been active.
        events: the events that may have been taken, or raised in vain.
        names: both in alphabetical order.
    """

    states: frozenset[str]
    events: frozenset[str]
    names: tuple[tuple[str, ...], tuple[str, ...]] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        # A past is kept and written down for many cases.
        object.__setattr__(self, "names", (tuple(sorted(self.states)), tuple(sorted(self.events))))


class Origins:
    """For each state of a chart the states from which a case can come to it.

    Attributes:
        states: the states of the chart that can be active.
    """

    __slots__ = ("_before", "_chart", "states")

    def __init__(self, chart: Chart) -> None:
        self._chart = chart
        self.states = frozenset(each for each, it in chart.states.items() if it.history is None)
        self._before: dict[str, set[str]] = {name: set() for name in chart.states}
        for name in self.states:  # a history state is never active
            for each in find_next_states(chart, chart.states[name]):
                self._before[each].add(name)

    def find_past(self, active: Iterable[str], raised: Iterable[str]) -> Past:
        """Return the past of a case.

        Args:
            active: all states that are active.
            raised: the events that clocks have raised, whether or not a state took them.
        """
        states = self._find_states(active)
        written = [self._chart.states[name] for name in states]
        events = frozenset(raised) | {
            event
            for state in written
            for event, group in state.on.items()
            # Who sends an internal event is known: a clock that has expired, or the chart.
            if not group[0].event.internal
            and any(may_have_been_taken(self._chart, each, states) for each in group)
        }
        # An event that the chart raises may be taken by nobody; yet every state was asked.
        while more := frozenset(iter_raised(written, events)) - events:
            events |= more
        return Past(states, events)

    def _find_states(self, active: Iterable[str]) -> frozenset[str]:
        """Return the states from which a case can have come to the innermost of `active`.

        Those around them were active with them, but do not lead to it by themselves.
        """
        states = self._chart.states
        found = {name for name in active if not states[name].children}
        ahead = list(found)
        while ahead:
            new = self._before[ahead.pop()] - found
            found |= new
            ahead += new
        return frozenset(each for name in found for each in states[name].path)


def find_next_states(chart: Chart, state: State) -> Iterator[str]:
    """Yield the states that are active together with a state, or after a transition from it."""
    yield from state.ancestors
    if state.parallel:
        yield from find_descendants(chart, state.name)
    for each in state.transitions:
        yield from find_entered_states(chart, each)


def find_entered_states(chart: Chart, transition: Transition) -> Iterator[str]:
    """Yield the states that a transition may enter, those around its targets included."""
    ahead = list(transition.targets)
    while ahead:
        state = chart.states[ahead.pop()]
        yield from state.path if state.history is None else ()
        if state.history is not None:
            yield from find_descendants(chart, state.parent)
        elif state.parallel:
            ahead += state.children
        elif state.initial is not None:
            ahead.append(state.initial)


def find_descendants(chart: Chart, name: str | None) -> Iterator[str]:
    """Yield the states inside a state, or every state; history states are never active."""
    for each in chart.states.values():
        if each.history is None and (name is None or name in each.ancestors):
            yield each.name


def may_have_been_taken(chart: Chart, transition: Transition, states: frozenset[str]) -> bool:
    """Return whether a case that was in no other states may have taken a transition."""
    targets = (chart.states[name] for name in transition.targets)
    return all(
        each.name in states if each.history is None else each.parent in {None, *states}
        for each in targets
    )


def iter_raised(states: Iterable[State], events: frozenset[str]) -> Iterator[str]:
    """Yield the events that the content of states raises, and that of their transitions."""
    for state in states:
        actions = [*state.entry, *state.exit]
        for each in state.transitions:
            if each.event.internal or each.event.name in events:
                actions += each.raises
        yield from (each.event.name for each in actions if isinstance(each, Raising))
