"""What the tests of this room share: small random workflows, and the machines that run them."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from statemachine.exceptions import TransitionNotAllowed
from statemachine.orderedset import OrderedSet
from transitions import MachineError

from telecom_rules import vocabulary as words
from telecom_rules import workflows
from telecom_rules.documents import Definition, read, read_as
from telecom_rules.errors import TelecomRulesError
from telecom_rules.findings import Findings
from telecom_rules.interop import Model, to_statemachine, to_transitions
from telecom_rules.vocabulary import (
    BOOLEAN,
    CatalogueDefinition,
    FactsDefinition,
    Field,
    ParameterDefinition,
    RecordType,
    SourceDefinition,
)
from telecom_rules.workflows import WorkflowDefinition
from tests.workflows.house import ASKED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from telecom_rules.vocabulary import Record, Value, Vocabulary
    from telecom_rules.workflows import Case, Workflow

D = TypeVar("D", bound=Definition)
T = TypeVar("T")

ZONE = timezone(timedelta(hours=8))
START = datetime(2026, 3, 1, 9, tzinfo=ZONE)

BOOK = """
source: book
title: {zh: 手册, en: Handbook}
kind: standard
clauses:
  "1": {title: {zh: 受理, en: Acceptance}}
  "2": {title: {zh: 办结, en: Closing}}
"""
ROLE = """
catalogue: role
title: {zh: 角色, en: Roles}
codes:
  agent: {title: {zh: 客服, en: Agent}}
  chief: {title: {zh: 主管, en: Chief}}
"""
ITEM = """
facts: item
title: {zh: 事项, en: Item}
fields:
  n: {type: integer, title: {zh: 甲, en: First}, min: 0, max: 4}
  m: {type: integer, title: {zh: 乙, en: Second}, min: 0, max: 8}
  flag: {type: "boolean?", title: {zh: 标志, en: Flag}}
"""
MOST = """
parameter: most
title: {zh: 上限, en: Most}
unit: times
stricter: lower
kind: setting
values:
  - {from: 2026-03-03, value: 2, cites: [book:1]}
