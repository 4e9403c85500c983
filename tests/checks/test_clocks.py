"""Clocks that never start, and clocks that nothing stops."""

from __future__ import annotations

import pytest

from tests.checks.house import told

FLOW = """\
events: {go: {$t}, back: {$t}, end: {$t}, ask: {$t}}
clocks:
  time: {$t, from: open, until: [middle, end], limit: 5 days}
initial: open
states:
  open: {$t, on: {go: middle}}
  middle: {$t, on: {back: open, ask: {assign: {score: "1"}}, end: done}}
  done: {$t, type: final}
"""
ROUND = FLOW.replace("end: done", "end: open").replace("  done: {$t, type: final}\n", "")


def clock(start: str, until: str, flow: str = FLOW) -> list[str]:
    """Return what is found in a flow whose clock runs from `start` until `until`."""
    written = f"from: {start}, until: {until},"
    return told(flow.replace("from: open, until: [middle, end],", written))


@pytest.mark.parametrize(
    ("start", "until"),
    [
        ("open", "middle"),
        ("middle", "[end, back]"),
        ("ask", "done"),
        ("go", "[ask, open]"),
        ("[open, ask]", "go"),
    ],
)
def test_a_clock_that_starts_and_stops_has_no_findings(start: str, until: str) -> None:
    assert clock(start, until) == []


def test_a_clock_that_starts_with_events_no_state_answers_is_named() -> None:
    flow = FLOW.replace("ask: {$t}}", "ask: {$t}, call: {$t}, mail: {$t}}")
    assert clock("[call, mail]", "done", flow) == [
        "8:3 TR308 clock `time` cannot start: no state handles `call, mail`"
    ]
    assert clock("[call, open]", "[done, mail]", flow) == [
        "8:70 TR310 `mail` cannot occur once the clock `time` runs"
    ]


def test_a_clock_that_starts_with_an_unreachable_state_is_not_named_besides() -> None:
    flow = FLOW + "  lost: {$t, on: {end: done}}\n"
    assert clock("lost", "done", flow) == [
        "14:3 TR301 state `lost` is unreachable: no case can enter it"
    ]
    assert clock("open", "lost", flow) == [
        "14:3 TR301 state `lost` is unreachable: no case can enter it"
    ]


ONCE = """\
events: {go: {$t}, turn: {$t}}
clocks:
  time: {$t, from: middle, until: [open, go], limit: 5 days}
initial: open
states:
  open: {$t, on: {go: middle}}
  middle: {$t, on: {turn: last}}
  last: {$t, on: {turn: middle}}
"""


def test_a_clock_that_nothing_stops_is_named() -> None:
    assert told(ONCE) == [
        "8:3 TR307 clock `time` cannot be stopped: `open, go` cannot occur once it runs"
    ]


def test_a_clock_is_stopped_by_a_state_that_comes_again() -> None:
    assert told(ONCE.replace("until: [open, go]", "until: middle")) == []
    assert clock("middle", "open", ROUND) == []


def test_what_never_comes_to_stop_a_clock_is_named_where_the_end_of_the_case_does() -> None:
    flow = FLOW.replace("back: open, ", "back: middle, ")
    assert clock("middle", "[open, done]", flow) == [
        "8:58 TR310 `open` cannot occur once the clock `time` runs"
    ]


LATE = """\
events: {go: {$t}, back: {$t}, late: {$t}}
clocks:
  time: {$t, from: first, until: second, limit: 5 days, on_expiry: late}
initial: open
states:
  open:
    $t
    initial: first
    on: {late: {assign: {score: "1"}}}
    states:
      first: {$t, on: {go: third}}
      third: {$t, on: {go: second, back: first}}
      second: {$t, on: {go: last}}
  last: {$t, on: {back: done}}
  done: {$t, type: final}
"""


def answered(old: str, new: str) -> list[str]:
    """Return what is found in the flow with some text replaced."""
    assert old in LATE
    return told(LATE.replace(old, new))


def test_an_answer_to_a_clock_that_may_run_is_sound() -> None:
    assert told(LATE) == []
    assert answered("on: {go: second,", "on: {late: done, go: second,") == []
    assert answered("until: second", "until: back") == []


@pytest.mark.parametrize(
    ("old", "place"), [("on: {go: last}", "18:47"), ("on: {back: done}", "19:41")]
)
def test_an_answer_to_a_clock_that_has_stopped_is_named(old: str, place: str) -> None:
    state = "second" if "last" in old else "last"
    (found,) = answered(old, old.replace("on: {", "on: {late: done, "))
    assert found == (
        f"{place} TR304 `late` cannot occur in state `{state}`: "
        "the clock `time` does not expire there"
    )


def test_an_answer_to_a_clock_where_it_pauses_is_named() -> None:
    flow = LATE.replace("limit:", "pause_in: third, limit:")
    assert told(flow) == []
    (found,) = told(flow.replace("on: {go: second,", "on: {late: done, go: second,"))
    assert "TR304 `late` cannot occur in state `third`" in found


def test_an_answer_comes_from_any_clock_that_raises_the_event() -> None:
    other = "  more: {$t, from: last, until: done, limit: 5 days, on_expiry: late}\ninitial: open"
    flow = LATE.replace("initial: open", other)
    assert told(flow.replace("on: {back: done}", "on: {late: done, back: done}")) == []


def test_a_clock_that_never_starts_is_named_and_not_the_answers_to_it() -> None:
    flow = LATE.replace("from: first", "from: call").replace(
        "late: {$t}}", "late: {$t}, call: {$t}}"
    )
    assert [each.split()[1] for each in told(flow)] == ["TR308"]


def test_a_state_that_leads_to_itself_is_not_entered_again_and_stops_no_clock() -> None:
    flow = """\
events: {go: {$t}, turn: {$t}, back: {$t}, late: {$t}}
clocks:
  time: {$t, from: second, until: box, limit: 5 days, on_expiry: late}
initial: start
states:
  start: {$t, on: {go: second}}
  box:
    $t
    initial: first
    on: {turn: box, back: start}
    states:
      first: {$t, on: {late: done}}
      second: {$t}
  done: {$t, type: final}
"""
    assert told(flow) == []
    (found,) = told(flow.replace("until: box", "until: turn"))
    assert "TR304 `late` cannot occur in state `first`" in found
