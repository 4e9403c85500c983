"""Every way in which the cases of a statechart may go, move by move, conditions left aside.

A point is where a case may stand between two moves: its states, what its history states remember,
and the events that the chart has raised and not taken yet. From each point the ways onward are
those of SCXML's algorithm, with every guard, role and required fact taken to be whatever it needs
to be. So each run of each case is among them, and runs that no case makes may be as well; what
holds of all of them holds. Which conditions a way depends on is noted with it.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from telecom_rules.workflows.chart import CALL_DONE_PREFIX, Raising
from telecom_rules.workflows.properties.properties import occurrences_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from telecom_rules.workflows import Transition, Workflow
    from telecom_rules.workflows.engine.configuration import Chain, Configuration, Move


MOST_MOVES = 20_000
"""Moves that are looked at before giving up: some seconds of work."""
MOST_CHOICES = 1_000
"""Ways in which parallel regions may answer one event, before giving up."""
LONGEST_QUEUE = 16
"""Events that the chart may have raised and not taken yet, before giving up."""


class StateSpaceTooLarge(Exception):
    """There are too many moves to look at all of them."""


class Condition(NamedTuple):
    """A guard that a way depends on.

    Attributes:
        transition: the transition whose guard it is.
        holds: whether it has to hold, or not to hold.
    """

    transition: Transition
    holds: bool

    @property
    def source(self) -> str:
        """The guard as it is written; with `!( )` around it where it must not hold."""
        guard = self.transition.guard
        text = "" if guard is None else guard.source
        return text if self.holds else f"!({text})"


class GraphNode(NamedTuple):
    """Where a case may stand between two moves.

    Attributes:
        states: the active states.
        memory: what history states remember.
        queue: the events that the chart has raised and not taken yet, oldest first.
    """

    states: frozenset[str]
    memory: tuple[tuple[str, tuple[str, ...]], ...] = ()
    queue: tuple[str, ...] = ()


class GraphEdge(NamedTuple):
    """One way on from a point.

    Attributes:
        event: what sets it off, or `None` where it comes by itself.
        external: whether the event comes from outside: somebody sends it, a clock raises it, or a
            called case comes back.
        move: the move; `None` where an event that the chart raised is passed over.
        occurrences: what occurs in it, as properties see it.
        conditions: the guards it depends on.
        target: where it leads.
    """

    event: str | None
    external: bool
    move: Move | None
    occurrences: frozenset[str]
    conditions: tuple[Condition, ...]
    target: GraphNode


MoveChoice = tuple["Chain", tuple[Condition, ...]]
"""Moves that are taken together, and the guards that this depends on."""


class StateSpace:
    """The points of one workflow, each worked out when it is first asked for.

    Attributes:
        workflow: the workflow.
        start: the way into the first states.
        occurrences: everything that occurs on some way worked out so far.
    """

    def __init__(self, workflow: Workflow) -> None:
        self.workflow = workflow
        self._edges: dict[GraphNode, tuple[GraphEdge, ...]] = {}
        self._move_count = 0
        self.start: GraphEdge = self._build_edge(
            GraphNode(frozenset()), None, workflow.configurations.initial_move, ()
        )
        self.occurrences: set[str] = set(self.start.occurrences)

    def is_over(self, point: GraphNode) -> bool:
        """Return whether a case is over there."""
        return self.configuration_of(point).final

    def configuration_of(self, point: GraphNode) -> Configuration:
        """Return the configuration of the states of a point."""
        return self.workflow.configurations.of(point.states)

    def edges_from(self, point: GraphNode) -> tuple[GraphEdge, ...]:
        """Return the ways on from a point.

        Raises:
            TooLarge: there are too many.
        """
        known = self._edges.get(point)
        if known is None:
            if self._move_count > MOST_MOVES:
                raise StateSpaceTooLarge
            known = self._edges[point] = tuple(self._iter_edges(point))
            self._move_count += len(known)
            self.occurrences.update(name for way in known for name in way.occurrences)
        return known

    def explore(self) -> tuple[Configuration, ...]:
        """Work out every point, and return the configurations that a case may be in.

        Raises:
            TooLarge: there are too many.
        """
        found: dict[frozenset[str], Configuration] = {}
        seen = {self.start.target}
        ahead = [self.start.target]
        while ahead:
            point = ahead.pop()
            found[point.states] = self.configuration_of(point)
            new = {way.target for way in self.edges_from(point)} - seen
            seen |= new
            ahead.extend(new)
        return tuple(found.values())

    def _iter_edges(self, point: GraphNode) -> Iterator[GraphEdge]:
        """Work out the ways on from a point."""
        configuration = self.configuration_of(point)
        if configuration.final:
            return
        for chosen, conditions in iter_choices(configuration.eventless, asked=False):
            if chosen:
                yield self._take(point, None, chosen, conditions)
            elif point.queue:
                yield from self._iter_internal_edges(point, configuration, conditions)
            else:
                yield from self._iter_external_edges(point, configuration, conditions)

    def _iter_internal_edges(
        self, point: GraphNode, configuration: Configuration, given: tuple[Condition, ...]
    ) -> Iterator[GraphEdge]:
        """Yield what the oldest event of the chart's own may do."""
        event, *queue = point.queue
        left = point._replace(queue=tuple(queue))
        for chosen, conditions in iter_choices(configuration.chains.get(event, ()), asked=False):
            if chosen:
                yield self._take(left, event, chosen, (*given, *conditions))
            else:
                nothing = frozenset[str]()
                yield GraphEdge(event, False, None, nothing, (*given, *conditions), left)  # noqa: FBT003 - a tuple

    def _iter_external_edges(
        self, point: GraphNode, configuration: Configuration, given: tuple[Condition, ...]
    ) -> Iterator[GraphEdge]:
        """Yield what the events may do that come from outside."""
        for event, chains in configuration.chains.items():
            known = self.workflow.events.get(event)
            if known is None and not event.startswith(CALL_DONE_PREFIX):
                continue  # that something is done is only ever raised
            asked = known is not None and not known.internal
            for chosen, conditions in iter_choices(chains, asked=asked):
                if chosen:
                    way = self._take(point, event, chosen, (*given, *conditions))
                    yield way._replace(external=True)

    def _take(
        self, point: GraphNode, event: str | None, chosen: Chain, conditions: tuple[Condition, ...]
    ) -> GraphEdge:
        """Return the way that taking `chosen` together is."""
        configurations = self.workflow.configurations
        move = configurations.combine(self.configuration_of(point), chosen, dict(point.memory))
        return self._build_edge(point, event, move, conditions)

    def _build_edge(
        self, point: GraphNode, event: str | None, move: Move, conditions: tuple[Condition, ...]
    ) -> GraphEdge:
        """Return the way that a move is."""
        queue = (*point.queue, *iter_raised_events(move))
        if len(queue) > LONGEST_QUEUE:
            raise StateSpaceTooLarge
        memory = tuple(sorted({**dict(point.memory), **move.memory_update}.items()))
        return GraphEdge(
            event=event,
            external=False,
            move=move,
            occurrences=occurrences_of(self.workflow.chart, event, move.entered),
            conditions=tuple(dict.fromkeys(conditions)),
            target=GraphNode(move.reached_states, memory, () if move.ends_case else queue),
        )


