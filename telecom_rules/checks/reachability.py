"""Where the cases of a statechart can come to, guards and roles left aside.

Every answer errs on one side: a state may be said to be within reach that no case comes to, because
nobody asks here whether a guard can hold, and never the other way round. A check that reports what
is out of reach is therefore right.

A state with states inside and no `initial` has all of them active at once. A state that only
remembers is never active; it may lead to every state inside the one around it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from telecom_rules.workflows import State, Transition
    from telecom_rules.workflows.chart import Chart

__all__ = [
    "Passage",
    "Reach",
    "entered",
    "entered_with",
    "first",
    "leaves",
    "over",
    "sources",
    "spread",
]


def first(state: State) -> tuple[str, ...]:
    """Return the states inside `state` that are entered with it by default."""
    return state.children if state.initial is None else (state.initial,)


def entered_with(chart: Chart, name: str) -> Iterator[str]:
    """Yield a state and those inside it that are entered with it by default."""
    yield name
    for child in first(chart.states[name]):
        yield from entered_with(chart, child)


def entered(chart: Chart, transition: Transition) -> frozenset[str]:
    """Return the states that a transition may enter."""
    around = chart.states[transition.source].ancestors
    goals = (goal for target in transition.targets for goal in recalled(chart, target))
    return frozenset().union(*(entered_for(chart, around, chart.states[goal]) for goal in goals))


def recalled(chart: Chart, name: str) -> tuple[str, ...]:
    """Return the states that a target may stand for: itself, or all that it may remember."""
    state = chart.states[name]
    if state.history is None:
        return (name,)
    inside = (
        each.name
        for each in chart.states.values()
        if state.parent in each.ancestors and each.history is None
    )
    return (*state.default, *inside)


def entered_for(chart: Chart, around: Collection[str], target: State) -> frozenset[str]:
    """Return the states entered on the way to `target` from inside the states `around`."""
    passed = [name for name in target.ancestors if name not in around]
    beside = (
        child
        for name in passed
        if chart.states[name].initial is None
        for child in chart.states[name].children
        if child not in target.path
    )
    return frozenset(passed).union(*(entered_with(chart, name) for name in (target.name, *beside)))


def spread(start: Iterable[str], onward: Mapping[str, Collection[str]]) -> set[str]:
    """Return `start` and everything that can be come to from it."""
    found = set(start)
    ahead = list(found)
    while ahead:
        new = set(onward[ahead.pop()]) - found
        found |= new
        ahead.extend(new)
    return found


def leaves(chart: Chart, names: Iterable[str]) -> Iterator[str]:
    """Yield those of `names`, and of the states inside them, that have no states inside."""
    for name in names:
        inside = chart.states[name].children
        yield from leaves(chart, inside) if inside else (name,)


def over(state: State) -> bool:
    """Return whether the case is over in `state`."""
    return state.final and not state.ancestors


class Passage(NamedTuple):
    """What taking a transition may do.

    Attributes:
        event: what sets it off.
        entered: the states it may enter.
        sure: those of them that it is sure to enter: a transition to its own state, or to one
            inside it, does not leave that state and enter it again.
        arrives: the states without states inside in which a case is then.
    """

    event: str
    entered: frozenset[str]
    sure: frozenset[str]
    arrives: frozenset[str]


class Reach:
    """Where the cases of one statechart can come to.

    Attributes:
        chart: the statechart.
        passages: what the transitions of each state may do.
        within: the states that a case may come to.
    """

    def __init__(self, chart: Chart) -> None:
        self.chart = chart
        self.passages = {
            name: tuple(passage(chart, each) for each in state.transitions)
            for name, state in chart.states.items()
        }
        onward = {
            name: frozenset(one for each in passages for one in each.entered)
            for name, passages in self.passages.items()
        }
        self.within = frozenset(spread(entered_with(chart, chart.initial), onward))

    def onward(self, leaf: str) -> Iterator[Passage]:
        """Yield what may happen while a state without states inside is active."""
        states = self.chart.states
        path = states[leaf].path
        split = next((name for name in path[:-1] if states[name].initial is None), None)
        for each in states.values() if split else ():
            if split in each.ancestors and each.name not in path:
                yield from self.passages[each.name]
        for name in path:
            yield from self.passages[name]

    def after(self, causes: frozenset[str]) -> frozenset[str]:
        """Return the states without states inside in which a case may be once a cause has come.

        Args:
            causes: states that are entered, and events that are accepted.
        """
        found = set(leaves(self.chart, causes & self.within))
        for name in self.within if causes - self.chart.states.keys() else ():
            for each in self.passages[name]:
                if each.event in causes:
                    found.update(each.arrives or leaves(self.chart, (name,)))
        return self.within & found

    def closure(
        self, start: Iterable[str], *, until: frozenset[str] = frozenset()
    ) -> frozenset[str]:
        """Return the states without states inside that a case in one of `start` may come to.

        Args:
            start: states without states inside.
            until: events and states; what is sure to be one of them or enter it is not followed.
        """
        found = set(start)
        ahead = list(found)
        while ahead:
            for each in self.onward(ahead.pop()):
                if each.event not in until and until.isdisjoint(each.sure):
                    new = each.arrives - found
                    found |= new
                    ahead.extend(new)
        return frozenset(found)


def passage(chart: Chart, transition: Transition) -> Passage:
    """Return what taking a transition may do."""
    names = entered(chart, transition)
    remembers = any(chart.states[name].history for name in transition.targets)
    return Passage(
        transition.event.name,
        names,
        frozenset() if remembers else names.difference(chart.states[transition.source].path),
        frozenset(name for name in names if not chart.states[name].children),
    )


def sources(onward: Mapping[str, Collection[str]]) -> tuple[str, ...]:
    """Return the fewest nodes of a graph from which all others can be come to, in its order.

    Of nodes that lead to one another in a circle the first stands for all.
    """
    chosen: list[str] = []
    found: set[str] = set()
    for name in reversed(finished(onward)):
        if name not in found:
            chosen.append(name)
            found |= spread((name,), onward)
    order = {name: at for at, name in enumerate(onward)}
    return tuple(sorted(chosen, key=order.__getitem__))


def finished(onward: Mapping[str, Collection[str]]) -> list[str]:
    """Return the nodes in the order in which a depth-first search is done with them."""
    done: list[str] = []
    found: set[str] = set()
    for start in onward:
        ways = [] if start in found else [(start, iter(onward[start]))]
        found.add(start)
        while ways:
            name, ahead = ways[-1]
            following = next((each for each in ahead if each not in found), None)
            if following is None:
                done.append(name)
                ways.pop()
            else:
                found.add(following)
                ways.append((following, iter(onward[following])))
    return done
