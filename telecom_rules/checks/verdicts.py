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

from telecom_rules.checks.runs import TooLarge
from telecom_rules.checks.witness import witness
from telecom_rules.wording import Wording
from telecom_rules.workflows.phrases import listed, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from telecom_rules.checks.runs import Condition, Point, Runs, Way
    from telecom_rules.workflows import Entry, Property, Workflow
    from telecom_rules.workflows.templates import Stage

__all__ = ["Proof", "Verdict", "prove", "told"]

MOST_TRIED = 8
"""Runs that break a property which are carried out in search of one that a case goes."""
LONGEST_TOLD = 12
"""Moves of a run that are told; of a longer one, the first and the last."""


class Verdict(StrEnum):
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
        return WORDINGS[self]


WORDINGS = {
    Verdict.HOLDS: Wording("已证明", "holds"),
    Verdict.VIOLATED: Wording("不成立", "violated"),
    Verdict.UNDECIDED: Wording("取决于条件", "depends on conditions"),
    Verdict.TOO_LARGE: Wording("情形过多，未判断", "too large to decide"),
}


class Proof(NamedTuple):
    """What is known of a property and why.

    Attributes:
        property: the property.
        verdict: what is known.
        trace: the run that breaks it: the first that a case goes, of those with the fewest
            conditions a shortest one.
        conditions: the guards on that run.
        entries: the journal of a case that goes this way, where it is violated.
    """

    property: Property
    verdict: Verdict
    trace: tuple[Way, ...] = ()
    conditions: tuple[Condition, ...] = ()
    entries: tuple[Entry, ...] = ()


Node: TypeAlias = "tuple[Point, Stage]"
"""A point with how far a property has come."""
Reached: TypeAlias = "dict[Node, tuple[Way, Node | None]]"
"""How each node was come to: the last way, and the node before."""
Ahead: TypeAlias = "tuple[int, int, int, Node, Way, Node | None]"
"""A node to look at: conditions, moves, a number that tells equals apart, and how it is come to."""


def prove(runs: Runs, demand: Property) -> Proof:
    """Return what is known of a property."""
    first: Proof | None = None
    try:
        for trace in islice(breaking(runs, demand), MOST_TRIED):
            entries = witness(runs.workflow, demand, trace)
            proof = Proof(demand, Verdict.UNDECIDED, trace, conditions_of(trace), entries)
            if entries:
                return proof._replace(verdict=Verdict.VIOLATED)
            first = first or proof
    except TooLarge:
        return first or Proof(demand, Verdict.TOO_LARGE)
    return first or Proof(demand, Verdict.HOLDS)


def conditions_of(trace: Sequence[Way]) -> tuple[Condition, ...]:
    """Return the guards that a run depends on, each once."""
    return tuple(dict.fromkeys(each for way in trace for each in way.conditions))


def breaking(runs: Runs, demand: Property) -> Iterator[tuple[Way, ...]]:
    """Yield runs that break a property, those with the fewest conditions and moves first.

    Dijkstra's algorithm over the points, each with how far the property has come.

    Raises:
        TooLarge: there is too much to look at.
    """
    monitor = demand.monitor
    reached: Reached = {}
    numbers = count()
    stage = monitor.after(monitor.start, runs.start.occurs)
    first = (runs.start.to, stage)
    ahead: list[Ahead] = [(0, 1, next(numbers), first, runs.start, None)]
    while ahead:
        conditions, moves, _, node, way, before = heapq.heappop(ahead)
        point, stage = node
        if monitor.broken(stage) or (runs.over(point) and not monitor.content(stage)):
            yield (*path(reached, before), way)
            continue
        if node in reached:
            continue
        reached[node] = way, before
        if monitor.settled(stage):
            continue
        for each in runs.onward(point):
            onward = monitor.after(stage, each.occurs) if each.occurs else stage
            if (each.to, onward) not in reached:
                cost = conditions + len(each.conditions)
                item = (cost, moves + 1, next(numbers), (each.to, onward), each, node)
                heapq.heappush(ahead, item)


def path(reached: Reached, node: Node | None) -> tuple[Way, ...]:
    """Return the ways that lead to `node`."""
    ways: list[Way] = []
    while node is not None:
        way, node = reached[node]
        ways.append(way)
    return tuple(reversed(ways))


def told(workflow: Workflow, trace: Sequence[Way]) -> Wording:
    """Return a run for people: its events and the innermost states that they lead to."""
    steps = list(passages(workflow, trace))
    if len(steps) > LONGEST_TOLD:
        half = LONGEST_TOLD // 2
        steps = [*steps[:half], Wording.same("…"), *steps[-half:]]
    return listed(steps, ("；", "; "))


def passages(workflow: Workflow, trace: Sequence[Way]) -> Iterator[Wording]:
    """Yield the steps of a run, without those in which nothing occurs."""
    for way in trace:
        to = entered(workflow, way)
        event = workflow.events.get(way.event or "")
        parts = [] if event is None else [quoted(event.title)]
        parts += [] if to is None else [Wording("→ {to}", "→ {to}").fill(to=to)]
        if parts:
            yield listed(parts, (" ", " "))


def entered(workflow: Workflow, way: Way) -> Wording | None:
    """Return the innermost states that a way enters."""
    names = way.move.entered if way.move is not None else ()
    states = [workflow.states[name] for name in names]
    leaves = [quoted(state.title) for state in states if not state.children]
    return listed(leaves) if leaves else None
