from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
DATA = EXAMPLES / "data"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    command = [sys.executable, "-B", str(EXAMPLES / "make_data.py"), str(folder)]
    subprocess.run(command, check=True, timeout=60)  # noqa: S603 - our own script
    return folder


def complaints() -> list[dict[str, object]]:
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
