"""Parallel states that take the same event: where the order in the file decides what comes out."""

from __future__ import annotations

import pytest

from telecom_rules.checks.analysis import state_space
from tests.checks.house import told

REGIONS = """\
events: {{go: {{$t}}, note: {{$t, payload: {{score: integer}}}}, stop: {{$t}}}}
initial: both
states:
  both:
    $t
    type: parallel
    on: {{stop: over}}
    states:
      left:
        $t
        initial: left_at
        states:
          left_at: {{$t, on: {{{left}}}}}
          left_on: {{$t}}
      right:
        $t
        initial: right_at
        states:
          right_at: {{$t, on: {{{right}}}}}
          right_on: {{$t}}
  over: {{$t, type: final}}
  away: {{$t, type: final}}
"""


def said(left: str, right: str) -> list[str]:
    found = told(REGIONS.format(left=left, right=right))
    return [each.split(" ", 1)[1] for each in found if "TR314" in each]


DECIDED = "TR314 `left_at.go` and `right_at.go` may be taken together, and the result"


@pytest.mark.parametrize(
    ("left", "right", "why"),
    [
        ("go: over", "go: away", "both leave `both`, so that only the first is taken"),
        (
            "go: {assign: {score: 1}}",
            "go: {assign: {score: 2}, target: right_on}",
            "both set `score`",
        ),
        (
            "go: {assign: {score: 1}}",
            "go: {assign: {paid: score > 3}}",
            "one sets `score` and the other reads it",
        ),
        (
            "go: {assign: {score: 1}, guard: paid}",
            "go: {assign: {score: 2}, by: agent}",
            "both set `score`",
        ),
    ],
)
def test_what_the_order_decides_is_told(left: str, right: str, why: str) -> None:
    assert said(left, right) == [f"{DECIDED} depends on their order: {why}"]


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("go: left_on", "go: right_on"),
        ("go: over", "go: over"),
        ("go: {assign: {score: 1}}", "go: {assign: {score: 1}}"),
        ("go: {assign: {score: 1}}", "go: {assign: {paid: true}, guard: score > 3}"),
        ("go: {assign: {score: 1}, guard: paid}", "go: {assign: {score: 2}, guard: '!paid'}"),
        ("go: {assign: {score: 1}, by: agent}", "go: {assign: {score: 2}, by: chief}"),
        ("go: {assign: {score: 1}}", "note: {assign: event}"),
        ("note: {assign: event}", "note: {assign: event}"),
        ("stop: left_on", "stop: right_on"),
    ],
)
def test_what_the_order_does_not_decide_is_left_alone(left: str, right: str) -> None:
    assert said(left, right) == []


def test_states_that_are_never_active_together_are_left_alone():
    text = REGIONS.format(left="go: over", right="note: {target: right_on, assign: event}")
    text = text.replace("right_on: {$t}", "right_on: {$t, on: {go: away}}")
    assert len([each for each in told(text) if "TR314" in each]) == 1
    apart = text.replace(
        "left_at: {$t, on: {go: over}}", "left_at: {$t, on: {note: left_on, go: over}}"
    )
    assert [each for each in told(apart) if "TR314" in each] == []


def test_regions_that_are_too_many_to_look_at_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state_space, "MOST_MOVES", 0)
    found = told(REGIONS.format(left="go: over", right="go: away"))
    codes = [each.split()[1] for each in found]
    assert "TR315" in codes
    assert "TR314" not in codes
