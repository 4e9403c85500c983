"""Configurations: the states that are active together, with everything that can happen there.

A configuration is worked out the first time a case reaches it and then shared by every case of
the workflow. What an event may lead to (which states are left and entered, which clocks stop and
start, which clauses are cited) is settled here once, so that an event costs a look-up and its
guards, however deep the chart is.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from telecom_rules.vocabulary import Clause
    from telecom_rules.workflows.chart import Chart, Clock, State, Transition

__all__ = ["Configuration", "Configurations", "Move"]


@dataclass(frozen=True, slots=True, eq=False)
class Move:
    """A transition taken from one configuration.

    Attributes:
        transition: the transition.
        left: the states it leaves, innermost first.
        entered: the states it enters, outermost first.
        reaches: the names of the states active afterwards.
        starts: the clocks it starts, unless they run already.
        stops: the names of the clocks it stops, if they run.
        ends: whether the case is over afterwards, so that every clock stops.
        evaluates: whether the transition has expressions.
        cites: the clauses of the transition, its event, the states it joins.
    """

    transition: Transition
    left: tuple[str, ...]
    entered: tuple[str, ...]
    reaches: frozenset[str]
    starts: tuple[Clock, ...]
    stops: frozenset[str]
    ends: bool
    evaluates: bool
    cites: tuple[Clause, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Configuration:
    """The states that are active together.

    Attributes:
        states: their names, outermost first.
        names: the same as a set.
        final: whether the case is over.
        leaf: the innermost state.
        moves: for each event a host may send, what it can lead to, in the order tried: inner
            states first, in a state as written.
        raised: the same for the events that only clocks raise.
        cites: the clauses of the states.
    """

    states: tuple[str, ...]
    names: frozenset[str] = field(compare=False)
    final: bool = field(compare=False)
    leaf: State = field(compare=False)
    moves: Mapping[str, tuple[Move, ...]] = field(compare=False)
    raised: Mapping[str, tuple[Move, ...]] = field(compare=False)
    cites: tuple[Clause, ...] = field(compare=False)

    def __repr__(self) -> str:
        return f"<Configuration {' > '.join(self.states)}>"


class Configurations:
    """Every configuration of one chart that a case has reached so far.

    Reaching one twice, even from two threads at once, gives the same object.
    """

    __slots__ = ("_chart", "_known")

    def __init__(self, chart: Chart) -> None:
        self._chart = chart
        self._known: dict[frozenset[str], Configuration] = {}

    def of(self, names: frozenset[str]) -> Configuration:
        """Return the configuration of the states `names`."""
        known = self._known.get(names)
        if known is None:
            known = self._known.setdefault(names, build(self._chart, names))
        return known

    def initial(self) -> Configuration:
        """Return the configuration a case starts in."""
        chart = self._chart
        return self.of(frozenset(chart.entry(None, chart.states[chart.initial])))

    def holds(self, names: frozenset[str]) -> bool:
        """Return whether the states `names` can be active together: a leaf and all around it."""
        states = self._chart.states
        if not names or not names <= states.keys():
            return False
        leaf = max((states[name] for name in names), key=lambda state: len(state.ancestors))
        return not leaf.children and names == frozenset(leaf.path)


def build(chart: Chart, names: frozenset[str]) -> Configuration:
    """Work out one configuration."""
    active = tuple(sorted((chart.states[name] for name in names), key=lambda state: state.order))
    moves: dict[str, list[Move]] = {}
    for state in reversed(active):
        for event, transitions in state.on.items():
            moves.setdefault(event, []).extend(plan(chart, active, each) for each in transitions)
    return Configuration(
        states=tuple(state.name for state in active),
        names=names,
        final=active[-1].final,
        leaf=active[-1],
        moves=chosen(chart, moves, internal=False),
        raised=chosen(chart, moves, internal=True),
        cites=distinct(*(state.cites for state in active)),
    )


def chosen(
    chart: Chart, moves: Mapping[str, list[Move]], *, internal: bool
) -> Mapping[str, tuple[Move, ...]]:
    """Return the moves of the events that only clocks raise, or of those that a host sends."""
    events = chart.events
    return MappingProxyType(
        {name: tuple(each) for name, each in moves.items() if events[name].internal is internal}
    )


def plan(chart: Chart, active: tuple[State, ...], transition: Transition) -> Move:
    """Work out what taking `transition` from the states `active` does."""
    source = chart.states[transition.source]
    before = frozenset(state.name for state in active)
    left: tuple[str, ...] = ()
    entered: tuple[str, ...] = ()
    target = source
    if transition.target is not None:
        target = chart.states[transition.target]
        domain = chart.domain(source, target)
        left = tuple(
            state.name for state in reversed(active) if domain is None or domain in state.ancestors
        )
        entered = chart.entry(domain, target)
    causes = frozenset((*entered, transition.event.name))
    reaches = before.difference(left).union(entered)
    return Move(
        transition=transition,
        left=left,
        entered=entered,
        reaches=reaches,
        starts=tuple(clock for clock in chart.clocks.values() if clock.starts & causes),
        stops=frozenset(name for name, clock in chart.clocks.items() if clock.stops & causes),
        ends=any(chart.states[name].final for name in reaches),
        evaluates=transition.evaluates,
        cites=distinct(transition.cites, transition.event.cites, source.cites, target.cites),
    )


def distinct(*groups: tuple[Clause, ...]) -> tuple[Clause, ...]:
    """Return the clauses of all `groups`, each once, in order."""
    return tuple(dict.fromkeys(clause for group in groups for clause in group))