"""
SIGNATURES = {"triage": Field(RecordType("triage", {"urgent": Field(BOOLEAN)}))}


def answers(facts: Record, day: date) -> Mapping[str, Mapping[str, Value]]:
    """Decide the one policy: urgent while little is known, or when `m` is large."""
    return {"triage": {"urgent": facts.get("m", 9) > 3}}


def definitions(kind: type[D], *texts: str) -> list[D]:
    """Return the definitions in `texts`."""
    found = Findings()
    nodes = [read(text.encode(), "house.yaml", found) for text in texts]
    made = [read_as(kind, node, found) for node in nodes if node is not None]
    assert not found, [each.concise() for each in found]
    return [each for each in made if each is not None]


@cache
def vocabulary() -> Vocabulary:
    """Return what the workflows may name."""
    found = Findings()
    linked = words.link(
        definitions(SourceDefinition, BOOK),
        definitions(CatalogueDefinition, ROLE),
        definitions(FactsDefinition, ITEM),
        definitions(ParameterDefinition, MOST),
        found,
    )
    assert not found, [each.concise() for each in found]
    return linked


def made(text: str) -> Workflow:
    """Return the workflow that `text` defines."""
    found = Findings()
    (definition,) = definitions(WorkflowDefinition, text)
    args = (vocabulary(), SIGNATURES, answers, ASKED, ZONE, found)
    workflow = workflows.link(definition, *args)
    assert not found, [each.concise() for each in found]
    assert workflow is not None
    return workflow


# Random workflows


EVENTS = {"go": {}, "put": {"value": "integer", "maybe": "boolean?"}, "keep": {"n": "integer?"}}
GUARDS = (
    "n > 1",
    "n < m",
    "n > 1 || m > 1",
    "n > 0 && m > 0",
    "m / n >= 1",
    "has(flag) && flag",
    "!has(flag)",
    "parameters.most > n",
    "policies.triage.urgent",
    "today < date('2026-03-05')",
)
GUARDS_OF_PUT = ("event.value > n", "event.value == 1 || n == 0", "has(event.maybe) && event.maybe")
SETS: tuple[dict[str, str], ...] = (
    {"n": "n + 1"},
    {"n": "m", "m": "n"},
    {"m": "n * 2"},
    {"flag": "true"},
)
SETS_OF_PUT = ({"n": "event.value"}, {"m": "m - event.value", "flag": "m > 2"})
EMITS: tuple[list[Any], ...] = (["ping"], [{"effect": "report", "with": {"n": "n"}}, "ping"])


def titled(name: str) -> dict[str, str]:
    return {"zh": name, "en": name}


class Dice:
    """Choices out of random bytes: as many as one likes for one draw of hypothesis."""

    def __init__(self, data: bytes) -> None:
        self._bytes = iter(data)

    def pick(self, options: Sequence[T]) -> T:
        """Return one of `options`; the first when there are no more bytes."""
        return options[next(self._bytes, 0) % len(options)]

    def one_in(self, many: int) -> bool:
        """Return whether something happens that does once in `many` times."""
        return self.pick(range(many)) == many - 1


def transition(dice: Dice, event: str, states: Sequence[str]) -> dict[str, Any]:
    """Return one transition on `event` in a workflow with these `states`."""
    inside = tuple(f"in_state('{name}')" for name in states[:2])
    guards = (*GUARDS, *inside, *(GUARDS_OF_PUT if event == "put" else ()))
    sets = (
        *SETS,
        *(SETS_OF_PUT if event == "put" else ()),
        *(["event"] if event == "keep" else []),
    )
    drawn = {
        "target": dice.pick([*states, None]),
        "guard": dice.pick(guards) if dice.one_in(2) else None,
        "by": dice.pick([None, None, None, "agent", ["chief"], ["agent", "chief"]]),
        "requires": dice.pick([None, None, None, None, ["flag"], ["n", "m"]]),
        "assign": dice.pick(sets) if dice.one_in(2) else None,
        "emit": dice.pick(EMITS) if dice.one_in(3) else None,
    }
    return {key: value for key, value in drawn.items() if value is not None}


def grown(dice: Dice, names: list[str], depth: int, deepest: int) -> dict[str, Any]:
    """Return states, with states inside them, and add what they are called to `names`."""
    states: dict[str, Any] = {}
    for _ in range(dice.pick([2, 3, 1]) if deepest > 1 else dice.pick([3, 4, 5, 2])):
        name = f"s{len(names)}"
        names.append(name)
        states[name] = state = {"title": titled(name)}
        if depth < deepest and (len(names) == 1 or dice.one_in(2)):
            state["states"] = grown(dice, names, depth + 1, deepest)
            state["initial"] = dice.pick(list(state["states"]))
        elif depth == 1 and len(names) > 1 and dice.one_in(5):
            state["type"] = "final"
    return states


def lead_on(dice: Dice, names: Sequence[str], states: dict[str, Any]) -> None:
    """Give the states that are not final some transitions."""
    for state in states.values():
        lead_on(dice, names, state.get("states", {}))
        if "type" not in state:
            events = dice.pick([["go", "put"], ["put"], ["keep", "go"], list(EVENTS), []])
            state["on"] = {
                event: [transition(dice, event, names) for _ in range(dice.pick([1, 2, 3]))]
                for event in events
            }


def written(data: bytes, *, nested: bool) -> str:
    """Return the text of a workflow that `data` stands for: up to three levels deep, or flat."""
    dice, names = Dice(data), list[str]()
    states = grown(dice, names, 1, 3 if nested else 1)
    lead_on(dice, names, states)
    return json.dumps(
        {
            "workflow": "random_flow",
            "version": "1.0.0",
            "title": titled("random"),
            "facts": "item",
            "roles": "role",
            "events": {
                name: {"title": titled(name), "payload": payload}
                for name, payload in EVENTS.items()
            },
            "effects": {
                "ping": {"title": titled("ping")},
                "report": {"title": titled("report"), "payload": {"n": "integer"}},
            },
            "initial": dice.pick([name for name in states if "type" not in states[name]]),
            "states": states,
        }
    )


# Random sequences of events


LONGEST = 8
"""Events of a sequence."""
SEQUENCE = 3 + 2 * LONGEST
"""Bytes of a sequence."""


def facts_in(sequence: bytes) -> dict[str, object]:
    """Return the facts that a case starts with."""
    n, m, flag = sequence[0] % 6, sequence[1] % 10, sequence[2] % 3
    facts: dict[str, object] = {"n": n, "m": m, "flag": flag == 0}
    unknown = {"n": n == 5, "m": m == 9, "flag": flag == 2}
    return {name: value for name, value in facts.items() if not unknown[name]}


def sent(sequence: bytes, number: int, expected: Sequence[str]) -> tuple[str, str | None, object]:
    """Return an event of a sequence with its role and payload: mostly one that is `expected`."""
    first, second = sequence[3 + 2 * number : 5 + 2 * number]
    event = (
        expected[first % len(expected)] if expected and first % 8 else (*EVENTS, "no")[first % 4]
    )
    role = ("agent", "chief", "agent", "chief", "agent", None, "chief", "stranger")[first // 8 % 8]
    return event, role, payload_of(event, second)


def payload_of(event: str, byte: int) -> object:
    """Return what comes with an event: mostly what fits."""
    if byte % 16 == 15:
        return [{"value": "one"}, {"nothing": 1}, {"value": 1, "maybe": "no"}][byte // 16 % 3]
    value, maybe = byte % 5, byte // 16 % 3
    if event == "put":
        return {"value": value, **({} if maybe == 2 else {"maybe": maybe == 0})}
    if event == "keep":
        return {"n": value} if maybe else None
    return None


# Machines


@dataclass
class Happened:
    """What an event did: whether it was taken, and where the case then stands."""

    taken: bool
    states: frozenset[str]
    facts: dict[str, object]
    effects: list[tuple[str, dict[str, object]]] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    entered: list[str] = field(default_factory=list)
    target: str | None = field(default=None, compare=False)


class Traced(Model):
    """A model that notes which states are left and entered."""

    def __init__(self, workflow: Workflow, facts: Mapping[str, object]) -> None:
        super().__init__(workflow, facts)
        self.left: list[str] = []
        self.entered: list[str] = []

    def on_exit_state(self, state: Any) -> None:
        self.left.append(state.id)

    def on_enter_state(self, state: Any) -> None:
        self.entered.append(state.id)

    def told(self, taken: bool, states: frozenset[str]) -> Happened:
        """Return what has happened since this was last asked."""
        effects = [(each.name, dict(each.payload)) for each in self.effects] if taken else []
        happened = Happened(taken, states, dict(self.facts), effects, self.left, self.entered)
        self.left, self.entered = [], []
        return happened


class Ours:
    """A case of our own."""

    def __init__(self, workflow: Workflow) -> None:
        self.workflow = workflow

    def start(self, facts: Mapping[str, object], at: datetime = START) -> None:
        self.case: Case = self.workflow.start(facts, at=at, id="C-1")

    def send(self, event: str, payload: Any, at: datetime, by: str | None) -> Happened:
        outcome = self.case.send(event, payload, at=at, by=by)
        self.case = outcome.case
        taken = isinstance(outcome, workflows.Accepted)
        happened = Happened(taken, frozenset(self.case.states), dict(self.case.facts))
        if isinstance(outcome, workflows.Accepted):
            happened.effects = [(each.name, dict(each.payload)) for each in outcome.effects]
            happened.left = list(outcome.entry.left)
            happened.entered = list(outcome.entry.entered)
            happened.target = outcome.step.move and outcome.step.move.transition.target
        return happened


class Transitions:
    """The machine of `transitions`."""

    def __init__(self, workflow: Workflow) -> None:
        self.workflow = workflow
        self.machine = to_transitions(workflow, host_keeps_time=True)
        self.model: Traced | None = None
        for name, state in workflow.states.items():
            theirs = self.machine.get_state(".".join(state.path))
            theirs.add_callback("enter", lambda data, name=name: data.model.entered.append(name))
            theirs.add_callback("exit", lambda data, name=name: data.model.left.append(name))

    def start(self, facts: Mapping[str, object]) -> None:
        if self.model is not None:
            self.machine.remove_model(self.model)
        self.model = Traced(self.workflow, facts)
        self.machine.add_model(self.model)

    def send(self, event: str, payload: Any, at: datetime, by: str | None) -> Happened:
        model: Any = self.model
        taken = False
        if event in self.machine.events:  # of any other it knows no name
            with suppress(MachineError, TelecomRulesError):
                taken = model.trigger(event, payload=payload, at=at, by=by)
        return model.told(taken, frozenset(model.state.split(".")))


class StateMachine:
    """The machine of `python-statemachine`."""

    def __init__(self, workflow: Workflow) -> None:
        self.workflow = workflow
        self.kind = to_statemachine(workflow, host_keeps_time=True)
        self.model = Traced(workflow, {})
        self.machine = self.kind(self.model)
        self.initial = [*self.machine.configuration_values]

    def start(self, facts: Mapping[str, object]) -> None:
        """Begin anew: in the machine there is, because making one takes a millisecond or two."""
        if self.machine.is_terminated:
            self.model = Traced(self.workflow, {})
            self.machine = self.kind(self.model)
        self.machine.current_state_value = OrderedSet(self.initial)
        self.model.facts = self.workflow.facts.read(facts)
        self.model.entered = []

    def send(self, event: str, payload: Any, at: datetime, by: str | None) -> Happened:
        taken = False
        with suppress(TransitionNotAllowed, TelecomRulesError):
            self.machine.send(event, payload=payload, at=at, by=by)
            taken = True
        return self.model.told(taken, frozenset(self.machine.configuration_values))
