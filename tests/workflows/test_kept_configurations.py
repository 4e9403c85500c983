"""What a workflow keeps of its configurations is bounded, and no answer depends on it."""

from __future__ import annotations

import gc
import json
import random
from typing import TYPE_CHECKING

from telecom_rules.workflows import Accepted
from telecom_rules.workflows.engine import configuration
from telecom_rules.workflows.engine.configuration import Configuration
from tests.workflows.house import FACTS, START, made

if TYPE_CHECKING:
    import pytest

    from telecom_rules.workflows import Case, Entry, Workflow

REGIONS, STATES = 7, 3
TITLE = {"zh": "态", "en": "State"}


def chart() -> str:
    """Return a workflow with more configurations than are worth keeping."""
    regions = {
        f"r{region}": {
            "title": TITLE,
            "initial": f"s{region}0",
            "states": {
                f"s{region}{place}": {
                    "title": TITLE,
                    "on": {
                        f"e{region}": f"s{region}{(place + 1) % STATES}",
                        "all": {"target": f"s{region}0", "reenter": True},
                    },
                }
                for place in range(STATES)
            },
        }
        for region in range(REGIONS)
    }
    events = {name: {"title": TITLE} for name in ("all", *(f"e{each}" for each in range(REGIONS)))}
    top = {"p": {"title": TITLE, "type": "parallel", "states": regions}}
    head = {"workflow": "many", "version": "1.0.0", "title": TITLE, "facts": "complaint"}
    return json.dumps({**head, "events": events, "initial": "p", "states": top})


def walk(workflow: Workflow, steps: int) -> tuple[Case, list[Entry]]:
    choose = random.Random(7)  # noqa: S311 - no secret
    opened = workflow.open(FACTS, at=START, id="m")
    case, entries = opened.case, [opened.entry]
    for _ in range(steps):
        event = "all" if choose.random() < 0.05 else f"e{choose.randrange(REGIONS)}"
        outcome = case.send(event, at=START)
        assert isinstance(outcome, Accepted)
        case, entries = outcome.case, [*entries, outcome.entry]
    return case, entries


def count_configurations() -> int:
    gc.collect()
    # By its type: an object of another test may fail when it is asked for its class.
    return sum(type(each) is Configuration for each in gc.get_objects())


def test_answers_do_not_depend_on_what_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    kept, entries = walk(made(chart()), 100)
    monkeypatch.setattr(configuration, "MOST_KEPT_MOVES", 40)
    monkeypatch.setattr(configuration, "MOST_JOINT_MOVES", 1)
    forgetful, same = walk(made(chart()), 100)
    assert same == entries
    assert forgetful.dump() == kept.dump()
    assert made(chart()).replay(entries).dump() == kept.dump()


def test_what_is_kept_does_not_grow_with_the_events(monkeypatch: pytest.MonkeyPatch) -> None:
    before = count_configurations()
    monkeypatch.setattr(configuration, "MOST_KEPT_MOVES", 300)
    workflow = made(chart())
    case, _ = walk(workflow, 150)
    found = count_configurations() - before
    # A configuration has at least one move of each region; those of the case are kept by it.
    assert 0 < found <= 300 // REGIONS + 3
    assert case.workflow is workflow


def test_a_case_goes_on_in_a_configuration_that_was_forgotten(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    workflow = made(chart())
    early = workflow.start(FACTS, at=START, id="m")
    monkeypatch.setattr(configuration, "MOST_KEPT_MOVES", 40)
    walk(workflow, 50)
    later = workflow.start(FACTS, at=START, id="m")
    assert early == later
    assert early.send("e1", at=START).case == later.send("e1", at=START).case
    assert workflow.restore(early.dump()) == early


def test_a_configuration_keeps_few_moves_of_several_transitions(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(configuration, "MOST_JOINT_MOVES", 2)
    case = made(chart()).start(FACTS, at=START, id="m")
    for _ in range(3):
        case = case.send("all", at=START).case
        assert len(case._case_state.configuration.joint) <= 2
