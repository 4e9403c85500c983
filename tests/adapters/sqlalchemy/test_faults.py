"""Nothing is lost and nothing is done twice, whatever dies and whenever.

A short run kills each thing a few times; `make test-long` tries every fault point, and kills 200
processes on each database. The figures are printed at the end of a run.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from telecom_rules.workflows import Accepted
from tests.adapters.postgres import Server, make_database

ROOT = Path(__file__).resolve().parents[3]
WRONG = ("inconsistent", "lost", "doubled", "effects_lost", "effects_invented", "effects_undone")


def start(url: str, folder: Path, **options: object) -> subprocess.Popen[str]:
    """Start the script that makes faults."""
    given = [f"--{name}={value}" for name, value in options.items()]
    command = [sys.executable, "-m", "tests.adapters.sqlalchemy.faults", url, str(folder), *given]
    return subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def finish(process: subprocess.Popen[str]) -> dict:
    """Return what it has found."""
    out, errors = process.communicate(timeout=3600)
    assert process.returncode == 0, errors
    return json.loads(out)


def judge(race: dict, record_property) -> None:
    """Compare all that was answered with all that was kept; tell the figures."""
    record_property("figures", str(race))
    assert {name: race[name] for name in WRONG} == dict.fromkeys(WRONG, 0)
    assert race["answered"] > 0
    assert race["clocks"] > 0
    assert race["effects"] > 0


def test_a_process_may_die_at_any_statement_and_any_instant(
    database, tmp_path, is_long, record_property
):
    every, kills, events = (1, 200, 1_000) if is_long else (28, 5, 40)
    first = 1 if is_long else 13
    found = finish(start(database, tmp_path, every=every, first=first, kills=kills, events=events))
    points = found["points"]
    record_property("figures", f"{points['tried']} fault points of {len(points['points'])}")
    assert points["different"] == []
    assert points["tried"] == len(range(first, len(points["points"]) + 1, every)) > 4
    assert points["expected"]["undone"] == points["expected"]["never done"] == []
    for table in ("case", "journal", "values", "outbox", "request", "refusal"):
        assert any(f"INTO rules_{table}" in name for name in points["points"]), table
    assert found["race"]["kills"] == kills
    judge(found["race"], record_property)


def test_eight_processes_race_for_a_hundred_tickets_while_the_server_is_killed(
    tmp_path, is_long, record_property
):
    # Enough events that the processes have work left at the last kill, also on a fast machine.
    kills, events = (20, 10_000) if is_long else (2, 400)
    server = Server()
    try:
        url = make_database(server.url("postgres"))
        process = start(url, tmp_path, processes=8, cases=100, events=events)
        for _ in range(kills):
            wait_for_answers(tmp_path, process, events // kills // 10)
            server.kill()
            server.start()
        found = finish(process)
        judge({**found["race"], "server_kills": kills}, record_property)
    finally:
        server.close()


def wait_for_answers(folder: Path, process: subprocess.Popen[str], more: int) -> None:
    """Wait until some more requests have been answered."""
    answered = folder / "answered"
    before = answered.stat().st_size if answered.exists() else 0
    line = len("accepted T-1 12345-6\n")
    while not answered.exists() or answered.stat().st_size < before + more * line:
        assert process.poll() is None
        time.sleep(0.02)


def test_a_full_disk_is_an_error_and_the_store_goes_on_when_there_is_room(sqlite_place):
    # PostgreSQL would need a small file system of its own, which only root can make.
    place = sqlite_place
    place.open()
    place.send("take")
    with place.engine.connect() as connection:
        pages = connection.execute(text("PRAGMA page_count")).scalar_one()
    place.limit_pages(pages + 3)
    accepted = 0
    with pytest.raises(OperationalError, match="full"):
        while True:
            key = f"k-{accepted}"
            assert isinstance(place.send("note", {"note": "x" * 500}, key=key), Accepted)
            accepted += 1
    assert accepted > 0
    assert place.faults() == []
    assert place.journal().count("event note") == accepted
    place.limit_pages(100_000)
    again = place.send("note", {"note": "x" * 500}, key=f"k-{accepted}")
    assert isinstance(again, Accepted)
    assert place.journal().count("event note") == accepted + 1
    assert place.faults() == []
