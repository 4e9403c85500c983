"""A linked statechart: what a workflow's YAML says, every name resolved and every type known.

All values here are frozen and know nothing of any case. States refer to one another by name,
because the name of a state is unique in its workflow; `Chart.states` gives the state behind a name.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Literal, TypeAlias

from telecom_rules.vocabulary import RecordType
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date, datetime, timedelta

    from telecom_rules.expressions import Expression
    from telecom_rules.vocabulary import Calendar, Clause, Duration, Parameter, Undetermined


@dataclass(frozen=True, slots=True)
class Event:
    """Something that can happen to a case.

    Attributes:
        name: the name it is sent by; that a state is done is the event `done.state.` with the
            state's name, and what needs no event has one without a name.
        title: its name for people.
        payload: the fields that come with it.
        internal: whether only a clock or the chart itself raises it.
        cites: the clauses it comes from.
    """

    name: str
    title: Wording
    payload: RecordType
    internal: bool = False
    cites: tuple[Clause, ...] = ()


EVENTLESS = Event("", Wording("自动", "Automatic"), RecordType("", {}), internal=True)
"""What sets off the transitions that need no event."""
RETURN_TITLE = Wording("交回个案", "The return of a called case")
RETURN_EVENT = Event("done.call", RETURN_TITLE, RecordType("", {}), internal=True)
"""What a case that was called ends with, as long as nobody knows which state called it."""
CALL_DONE_PREFIX = "done.call."
"""What the name begins with of the event that a called case has ended; the state's follows."""
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
class Raising:
    """An event that the chart raises itself, with how each field of its payload is worked out."""

    event: Event
    payload: tuple[tuple[str, Expression], ...] = ()


Action: TypeAlias = Assignment | Emission | Raising
"""One thing that is done on the way."""


def iter_expressions(actions: tuple[Action, ...]) -> Iterator[Expression]:
    """Yield every expression in `actions`."""
    for action in actions:
        if not isinstance(action, Assignment):
            yield from (value for _, value in action.payload)
        elif action.value is not None:
            yield action.value


@dataclass(frozen=True, slots=True)
class Transition:
    """One way on from a state.

    Attributes:
        event: what sets it off.
        source: the state it is written in.
        targets: the states it leads to, or empty to stay; several lie in regions of one parallel
            state.
        title: its name for people; the event's where it has none of its own.
        guard: what must hold.
        by: the roles that may, or empty for everybody.
        requires: the facts that must be known when the event comes.
        assign: the facts it sets, in order; each sees those set before it.
        emit: the effects it asks for; they see the facts as set.
        raises: the events it raises; they see the facts as set.
        reenter: whether it leaves its source and enters it anew even where it leads inside.
        cites: the clauses it comes from.
        wildcard: the wildcard that it is written under, or `None` for the event's own name. There
            is one such transition for each event that the wildcard matches.
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
        """The state it leads to, or `None` to stay; several are joined by `+`."""
        return "+".join(self.targets) or None

    @property
    def actions(self) -> tuple[Action, ...]:
        """What it does, in order."""
        return (*self.assign, *self.emit, *self.raises)

    @property
    def expressions(self) -> Iterator[Expression]:
        """Every expression in it."""
        if self.guard is not None:
            yield self.guard
        yield from iter_expressions(self.actions)


@dataclass(frozen=True, slots=True)
class Invocation:
    """The case of another workflow that begins when a state is entered, and that it waits for.

    Attributes:
        workflow: the name of the workflow.
        title: what is called, for people.
        event: that the case has ended: `done.call.` with the state's name. It brings the final
            state, and of the case's facts those that are outputs of its workflow.
        facts: how each fact is worked out that the case begins with, or `None` to take the fact of
            the same name, if it is known.
        done: the transitions once the case has ended, in the order in which they are tried.
    """

    workflow: str
    title: Wording
    event: Event
    facts: tuple[tuple[str, Expression | None], ...]
    done: tuple[Transition, ...]

    @property
    def expressions(self) -> Iterator[Expression]:
        """Every expression in what the case begins with."""
        yield from (value for _, value in self.facts if value is not None)


@dataclass(frozen=True, slots=True)
class State:
    """One state.

    Attributes:
        name: its name, unique in the workflow.
        title: its name for people.
        order: its place among all states as written, from 0; a state comes before those inside it.
        ancestors: the states around it, outermost first.
        children: the states inside it, in document order, without those that only remember.
        histories: the states inside it that only remember, in document order.
        initial: the child that is entered with it, or `None` when it has none or is parallel.
        final: whether what is around it is done here: the case, when nothing is.
        parallel: whether all its children are active with it.
        history: whether it is none to be in, but leads to the states inside the one around it that
            were active when that was last left: its children, or with `deep` the innermost ones.
        default: where a history state leads before there is anything to remember.
        on: its transitions by event, in the order in which they are tried; those of wildcards
            stand under each event that they match.
        always: its transitions that need no event, likewise.
        done: its transitions when the states inside it are done, likewise.
        call: the case of another workflow that it waits for, or `None`.
        entry: what is done when it is entered.
        exit: what is done when it is left.
        tags: marks that hosts and checks ask for.
        maps: the name of this state in other vocabularies, such as `tmf621`.
        cites: the clauses it comes from.
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
        """The state with those around it, outermost first."""
        return (*self.ancestors, self.name)

    @property
    def parent(self) -> str | None:
        """The state right around it, or `None` at the top."""
        return self.ancestors[-1] if self.ancestors else None

    @property
    def transitions(self) -> Iterator[Transition]:
        """Every way on from it."""
        for group in self.on.values():
            yield from group
        yield from self.automatic_transitions

    @property
    def written_transitions(self) -> Iterator[Transition]:
        """Every way on as it is written: one under a wildcard once, for the first it matches."""
        told: set[tuple[str, int]] = set()
        for group in self.on.values():
            before: dict[str, int] = {}
            for each in group:
                if each.wildcard is not None:
                    place = each.wildcard, before.setdefault(each.wildcard, 0)
                    before[each.wildcard] += 1
                    if place in told:
                        continue
                    told.add(place)
                yield each
        yield from self.automatic_transitions

    @property
    def automatic_transitions(self) -> Iterator[Transition]:
        """Every way on from it that no event of the workflow's own sets off."""
        yield from self.always
        yield from self.done
        if self.call is not None:
            yield from self.call.done

    @property
    def actions(self) -> Iterator[Action]:
        """Everything that is done in it: on a way on, on entry, on exit."""
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
        end_cache: by the day of the start, the end or the length of a run; see `compute_end`.
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
    end_cache: dict[date, datetime | timedelta | Undetermined] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )


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
        """The states that are in no other state, in document order."""
        return tuple(each for each in self.states.values() if not each.ancestors)
