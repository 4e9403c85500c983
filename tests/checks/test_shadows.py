"""Transitions that are never taken, because one before them always is."""

from __future__ import annotations

import pytest

from telecom_rules.checks import check, shadowed_transitions
from telecom_rules.pack import link
from tests.checks.house import files, told

FLOW = """\
events: {go: {$t}, end: {$t}}
initial: open
states:
  open:
    $t
    on:
      go:
        - {target: done%s}
        - {target: other%s}
      end: done
  other: {$t, on: {end: done}}
  done: {$t, type: final}
"""

HIDDEN = [
    pytest.param("", "", id="no condition"),
    pytest.param("", ", by: agent, requires: grade, guard: score > 1", id="any condition"),
    pytest.param(", by: [agent, chief]", ", by: chief", id="fewer roles"),
    pytest.param(", requires: grade", ", requires: [note, grade]", id="more facts"),
    pytest.param(", guard: score > 1", ", guard: score > 1 && paid", id="a stricter guard"),
    pytest.param(", guard: paid && score > 1", ", guard: score > 1 && (note != '' && paid)"),
]


@pytest.mark.parametrize(("first", "second"), HIDDEN)
def test_a_transition_that_comes_too_late_is_named(first: str, second: str) -> None:
    assert told(FLOW % (first, second)) == [
        (
            "14:11 TR305 this transition of `open.go` is never taken:"
            " an earlier one is always taken first"
        )
    ]


OPEN = [
    pytest.param(", by: agent", "", id="more roles"),
    pytest.param(", by: agent", ", by: [agent, chief]", id="one more role"),
    pytest.param(", requires: grade", "", id="fewer facts"),
    pytest.param(", guard: paid", "", id="no guard"),
    pytest.param(", guard: paid", ", guard: score > 1", id="another guard"),
    pytest.param(", guard: paid || score > 1", ", guard: paid", id="nothing is said of `||`"),
]


@pytest.mark.parametrize(("first", "second"), OPEN)
def test_a_transition_that_may_be_taken_is_not(first: str, second: str) -> None:
    assert told(FLOW % (first, second)) == []


def test_the_transition_that_hides_it_is_shown() -> None:
    (finding,) = check(link(files(FLOW % ("", ""))))
    assert [str(each.span) for each in finding.related] == ["flow.yaml:13:11"]


def test_two_transitions_may_hide_one_together() -> None:
    flow = FLOW % (", by: agent}\n        - {target: open, by: chief", ", by: [agent, chief]")
    (finding,) = check(link(files(flow)))
    assert (finding.id, str(finding.span)) == ("TR305", "flow.yaml:15:11")
    assert [each.span.line for each in finding.related] == [13, 14]


NESTED = """\
events: {go: {$t}, end: {$t}}
initial: open
states:
  open:
    $t
    initial: one
    on: {go: done}
    states:
      one: {$t, on: {go: two}}
      two: {$t, on: {%s}}
  done: {$t, type: final}
"""


def test_a_transition_is_hidden_where_every_inner_state_answers_first() -> None:
    assert told(NESTED % "go: one, end: done") == [
        (
            "12:14 TR305 this transition of `open.go` is never taken:"
            " an earlier one is always taken first"
        )
    ]


def test_a_transition_is_open_where_one_inner_state_does_not_answer() -> None:
    assert told(NESTED % "end: done") == []
    assert told(NESTED % "end: done, go: {target: one, guard: paid}") == []


def test_an_event_of_a_clock_asks_for_no_role() -> None:
    flow = FLOW.replace(
        "initial: open\n",
        "clocks: {t: {$t, from: open, until: end, limit: 1 days, on_expiry: go}}\ninitial: open\n",
        1,
    )
    assert [each.split()[1] for each in told(flow % (", by: agent", ""))] == ["TR305"]


WILD = """\
events: {pay.in: {$t}, pay.out: {$t}, end: {$t}}
initial: open
states:
  open:
    $t
    on:
      %s
  other: {$t, on: {end: done}}
  done: {$t, type: final}
"""


def test_a_wildcard_written_first_hides_what_it_matches() -> None:
    (finding,) = check(link(files(WILD % "pay.*: other\n      pay.in: done\n      end: done")))
    assert finding.id == "TR305"
    assert finding.values["name"] == "open.pay.in"
    assert [each.span.line - finding.span.line for each in finding.related] == [-1]


def test_a_wildcard_for_the_rest_is_not_hidden() -> None:
    assert told(WILD % "pay.in: done\n      pay.*: other\n      end: done") == []


def test_a_wildcard_of_which_nothing_is_left_is_hidden_once() -> None:
    (finding,) = check(
        link(files(WILD % "pay.in: done\n      pay.out: done\n      pay.*: other\n      end: done"))
    )
    assert finding.values["name"] == "open.pay.*"
    assert [each.span.line - finding.span.line for each in finding.related] == [-2, -1]


def test_a_transition_behind_too_many_others_is_undecided(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shadowed_transitions, "MOST_BEFORE", 1)
    text = FLOW % (", guard: paid", ", guard: score > 1")
    assert told(text) == []
    more = text.replace(
        "      end: done\n", "        - {target: done, guard: score > 2}\n      end: done\n", 1
    )
    (finding,) = told(more)
    assert "TR316" in finding
    assert "the first 1 transitions" in finding
