"""The state space of a workflow for explicit-state model checking, ignoring conditions.

A node is a configuration between two microsteps, with the history values and the queue of internal
events. Its edges are the microsteps of SCXML's algorithm, with every guard, role and required fact
assumed as needed. The graph over-approximates: every run of a case is a path, but not the reverse,
so a property of all paths holds. An edge lists the guards that it depends on.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from telecom_rules.workflows import machine_of
from telecom_rules.workflows.chart import CALL_DONE_PREFIX, Raising
from telecom_rules.workflows.engine.configuration import is_over
from telecom_rules.workflows.properties.properties import occurrences_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from telecom_rules.expressions import Expression
    from telecom_rules.workflows import Workflow
    from telecom_rules.workflows.engine.configuration import Chain, Configuration, Move


MOST_STEPS = 50_000
"""Edges that all searches of one space may follow together; see `StateSpace.edges_from`."""
MOST_MOVES = 20_000
"""Bound on the edges explored, about a second of work; each counts once for every eight states
that are active, because parallel regions make it dear."""
STATES_PER_MOVE = 8
"""Active states with which an edge counts once more."""
MOST_CHOICES = 1_000
"""Bound on the combinations of moves of parallel regions on one event."""
LONGEST_QUEUE = 16
"""Bound on the queue of internal events: a chart may raise events without end."""


class StateSpaceTooLarge(Exception):
    """The state space exceeds a bound on edges, choices or queued events."""


class Condition(NamedTuple):
    """A guard, or the condition of a raised event, that an edge depends on.

    Attributes:
        test: the condition.
        holds: whether it must be true, or false.
    """

    test: Expression
    holds: bool

    @property
    def source(self) -> str:
        """The condition as written, in `!( )` if it must be false."""
        return self.test.source if self.holds else f"!({self.test.source})"


class GraphNode(NamedTuple):
    """A node of the state space, between two microsteps.

    Attributes:
        states: the active states.
        memory: the history values, by history state.
        queue: the queued internal events, oldest first.
        known: what a search that weighs guards knows of the facts there, by spelling and truth.
    """

    states: frozenset[str]
    memory: tuple[tuple[str, tuple[str, ...]], ...] = ()
    queue: tuple[str, ...] = ()
    known: frozenset[tuple[str, bool]] = frozenset()


class GraphEdge(NamedTuple):
    """An edge of the state space: one microstep.

    Attributes:
        event: the event, or `None` for eventless transitions.
        external: whether a host sends the event, a clock raises it, or a called case returns.
        move: the move; `None` if an internal event enables no transition and is dropped.
        occurrences: the names that occur in it, for properties.
        conditions: the guards it depends on.
        target: the node it leads to.
    """

    event: str | None
    external: bool
    move: Move | None
    occurrences: frozenset[str]
    conditions: tuple[Condition, ...]
    target: GraphNode


MoveChoice = tuple["Chain", tuple[Condition, ...]]
"""Moves taken together (an optimal enabled transition set of SCXML), with their guards."""


class StateSpace:
    """The state space of one workflow; edges are computed lazily.

    Attributes:
        workflow: the workflow.
        starts: the edges into the initial configuration.
        occurrences: the names that occur on the edges computed so far.
    """

    def __init__(self, workflow: Workflow, *, every: bool = False) -> None:
        """Keep the start of a space.

        Args:
            workflow: the workflow.
            every: whether there is an edge for each way in which guards let moves be taken; without
                it only for the way with the fewest guards.
        """
        self.workflow = workflow
        self._every = every
        self._machine = machine_of(workflow)
        self._edges: dict[GraphNode, tuple[GraphEdge, ...]] = {}
        self._move_count = 0
        self._step_count = 0
        initial = self._machine.configurations.initial_move
        self.starts = tuple(self._build_edges(GraphNode(frozenset()), None, initial, ()))
        self.occurrences = {name for edge in self.starts for name in edge.occurrences}

    def is_over(self, node: GraphNode) -> bool:
        """Return whether the case has ended at a node."""
        return is_over(self._machine.chart, node.states)

    def configuration_of(self, node: GraphNode) -> Configuration:
        """Return the configuration of a node."""
        return self._machine.configurations.of(node.states)

    def edges_from(self, node: GraphNode) -> tuple[GraphEdge, ...]:
        """Return the edges from a node.

        Each property searches the space anew, so what a workflow with many of them may cost is
        counted over all of them.

        Raises:
            StateSpaceTooLarge: the space has too many edges, or was searched too often.
        """
        if self._step_count > MOST_STEPS:
            raise StateSpaceTooLarge
        edges = self._edges.get(node)
        if edges is None:
            if self._move_count > MOST_MOVES:
                raise StateSpaceTooLarge
            edges = self._edges[node] = tuple(self._iter_edges(node))
            self._move_count += len(edges) * (1 + len(node.states) // STATES_PER_MOVE)
            self.occurrences.update(name for edge in edges for name in edge.occurrences)
        self._step_count += len(edges)
        return edges

    def explore(self) -> tuple[Configuration, ...]:
        """Explore every reachable node, and return the reachable configurations.

        Raises:
            StateSpaceTooLarge: the space has too many edges.
        """
        found: dict[frozenset[str], Configuration] = {}
        frontier = [edge.target for edge in self.starts]
        seen = set(frontier)
        while frontier:
            node = frontier.pop()
            found[node.states] = self.configuration_of(node)
            new = {edge.target for edge in self.edges_from(node)} - seen
            seen |= new
            frontier.extend(new)
        return tuple(found.values())

    def _iter_edges(self, node: GraphNode) -> Iterator[GraphEdge]:
        """Compute the edges from a node."""
        configuration = self.configuration_of(node)
        if configuration.final:
            return
        for chosen, conditions in self._iter_choices(configuration.eventless, sent=False):
            if chosen:
                yield from self._take(node, None, chosen, conditions)
            elif node.queue:
                yield from self._iter_internal_edges(node, configuration, conditions)
            else:
                yield from self._iter_external_edges(node, configuration, conditions)

    def _iter_internal_edges(
        self, node: GraphNode, configuration: Configuration, assumed: tuple[Condition, ...]
    ) -> Iterator[GraphEdge]:
        """Yield the edges on which the oldest internal event is taken, or dropped."""
        event, *queue = node.queue
        dequeued = node._replace(queue=tuple(queue))
        for chosen, conditions in self._iter_choices(
            configuration.chains.get(event, ()), sent=False
        ):
            if chosen:
                yield from self._take(dequeued, event, chosen, (*assumed, *conditions))
            else:
                yield GraphEdge(
                    event=event,
                    external=False,
                    move=None,
                    occurrences=frozenset(),
                    conditions=(*assumed, *conditions),
                    target=dequeued,
                )

    def _iter_external_edges(
        self, node: GraphNode, configuration: Configuration, assumed: tuple[Condition, ...]
    ) -> Iterator[GraphEdge]:
        """Yield the edges on which an external event is taken."""
        for event, chains in configuration.chains.items():
            known = self.workflow.events.get(event)
            if known is None and not event.startswith(CALL_DONE_PREFIX):
                continue  # `done.state.x` is only ever raised by the chart
            sent = known is not None and not known.internal
            for chosen, conditions in self._iter_choices(chains, sent=sent):
                for edge in (
                    self._take(node, event, chosen, (*assumed, *conditions)) if chosen else ()
                ):
                    yield edge._replace(external=True)

    def _iter_choices(self, chains: Sequence[Chain], *, sent: bool) -> Iterator[MoveChoice]:
        """Yield the sets of moves that may be taken together, each with its guards."""
        return iter_choices(chains, sent=sent, every=self._every)

    def _take(
        self, node: GraphNode, event: str | None, chosen: Chain, conditions: tuple[Condition, ...]
    ) -> Iterator[GraphEdge]:
        """Yield the edges on which the moves `chosen` are taken together."""
        configurations = self._machine.configurations
        move = configurations.combine(self.configuration_of(node), chosen, dict(node.memory))
        return self._build_edges(node, event, move, conditions)

    def _build_edges(
        self, node: GraphNode, event: str | None, move: Move, conditions: tuple[Condition, ...]
    ) -> Iterator[GraphEdge]:
        """Yield the edges of a move: one for each combination of events that it may raise."""
        memory = tuple(sorted({**dict(node.memory), **move.memory_update}.items()))
        occurrences = occurrences_of(self._machine.chart, event, move.entered)
        for raised, further in iter_raised_events(move):
            queue = () if move.ends_case else (*node.queue, *raised)
            if len(queue) > LONGEST_QUEUE:
                raise StateSpaceTooLarge
            yield GraphEdge(
                event=event,
                external=False,
                move=move,
                occurrences=occurrences,
                conditions=tuple(dict.fromkeys((*conditions, *further))),
                target=GraphNode(move.reached_states, memory, queue),
            )


def iter_raised_events(move: Move) -> Iterator[tuple[tuple[str, ...], tuple[Condition, ...]]]:
    """Yield the events that a move may raise, in order, with the conditions under which it does."""
    raisings = [
        action for block in move.blocks for action in block.actions if isinstance(action, Raising)
    ]
    tests = [each.when for each in raisings if each.when is not None]
    if 2 ** len(tests) > MOST_CHOICES:
        raise StateSpaceTooLarge
    for holds in product((True, False), repeat=len(tests)):
        conditions = tuple(map(Condition, tests, holds))
        truths = iter(holds)
        raised = [each.event.name for each in raisings if each.when is None or next(truths)]
        yield tuple(raised), conditions


def iter_choices(
    chains: Sequence[Chain], *, sent: bool, every: bool = False
) -> Iterator[MoveChoice]:
    """Yield the sets of moves that may be taken together, each with its guards.

    Args:
        chains: for each leaf, its moves and those of its ancestors, in the order tried.
        sent: whether a host sends the event, so that its role may exclude a move.
        every: whether a set is told with each combination of guards, not with the fewest only.
    """
    picks = [tuple(iter_picks(chain, sent=sent)) for chain in chains]
    number = 1
    for each in picks:
        number *= len(each)
    if number > MOST_CHOICES:
        raise StateSpaceTooLarge
    # Several picks may give the same moves: the one with the fewest guards represents them.
    found: dict[Chain, tuple[Condition, ...]] = {}
    told: set[MoveChoice] = set()
    for combination in product(*picks):
        chosen = tuple(dict.fromkeys(move for move, _ in combination if move is not None))
        conditions = tuple(dict.fromkeys(one for _, each in combination for one in each))
        if every and (chosen, conditions) not in told:
            told.add((chosen, conditions))
            yield chosen, conditions
        known = found.get(chosen)
        if known is None or len(conditions) < len(known):
            found[chosen] = conditions
    if not every:
        yield from found.items()


def iter_picks(chain: Chain, *, sent: bool) -> Iterator[tuple[Move | None, tuple[Condition, ...]]]:
    """Yield each move that a chain may select, or `None` for none, with its guards.

    A move that a role or a missing fact may exclude is passed over whatever its guard says.
    """
    before: tuple[Condition, ...] = ()
    for move in chain:
        transition = move.transition
        guard = transition.guard
        may_be_barred = bool(transition.requires) or (sent and bool(transition.by))
        if guard is None:
            yield move, before
        else:
            yield move, (*before, Condition(guard, holds=True))
        if may_be_barred:
            continue
        if guard is None:
            return
        before = (*before, Condition(guard, holds=False))
    yield None, before
