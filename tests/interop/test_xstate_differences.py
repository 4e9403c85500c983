"""What XState does otherwise with a chart that `to_xstate` has written, and what we do.

Each input is minimal; the table in docs/reference/interop.md tells what XState 5.33.3 does with it.
"""

from __future__ import annotations

import json
from typing import Any

from telecom_rules.interop import to_xstate
from telecom_rules.workflows import Accepted, Refused
from tests.interop.house import START, made, titled


def chart(states: dict[str, Any]) -> dict[str, Any]:
    """Return states with a title each."""
    return {
        name: {
            "title": titled(name),
            **state,
            **({"states": chart(state["states"])} if "states" in state else {}),
        }
        for name, state in states.items()
    }


def start(states: dict[str, Any]):
    """Return a case of a workflow of these states, of which the first is the initial one."""
    workflow = made(
        json.dumps(
            {
                "workflow": "w",
                "version": "1",
                "title": titled("w"),
                "facts": "item",
                "events": {name: {"title": titled(name)} for name in ("a", "b")},
                "initial": next(iter(states)),
                "states": chart(states),
            }
        )
    )
    assert to_xstate(workflow)["states"].keys() == states.keys()
    return workflow.start({"n": 0, "m": 0}, at=START, id="1")


def test_a_transition_between_regions_leaves_the_parallel_state_around_them() -> None:
    case = start({"p": {"type": "parallel", "states": {"x": {"on": {"a": "y"}}, "y": {}}}})
    outcome = case.send("a", at=START)
    assert isinstance(outcome, Accepted)
    assert list(outcome.entry.left) == ["y", "x", "p"]
    assert list(outcome.entry.entered) == ["p", "x", "y"]


def test_each_region_selects_for_itself_an_outer_transition_too() -> None:
    inner = {"left": {}, "right": {"on": {"a": {"assign": {"n": "n + 1"}}}}}
    case = start(
        {"p": {"type": "parallel", "on": {"a": {"assign": {"m": "m + 1"}}}, "states": inner}}
    )
    after = case.send("a", at=START).case
    assert (after.facts["n"], after.facts["m"]) == (1, 1)


def test_a_final_state_at_the_top_is_not_left() -> None:
    case = start({"s": {"on": {"a": "over"}}, "over": {"type": "final"}})
    outcome = case.send("a", at=START)
    assert isinstance(outcome, Accepted)
    assert list(outcome.entry.left) == ["s"]
    assert outcome.case.state == "over"


def test_eventless_transitions_that_change_nothing_never_come_to_rest() -> None:
    again = {"always": {"target": "t", "guard": "n == 0"}}
    case = start({"s": {"on": {"a": "t"}}, "t": again})
    outcome = case.send("a", at=START)
    assert isinstance(outcome, Refused)
    assert [each.kind for each in outcome.reasons] == ["endless"]


def test_a_history_state_as_a_target_counts_in_its_own_place() -> None:
    regions = {
        "x": {"on": {"b": "s"}},
        "y": {"on": {"b": "back"}},
        "back": {"type": "history", "target": "y"},
    }
    case = start(
        {
            "all": {
                "initial": "both",
                "states": {
                    "one": {"initial": "s", "states": {"s": {}}},
                    "both": {"type": "parallel", "states": regions},
                },
            }
        }
    )
    after = case.send("b", at=START).case
    assert set(after.states) == {"all", "one", "s"}
