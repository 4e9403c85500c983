"""The workflows that ship, in both libraries, with the host keeping the time as our case does."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import TYPE_CHECKING

import pytest

from telecom_rules.errors import FactsError
from telecom_rules.interop import NotExpressible
from telecom_rules.vocabulary import CodeType, Field, ListType
from telecom_rules.workflows.engine.clocks import measure_clocks
from tests.interop.house import START, Ours, StateMachine, Transitions
from tests.interop.test_agreement import of_transitions
from tests.shipped import shipped

if TYPE_CHECKING:
    from collections.abc import Mapping

    from telecom_rules.pack import Pack
    from telecom_rules.workflows import Option, Workflow

WALKS, EVENTS = 60, 40

LIKELY: Mapping[str, Mapping[str, object]] = {
    "complaint_handling": {
        "customer_id": "K1", "channel": "phone", "content": "x", "measures": "x",
        "received_at": "2026-01-01T00:00:00+08:00", "safety_involved": False,
        "earlier_complaints": 0, "media_involved": False, "regulator_involved": False,
        "affected_customers": 1,
    },
    "user_appeal": {
        "complained_on": "2026-01-05", "answered": True, "dissatisfied": True, "settled": False,
        "accepted_before": False, "with_another_body": False, "other_law_applies": False,
        "direct_interest": True, "definite_respondent": True, "definite_claim": True,
        "dispute": "other", "dispute_arose_on": "2026-01-02", "filed_on": "2026-02-16",
        "provincial_body": True,
    },
    "violation_handling": {
        "act": "unlicensed_operation", "established": True, "evidence": ["document"],
        "evidence_taken_on": "2026-01-05", "lead_officer": "Z-01", "second_officer": "Z-02",
        "grave": False, "is_crime": False,
        "refused_to_correct": False, "illegal_gain": 80_000, "minor": False,
        "first_offence": False, "harm_slight": False, "corrected_in_time": False,
        "harm_done": True, "no_fault_proved": False, "safety_or_finance_affected": False,
        "committed_on": "2025-11-01", "detected_on": "2025-12-20",
    },
}  # fmt: skip
"""Facts that every other walk begins with where facts by chance lead nowhere."""


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


def walk(
    workflow: Workflow, chance: Random, machines: tuple[Transitions, StateMachine]
) -> set[str]:
    """Walk one case and both machines through random events; return the states they came to."""
    ours, at = Ours(workflow), START
    facts = dict(LIKELY.get(workflow.name, {})) if chance.random() < 0.5 else {}
    for name, each in record(chance, workflow.facts.fields, at).items():
        if name not in facts and chance.random() < 0.6 and fits(workflow, {**facts, name: each}):
            facts[name] = each
    for machine in (ours, *machines):
        machine.start(facts)
    seen = set(ours.case.states)
    for _ in range(EVENTS):
        at += timedelta(hours=chance.choice([0, 1, 5, 30, 200]))
        let_time_pass(ours, machines, at)
        options = ours.case.allowed(at=at)
        if not options:
            break
        option = chance.choice(options)
        payload = record(chance, option.payload, at)
        arguments = (option.event, payload, at, role(chance, workflow, option))
        for machine in machines:
            machine.model.clocks = measure_clocks(workflow.clocks, ours.case._case_state.runs, at)
        compare(workflow, ours.send(*arguments), [each.send(*arguments) for each in machines])
        seen.update(ours.case.states)
    return seen


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


def compare(workflow: Workflow, expected: object, told: list[object]) -> None:
    """Hold what the machines did against what our case did."""
    assert told[0] == of_transitions(expected, workflow)
    assert told[1] == expected


ONLY_IN_STATECHARTS = {
    "data_request", "fault_repair", "licence_handling", "quality_monitoring", "security_incident",
    "service_process", "spam_report",
}  # fmt: skip
"""Flows with parallel states, entry actions, `always` or calls, beyond the two libraries."""


@pytest.mark.parametrize("name", sorted(shipped().workflows.keys() - ONLY_IN_STATECHARTS))
def test_a_shipped_workflow_does_the_same_in_both_libraries(pack: Pack, name: str) -> None:
    workflow = pack.workflows[name]
    machines = (Transitions(workflow), StateMachine(workflow))
    seen: set[str] = set()
    for number in range(WALKS):
        seen |= walk(workflow, Random(number), machines)  # noqa: S311 - a walk is no secret
    assert len(seen) > len(workflow.states) / 2


@pytest.mark.parametrize("name", sorted(ONLY_IN_STATECHARTS))
def test_a_shipped_workflow_beyond_both_libraries_is_refused(pack: Pack, name: str) -> None:
    for machine in (Transitions, StateMachine):
        with pytest.raises(NotExpressible, match=r"not carried over|a case of another workflow"):
            machine(pack.workflows[name])
