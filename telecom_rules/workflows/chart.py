"""A linked statechart: the YAML of a workflow with all names resolved and all types known.

All values here are frozen and belong to no case. States refer to one another by name, which is
unique in the workflow; `Chart.states` looks them up.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Literal, TypeAlias

from telecom_rules.vocabulary import Parameter, RecordType, Shape, model_of
from telecom_rules.wording import Wording, read_language

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date, datetime, time, timedelta

    from pydantic import BaseModel

    from telecom_rules.expressions import Expression
    from telecom_rules.vocabulary import (
        Calendar,
        Clause,
        Duration,
        Undetermined,
        Unit,
    )
    from telecom_rules.vocabulary.parameters import ParameterValue


@dataclass(frozen=True, slots=True)
class Event:
    """Something that can happen to a case.

    Attributes:
        name: the name it is sent by; `done.state.<state>` once a state is done; empty for
            eventless transitions.
        title: its name for people.
        payload: the fields that come with it.
        internal: whether only a clock or the chart itself raises it.
        cites: the clauses it implements.
        right: whether it is a right of the customer or another party, which no house rule may
            take away.
    """

    name: str
    title: Wording
    payload: RecordType
    internal: bool = False
    cites: tuple[Clause, ...] = ()
    right: bool = False

    @property
    def model(self) -> type[BaseModel]:
        """A frozen pydantic model of its payload, as strict with each field as `Case.send`.

        `send` takes an instance of it, and what it refuses the model refuses. Titles are English,
        with the Chinese ones as descriptions; see `model_in`.
        """
        return model_of(Shape(self.payload, self.title))

    def model_in(self, language: str) -> type[BaseModel]:
        """Return `model` with its titles in one language, for the pages of an interface.

        Raises:
            ArgumentError: it is neither Chinese nor English.
        """
        return model_of(Shape(self.payload, self.title, language=read_language(language)))


EVENTLESS = Event("", Wording("自动", "Automatic"), RecordType("", {}), internal=True)
"""The event of eventless transitions."""
RETURN_TITLE = Wording("交回个案", "The return of a called case")
RETURN_EVENT = Event("done.call", RETURN_TITLE, RecordType("", {}), internal=True)
"""The event of a return that matches no pending call."""
CALL_DONE_PREFIX = "done.call."
"""Prefix of the event that a called case has ended; the name of the calling state follows."""
STATE_FIELD = "state"
"""The payload field of that event that holds the final state of the called case."""


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
        value: the value, or `None` to take the payload field of the same name, if it was sent.
        when: the condition under which it is set, or `None`.
    """

    fact: str
    value: Expression | None
    when: Expression | None = None


@dataclass(frozen=True, slots=True)
class Emission:
    """An effect that a transition requests, with the expressions of its payload.

    Attributes:
        effect: the effect.
        payload: the expressions of its fields.
        when: the condition under which it is requested, or `None`.
    """

    effect: EffectType
    payload: tuple[tuple[str, Expression], ...] = ()
    when: Expression | None = None


@dataclass(frozen=True, slots=True)
class Raising:
    """An event that the chart raises, with the expressions of its payload.

    Attributes:
        event: the event.
        payload: the expressions of its fields.
        when: the condition under which it is raised, or `None`.
    """

    event: Event
    payload: tuple[tuple[str, Expression], ...] = ()
    when: Expression | None = None


Action: TypeAlias = Assignment | Emission | Raising
"""One step of executable content."""


def iter_expressions(actions: tuple[Action, ...]) -> Iterator[Expression]:
    """Yield every expression in `actions`."""
    for action in actions:
        if action.when is not None:
            yield action.when
        if not isinstance(action, Assignment):
            yield from (value for _, value in action.payload)
        elif action.value is not None:
            yield action.value


@dataclass(frozen=True, slots=True)
class Transition:
    """A transition.

    Attributes:
        event: its event.
        source: the state it is written in.
        targets: its target states, or empty to stay; several lie in regions of one parallel state.
        title: its name for people; by default that of the event.
        guard: the condition, or `None`.
        by: the roles that may take it, or empty for everybody.
        requires: the facts that must be known before the event.
        assign: the facts it sets, in order; each reads those set before it.
        emit: the effects it requests; they read the facts as set.
        raises: the events it raises; they read the facts as set.
        reenter: whether it exits and re-enters its source even if its targets lie inside.
        cites: the clauses it implements.
        wildcard: the wildcard it is written under, or `None`. A wildcard is expanded to one
            transition for each event that it matches.
    """

    event: Event
    source: str
    targets: tuple[str, ...]
    title: Wording
    guard: Expression | None = None
    by: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()
    assign: tuple[Assignment, ...] = ()
    emit: tuple[Emission, ...] = ()
    raises: tuple[Raising, ...] = ()
    reenter: bool = False
    cites: tuple[Clause, ...] = ()
    wildcard: str | None = None

    @property
    def target(self) -> str | None:
        """Its target, or `None` to stay; several are joined by `+`."""
        return "+".join(self.targets) or None

    @property
    def actions(self) -> tuple[Action, ...]:
        """Its executable content, in order."""
        return (*self.assign, *self.emit, *self.raises)

    @property
    def expressions(self) -> Iterator[Expression]:
        """Every expression in it."""
        if self.guard is not None:
            yield self.guard
        yield from iter_expressions(self.actions)


