"""The example data is what its script makes, and holds the cases it promises."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections import Counter
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from telecom_rules.cli.demo import LAST_INSTANT
from telecom_rules.errors import FactsError
from telecom_rules.workflows import Accepted, Refused
from tests.shipped import shipped

if TYPE_CHECKING:
    from telecom_rules.pack import Pack
    from telecom_rules.workflows import Case, Outcome

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
DATA = EXAMPLES / "data"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    command = [sys.executable, "-B", str(EXAMPLES / "make_data.py"), str(folder)]
    subprocess.run(command, check=True, timeout=60)  # noqa: S603 - our own script
    return folder


@pytest.fixture(scope="module")
def pack() -> Pack:
    return shipped()


def complaints() -> list[dict[str, Any]]:
    lines = (DATA / "complaints.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def violation_cells() -> list[dict[str, str]]:
    with (DATA / "violations.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_script_makes_the_committed_files_byte_for_byte(made: Path) -> None:
    assert {file.name: file.read_bytes() for file in made.iterdir()} == {
        file.name: file.read_bytes() for file in DATA.iterdir()
    }


def test_every_complaint_has_a_number_of_its_own() -> None:
    numbers = [each["id"] for each in complaints()]
    assert len(set(numbers)) == len(numbers) >= 300


def test_the_opening_records_are_those_of_the_histories() -> None:
    with (DATA / "complaints.csv").open(encoding="utf-8", newline="") as file:
        opened = [row["id"] for row in csv.DictReader(file)]
    assert opened == [each["id"] for each in complaints()]


def test_the_spreadsheet_and_the_lines_of_violations_say_the_same() -> None:
    lines = (DATA / "violations.jsonl").read_text(encoding="utf-8").splitlines()
    booleans = {"true": True, "false": False}
    assert [json.loads(line) for line in lines] == [
        {name: booleans.get(cell, cell) for name, cell in row.items() if cell}
        for row in violation_cells()
    ]


def test_gains_stand_on_both_sides_of_every_threshold() -> None:
    gains = Counter(row["illegal_gain"] for row in violation_cells())
    for gain in ("9999.99", "10000.00", "10000.01", "49999.99", "50000.00", "50000.01"):
        assert gains[gain] >= 4


def walk(pack: Pack, history: dict[str, Any]) -> tuple[Case, list[Outcome]]:
    """Return a complaint after all its events, and what each of them came to."""
    opened_at = datetime.fromisoformat(history["opened_at"])
    workflow = pack.workflows["complaint_handling"]
    case = workflow.start(history["facts"], at=opened_at, id=history["id"])
    outcomes: list[Outcome] = []
    for event in history["events"]:
        at = datetime.fromisoformat(event["at"])
        outcomes.append(case.send(event["event"], event.get("payload"), at=at, by=event["by"]))
        case = outcomes[-1].case
    return case, outcomes


def walks(pack: Pack) -> list[tuple[Case, list[Outcome]]]:
    known = pack.catalogues["channel"].codes
    return [
        walk(pack, each) for each in complaints() if each["facts"].get("channel", "phone") in known
    ]


def test_a_complaint_by_an_unknown_channel_is_not_read(pack: Pack) -> None:
    known = pack.catalogues["channel"].codes
    unread = [each for each in complaints() if each["facts"].get("channel", "phone") not in known]
    assert len(unread) == 5
    for each in unread:
        with pytest.raises(FactsError):
            walk(pack, each)


def test_the_histories_reach_every_state_of_the_workflow(pack: Pack) -> None:
    reached = set[str]()
    for case, outcomes in walks(pack):
        reached.update(*(outcome.case.states for outcome in outcomes))
        # A clock alone reaches the last state: nothing is accepted there that would show it.
        reached.update(case.tick(datetime.fromisoformat(LAST_INSTANT)).case.states)
    assert reached == set(pack.workflows["complaint_handling"].states)


def test_the_histories_hold_every_kind_of_refusal_a_crm_meets(pack: Pack) -> None:
    kinds = Counter(
        str(reason.kind)
        for _, outcomes in walks(pack)
        for outcome in outcomes
        if isinstance(outcome, Refused)
        for reason in outcome.reasons
    )
    assert {"requires", "not_from_here", "role", "guard", "payload_invalid"} <= set(kinds)
    assert "time_backwards" not in kinds


def test_an_answer_is_late_from_the_first_microsecond(pack: Pack) -> None:
    margins = Counter[bool]()
    for case, outcomes in walks(pack):
        entries = [each.entry for each in outcomes if isinstance(each, Accepted)]
        answers = [entry.at for entry in entries if entry.event == "answer"]
        late = [breach.due for breach in case.breaches if breach.clock == "reply"]
        if answers:
            assert bool(late) == (answers[0] > case.clocks["reply"].deadline)
            margins[bool(late)] += 1
    assert margins[True] >= 20
    assert margins[False] >= 200


def test_every_opening_record_is_graded(pack: Pack) -> None:
    policy = pack.policies["complaint_grade"]
    booleans = {"true": True, "false": False}
    numbers = ("earlier_complaints", "affected_customers")
    grades = Counter[object]()
    with (DATA / "complaints.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            facts: dict[str, object] = {
                name: booleans.get(cell, cell)
                for name, cell in row.items()
                if cell and name in policy.facts.fields
            }
            facts |= {name: int(row[name]) for name in numbers}
            facts.pop("channel", None)
            grades[policy.decide(facts, on=date(2026, 3, 1)).outputs["grade"]] += 1
    assert grades["major"] >= 30
    assert grades["general"] >= 200


def test_each_violation_is_decided_or_says_what_is_wrong_or_missing(pack: Pack) -> None:
    policy = pack.policies["violation_penalty"]
    lines = (DATA / "violations.jsonl").read_text(encoding="utf-8").splitlines()
    came_to = Counter[str]()
    for line in lines:
        facts = json.loads(line)
        facts.pop("id")
        try:
            decision = policy.decide(facts, on=date(2026, 3, 1))
        except FactsError:
            came_to["unreadable"] += 1
        else:
            came_to["decided" if decision.known else "unknown"] += 1
    assert came_to["unreadable"] == 11
    assert came_to["unknown"] >= 4
    assert came_to["decided"] >= 180


def test_no_clock_raises_an_event_that_no_state_takes(pack: Pack) -> None:
    accepted = (
        each for _, outcomes in walks(pack) for each in outcomes if isinstance(each, Accepted)
    )
    assert [each.unhandled for each in accepted if each.unhandled] == []
