"""Model checking of a property: a verdict, with a counterexample if it is not proved.

A property holds if no path of the state space violates it. It is violated if a real case that
violates it was run along a counterexample. Otherwise it is undecided: whether a case can follow the
counterexample depends on conditions that are not evaluated here.
"""

from __future__ import annotations

import heapq
from enum import StrEnum
from itertools import count, islice
from typing import TYPE_CHECKING, NamedTuple, TypeAlias, TypeVar

from telecom_rules.checks.analysis.state_space import StateSpaceTooLarge
from telecom_rules.checks.analysis.witness import find_witness
from telecom_rules.wording import Wording, join_wordings, quote_title

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from telecom_rules.checks.analysis.state_space import (
        Condition,
        GraphEdge,
        GraphNode,
        StateSpace,
    )
    from telecom_rules.workflows import Entry, Property, Workflow
    from telecom_rules.workflows.properties.templates import Stage


MOST_COUNTEREXAMPLES = 8
"""Counterexamples that are tried with a real case before the property is left undecided."""
LONGEST_PATH_SHOWN = 12
"""Edges of a counterexample that are shown; of a longer one, the first and the last."""


class PropertyVerdict(StrEnum):
    """The verdict on a property of a workflow."""

    HOLDS = "holds"
    """No case violates it."""
    VIOLATED = "violated"
    """A case violates it: one was run."""
    UNDECIDED = "undecided"
    """Whether a case violates it depends on conditions."""
    TOO_LARGE = "too_large"
    """The state space is too large to be explored."""

    @property
    def wording(self) -> Wording:
        """The verdict for people."""
        return VERDICT_WORDINGS[self]


VERDICT_WORDINGS = {
    PropertyVerdict.HOLDS: Wording("已验证", "holds"),
    PropertyVerdict.VIOLATED: Wording("不成立", "violated"),
    PropertyVerdict.UNDECIDED: Wording("取决于条件", "depends on conditions"),
    PropertyVerdict.TOO_LARGE: Wording("情形过多，无法判断", "too large to decide"),
}


class PropertyProof(NamedTuple):
    """The verdict on a property with its evidence.

    Attributes:
        property: the property.
        verdict: the verdict.
        counterexample: a path that violates it: the first that a case follows, otherwise a
            shortest one of those with the fewest conditions.
        conditions: the guards on that path.
        entries: the journal of the case that follows it, if the property is violated.
    """

    property: Property
    verdict: PropertyVerdict
    counterexample: tuple[GraphEdge, ...] = ()
    conditions: tuple[Condition, ...] = ()
    entries: tuple[Entry, ...] = ()


ProductNode: TypeAlias = "tuple[GraphNode, Stage]"
"""A node of the product of the state space and the monitor of a property."""
AnyNode = TypeVar("AnyNode")
BackPointers: TypeAlias = "dict[ProductNode, tuple[GraphEdge, ProductNode | None]]"
"""Back-pointers of the search: for each node, the last edge and the node before it."""
FrontierItem: TypeAlias = "tuple[int, int, int, ProductNode, GraphEdge, ProductNode | None]"
"""A queued node: conditions and edges so far, a number that breaks ties, and its back-pointer."""


def prove_property(space: StateSpace, demand: Property) -> PropertyProof:
    """Return the verdict on a property, with its evidence."""
    first: PropertyProof | None = None
    try:
        for path in islice(iter_counterexamples(space, demand), MOST_COUNTEREXAMPLES):
            entries = find_witness(space.workflow, demand, path)
            proof = PropertyProof(
                demand, PropertyVerdict.UNDECIDED, path, conditions_of(path), entries
            )
            if entries:
                return proof._replace(verdict=PropertyVerdict.VIOLATED)
            first = first or proof
    except StateSpaceTooLarge:
        return first or PropertyProof(demand, PropertyVerdict.TOO_LARGE)
    return first or PropertyProof(demand, PropertyVerdict.HOLDS)


def conditions_of(path: Sequence[GraphEdge]) -> tuple[Condition, ...]:
    """Return the guards that a path depends on, each once."""
    return tuple(dict.fromkeys(each for edge in path for each in edge.conditions))


def iter_counterexamples(space: StateSpace, demand: Property) -> Iterator[tuple[GraphEdge, ...]]:
    """Yield paths that violate a property, those with the fewest conditions and edges first.

    Dijkstra's algorithm on the product of the state space and the monitor of the property.

    Raises:
        StateSpaceTooLarge: the space has too many edges.
    """
    monitor = demand.monitor
    reached: BackPointers = {}
    numbers = count()
    frontier: list[FrontierItem] = []
    for each in space.starts:
        first = (each.target, monitor.advance(monitor.start, each.occurrences))
        frontier.append((len(each.conditions), 1, next(numbers), first, each, None))
    heapq.heapify(frontier)
    while frontier:
        conditions, moves, _, node, edge, before = heapq.heappop(frontier)
        position, stage = node
        if monitor.is_violated(stage) or (
            space.is_over(position) and not monitor.is_accepting(stage)
        ):
            # Not marked as reached: other paths to the same violation are counterexamples, too.
            yield (*trace_back(reached, before), edge)
            continue
        if node in reached:
            continue
        reached[node] = edge, before
        if monitor.is_permanently_satisfied(stage):
            continue
        for each in space.edges_from(position):
            onward = monitor.advance(stage, each.occurrences) if each.occurrences else stage
            if (each.target, onward) not in reached:
                cost = conditions + len(each.conditions)
                item = (cost, moves + 1, next(numbers), (each.target, onward), each, node)
                heapq.heappush(frontier, item)


def trace_back(
    reached: Mapping[AnyNode, tuple[GraphEdge, AnyNode | None]], node: AnyNode | None
) -> tuple[GraphEdge, ...]:
    """Return the path to `node`."""
    path: list[GraphEdge] = []
    while node is not None:
        edge, node = reached[node]
        path.append(edge)
    return tuple(reversed(path))


def describe_counterexample(workflow: Workflow, path: Sequence[GraphEdge]) -> Wording:
    """Return a path for people: its events and the leaves that they enter."""
    steps = list(iter_edge_wordings(workflow, path))
    if len(steps) > LONGEST_PATH_SHOWN:
        half = LONGEST_PATH_SHOWN // 2
        steps = [*steps[:half], Wording.same("…"), *steps[-half:]]
    return join_wordings(steps, ("；", "; "))


def iter_edge_wordings(workflow: Workflow, path: Sequence[GraphEdge]) -> Iterator[Wording]:
    """Yield the edges of a path for people, without those on which nothing occurs."""
    for edge in path:
        to = describe_entered(workflow, edge)
        event = workflow.events.get(edge.event or "")
        parts = [] if event is None else [quote_title(event.title)]
        parts += [] if to is None else [Wording("→ {to}", "→ {to}").fill(to=to)]
        if parts:
            yield join_wordings(parts, (" ", " "))


def describe_entered(workflow: Workflow, edge: GraphEdge) -> Wording | None:
    """Return the leaves that an edge enters, for people."""
    names = edge.move.entered if edge.move is not None else ()
    states = [workflow.states[name] for name in names]
    leaves = [quote_title(state.title) for state in states if not state.children]
    return join_wordings(leaves) if leaves else None
