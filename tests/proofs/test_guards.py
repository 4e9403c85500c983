"""Guards that no record meets, beyond what intervals show."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from telecom_rules.checks import check
from telecom_rules.cli import main
from telecom_rules.pack import Reading, link
from telecom_rules.proofs.guards import find_impossible_guards
from telecom_rules.proofs.runs.choices import NOT_REACHED, Choice, Question, find_choices
from telecom_rules.proofs.runs.walks import CaseRun
from telecom_rules.proofs.scenarios import write_scenarios
from tests.checks.house import files
from tests.checks.test_tables import AROUND

if TYPE_CHECKING:
    from pathlib import Path

FLOW = """\
workflow: flow
version: "1.0"
$t
facts: ticket
initial: open
events:
  close: {payload: {amount: {type: integer, $t}}, $t}
states:
  open:
    $t
    on:
      close: [{guard: "GUARD", target: closed}, SECOND]
  closed: {type: final, $t}
"""


def read_flow(guard: str, second: str = "{target: closed}") -> Reading:
    files = {**AROUND, "flow.yaml": FLOW.replace("GUARD", guard).replace("SECOND", second)}
    found = link(
        {
            name: text.replace("$t", "title: {zh: 名, en: Name}").encode()
            for name, text in files.items()
        }
    )
    assert [each.concise() for each in found.findings] == []
    return found


@pytest.mark.parametrize(
    ("second", "exclusive", "complete"),
    [("count <= i", True, True), ("count < i", True, False), ("count <= i + 1", False, True)],
)
def test_guards_are_proved_to_exclude_one_another_and_to_leave_nothing_out(
    second: str, exclusive: bool, complete: bool
) -> None:
    flow = read_flow("count > i", f'{{guard: "{second}", target: closed}}')
    (found,) = find_choices(flow)
    assert (found.state, found.event) == ("open", "close")
    assert (found.exclusive, found.complete) == (exclusive, complete)


@pytest.mark.parametrize(
    ("guard", "impossible"),
    [
        ("i > j && j > i", True),
        ("i * 2 == j * 2 + 1", True),
        ("event.amount + count < event.amount", True),
        ("count + 1 > parameters.line + 5", True),
        ("count + 2 > parameters.line + 3", False),
        ("i > j && event.amount > i", False),
        ("tags.exists(t, t == 'a') && i > j", False),
        ("!has(i) && j > 0", False),
    ],
)
def test_a_guard_is_impossible_if_no_record_meets_it(guard: str, impossible: bool) -> None:
    flow = read_flow(guard)
    assert "TR306" not in {each.id for each in check(flow)}
    assert [each.id for each in find_impossible_guards(flow)] == ["TR306"] * impossible


GUARDED = """\
events:
  report: {$t, payload: {loss: money}}
  close: {$t, payload: {good: boolean}}
  late: {$t}
clocks: {time: {$t, from: open, until: done, limit: 5 hours, on_expiry: late}}
initial: new
states:
  new: {$t, on: {report: {target: open, guard: event.loss > 10, assign: event}}}
  open:
    $t
    on:
      close: [{guard: FIRST, by: BY, target: done}, {guard: SECOND, by: agent, target: done}]
      late:
        - {guard: loss > 800, target: done}
        - {guard: loss <= 800 && loss > 100, target: done}
  done: {type: final, $t}
"""


def find_cases(first: str, second: str, by: str = "agent") -> dict[str, Choice]:
    text = GUARDED.replace("FIRST", first).replace("SECOND", second).replace("BY", by)
    found = link(files(text))
    assert [each.concise() for each in found.findings] == []
    return {each.event: each for each in find_choices(found)}


def test_two_guards_that_hold_together_are_shown_by_a_case_of_the_engine() -> None:
    shown = find_cases("event.good", "loss > 500")["close"].shown
    assert set(shown) == {Question.OVERLAP, Question.GAP}
    both, none = shown[Question.OVERLAP], shown[Question.GAP]
    assert isinstance(both, CaseRun)
    assert isinstance(none, CaseRun)
    assert both.case.state == none.case.state == "open"
    assert both.case.facts["loss"] > 500
    assert both.steps[-1].payload == {"good": True}
    assert 10 < none.case.facts["loss"] <= 500
    assert none.steps[-1].payload == {"good": False}


def test_guards_for_different_roles_do_not_overlap() -> None:
    assert find_cases("event.good", "loss > 500", "chief")["close"].exclusive


def test_a_gap_that_no_case_gets_to_is_not_shown() -> None:
    found = find_cases("loss > 5", "loss > 900")["close"]
    assert not found.complete
    assert found.shown[Question.GAP] == NOT_REACHED


def test_a_gap_at_an_expiry_is_shown_before_the_clock_has_fired() -> None:
    shown = find_cases("event.good", "loss > 500")["late"].shown[Question.GAP]
    assert isinstance(shown, CaseRun)
    assert shown.case.facts["loss"] <= 100
    assert shown.steps[-1].expires


def test_runs_are_saved_as_scenarios_that_pass_today(tmp_path: Path) -> None:
    text = GUARDED.replace("FIRST", "event.good").replace("SECOND", "loss > 500")
    text = text.replace("BY", "agent")
    reading = link(files(text))
    runs = [
        each
        for choice in find_choices(reading)
        for each in choice.shown.values()
        if isinstance(each, CaseRun)
    ]
    assert len(runs) == 3
    folder = tmp_path / "pack"
    for name, content in files(text).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    (folder / "scenarios").mkdir()
    (written,) = write_scenarios((), runs).values()
    (folder / "scenarios" / "saved.yaml").write_text(written, encoding="utf-8")
    assert main(["test", str(folder)]) == 0
