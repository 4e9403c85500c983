"""Whether a property holds of every case of a workflow, with the run that shows where it does not.

Three answers are possible, and a fourth where there is too much to look at. A property holds where
no run breaks it, conditions left aside. It is violated where a case that breaks it has been made:
the run is not argued for but carried out. Anything between depends on conditions that nobody here
decides.
"""

from __future__ import annotations

import heapq
from enum import StrEnum
from itertools import count, islice
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from telecom_rules.checks.analysis.runs import StateSpaceTooLarge
from telecom_rules.checks.analysis.witness import find_witness
from telecom_rules.wording import Wording
from telecom_rules.workflows.phrases import join_wordings, quote_title

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from telecom_rules.checks.analysis.runs import Condition, GraphEdge, GraphNode, StateSpace
    from telecom_rules.workflows import Entry, Property, Workflow
    from telecom_rules.workflows.properties.templates import Stage


MOST_COUNTEREXAMPLES = 8
"""Runs that break a property which are carried out in search of one that a case goes."""
LONGEST_PATH_SHOWN = 12
"""Moves of a run that are told; of a longer one, the first and the last."""


class PropertyVerdict(StrEnum):
    """What is known of a property and a workflow."""

    HOLDS = "holds"
    """No case breaks it."""
    VIOLATED = "violated"
    """A case breaks it: one was made."""
    UNDECIDED = "undecided"
    """Whether a case breaks it depends on conditions."""
    TOO_LARGE = "too_large"
    """There are too many situations to look at all of them."""

    @property
    def wording(self) -> Wording:
        """The verdict for people."""
        return VERDICT_WORDINGS[self]


VERDICT_WORDINGS = {
    PropertyVerdict.HOLDS: Wording("已证明", "holds"),
    PropertyVerdict.VIOLATED: Wording("不成立", "violated"),
    PropertyVerdict.UNDECIDED: Wording("取决于条件", "depends on conditions"),
    PropertyVerdict.TOO_LARGE: Wording("情形过多，未判断", "too large to decide"),
}


class PropertyProof(NamedTuple):
    """What is known of a property and why.

    Attributes:
        property: the property.
        verdict: what is known.
        counterexample: the run that breaks it: the first that a case goes, of those with the fewest
            conditions a shortest one.
        conditions: the guards on that run.
        entries: the journal of a case that goes this way, where it is violated.
    """

    property: Property
    verdict: PropertyVerdict
    counterexample: tuple[GraphEdge, ...] = ()
    conditions: tuple[Condition, ...] = ()
    entries: tuple[Entry, ...] = ()


ProductNode: TypeAlias = "tuple[GraphNode, Stage]"
"""A point with how far a property has come."""
BackPointers: TypeAlias = "dict[ProductNode, tuple[GraphEdge, ProductNode | None]]"
"""How each node was come to: the last way, and the node before."""
FrontierItem: TypeAlias = "tuple[int, int, int, ProductNode, GraphEdge, ProductNode | None]"
"""A node to look at: conditions, moves, a number that tells equals apart, and how it is come to."""


def prove_property(runs: StateSpace, demand: Property) -> PropertyProof:
    """Return what is known of a property."""
    first: PropertyProof | None = None
    try:
        for trace in islice(iter_counterexamples(runs, demand), MOST_COUNTEREXAMPLES):
            entries = find_witness(runs.workflow, demand, trace)
            proof = PropertyProof(
                demand, PropertyVerdict.UNDECIDED, trace, conditions_of(trace), entries
            )
            if entries:
                return proof._replace(verdict=PropertyVerdict.VIOLATED)
            first = first or proof
    except StateSpaceTooLarge:
        return first or PropertyProof(demand, PropertyVerdict.TOO_LARGE)
    return first or PropertyProof(demand, PropertyVerdict.HOLDS)


def conditions_of(trace: Sequence[GraphEdge]) -> tuple[Condition, ...]:
    """Return the guards that a run depends on, each once."""
    return tuple(dict.fromkeys(each for way in trace for each in way.conditions))


def iter_counterexamples(runs: StateSpace, demand: Property) -> Iterator[tuple[GraphEdge, ...]]:
    """Yield runs that break a property, those with the fewest conditions and moves first.

    Dijkstra's algorithm over the points, each with how far the property has come.

    Raises:
        TooLarge: there is too much to look at.
    """
    monitor = demand.monitor
    reached: BackPointers = {}
    numbers = count()
    stage = monitor.advance(monitor.start, runs.start.occurrences)
    first = (runs.start.target, stage)
    ahead: list[FrontierItem] = [(0, 1, next(numbers), first, runs.start, None)]
    while ahead:
        conditions, moves, _, node, way, before = heapq.heappop(ahead)
        point, stage = node
        if monitor.is_violated(stage) or (runs.is_over(point) and not monitor.is_accepting(stage)):
            yield (*trace_back(reached, before), way)
            continue
        if node in reached:
            continue
        reached[node] = way, before
        if monitor.is_permanently_satisfied(stage):
            continue
        for each in runs.edges_from(point):
            onward = monitor.advance(stage, each.occurrences) if each.occurrences else stage
            if (each.target, onward) not in reached:
                cost = conditions + len(each.conditions)
                item = (cost, moves + 1, next(numbers), (each.target, onward), each, node)
                heapq.heappush(ahead, item)


def trace_back(reached: BackPointers, node: ProductNode | None) -> tuple[GraphEdge, ...]:
    """Return the ways that lead to `node`."""
    ways: list[GraphEdge] = []
    while node is not None:
        way, node = reached[node]
        ways.append(way)
    return tuple(reversed(ways))


def describe_counterexample(workflow: Workflow, trace: Sequence[GraphEdge]) -> Wording:
    """Return a run for people: its events and the innermost states that they lead to."""
    steps = list(iter_edge_wordings(workflow, trace))
    if len(steps) > LONGEST_PATH_SHOWN:
        half = LONGEST_PATH_SHOWN // 2
        steps = [*steps[:half], Wording.same("…"), *steps[-half:]]
    return join_wordings(steps, ("；", "; "))


def iter_edge_wordings(workflow: Workflow, trace: Sequence[GraphEdge]) -> Iterator[Wording]:
    """Yield the steps of a run, without those in which nothing occurs."""
    for way in trace:
        to = describe_entered(workflow, way)
        event = workflow.events.get(way.event or "")
        parts = [] if event is None else [quote_title(event.title)]
        parts += [] if to is None else [Wording("→ {to}", "→ {to}").fill(to=to)]
        if parts:
            yield join_wordings(parts, (" ", " "))


def describe_entered(workflow: Workflow, way: GraphEdge) -> Wording | None:
    """Return the innermost states that a way enters."""
    names = way.move.entered if way.move is not None else ()
    states = [workflow.states[name] for name in names]
    leaves = [quote_title(state.title) for state in states if not state.children]
    return join_wordings(leaves) if leaves else None
