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

from telecom_rules.workflows.chart import ENDED, Raising
from telecom_rules.workflows.properties import occurring

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from telecom_rules.workflows import Transition, Workflow
    from telecom_rules.workflows.configuration import Chain, Configuration, Move

__all__ = ["MOST_MOVES", "Condition", "Point", "Runs", "TooLarge", "Way"]

MOST_MOVES = 20_000
"""Moves that are looked at before giving up: some seconds of work."""
MOST_TOGETHER = 1_000
"""Ways in which parallel regions may answer one event, before giving up."""
LONGEST_QUEUE = 16
"""Events that the chart may have raised and not taken yet, before giving up."""


class TooLarge(Exception):
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


class Point(NamedTuple):
    """Where a case may stand between two moves.

    Attributes:
        names: the active states.
        memory: what history states remember.
        queue: the events that the chart has raised and not taken yet, oldest first.
    """

    names: frozenset[str]
    memory: tuple[tuple[str, tuple[str, ...]], ...] = ()
    queue: tuple[str, ...] = ()


class Way(NamedTuple):
    """One way on from a point.

    Attributes:
        event: what sets it off, or `None` where it comes by itself.
        sent: whether the event comes from outside: somebody sends it, a clock raises it, or a
            called case comes back.
        move: the move; `None` where an event that the chart raised is passed over.
        occurs: what occurs in it, as properties see it.
        conditions: the guards it depends on.
        to: where it leads.
    """

    event: str | None
    sent: bool
    move: Move | None
    occurs: frozenset[str]
    conditions: tuple[Condition, ...]
    to: Point


Choice = tuple["Chain", tuple[Condition, ...]]
"""Moves that are taken together, and the guards that this depends on."""


class Runs:
    """The points of one workflow, each worked out when it is first asked for.

    Attributes:
        workflow: the workflow.
        start: the way into the first states.
        occurring: everything that occurs on some way worked out so far.
    """

    def __init__(self, workflow: Workflow) -> None:
        self.workflow = workflow
        self._known: dict[Point, tuple[Way, ...]] = {}
        self._moves = 0
        self.start = self._way(Point(frozenset()), None, workflow.configurations.opening, ())
        self.occurring = set(self.start.occurs)

    def over(self, point: Point) -> bool:
        """Return whether a case is over there."""
        return self.configuration(point).final

    def configuration(self, point: Point) -> Configuration:
        """Return the configuration of the states of a point."""
        return self.workflow.configurations.of(point.names)

    def onward(self, point: Point) -> tuple[Way, ...]:
        """Return the ways on from a point.

        Raises:
            TooLarge: there are too many.
        """
        known = self._known.get(point)
        if known is None:
            if self._moves > MOST_MOVES:
                raise TooLarge
            known = self._known[point] = tuple(self._ways(point))
            self._moves += len(known)
            self.occurring.update(name for way in known for name in way.occurs)
        return known

    def explore(self) -> tuple[Configuration, ...]:
        """Work out every point, and return the configurations that a case may be in.

        Raises:
            TooLarge: there are too many.
        """
        found: dict[frozenset[str], Configuration] = {}
        seen = {self.start.to}
        ahead = [self.start.to]
        while ahead:
            point = ahead.pop()
            found[point.names] = self.configuration(point)
            new = {way.to for way in self.onward(point)} - seen
            seen |= new
            ahead.extend(new)
        return tuple(found.values())

    def _ways(self, point: Point) -> Iterator[Way]:
        """Work out the ways on from a point."""
        configuration = self.configuration(point)
        if configuration.final:
            return
        for chosen, conditions in choices(configuration.eventless, asked=False):
            if chosen:
                yield self._taken(point, None, chosen, conditions)
            elif point.queue:
                yield from self._answered(point, configuration, conditions)
            else:
                yield from self._sent(point, configuration, conditions)

    def _answered(
        self, point: Point, configuration: Configuration, given: tuple[Condition, ...]
    ) -> Iterator[Way]:
        """Yield what the oldest event of the chart's own may do."""
        event, *queue = point.queue
        left = point._replace(queue=tuple(queue))
        for chosen, conditions in choices(configuration.chains.get(event, ()), asked=False):
            if chosen:
                yield self._taken(left, event, chosen, (*given, *conditions))
            else:
                nothing = frozenset[str]()
                yield Way(event, False, None, nothing, (*given, *conditions), left)  # noqa: FBT003 - a tuple

    def _sent(
        self, point: Point, configuration: Configuration, given: tuple[Condition, ...]
    ) -> Iterator[Way]:
        """Yield what the events may do that come from outside."""
        for event, chains in configuration.chains.items():
            known = self.workflow.events.get(event)
            if known is None and not event.startswith(ENDED):
                continue  # that something is done is only ever raised
            asked = known is not None and not known.internal
            for chosen, conditions in choices(chains, asked=asked):
                if chosen:
                    way = self._taken(point, event, chosen, (*given, *conditions))
                    yield way._replace(sent=True)

    def _taken(
        self, point: Point, event: str | None, chosen: Chain, conditions: tuple[Condition, ...]
    ) -> Way:
        """Return the way that taking `chosen` together is."""
        configurations = self.workflow.configurations
        move = configurations.together(self.configuration(point), chosen, dict(point.memory))
        return self._way(point, event, move, conditions)

    def _way(
        self, point: Point, event: str | None, move: Move, conditions: tuple[Condition, ...]
    ) -> Way:
        """Return the way that a move is."""
        queue = (*point.queue, *raised(move))
        if len(queue) > LONGEST_QUEUE:
            raise TooLarge
        memory = tuple(sorted({**dict(point.memory), **move.keeps}.items()))
        return Way(
            event=event,
            sent=False,
            move=move,
            occurs=occurring(self.workflow.chart, event, move.entered),
            conditions=tuple(dict.fromkeys(conditions)),
            to=Point(move.reaches, memory, () if move.ends else queue),
        )


def raised(move: Move) -> Iterator[str]:
    """Yield the events that a move raises, in order."""
    for block in move.blocks:
        for action in block.actions:
            if isinstance(action, Raising):
                yield action.event.name


def choices(chains: Sequence[Chain], *, asked: bool) -> Iterator[Choice]:
    """Yield the moves that may be taken together, each time with the guards that this needs.

    Args:
        chains: what each innermost state with those around it has, in the order tried.
        asked: whether the role of who sends it is asked.
    """
    picks = [tuple(picked(chain, asked=asked)) for chain in chains]
    number = 1
    for each in picks:
        number *= len(each)
    if number > MOST_TOGETHER:
        raise TooLarge
    found: dict[Chain, tuple[Condition, ...]] = {}
    for combination in product(*picks):
        chosen = tuple(dict.fromkeys(move for move, _ in combination if move is not None))
        conditions = tuple(dict.fromkeys(one for _, each in combination for one in each))
        known = found.get(chosen)
        if known is None or len(conditions) < len(known):
            found[chosen] = conditions
    yield from found.items()


def picked(chain: Chain, *, asked: bool) -> Iterator[tuple[Move | None, tuple[Condition, ...]]]:
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
