"""The command on workflows that call another: what a history may say, and what is printed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from telecom_rules.cli import main
from tests.workflows.subcases import FILES

if TYPE_CHECKING:
    from pathlib import Path

CLEAN, FINDINGS = 0, 1
START, LATER, LAST = (f"2026-03-02T{hour}:00:00+08:00" for hour in ("09", "10", "12"))


@pytest.fixture
def tell(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    root = tmp_path / "house"
    root.mkdir()
    for name, text in FILES.items():
        (root / name).write_text(text, "utf-8")

    def run(*arguments: str) -> tuple[int, str]:
        capsys.readouterr()
        status = main([*arguments, "--rules", str(root)])
        return status, capsys.readouterr().out

    return run


def history(tmp_path: Path, *events: dict[str, object]) -> str:
    row = {
        "id": "S-1",
        "opened_at": START,
        "facts": {"line": "0105550", "visits": 0},
        "events": [{"event": "report", "at": START}, *events],
    }
    path = tmp_path / "histories.jsonl"
    path.write_text(json.dumps(row), "utf-8")
    return str(path)


FIX = {"event": "fix", "at": LATER, "payload": {"cause": "wet joint"}}
EARLY = {"event": "fix", "at": LATER}


def test_a_history_goes_through_the_case_that_was_called(tell, tmp_path: Path) -> None:
    events = history(tmp_path, {"call": "waiting", "events": [EARLY, FIX], "at": LAST})
    status, told = tell("run", "service", "--events", events, "--explain")
    assert status == CLEAN
    lines = told.splitlines()
    assert lines[0] == "S-1  idle → waiting → answered"
    assert lines[2].startswith("  × 2026-03-02 10:00+08:00 S-1/waiting/1 fix: the data of “Fix”")
    assert lines[3] == "  ✓ 2026-03-02 10:00+08:00 S-1/waiting/1 fix"
    assert lines[4] == "  ✓ 2026-03-02 12:00+08:00 done.call.waiting"
    assert "; events: 3 accepted, 1 refused; " in lines[-1]


def test_a_called_case_that_goes_on_is_not_given_back(tell, tmp_path: Path) -> None:
    events = history(tmp_path, {"call": "waiting", "events": []})
    status, told = tell("run", "service", "--events", events, "--json")
    assert status == CLEAN
    case = json.loads(told)["case"]
    assert case["states"] == ["waiting"]
    assert [each["case"] for each in case["calls"]] == ["S-1/waiting/1"]


def test_without_an_instant_it_is_given_back_when_it_ended(tell, tmp_path: Path) -> None:
    events = history(tmp_path, {"call": "waiting", "events": [FIX]})
    _, told = tell("run", "service", "--events", events, "--json")
    assert json.loads(told)["case"]["at"] == LATER


def test_a_call_that_nobody_made_is_told(tell, tmp_path: Path) -> None:
    status, told = tell(
        "run", "service", "--events", history(tmp_path, {"call": "idle", "events": []})
    )
    assert status == FINDINGS
    assert "the state `idle` has no called case" in told


def test_show_says_what_a_state_calls(tell) -> None:
    _, told = tell("show", "service")
    assert "    calls repair: line = line, visits = visits + 1\n" in told
    assert "    done.call.waiting → answered  if event.state == 'fixed'" in told


def test_a_picture_marks_what_a_state_calls(tell) -> None:
    _, mermaid = tell("graph", "service")
    assert "  waiting : ↗ Repair\n" in mermaid
    assert "  waiting --> answered : Repair has ended\n" in mermaid
    _, dot = tell("graph", "service", "--format", "dot", "--language", "zh")
    assert '"waiting" [label="等待修复\\n↗ 故障修复"];' in dot
