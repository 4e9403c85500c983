"""The workflows that ship, in both libraries, with the host keeping the time as our case does."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import TYPE_CHECKING, TypeAlias

import pytest

from telecom_rules import scenarios
from telecom_rules.errors import FactsError
from telecom_rules.interop import NotExpressible
from telecom_rules.scenarios.run import Runner
from telecom_rules.scenarios.scenario import WorkflowScenario
from telecom_rules.vocabulary import CodeType, Field, ListType
from telecom_rules.workflows.engine.clocks import measure_clocks
from telecom_rules.workflows.engine.macrostep import EntryKind
from tests.interop.house import START, Happened, Ours, StateMachine, Transitions
from tests.interop.test_agreement import of_transitions
from tests.shipped import RULES, shipped

if TYPE_CHECKING:
    from collections.abc import Mapping

    from telecom_rules.pack import Pack
    from telecom_rules.workflows import Entry, Option, Workflow

WALKS, MANY_WALKS, EVENTS = 12, 60, 40
"""Walks of each workflow, many with `make test-long`, and the events of each."""

Way: TypeAlias = "tuple[Entry, ...]"

BEYOND_STATES = ("parallel", "entry", "exit", "histories", "history", "always", "done", "call")
BEYOND_TRANSITIONS = ("raises", "reenter")


def is_beyond(workflow: Workflow) -> bool:
    """Return whether a flow has parallel states, entry actions, `always` or calls."""
    return any(
        any(getattr(state, name) for name in BEYOND_STATES)
        or any(getattr(each, name) for each in state.transitions for name in BEYOND_TRANSITIONS)
        for state in workflow.states.values()
    )


BEYOND = frozenset(name for name, each in shipped().workflows.items() if is_beyond(each))
"""The flows with what the two libraries do not have."""


@pytest.fixture(scope="module")
def ways(pack: Pack) -> Mapping[str, tuple[Way, ...]]:
    """The journals of the cases that the scenarios of each workflow lead through."""
    runner, found = Runner(pack), defaultdict[str, list[Way]](list)
    for flow in scenarios.read(RULES, pack).scenarios:
        if isinstance(flow, WorkflowScenario) and flow.workflow.name not in BEYOND:
            runner.run(flow)
            end, _ = runner.ends[flow.id]
            assert end is not None, flow.id
            found[flow.workflow.name].append(end.journal)
    return {name: tuple(each) for name, each in found.items()}


@pytest.fixture(scope="module")
def pack() -> Pack:
    return shipped()


def value(chance: Random, field: Field, at: datetime) -> object:
    """Return a value that mostly fits a field."""
    if isinstance(field.type, CodeType):
        return chance.choice(list(field.type.codes))
    if isinstance(field.type, ListType):
        return [value(chance, Field(field.type.item), at)] if chance.random() < 0.8 else []
    return {
        "boolean": chance.random() < 0.6,
        "integer": chance.choice([0, 1, 1, 5, 80]),
        "decimal": Decimal(chance.choice(["0", "2.5", "-3"])),
        "money": Decimal(chance.choice(["0", "500", "80000"])),
        "date": (at - timedelta(days=chance.choice([0, 1, 40, 100]))).date(),
        "instant": at - timedelta(hours=chance.choice([0, 1, 30])),
    }.get(str(field.type), chance.choice(["text", "note", "word", ""]))


def record(chance: Random, fields: Mapping[str, Field], at: datetime) -> dict[str, object]:
    """Return facts or a payload; optional fields are left out now and then."""
    given = {
        name: value(chance, field, at)
        for name, field in fields.items()
        if not field.optional or chance.random() < 0.7
    }
    return {name: each for name, each in given.items() if each is not None}


def fits(workflow: Workflow, facts: Mapping[str, object]) -> bool:
    """Return whether a case may start with some facts, which must not contradict one another."""
    try:
        workflow.facts.read(facts)
    except FactsError:
        return False
    return True


def role(chance: Random, workflow: Workflow, option: Option) -> str:
    """Return a role that sends an event: mostly one that may."""
    return chance.choice(
        option.roles if option.roles and chance.random() < 0.8 else [*workflow.roles]
    )


def follow(way: Way, workflow: Workflow, machines: tuple[Transitions, StateMachine]) -> set[str]:
    """Lead a case and both machines through a journal; return the states they came to."""
    first, *entries = way
    ours = Ours(workflow)
    ours.start(first.payload, first.at)
    for machine in machines:
        machine.start(first.payload)
    seen = set(ours.case.states)
    for entry in entries:
        let_time_pass(ours, machines, entry.at)
        if entry.kind is EntryKind.EVENT:
            assert send(ours, machines, entry.event, entry.payload, entry.at, entry.by).taken
        seen.update(ours.case.states)
    return seen


def walk(
    workflow: Workflow,
    chance: Random,
    likely: Mapping[str, object],
    machines: tuple[Transitions, StateMachine],
) -> None:
    """Walk one case and both machines through random events."""
    ours, at = Ours(workflow), START
    facts = dict(likely) if chance.random() < 0.5 else {}
    for name, each in record(chance, workflow.facts.fields, at).items():
        if name not in facts and chance.random() < 0.6 and fits(workflow, {**facts, name: each}):
            facts[name] = each
    for machine in (ours, *machines):
        machine.start(facts)
    for _ in range(EVENTS):
        at += timedelta(hours=chance.choice([0, 1, 5, 30, 200]))
        let_time_pass(ours, machines, at)
        options = ours.case.allowed(at=at)
        if not options:
            break
        option = chance.choice(options)
        payload = record(chance, option.payload, at)
        send(ours, machines, option.event, payload, at, role(chance, workflow, option))


def send(
    ours: Ours,
    machines: tuple[Transitions, StateMachine],
    event: str,
    payload: object,
    at: datetime,
    by: str | None,
) -> Happened:
    """Send an event to our case and to both machines, and hold what they did against it."""
    for machine in machines:
        machine.model.clocks = measure_clocks(ours.workflow.clocks, ours.case._case_state.runs, at)
    expected = ours.send(event, payload, at, by)
    first, second = (each.send(event, payload, at, by) for each in machines)
    assert first == of_transitions(expected, ours.workflow)
    assert second == expected
    return expected


def let_time_pass(ours: Ours, machines: tuple[Transitions, StateMachine], at: datetime) -> None:
    """Let our clocks do what is due, and send the events they raise to the machines."""
    for step in ours.case.tick(at).steps:
        event = ours.workflow.clocks[step.due.clock].on_expiry if step.due else None
        if event is not None and step.after.breaches != step.before.breaches:
            for machine in machines:
                told = machine.send(event, None, step.after.at, None)
                assert told.taken is (step.move is not None)
                assert told.states == step.after.configuration.names
                assert told.facts == step.after.record
    ours.case = ours.case.tick(at).case


@pytest.mark.parametrize("name", sorted(shipped().workflows.keys() - BEYOND))
def test_a_shipped_workflow_does_the_same_in_both_libraries(
    pack: Pack, ways: Mapping[str, tuple[Way, ...]], name: str, is_long: bool
) -> None:
    workflow = pack.workflows[name]
    machines = (Transitions(workflow), StateMachine(workflow))
    seen: set[str] = set()
    for way in ways[name]:
        seen |= follow(way, workflow, machines)
    assert seen == set(workflow.states)
    for number in range(MANY_WALKS if is_long else WALKS):
        chance = Random(number)  # noqa: S311 - a walk is no secret
        walk(workflow, chance, chance.choice(ways[name])[0].payload, machines)


@pytest.mark.parametrize("name", sorted(BEYOND))
def test_a_shipped_workflow_beyond_both_libraries_is_refused(pack: Pack, name: str) -> None:
    for machine in (Transitions, StateMachine):
        with pytest.raises(NotExpressible, match=r"not carried over|a case of another workflow"):
            machine(pack.workflows[name])
