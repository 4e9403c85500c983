"""The checks know parallel states, history, and what needs no event."""

from __future__ import annotations

from tests.checks.house import told

CHART = """\
events: {go: {$t}, hold: {$t}, on: {$t}, end: {$t}, late: {$t}}
effects: {tell: {$t}, warn: {$t}}
clocks: {limit: {$t, from: both, until: held, limit: 5 days, on_expiry: late}}
initial: both
states:
  both:
    $t
    type: parallel
    exit: {emit: tell}
    on: {hold: held, end: rest}
    onDone: last
    states:
      left:
        $t
        initial: left_one
        states:
          left_one: {$t, on: {go: left_two}}
          left_two: {$t, always: {target: left_done, guard: paid}}
          left_done: {$t, type: final, entry: {raise: late}}
      right:
        $t
        initial: right_one
        states:
          right_one: {$t, on: {go: right_done}}
          right_done: {$t, type: final}
      back: {$t, type: history, history: deep, target: [left_one, right_one]}
  held: {$t, on: {on: back}}
  rest: {$t, on: {late: {target: last, emit: warn}}}
  last: {$t, always: done}
  done: {$t, type: final}
"""


def test_a_chart_with_everything_in_it_has_no_findings() -> None:
    assert told(CHART) == []


def test_a_region_that_never_ends_is_no_trap_while_another_leads_on() -> None:
    text = CHART.replace("always: {target: left_done, guard: paid}", "on: {go: left_one}").replace(
        "    onDone: last\n", ""
    )
    # A history state may lead anywhere inside, as far as anybody knows beforehand.
    assert told(text) == []
