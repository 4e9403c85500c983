"""States that no case comes to, and states that no case leaves."""

from __future__ import annotations

from typing import Any

import pytest

from telecom_rules.checks import check
from telecom_rules.checks.analysis.reachability import (
    Reachability,
    find_entry_set,
    find_sources,
    iter_leaves,
)
from telecom_rules.pack import link, read
from telecom_rules.vocabulary import RecordType
from telecom_rules.wording import Wording
from telecom_rules.workflows import Event, State, Transition
from telecom_rules.workflows.chart import Chart
from tests.checks.house import files, told

SOUND = """\
events: {go: {$t}, back: {$t}, end: {$t}}
initial: open
states:
  open:
    $t
    initial: first
    on: {end: done}
    states:
      first: {$t, on: {go: second}}
      second: {$t, on: {back: first}}
  done: {$t, type: final}
"""


def test_a_flow_whose_states_are_all_within_reach_and_can_end_has_no_findings() -> None:
    assert told(SOUND) == []


UNREACHABLE = [
    pytest.param(
        """\
        events: {end: {$t}}
        initial: open
        states:
          open: {$t, on: {end: done}}
          lost: {$t, on: {end: done}}
          done: {$t, type: final}
        """,
        ["10:3 TR301 state `lost` is unreachable: no case can enter it"],
        id="nothing leads to it",
    ),
    pytest.param(
        """\
        events: {end: {$t}, go: {$t}}
        initial: open
        states:
          open: {$t, on: {end: done}}
          after: {$t, on: {go: behind}}
          behind: {$t, on: {end: done}}
          lost: {$t, on: {go: after, end: done}}
          done: {$t, type: final}
        """,
        ["12:3 TR301 state `lost` is unreachable: no case can enter it"],
        id="what only an unreachable state leads to is not named again",
    ),
    pytest.param(
        """\
        events: {end: {$t}, go: {$t}}
        initial: open
        states:
          open: {$t, on: {end: done}}
          one: {$t, on: {go: two}}
          two: {$t, on: {go: one, end: done}}
          done: {$t, type: final}
        """,
        ["10:3 TR301 state `one` is unreachable: no case can enter it"],
        id="the first of a circle stands for it",
    ),
    pytest.param(
        """\
        events: {end: {$t}}
        initial: open
        states:
          open: {$t, on: {end: done}}
          lost:
            $t
            initial: one
            states:
              one: {$t, on: {end: done}}
              two: {$t, on: {end: done}}
          done: {$t, type: final}
        """,
        [
            "10:3 TR301 state `lost` is unreachable: no case can enter it",
            "15:7 TR301 state `two` is unreachable: no case can enter it",
        ],
        id="inside an unreachable state those that nothing enters either",
    ),
    pytest.param(
        """\
        events: {end: {$t}, go: {$t}}
        initial: open
        states:
          open: {$t, on: {end: done, go: two}}
          work:
            $t
            initial: one
            states:
              one: {$t, on: {end: done}}
              two: {$t, on: {end: done}}
          done: {$t, type: final}
        """,
        ["14:7 TR301 state `one` is unreachable: no case can enter it"],
        id="an initial state that every way passes by",
    ),
    pytest.param(
        """\
        events: {go: {$t}}
        initial: open
        states:
          open: {$t, on: {go: work}}
          work: {$t, on: {go: open}}
          done: {$t, type: final}
        """,
        ["11:3 TR301 state `done` is unreachable: no case can enter it"],
        id="the only end out of reach is no trap besides",
    ),
]


@pytest.mark.parametrize(("flow", "found"), UNREACHABLE)
def test_a_state_that_no_case_comes_to_is_named(flow: str, found: list[str]) -> None:
    assert told(flow) == found


