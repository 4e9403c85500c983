"""Everybody who takes a complaint through the same workflow: we, code by hand, other libraries.

Seven states, six kinds of events, eight events to a case: received, recorded, classified,
contacted, resolving, feedback; the customer is not satisfied, so once more resolving and feedback;
closed. Whether the customer is satisfied is a guard.

The hand-written limit is a dict of dicts and an `if`. It keeps no journal and no time limits; the
second hand-written contestant does: it makes a new value for each event, with an entry and two
time limits, as we do.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import telecom_rules

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "BARE",
    "BEGIN",
    "FULL",
    "HANDLING",
    "LINE",
    "OURS",
    "SCRIPT",
    "TRACE",
    "Contestant",
    "Facts",
    "entrants",
]

logging.disable(logging.CRITICAL)  # what libraries log for debugging, off as in production

PACK = telecom_rules.load(Path(__file__).parent / "rules")
HANDLING = PACK.workflows["handling"]
BEGIN = datetime(2026, 3, 2, 9, tzinfo=PACK.zone)
LINE = ("record", "classify", "contact", "resolve", "respond", "review", "respond", "review")
TRACE = (
    "received", "recorded", "classified", "contacted",
    "resolving", "feedback", "resolving", "feedback", "closed",
)  # fmt: skip


class Event(NamedTuple):
    """One event of the script: `satisfied` is set for reviews only."""

    name: str
    satisfied: bool | None
    payload: dict[str, object] | None
    at: datetime


def event(number: int) -> Event:
    """Return an event of the script, an hour after the one before it."""
    satisfied = {5: False, 7: True}.get(number)
    payload: dict[str, object] | None = None if satisfied is None else {"satisfied": satisfied}
    return Event(LINE[number], satisfied, payload, BEGIN + timedelta(hours=number + 1))


SCRIPT = tuple(map(event, range(len(LINE))))
Facts = dict[str, Any]
STATE: Callable[[Any], str] = attrgetter("state")


@dataclass(frozen=True)
class Contestant:
    """Somebody who takes cases through the workflow.

    Attributes:
        name: what the table calls it.
        package: the distribution it comes from, or `None`.
        start: makes a case from its facts.
        walk: takes a case through some events, and returns it.
        state: the name of the state of a case.
        forget: lets go of every case, for those that keep them.
    """

    name: str
    package: str | None
    start: Callable[[Facts], Any]
    walk: Callable[[Any, tuple[Event, ...]], Any]
    state: Callable[[Any], str]
    forget: Callable[[], None] = lambda: None


# By hand.

STEPS: dict[str, dict[str, str | None]] = {
    "received": {"record": "recorded"},
    "recorded": {"classify": "classified"},
    "classified": {"contact": "contacted"},
    "contacted": {"resolve": "resolving"},
    "resolving": {"respond": "feedback"},
    "feedback": {"review": None},
    "closed": {},
}


class Bare:
    """The limit: what there is least to do."""

    __slots__ = ("facts", "state")

    def __init__(self, facts: Facts) -> None:
        self.state = "received"
        self.facts = facts

    def send(self, event: str) -> None:
        """Take an event."""
        target = STEPS[self.state][event]
        if target is None:
            target = "closed" if self.facts["satisfied"] else "resolving"
        self.state = target


def walk_bare(case: Bare, script: tuple[Event, ...]) -> Bare:
    """Set the fact and send the event, as somebody would write it down."""
    for name, satisfied, _, _ in script:
        if satisfied is not None:
            case.facts["satisfied"] = satisfied
        case.send(name)
    return case


class Kept(NamedTuple):
    """A case that is a value, with the last entry of its journal and the ends of its limits."""

    state: str
    facts: Facts
    at: datetime
    sequence: int
    contact: datetime | None
    answer: datetime | None
    entry: tuple[object, ...] | None

    def send(self, event: str, payload: Facts | None, at: datetime) -> Kept:
        """Return the case after an event."""
        target = STEPS[self.state][event]
        if at < self.at or (self.answer and at > self.answer):
            raise ValueError(at)
        if target is None:
            target = "closed" if payload and payload["satisfied"] else "resolving"
        contact, answer = self.contact, self.answer
        if target == "recorded":
            contact = at + timedelta(hours=24)
        elif target == "contacted":
            contact = None
        elif target == "closed":
            answer = None
        entry = (self.sequence, at, event, payload, self.state, target)
        return Kept(target, self.facts, at, self.sequence + 1, contact, answer, entry)


def start_kept(facts: Facts) -> Kept:
    """Start a case with its time limit for an answer."""
    day = BEGIN.replace(hour=0) + timedelta(days=16)
    return Kept("received", dict(facts), BEGIN, 1, None, day, None)


def walk_kept(case: Kept, script: tuple[Event, ...]) -> Kept:
    """Send each event to what came of the one before."""
    for name, _, payload, at in script:
        case = case.send(name, payload, at)
    return case


# With this library.


def start_ours(facts: Facts) -> telecom_rules.Case:
    """Start a case."""
    return HANDLING.start(facts, at=BEGIN, id="C-1")


def walk_ours(case: telecom_rules.Case, script: tuple[Event, ...]) -> telecom_rules.Case:
    """Send each event to the case that came of the one before."""
    for name, _, payload, at in script:
        case = case.send(name, payload, at=at).case
    return case


def walk_journal(case: telecom_rules.Case, script: tuple[Event, ...]) -> telecom_rules.Case:
    """Send each event, and write out its journal entry besides."""
    for name, _, payload, at in script:
        outcome = case.send(name, payload, at=at)
        assert isinstance(outcome, telecom_rules.Accepted)
        assert outcome.entry.event == name
        case = outcome.case
    return case


# With other libraries.


class Model:
    """What a library of state machines holds the state of; `ok` is the guard."""

    state: str

    def __init__(self, facts: Facts) -> None:
        self.facts = facts

    def ok(self) -> bool:
        """Return whether the customer is satisfied."""
        return bool(self.facts["satisfied"])


def with_transitions(class_name: str) -> Contestant:
    """Return `transitions`, one machine for all cases."""
    from transitions import Machine
    from transitions.extensions import HierarchicalMachine

    rows = [
        {"trigger": name, "source": source, "dest": target}
        for source, ways in STEPS.items()
        for name, target in ways.items()
        if target is not None
    ]
    rows += [
        {"trigger": "review", "source": "feedback", "dest": "closed", "conditions": "ok"},
        {"trigger": "review", "source": "feedback", "dest": "resolving", "unless": "ok"},
    ]
    kind = {"Machine": Machine, "HierarchicalMachine": HierarchicalMachine}[class_name]
    machine = kind(None, list(STEPS), initial="received", transitions=rows, auto_transitions=False)

    def start(facts: Facts) -> Model:
        model = Model(facts)
        machine.add_model(model)
        return model

    def walk(model: Any, script: tuple[Event, ...]) -> Any:
        for name, satisfied, _, _ in script:
            if satisfied is not None:
                model.facts["satisfied"] = satisfied
            model.trigger(name)
        return model

    name = f"transitions, {class_name}"
    return Contestant(name, "transitions", start, walk, STATE, machine.models.clear)


def with_statemachine() -> Contestant:
    """Return `python-statemachine`, a class as its manual writes it."""
    from statemachine import State, StateMachine

    class Handling(StateMachine):
        received = State(initial=True)
        recorded, classified, contacted = State(), State(), State()
        resolving, feedback = State(), State()
        closed = State(final=True)
        record = received.to(recorded)
        classify = recorded.to(classified)
        contact = classified.to(contacted)
        resolve = contacted.to(resolving)
        respond = resolving.to(feedback)
        review = feedback.to(closed, cond="ok") | feedback.to(resolving, unless="ok")

    def walk(machine: Any, script: tuple[Event, ...]) -> Any:
        for name, satisfied, _, _ in script:
            if satisfied is not None:
                machine.model.facts["satisfied"] = satisfied
            machine.send(name)
        return machine

    return Contestant(
        "python-statemachine, StateMachine",
        "python-statemachine",
        lambda facts: Handling(model=Model(facts)),
        walk,
        attrgetter("current_state_value"),
    )


def entrants() -> tuple[list[Contestant], list[str]]:
    """Return everybody who is there, and the libraries that are not installed."""
    present, absent = list(ALWAYS), []
    for make in PEERS:
        try:
            present.append(make())
        except ImportError as problem:
            absent.append(str(problem.name))
    return present, absent


BARE = Contestant("hand-written, dict and `if`", None, Bare, walk_bare, STATE)
FULL = Contestant("hand-written, the same work", None, start_kept, walk_kept, STATE)
OURS = Contestant("telecom_rules", None, start_ours, walk_ours, STATE)
ALWAYS = (
    BARE,
    FULL,
    OURS,
    Contestant("telecom_rules, entries written out", None, start_ours, walk_journal, STATE),
)
PEERS = (
    partial(with_transitions, "Machine"),
    partial(with_transitions, "HierarchicalMachine"),
    with_statemachine,
)