@dataclass(frozen=True, slots=True)
class Invocation:
    """A call: entering the state starts a case of another workflow, and the state waits for it.

    Attributes:
        workflow: the name of the workflow.
        title: its name for people.
        event: `done.call.<state>`; its payload has the final state of the called case and the
            outputs of the workflow.
        facts: the expressions of the initial facts, or `None` to pass the fact of the same name,
            if it is known.
        done: the transitions on `event`, in the order tried.
    """

    workflow: str
    title: Wording
    event: Event
    facts: tuple[tuple[str, Expression | None], ...]
    done: tuple[Transition, ...]

    @property
    def expressions(self) -> Iterator[Expression]:
        """Every expression of the initial facts."""
        yield from (value for _, value in self.facts if value is not None)


@dataclass(frozen=True, slots=True)
class State:
    """One state.

    Attributes:
        name: its name, unique in the workflow.
        title: its name for people.
        order: its place among all states as written, from 0; a state comes before those inside it.
        ancestors: the states around it, outermost first.
        children: the states directly inside it, in document order, without history states.
        histories: the history states directly inside it, in document order.
        initial: the child that is entered with it, or `None` when it has none or is parallel.
        final: whether it is a final state: at the top the case is over, else the parent is done.
        parallel: whether all its children are active with it.
        history: its kind if it is a history state, which is never active: entering it restores
            the active children of its parent, or with `deep` the active leaves.
        default: the targets of a history state before its parent was ever active.
        on: its transitions by event, in the order tried; wildcards are expanded.
        always: its eventless transitions, likewise.
        done: its transitions once it is done, likewise.
        call: its call of another workflow, or `None`.
        entry: its entry actions.
        exit: its exit actions.
        tags: marks for hosts and checks.
        maps: the name of this state in other vocabularies, such as `tmf621`.
        cites: the clauses it implements.
    """

    name: str
    title: Wording
    order: int
    ancestors: tuple[str, ...] = ()
    children: tuple[str, ...] = ()
    histories: tuple[str, ...] = ()
    initial: str | None = None
    final: bool = False
    parallel: bool = False
    history: Literal["shallow", "deep"] | None = None
    default: tuple[str, ...] = ()
    on: Mapping[str, tuple[Transition, ...]] = field(default_factory=dict, hash=False)
    always: tuple[Transition, ...] = ()
    done: tuple[Transition, ...] = ()
    call: Invocation | None = None
    entry: tuple[Action, ...] = ()
    exit: tuple[Action, ...] = ()
    tags: frozenset[str] = frozenset()
    maps: Mapping[str, str] = field(default_factory=dict, hash=False)
    cites: tuple[Clause, ...] = ()

    @property
    def path(self) -> tuple[str, ...]:
        """The state with its ancestors, outermost first."""
        return (*self.ancestors, self.name)

    @property
    def parent(self) -> str | None:
        """Its parent state, or `None` at the top."""
        return self.ancestors[-1] if self.ancestors else None

    @property
    def transitions(self) -> Iterator[Transition]:
        """Every transition from it."""
        for group in self.on.values():
            yield from group
        yield from self.automatic_transitions

    @property
    def written_transitions(self) -> Iterator[Transition]:
        """Every transition as written: one under a wildcard only for its first event."""
        seen: set[tuple[str, int]] = set()
        for group in self.on.values():
            # Several transitions may share a wildcard: they are told apart by their count.
            before: dict[str, int] = {}
            for each in group:
                if each.wildcard is not None:
                    place = each.wildcard, before.setdefault(each.wildcard, 0)
                    before[each.wildcard] += 1
                    if place in seen:
                        continue
                    seen.add(place)
                yield each
        yield from self.automatic_transitions

    @property
    def automatic_transitions(self) -> Iterator[Transition]:
        """Its transitions under `always` and `onDone`."""
        yield from self.always
        yield from self.done
        if self.call is not None:
            yield from self.call.done

    @property
    def actions(self) -> Iterator[Action]:
        """The actions of its transitions, entry and exit."""
        for transition in self.transitions:
            yield from transition.actions
        yield from (*self.entry, *self.exit)

    @property
    def expressions(self) -> Iterator[Expression]:
        """Every expression in it."""
        for transition in self.transitions:
            yield from transition.expressions
        yield from iter_expressions(self.entry)
        yield from iter_expressions(self.exit)
        if self.call is not None:
            yield from self.call.expressions


