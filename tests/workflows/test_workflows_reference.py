"""Our step and the plain interpreter of SCXML's algorithm agree on random charts and events."""

from __future__ import annotations

import pytest
from hypothesis import assume, event, given
from hypothesis import strategies as st
from random_charts import EVENTS, charts
from reference_interpreter import Interpreter
from workflows_house import START, link

from telecom_rules.errors import FactsError
from telecom_rules.vocabulary import Record
from telecom_rules.workflows import Accepted, Refused, microstep

LIMIT = 30


@pytest.fixture(autouse=True)
def soon_endless(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give up after few microsteps: both sides go on for as long as they may."""
    monkeypatch.setattr(microstep, "MOST_MICROSTEPS", LIMIT)


def same(accepted: Accepted, reference: Interpreter) -> None:
    case = accepted.case
    assert set(case.states) == reference.configuration
    assert case.final is not reference.running
    assert case.standing.record == reference.datamodel
    memory = {name: set(states) for name, states in case.standing.memory.items()}
    assert memory == reference.history_value
    assert [(each.name, each.payload) for each in accepted.effects] == reference.effects
    steps = [(list(move.left), list(move.entered)) for move in accepted.step.moves]
    assert steps == reference.trace


@pytest.mark.filterwarnings("ignore::hypothesis.errors.HypothesisWarning")
@given(charts(), st.lists(st.sampled_from(EVENTS), min_size=3, max_size=8))
def test_the_step_agrees_with_the_reference(text: str, events: list[str]) -> None:
    workflow, found = link(text)
    assert {each.id for each in found} <= {"TR301"}, [each.concise() for each in found]
    assume(workflow is not None)
    reference = Interpreter(workflow, LIMIT + 1 if False else LIMIT)
    facts = {"reworks": 0}
    begun = reference.interpret(Record(facts))
    try:
        opened = workflow.open(facts, at=START, id="r")
    except FactsError:
        event("start fails")
        assert not begun
        return
    assert begun
    same(opened, reference)
    case, entries = opened.case, [opened.entry]
    for name in events:
        outcome = case.send(name, at=START)
        taken = reference.send(name)
        assert isinstance(outcome, Accepted) is taken, outcome
        if isinstance(outcome, Refused):
            assert outcome.case is case
            assert outcome.reasons
            continue
        same(outcome, reference)
        case = outcome.case
        entries += outcome.entries
    event(f"leaves: {len(case.standing.configuration.leaves)}")
    assert workflow.replay(entries) == case
    assert workflow.restore(case.dump()) == case
