"""Reachability of the states of a statechart, ignoring guards and roles.

The analysis over-approximates: guards are not evaluated, so a state may count as reachable that no
case reaches, but never the reverse. A check that reports an unreachable state is therefore right.

A state with children and no `initial` is parallel: all of them are active at once. A history state
is never active; it may lead to every state inside its parent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from telecom_rules.workflows.chart import Raising

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from telecom_rules.workflows import State, Transition
    from telecom_rules.workflows.chart import Chart


def default_children_of(state: State) -> tuple[str, ...]:
    """Return the children of `state` that are entered with it by default."""
    return state.children if state.initial is None else (state.initial,)


def iter_default_entry(chart: Chart, name: str) -> Iterator[str]:
    """Yield a state and its descendants that are entered with it by default."""
    yield name
    for child in default_children_of(chart.states[name]):
        yield from iter_default_entry(chart, child)


def find_entry_set(chart: Chart, transition: Transition) -> frozenset[str]:
    """Return the states that a transition may enter."""
    active = chart.states[transition.source].ancestors
    goals = (goal for target in transition.targets for goal in possible_targets_of(chart, target))
    return frozenset().union(
        *(find_target_entry_set(chart, active, chart.states[goal]) for goal in goals)
    )


def possible_targets_of(chart: Chart, name: str) -> tuple[str, ...]:
    """Return the states that a target may resolve to: itself, or all that history may restore."""
    state = chart.states[name]
    if state.history is None:
        return (name,)
    inside = (
        each.name
        for each in chart.states.values()
        if state.parent in each.ancestors and each.history is None
    )
    return (*state.default, *inside)


def find_target_entry_set(chart: Chart, active: Collection[str], target: State) -> frozenset[str]:
    """Return the states entered with `target` while the states `active` stay active."""
    passed = [name for name in target.ancestors if name not in active]
    regions = (
        child
        for name in passed
        if chart.states[name].initial is None
        for child in chart.states[name].children
        if child not in target.path
    )
    return frozenset(passed).union(
        *(iter_default_entry(chart, name) for name in (target.name, *regions))
    )


def find_reachable(start: Iterable[str], onward: Mapping[str, Collection[str]]) -> set[str]:
    """Return `start` and every node of a graph that is reachable from it."""
    found = set(start)
    frontier = list(found)
    while frontier:
        new = set(onward[frontier.pop()]) - found
        found |= new
        frontier.extend(new)
    return found


def iter_leaves(chart: Chart, names: Iterable[str]) -> Iterator[str]:
    """Yield the atomic states among `names` and their descendants."""
    for name in names:
        inside = chart.states[name].children
        yield from iter_leaves(chart, inside) if inside else (name,)


def find_raised_events(chart: Chart) -> frozenset[str]:
    """Return the events that the chart raises itself."""
    return frozenset(
        action.event.name
        for state in chart.states.values()
        for action in state.actions
        if isinstance(action, Raising)
    )


def is_case_end(state: State) -> bool:
    """Return whether a case ends in `state`: only a final state at the top ends it."""
    return state.final and not state.ancestors


class ChartEdge(NamedTuple):
    """The effect of a transition on the configuration, without evaluating guards.

    Attributes:
        event: its event; empty if eventless.
        entered: the states it may enter.
        certain: the states it certainly enters, which excludes the source and its ancestors:
            without `reenter` they are not exited.
        leaves: the atomic states that it may enter.
    """

    event: str
    entered: frozenset[str]
    certain: frozenset[str]
    leaves: frozenset[str]


class Reachability:
    """The reachability graph of one statechart.

    Attributes:
        chart: the statechart.
        edges: the edges of the transitions of each state.
        reachable: the states that a case may reach.
    """

    def __init__(self, chart: Chart) -> None:
        self.chart = chart
        self.edges: dict[str, tuple[ChartEdge, ...]] = {
            name: tuple(iter_edges(chart, state)) for name, state in chart.states.items()
        }
        onward = {
            name: frozenset(one for each in edges for one in each.entered)
            for name, edges in self.edges.items()
        }
        self.reachable: frozenset[str] = frozenset(
            find_reachable(iter_default_entry(chart, chart.initial), onward)
        )

    def edges_from(self, leaf: str) -> Iterator[ChartEdge]:
        """Yield the edges that may be taken while an atomic state is active.

        Inside a parallel state, the other regions may be in any of their states.
        """
        states = self.chart.states
        path = states[leaf].path
        split = next((name for name in path[:-1] if states[name].initial is None), None)
        for each in states.values() if split else ():
            if split in each.ancestors and each.name not in path:
                yield from self.edges[each.name]
        for name in path:
            yield from self.edges[name]

    def leaves_after(self, causes: frozenset[str]) -> frozenset[str]:
        """Return the atomic states in which a case may be right after one of `causes`.

        Args:
            causes: states that are entered, and events that are accepted.
        """
        found = set(iter_leaves(self.chart, causes & self.reachable))
        for name in self.reachable if causes - self.chart.states.keys() else ():
            for each in self.edges[name]:
                if each.event in causes:
                    found.update(each.leaves or iter_leaves(self.chart, (name,)))
        return self.reachable & found

    def leaves_reachable_from(
        self, start: Iterable[str], *, until: frozenset[str] = frozenset()
    ) -> frozenset[str]:
        """Return the atomic states that are reachable from `start`.

        Args:
            start: atomic states.
            until: events and states; edges on one of them, or certain to enter one, are skipped.
        """
        found = set(start)
        frontier = list(found)
        while frontier:
            for each in self.edges_from(frontier.pop()):
                if each.event not in until and until.isdisjoint(each.certain):
                    new = each.leaves - found
                    found |= new
                    frontier.extend(new)
        return frozenset(found)


def iter_edges(chart: Chart, state: State) -> Iterator[ChartEdge]:
    """Yield the edges of the transitions of a state, of which those by a wildcard are alike."""
    known: dict[tuple[str, ...], ChartEdge] = {}
    for each in state.transitions:
        like = known.get(each.targets)
        if like is None:
            like = known[each.targets] = build_edge(chart, each)
        yield like._replace(event=each.event.name)


def build_edge(chart: Chart, transition: Transition) -> ChartEdge:
    """Return the edge of a transition."""
    names = find_entry_set(chart, transition)
    to_history = any(chart.states[name].history for name in transition.targets)
    return ChartEdge(
        transition.event.name,
        names,
        frozenset() if to_history else names.difference(chart.states[transition.source].path),
        frozenset(name for name in names if not chart.states[name].children),
    )


def find_sources(onward: Mapping[str, Collection[str]]) -> tuple[str, ...]:
    """Return a minimal set of nodes from which all others are reachable, in the order of the graph.

    It has one node of each strongly connected component without incoming edges: the last node in
    postorder of those not yet reached lies in one (the first half of Kosaraju's algorithm).
    """
    chosen: list[str] = []
    found: set[str] = set()
    for name in reversed(sort_postorder(onward)):
        if name not in found:
            chosen.append(name)
            found |= find_reachable((name,), onward)
    order = {name: at for at, name in enumerate(onward)}
    return tuple(sorted(chosen, key=order.__getitem__))


def sort_postorder(onward: Mapping[str, Collection[str]]) -> list[str]:
    """Return the nodes in postorder of a depth-first search; iterative, for long chains."""
    done: list[str] = []
    found: set[str] = set()
    for start in onward:
        stack = [] if start in found else [(start, iter(onward[start]))]
        found.add(start)
        while stack:
            name, ahead = stack[-1]
            following = next((each for each in ahead if each not in found), None)
            if following is None:
                done.append(name)
                stack.pop()
            else:
                found.add(following)
                stack.append((following, iter(onward[following])))
    return done