class Reentry(StrEnum):
    """What happens to an ended clock that is triggered again.

    It restarts; or continues with the time used, unless it had expired; or stays ended.
    """

    RESTART = "restart"
    CONTINUE = "continue"
    IGNORE = "ignore"


class Figures(StrEnum):
    """The figure of its parameter that a running clock counts by.

    That of the day on which it started; or that in force, so that a later one moves its deadline.
    """

    OF_START = "of_start"
    IN_FORCE = "in_force"


@dataclass(frozen=True, slots=True)
class AgreedLimit:
    """A limit that the facts give when the clock starts.

    Attributes:
        value: a number of units, or without a unit a limit, or the day or instant on which it ends.
        unit: the unit, or `None`.
    """

    value: Expression
    unit: Unit | None = None

    def __str__(self) -> str:
        """Return the limit as it may be written: `agreed_days working days`, `agreed_date`."""
        source = " ".join(self.value.source.split())
        return source if self.unit is None else f"{source} {self.unit.words}"


CachedEnd: TypeAlias = "tuple[Duration, datetime | timedelta | Undetermined, datetime | None]"


@dataclass(frozen=True, slots=True)
class Clock:
    """A time limit.

    Attributes:
        name: its name.
        title: its name for people.
        starts: the states whose entering, and the events whose acceptance, starts it.
        stops: the states whose entering, and the events whose acceptance, stops it.
        limit: how long it runs; a parameter is read on the day the clock starts, facts when it
            starts.
        warn_at: the part of the limit, in percent, after which a warning is due, or `None`.
        on_expiry: the event it raises when it expires, or `None`.
        cites: the clauses it implements.
        pauses: the states in which it is paused.
        on_reentry: what happens when it has ended and is triggered again.
        calendar: the working days it counts, or `None` if the pack has no calendar.
        close: when business closes, if its last day ends then and not at 24:00.
        figures: which figure of its parameter it counts by.
        interpretation: whether it is our reading of words that leave it open.
        promised: the figures that the operator promises beside those of `limit`, on their days.
        promise: the clock of these figures, which runs beside it; `None` where nothing is promised.
        beside: of the clock of a promise the name of the clock that it runs beside, else `None`.
        end_cache: by the first day of a run its limit, its end or length, and the warning if that
            depends on the day alone; see `limits.find_term`.
    """

    name: str
    title: Wording
    starts: frozenset[str]
    stops: frozenset[str]
    limit: Duration | Parameter | AgreedLimit
    warn_at: int | None = None
    on_expiry: str | None = None
    cites: tuple[Clause, ...] = ()
    pauses: frozenset[str] = frozenset()
    on_reentry: Reentry = Reentry.RESTART
    calendar: Calendar | None = None
    close: time | None = None
    figures: Figures = Figures.OF_START
    interpretation: bool = False
    promised: tuple[ParameterValue, ...] = ()
    promise: Clock | None = None
    beside: str | None = None
    end_cache: dict[date, CachedEnd] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )

    @property
    def expressions(self) -> tuple[Expression, ...]:
        """The expression of its limit, if facts give that."""
        return (self.limit.value,) if isinstance(self.limit, AgreedLimit) else ()

    @property
    def written_limit(self) -> str:
        """The limit as it may be written: `15 days`, `parameters.x`, `agreed_date`."""
        limit = self.limit
        return f"parameters.{limit.name}" if isinstance(limit, Parameter) else str(limit)


@dataclass(frozen=True, slots=True)
class Chart:
    """The states, events and clocks of one workflow.

    Attributes:
        initial: the state a case starts in.
        states: every state by name, in document order.
        events: every event by name.
        clocks: every clock by name, in document order.
        callers: the states that call another workflow, in document order.
    """

    initial: str
    states: Mapping[str, State] = field(hash=False)
    events: Mapping[str, Event] = field(hash=False)
    clocks: Mapping[str, Clock] = field(hash=False)
    callers: tuple[str, ...] = ()

    @property
    def outermost(self) -> tuple[State, ...]:
        """The top-level states, in document order."""
        return tuple(each for each in self.states.values() if not each.ancestors)
