"""Our step and the plain interpreter of SCXML's algorithm agree on random charts and events."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st

from telecom_rules.errors import FactsError
from telecom_rules.vocabulary import Record
from telecom_rules.wording import Wording
from telecom_rules.workflows import Accepted, Entry, Option, Refused, Workflow
from telecom_rules.workflows.engine import microstep
from tests.workflows.house import START, link
from tests.workflows.random_charts import EVENTS, RETURNS, callees, charts, give_back
from tests.workflows.reference_interpreter import Interpreter

if TYPE_CHECKING:
    from collections.abc import Iterator


LIMIT = 30
TITLE = Wording("交回", "Return")


@pytest.fixture(autouse=True)
def soon_endless(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give up after few microsteps: both sides go on for as long as they may."""
    monkeypatch.setattr(microstep, "MOST_MICROSTEPS", LIMIT)


def same(accepted: Accepted, reference: Interpreter) -> None:
    case = accepted.case
    assert set(case.states) == reference.configuration
    assert case.workflow._machine.configurations.can_be_active(frozenset(case.states))
    assert case.final is not reference.running
    assert case._case_state.record == reference.datamodel
    memory = {name: set(states) for name, states in case._case_state.memory.items()}
    assert memory == reference.history_value
    assert [(each.name, each.payload) for each in accepted.effects] == reference.effects
    waiting = {each.state: each.facts for each in case.calls}
    assert waiting == reference.invoked
    assert {each.state for each in accepted.cancelled} == reference.cancelled
    steps = [(list(move.left), list(move.entered)) for move in accepted.step.moves]
    assert steps == reference.trace


SEQUENCES = 4
"""Event sequences that each chart is walked with."""
CHARTS = settings.default.max_examples


@settings(max_examples=CHARTS, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    charts(calls=True),
    st.lists(
        st.lists(st.sampled_from((*EVENTS, *RETURNS)), min_size=3, max_size=8),
        min_size=SEQUENCES,
        max_size=SEQUENCES,
    ),
)
def test_the_step_agrees_with_the_reference(text: str, sequences: list[list[str]]) -> None:
    workflow, found = link(text, callees=callees())
    assert {each.id for each in found} <= {"TR311"}, [each.concise() for each in found]
    assume(workflow is not None)
    for events in sequences:
        walk(workflow, dict(descriptors(json.loads(text))), events)


def descriptors(node: Any) -> Iterator[tuple[str, list[str]]]:
    """Yield what each state inside `node` has in `on`, in the order written."""
    for name, state in node.get("states", {}).items():
        yield name, list(state.get("on", {}))
        yield from descriptors(state)


def walk(workflow: Workflow, written: dict[str, list[str]], events: list[str]) -> None:
    """Send `events` to a case and to the reference, and compare them after each."""
    reference = Interpreter(workflow, LIMIT, written)
    facts = {"reworks": 2}
    begun = reference.interpret(Record(facts))
    try:
        opened = workflow.open(facts, at=START, id="r")
    except FactsError:
        event("cannot be started")
        assert not begun
        return
    assert begun
    same(opened, reference)
    case, entries = opened.case, [opened.entry]
    for name in events:
        if name in RETURNS:
            if not case.calls:
                continue
            option = Option(name, TITLE, {}, (), allowed=True, needs=(), reasons=(), cites=())
            child, outcome = give_back(case, name)
            brought = {"state": child.state, "reworks": child.facts["reworks"]}
            taken = reference.finish(case.calls[-1].state, Record(brought))
        else:
            (option,) = [each for each in case.allowed() if each.event == name] or [None]
            outcome = case.send(name, at=START)
            taken = reference.send(name)
        assert isinstance(outcome, Accepted) is taken, outcome
        if isinstance(outcome, Refused):
            assert outcome.case is case
            assert outcome.reasons
            by_itself = name in RETURNS or by_consequence(outcome)
            assert option is None or not option.allowed or by_itself
            continue
        assert option is not None
        assert option.allowed
        same(outcome, reference)
        event(f"came back: {name in RETURNS}, calls: {len(outcome.calls)}")
        event(f"cancelled: {len(outcome.cancelled)}")
        case = outcome.case
        entries += outcome.entries
        event(f"microsteps: {min(len(outcome.step.moves), 4)}")
    event(f"innermost states: {len(case._case_state.configuration.leaves)}")
    assert [Entry.load(each.dump()) for each in entries] == entries
    assert workflow.replay(entries) == case
    assert workflow.restore(case.dump()) == case


def by_consequence(outcome: Refused) -> bool:
    """Return whether an event is refused for what would follow from it."""
    kinds = {"endless", "unknown", "undecided", "call"}
    return bool({each.kind for each in outcome.reasons} & kinds)
