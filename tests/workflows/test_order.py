"""Where no check says that the order of parallel states decides, it decides nothing."""

from __future__ import annotations

import json
from itertools import cycle
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st

from telecom_rules.checks.analysis import state_space
from telecom_rules.checks.parallel_overlaps import find_order_dependence, iter_overlapping_moves
from telecom_rules.errors import FactsError
from telecom_rules.workflows import machine_of
from tests.workflows.house import START, link
from tests.workflows.random_charts import EVENTS, charts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from telecom_rules.workflows import Workflow

CHARTS = max(60, settings.default.max_examples // 5)


ASSIGNMENTS = st.lists(
    st.sampled_from(
        (
            {},
            {"reworks": "1"},
            {"reworks": "2"},
            {"amount": "9"},
            {"reworks": "amount > 8 ? 3 : 0"},
            {"amount": "amount + 1"},
        )
    ),
    min_size=5,
    max_size=9,
)


def bare(state: dict[str, Any], assignments: Iterator[dict[str, str]]) -> dict[str, Any]:
    """Return a state in which transitions set facts and nothing else is done."""
    kept = {key: each for key, each in state.items() if key not in {"entry", "exit"}}
    for key in ("always", "onDone"):
        if key in kept:
            kept[key] = [without(each, assignments) for each in kept[key]]
    if "on" in kept:
        kept["on"] = {
            name: [without(one, assignments) for one in each] for name, each in kept["on"].items()
        }
    if "states" in kept:
        kept["states"] = {name: bare(each, assignments) for name, each in kept["states"].items()}
    return kept


def without(transition: dict[str, Any], assignments: Iterator[dict[str, str]]) -> dict[str, Any]:
    dropped = {"raise", "emit", "assign"}
    kept = {key: each for key, each in transition.items() if key not in dropped}
    assign = next(assignments)
    return {**kept, "assign": assign} if assign else kept


def reversed_regions(state: dict[str, Any]) -> dict[str, Any]:
    """Return a state with the regions of every parallel state in it the other way round."""
    if "states" not in state:
        return state
    inside = [(name, reversed_regions(each)) for name, each in state["states"].items()]
    if state.get("type") == "parallel":
        inside.reverse()
    return {**state, "states": dict(inside)}


def course(workflow: Workflow, events: list[str], reworks: int) -> list[object]:
    """Return where a case stands after each of `events`."""
    try:
        case = workflow.start({"reworks": reworks, "amount": "7"}, at=START, id="o")
    except FactsError:
        return []
    course: list[object] = []
    for name in events:
        case = case.send(name, at=START).case
        course.append((frozenset(case.states), dict(case.facts)))
    return course


@pytest.fixture(autouse=True)
def soon_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give up early on charts in which events pile up."""
    monkeypatch.setattr(state_space, "MOST_MOVES", 3_000)


@settings(max_examples=CHARTS, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    charts(),
    st.lists(st.lists(st.sampled_from(EVENTS), max_size=6), min_size=4, max_size=4),
    st.integers(0, 3),
    ASSIGNMENTS,
)
def test_the_order_of_regions_decides_only_where_that_is_told(
    text: str, sequences: list[list[str]], reworks: int, assigned: list[dict[str, str]]
) -> None:
    chart, some = json.loads(text), cycle(assigned)
    chart = {**chart, "states": {name: bare(each, some) for name, each in chart["states"].items()}}
    mirrored = reversed_regions(chart)
    assume(json.dumps(mirrored) != json.dumps(chart))
    (one, found), (other, _) = (
        link(json.dumps(each, ensure_ascii=False)) for each in (chart, mirrored)
    )
    assert {each.id for each in found} <= {"TR311"}, [each.concise() for each in found]
    if one is None or other is None:
        return
    try:
        configurations = state_space.StateSpace(one).explore()
    except state_space.StateSpaceTooLarge:
        return
    told = {
        first.transition.event.name
        for first, second in iter_overlapping_moves(machine_of(one).chart, configurations, {})
        if find_order_dependence(first, second) is not None
    }
    quiet = {name for name in EVENTS if name not in told} if "" not in told else set()
    event(f"events whose order decides nothing: {len(quiet)}")
    for events in sequences:
        sent = [name for name in events if name in quiet]
        assert course(one, sent, reworks) == course(other, sent, reworks)
