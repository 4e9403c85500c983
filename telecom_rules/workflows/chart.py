"""A linked statechart: what a workflow's YAML says, every name resolved and every type known.

All values here are frozen and know nothing of any case. States refer to one another by name,
because the name of a state is unique in its workflow; `Chart.states` gives the state behind a name.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from telecom_rules.expressions import Expression
    from telecom_rules.vocabulary import Calendar, Clause, Duration, Parameter, RecordType
    from telecom_rules.wording import Wording

__all__ = [
    "Assignment",
    "Chart",
    "Clock",
    "EffectType",
    "Emission",
    "Event",
    "Reentry",
    "State",
    "Transition",
]


@dataclass(frozen=True, slots=True)
class Event:
    """Something that can happen to a case.

    Attributes:
        name: the name it is sent by.
        title: its name for people.
        payload: the fields that come with it.
        internal: whether only a clock raises it.
        cites: the clauses it comes from.
    """

    name: str
    title: Wording
    payload: RecordType
    internal: bool = False
    cites: tuple[Clause, ...] = ()


@dataclass(frozen=True, slots=True)
class EffectType:
    """Work that a transition may ask of the host.

    Attributes:
        name: the name the host knows it by.
        title: its name for people.
        payload: the fields that come with it.
    """

    name: str
    title: Wording
    payload: RecordType


@dataclass(frozen=True, slots=True)
class Assignment:
    """A fact that a transition sets.

    Attributes:
        fact: the fact.
        value: what it is set to, or `None` to take the payload field of the same name, if given.
    """

    fact: str
    value: Expression | None


@dataclass(frozen=True, slots=True)
class Emission:
    """An effect that a transition asks for, with how each field of its payload is worked out."""

    effect: EffectType
    payload: tuple[tuple[str, Expression], ...] = ()


@dataclass(frozen=True, slots=True)
class Transition:
    """One way on from a state.

    Attributes:
        event: what sets it off.
        source: the state it is written in.
        target: the state it leads to, or `None` to stay.
        title: its name for people; the event's where it has none of its own.
        guard: what must hold.
        by: the roles that may, or empty for everybody.
        requires: the facts that must be known when the event comes.
        assign: the facts it sets, in order; each sees those set before it.
        emit: the effects it asks for; they see the facts as set.
        cites: the clauses it comes from.
    """

    event: Event
    source: str
    target: str | None
    title: Wording
    guard: Expression | None = None
    by: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()
    assign: tuple[Assignment, ...] = ()
    emit: tuple[Emission, ...] = ()
    cites: tuple[Clause, ...] = ()

    @property
    def evaluates(self) -> bool:
        """Whether taking it needs more than the facts and the clock: an expression, the payload."""
        return bool(self.guard is not None or self.assign or self.emit)

    @property
    def expressions(self) -> Iterator[Expression]:
        """Every expression in it."""
        if self.guard is not None:
            yield self.guard
        yield from (each.value for each in self.assign if each.value is not None)
        yield from (value for each in self.emit for _, value in each.payload)


@dataclass(frozen=True, slots=True)
class State:
    """One state.

    Attributes:
        name: its name, unique in the workflow.
        title: its name for people.
        order: its place among all states as written, from 0; a state comes before those inside it.
        ancestors: the states around it, outermost first.
        children: the states inside it, in document order.
        initial: the child that is entered with it, or `None` when it has none.
        final: whether the case is over here.
        on: its transitions by event, in the order in which they are tried.
        tags: marks that hosts and checks ask for.
        maps: the name of this state in other vocabularies, such as `tmf621`.
        cites: the clauses it comes from.
    """

    name: str
    title: Wording
    order: int
    ancestors: tuple[str, ...] = ()
    children: tuple[str, ...] = ()
    initial: str | None = None
    final: bool = False
    on: Mapping[str, tuple[Transition, ...]] = field(default_factory=dict, hash=False)
    tags: frozenset[str] = frozenset()
    maps: Mapping[str, str] = field(default_factory=dict, hash=False)
    cites: tuple[Clause, ...] = ()

    @property
    def path(self) -> tuple[str, ...]:
        """The state with those around it, outermost first."""
        return (*self.ancestors, self.name)


class Reentry(StrEnum):
    """What becomes of a clock that has ended when what starts it happens again.

    It runs anew; or it goes on with the time it has used, unless it had expired; or nothing.
    """

    RESTART = "restart"
    CONTINUE = "continue"
    IGNORE = "ignore"


@dataclass(frozen=True, slots=True)
class Clock:
    """A time limit.

    Attributes:
        name: its name.
        title: its name for people.
        starts: the states whose entering, and the events whose acceptance, starts it.
        stops: the states whose entering, and the events whose acceptance, stops it.
        limit: how long it runs; a parameter is read on the day the clock starts.
        warn_at: the part of the limit, in percent, after which a warning is due, or `None`.
        on_expiry: the event it raises when it expires, or `None`.
        cites: the clauses it comes from.
        pauses: the states in which it does not run on.
        on_reentry: what becomes of it when it has ended and what starts it happens again.
        calendar: the working days it counts by, or `None` where the pack uses no calendar.
    """

    name: str
    title: Wording
    starts: frozenset[str]
    stops: frozenset[str]
    limit: Duration | Parameter
    warn_at: int | None = None
    on_expiry: str | None = None
    cites: tuple[Clause, ...] = ()
    pauses: frozenset[str] = frozenset()
    on_reentry: Reentry = Reentry.RESTART
    calendar: Calendar | None = None


@dataclass(frozen=True, slots=True)
class Chart:
    """The states, events and clocks of one workflow.

    Attributes:
        initial: the state a case starts in.
        states: every state by name, in document order.
        events: every event by name.
        clocks: every clock by name, in document order.
    """

    initial: str
    states: Mapping[str, State] = field(hash=False)
    events: Mapping[str, Event] = field(hash=False)
    clocks: Mapping[str, Clock] = field(hash=False)

    def domain(self, source: State, target: State) -> str | None:
        """Return the state inside which a transition moves, or `None` for the whole chart.

        What is active inside the domain is left, and the way from there to the target is entered.
        A transition to the state itself or to one inside it does not leave it (XState 5, where
        SCXML would); any other moves inside the innermost state around both (SCXML 3.13).
        """
        if source.name in target.path:
            return source.name
        around = [name for name in source.ancestors if name in target.ancestors]
        return around[-1] if around else None

    def entry(self, domain: str | None, target: State) -> tuple[str, ...]:
        """Return the states entered from `domain` down to `target` and its initial states."""
        path = target.path
        inside = path if domain is None else path[path.index(domain) + 1 :]
        return (*inside, *self.descent(target))

    def descent(self, state: State) -> tuple[str, ...]:
        """Return the initial states inside `state`, outermost first."""
        if state.initial is None:
            return ()
        return (state.initial, *self.descent(self.states[state.initial]))