def iter_raised_events(move: Move) -> Iterator[str]:
    """Yield the events that a move raises, in order."""
    for block in move.blocks:
        for action in block.actions:
            if isinstance(action, Raising):
                yield action.event.name


def iter_choices(chains: Sequence[Chain], *, asked: bool) -> Iterator[MoveChoice]:
    """Yield the moves that may be taken together, each time with the guards that this needs.

    Args:
        chains: what each innermost state with those around it has, in the order tried.
        asked: whether the role of who sends it is asked.
    """
    picks = [tuple(iter_picks(chain, asked=asked)) for chain in chains]
    number = 1
    for each in picks:
        number *= len(each)
    if number > MOST_CHOICES:
        raise StateSpaceTooLarge
    found: dict[Chain, tuple[Condition, ...]] = {}
    for combination in product(*picks):
        chosen = tuple(dict.fromkeys(move for move, _ in combination if move is not None))
        conditions = tuple(dict.fromkeys(one for _, each in combination for one in each))
        known = found.get(chosen)
        if known is None or len(conditions) < len(known):
            found[chosen] = conditions
    yield from found.items()


def iter_picks(chain: Chain, *, asked: bool) -> Iterator[tuple[Move | None, tuple[Condition, ...]]]:
    """Yield the moves one of which a chain may give, and `None` where it may give none."""
    before: tuple[Condition, ...] = ()
    for move in chain:
        transition = move.transition
        guarded = transition.guard is not None
        yield move, (*before, Condition(transition, holds=True)) if guarded else before
        if guarded:
            before = (*before, Condition(transition, holds=False))
        elif not transition.requires and not (asked and transition.by):
            return
    yield None, before