TRAPS = [
    pytest.param(
        """\
        events: {go: {$t}, end: {$t}}
        initial: open
        states:
          open: {$t, on: {go: stuck, end: done}}
          stuck: {$t}
          done: {$t, type: final}
        """,
        ["10:3 TR302 state `stuck` cannot reach a final state"],
        id="nothing leads on",
    ),
    pytest.param(
        """\
        events: {go: {$t}, end: {$t}, note: {$t}}
        initial: open
        states:
          open: {$t, on: {go: before, end: done}}
          before: {$t, on: {go: one}}
          one: {$t, on: {go: two}}
          two: {$t, on: {go: one, note: {assign: {score: "1"}}}}
          done: {$t, type: final}
        """,
        ["11:3 TR302 state `one` cannot reach a final state"],
        id="a circle without a way out, named once and without what leads into it",
    ),
    pytest.param(
        """\
        events: {go: {$t}, end: {$t}}
        initial: open
        states:
          open: {$t, on: {go: inner, end: done}}
          wide:
            $t
            initial: inner
            states:
              inner: {$t, on: {go: deeper}}
              deeper: {$t}
          done: {$t, type: final}
        """,
        ["15:7 TR302 state `deeper` cannot reach a final state"],
        id="inside another state",
    ),
]


@pytest.mark.parametrize(("flow", "found"), TRAPS)
def test_a_state_that_no_case_leaves_is_named(flow: str, found: list[str]) -> None:
    assert told(flow) == found


def test_a_state_is_left_by_the_transitions_around_it() -> None:
    assert told(SOUND.replace("on: {go: second}", "on: {go: second, back: second}")) == []


def test_a_flow_without_final_states_promises_no_end() -> None:
    flow = SOUND.replace("on: {end: done}", "on: {end: first}").replace(
        "  done: {$t, type: final}\n", ""
    )
    assert told(flow) == []


def test_a_pack_that_does_not_load_is_not_judged() -> None:
    broken = files(SOUND.replace("go: second", "go: secnod"))
    reading = link(broken)
    assert [each.id for each in reading.findings] == ["TR113"]
    assert check(reading) == ()


def test_the_shipped_pack_is_sound() -> None:
    assert check(read()) == ()


# What the graph says of states that are active side by side: `both` has no `initial`.
EVENT = Event("go", Wording.same("go"), RecordType("go", {}))


def state(name: str, *around: str, **more: Any) -> State:
    return State(name, Wording.same(name), 0, around, **more)


def way(source: str, target: str) -> dict[str, tuple[Transition, ...]]:
    return {"go": (Transition(EVENT, source, (target,), Wording.same("go")),)}


SIDE_BY_SIDE = Chart(
    "start",
    {
        each.name: each
        for each in (
            state("start", on=way("start", "right_two")),
            state("both", children=("left", "right")),
            state("left", "both", children=("left_one", "left_two"), initial="left_one"),
            state("left_one", "both", "left"),
            state("left_two", "both", "left"),
            state("right", "both", children=("right_one", "right_two"), initial="right_one"),
            state("right_one", "both", "right"),
            state("right_two", "both", "right", on=way("right_two", "end")),
            state("end", final=True),
        )
    },
    {"go": EVENT},
    {},
)


def test_the_state_beside_the_one_entered_is_entered_too() -> None:
    (transition,) = SIDE_BY_SIDE.states["start"].on["go"]
    assert find_entry_set(SIDE_BY_SIDE, transition) == {
        "both",
        "right",
        "right_two",
        "left",
        "left_one",
    }
    assert SIDE_BY_SIDE.states.keys() - Reachability(SIDE_BY_SIDE).reachable == {
        "left_two",
        "right_one",
    }


def test_a_case_leaves_a_state_by_what_the_state_beside_it_does() -> None:
    assert "end" in Reachability(SIDE_BY_SIDE).leaves_reachable_from(["left_one"])


def test_the_leaves_of_a_state_are_those_within_it() -> None:
    assert list(iter_leaves(SIDE_BY_SIDE, ["left", "end"])) == ["left_one", "left_two", "end"]


def test_sources_are_where_all_else_can_be_come_to_from() -> None:
    assert find_sources({"a": "b", "b": "", "c": "d", "d": "cb"}) == ("a", "c")
    assert find_sources({"b": "c", "c": "b", "a": "b"}) == ("a",)
    assert find_sources({}) == ()
