"""What validation says of properties: those that hold, are broken, depend on conditions."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

import telecom_rules
from telecom_rules.checks import properties
from telecom_rules.checks.analysis import state_space
from telecom_rules.checks.analysis.verdicts import PropertyVerdict, prove_property
from telecom_rules.pack import find_shipped
from tests.checks.house import told
from tests.shipped import shipped

if TYPE_CHECKING:
    from telecom_rules.workflows.engine.configuration import Configuration

DESK = """\
properties:
  - {stated}
events:
  take: {{title: {{zh: 受理, en: Take}}, payload: {{note: text}}}}
  solve: {{title: {{zh: 解决, en: Solve}}}}
  late: {{title: {{zh: 逾期, en: Late}}}}
  odd: {{title: {{zh: 特别, en: Odd}}}}
clocks: {{time: {{$t, from: open, until: done, limit: 5 hours, warn_at: 50%, on_expiry: late}}}}
initial: open
states:
  open:
    title: {{zh: 待办, en: Open}}
    on:
      take: {{target: taken, by: agent, requires: loss, assign: event}}
      late: dropped
      solve: {{target: done, guard: loss > 500}}
  taken: {{title: {{zh: 已受理, en: Taken}}, on: {{solve: {{target: done, guard: paid}}}}}}
  dropped: {{title: {{zh: 搁置, en: Dropped}}, on: {{take: taken}}}}
  done: {{title: {{zh: 完成, en: Done}}, type: final}}
"""


def said(stated: str) -> list[str]:
    """Return what is found about the property, without what is found about the rest."""
    return [each.split(" ", 1)[1] for each in told(DESK.format(stated=stated)) if "TR7" in each]


@pytest.mark.parametrize(
    "stated",
    [
        "init: open",
        "end: done",
        "existence: done",
        "absence: odd",
        "precedence: {first: open, then: taken}",
        "alternate_precedence: {first: take, then: taken}",
        "response: {first: taken, then: done}",
        "chain_response: {first: late, then: take}",
        "chain_precedence: {first: [late, open], then: take}",
    ],
)
def test_a_property_that_holds_is_not_mentioned(stated: str) -> None:
    assert said(stated) == []


@pytest.mark.parametrize(
    ("stated", "finding"),
    [
        (
            "not_coexistence: {one: late, other: done}",
            (
                "TR704 the property does not hold (no case has both “Late” and “Done”): "
                "→ “Open”; “Late” → “Dropped”; “Take” → “Taken”; “Solve” → “Done”"
            ),
        ),
        (
            "absence: taken",
            (
                "TR704 the property does not hold (no case ever has “Taken”): "
                "→ “Open”; “Take” → “Taken”"
            ),
        ),
        (
            "precedence: {first: taken, then: done}",
            (
                "TR705 the property depends on conditions (“Done” comes only after “Taken”): "
                "→ “Open”; “Solve” → “Done”, if `loss > 500`"
            ),
        ),
        (
            "precedence: {first: open, then: odd}",
            (
                "TR707 the property holds vacuously (“Odd” comes only after “Open”): "
                "no case can reach `odd`"
            ),
        ),
    ],
)
def test_what_is_not_proved_is_told_with_its_run(stated: str, finding: str) -> None:
    assert said(stated) == [finding]


def test_a_run_that_has_to_pass_a_guard_is_violated_when_an_example_passes_it():
    for stated in ("chain_response: {first: taken, then: late}", "existence: late"):
        assert [each[:5] for each in said(stated)] == ["TR704"]


def test_a_fixed_number_of_moves_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state_space, "MOST_MOVES", 2)
    assert [each[:5] for each in said("existence: done")] == ["TR706"]


def test_whether_a_property_is_ever_tested_may_be_undecided(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(properties, "StateSpace", Endless)
    assert [each[:5] for each in said("response: {first: late, then: done}")] == ["TR708"]


class Endless(state_space.StateSpace):
    """A state space that no search gets to the end of."""

    def explore(self) -> tuple[Configuration, ...]:
        raise state_space.StateSpaceTooLarge


REGIONS = """\
properties:
  - not_coexistence: {one: left_done, other: right_done}
  - precedence: {first: left_done, then: right_done}
  - response: {first: both, then: over}
  - init: [left, right]
  - end: over
events: {go: {$t}, back: {$t}}
initial: both
states:
  both:
    $t
    type: parallel
    onDone: over
    states:
      left:
        $t
        initial: left_at
        states: {left_at: {$t, on: {go: left_done}}, left_done: {$t, type: final}}
      right:
        $t
        initial: right_at
        states: {right_at: {$t, on: {go: right_done}}, right_done: {$t, type: final}}
  over: {$t, type: final}
"""


def test_what_two_regions_enter_in_one_move_occurs_in_one_moment():
    found = [each for each in told(REGIONS) if "TR7" in each]
    assert [each[:10] for each in found] == ["7:5 TR704 "]


def test_every_property_that_ships_is_proved():
    pack = shipped()
    verdicts = {
        (workflow.name, demand.name): prove_property(every, demand).verdict
        for workflow in pack.workflows.values()
        for every in [state_space.StateSpace(workflow)]
        for demand in workflow.properties
    }
    assert len(verdicts) > 15
    assert set(verdicts.values()) == {PropertyVerdict.HOLDS}


def test_no_sample_complaint_breaks_a_property():
    workflow = shipped().workflows["complaint_handling"]
    judged = set()
    lines = (find_shipped("examples") / "data" / "complaints.jsonl").read_text("utf-8").splitlines()
    for row in map(json.loads, lines):
        at = datetime.fromisoformat(row["opened_at"])
        try:
            opened = workflow.open(row["facts"], at=at, id=row["id"])
        except telecom_rules.FactsError:
            continue  # some samples are broken on purpose
        case, entries = opened.case, list(opened.entries)
        for event in row["events"]:
            at = datetime.fromisoformat(event["at"])
            payload = event.get("payload") or {}
            outcome = case.send(event["event"], payload, at=at, by=event.get("by"))
            if isinstance(outcome, telecom_rules.Accepted):
                case, entries = outcome.case, [*entries, *outcome.entries]
        judged |= {str(each.standpoint) for each in workflow.judge(entries)}
    assert judged == {"satisfied", "open"}
