"""The life cycles of the TM Forum, and whether the shipped workflows keep to them."""

from __future__ import annotations

import pytest

from telecom_rules.errors import UnknownName
from telecom_rules.interop.tmforum import LIFE_CYCLES, problems
from tests.interop.house import made
from tests.interop.test_exports import SMALL
from tests.shipped import shipped

KNOWN = {
    # One step of the operator's stands for assessingCancellation and pendingCancellation.
    ("service_process", "tmf622"): [("handling.cancel", "inProgress", "cancelled")],
    # The flow begins with a product in service, and article 34 ends a suspended one directly.
    ("arrears_handling", "tmf637"): [
        ("start", None, "active"),
        ("suspended.terminate", "suspended", "terminated"),
        ("terminable.terminate", "suspended", "terminated"),
    ],
}


def told(workflow, vocabulary: str) -> list[tuple[str, str | None, str]]:
    return [(each.place, each.before, each.after) for each in problems(workflow, vocabulary)]


def test_the_shipped_workflows_keep_to_the_life_cycles_they_name() -> None:
    pack = shipped()
    found = {
        (workflow.name, name): told(workflow, name)
        for workflow in pack.workflows.values()
        for name in {key for state in workflow.states.values() for key in state.maps}
        if name in LIFE_CYCLES
    }
    assert ("complaint_handling", "tmf621") in found
    assert {key: each for key, each in found.items() if each} == KNOWN


@pytest.mark.parametrize("name", LIFE_CYCLES)
def test_every_status_of_a_life_cycle_is_reached_from_its_start(name: str) -> None:
    cycle = LIFE_CYCLES[name]
    reached, rest = set(), set(cycle.starts)
    while rest:
        status = rest.pop()
        reached.add(status)
        rest |= cycle.edges[status] - reached
    assert reached == set(cycle.edges)


def test_the_published_statuses_are_all_there() -> None:
    ticket = "acknowledged rejected pending held inProgress cancelled closed resolved"
    assert set(LIFE_CYCLES["tmf621"].edges) == set(ticket.split())
    assert set(LIFE_CYCLES["tmf656"].edges) == set(ticket.split())
    assert set(LIFE_CYCLES["tmf701"].edges) == {"active", "cancelled", "hold", "completed"}


def mapped(**statuses: str) -> str:
    """Return the small workflow with a status for each of its innermost states."""
    text = SMALL.replace("    maps: {tmf621: inProgress}\n", "")
    for state, status in statuses.items():
        text = text.replace(
            f"{state}: {{type: final", f"{state}: {{maps: {{tmf621: {status}}}, type: final"
        ).replace(f"      {state}:\n", f"      {state}:\n        maps: {{tmf621: {status}}}\n")
    return text


def test_a_workflow_that_keeps_to_the_life_cycle_has_no_problems() -> None:
    workflow = made(mapped(waiting="acknowledged", served="inProgress", closed="cancelled"))
    assert told(workflow, "tmf621") == [("open.late", "inProgress", "acknowledged")]


def test_a_status_may_not_be_skipped_invented_or_begun_with() -> None:
    workflow = made(mapped(waiting="resolved", served="solved", closed="closed"))
    assert told(workflow, "tmf621") == [
        ("start", None, "resolved"),
        ("waiting.serve", "resolved", "solved"),
        ("served.serve", "solved", "solved"),
        ("open.close", "solved", "closed"),
        ("open.late", "solved", "resolved"),
    ]
    assert problems(workflow, "tmf621")[0].wording.zh == "`start`：resolved 不是允许的初始状态"


def test_what_has_no_status_is_outside_the_life_cycle() -> None:
    assert told(made(mapped(waiting="acknowledged")), "tmf621") == []


def test_a_transition_that_an_inner_one_always_goes_before_is_not_held_against_it() -> None:
    text = mapped(waiting="acknowledged", served="resolved", closed="cancelled")
    inner = "on: {close: {target: closed, by: [agent, chief]}, serve: {assign: {n: n + 1"
    text = text.replace("on: {serve: {assign: {n: n + 1", inner)
    told_now = told(made(text), "tmf621")
    assert ("served.close", "resolved", "cancelled") in told_now
    assert ("open.close", "resolved", "cancelled") not in told_now


def test_a_life_cycle_that_is_not_there_says_what_was_meant() -> None:
    with pytest.raises(UnknownName, match="tmf621"):
        problems(made(SMALL), "tmf612")
