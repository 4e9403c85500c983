"""The host that the page on embedding builds holds when several processes share its database."""

from __future__ import annotations

import ast
import json
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import timedelta
from typing import Any

import pytest
from generate import ROOT

from telecom_rules import Entry, verify

PAGE = ROOT / "docs" / "how-to" / "embed-in-a-crm.md"
CODE = re.compile(r"^```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)


@pytest.fixture
def host(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """Return the names of the page, from loading the pack to running the clocks."""
    page = PAGE.read_text(encoding="utf-8")
    names: dict[str, Any] = {}
    for block in CODE.findall(page[: page.index("## Hand a matter")]):
        exec(block, names)  # noqa: S102 - the project's own page
    for id in "C-7", "C-8", "C-9":
        names["open_complaint"](id, names["facts"], names["received"])
    return names


def test_a_click_that_loses_a_race_to_a_later_one_is_answered_after_it(host):
    save, lost = host["save"], []

    def be_late_once(before, outcome):
        if not lost:
            lost.append(before)
            later = host["received"] + timedelta(minutes=20)
            winner = host["find"]("C-7").send("record", {}, at=later, by="agent")
            assert save(host["find"]("C-7"), winner)
        return save(before, outcome)

    host["save"] = be_late_once
    at = host["received"] + timedelta(minutes=5)
    status, state, _ = host["handle"]("C-7", "supplement", {"content": "No sound"}, at, "agent")
    assert lost
    assert (status, state) == (200, "recorded")
    assert host["find"]("C-7").at == host["received"] + timedelta(minutes=20)


def test_a_click_that_loses_every_race_ends(host):
    host["save"] = lambda *_: False
    at = host["received"] + timedelta(minutes=5)
    assert host["handle"]("C-7", "record", {}, at, "agent")[0] == 503


def test_two_workers_do_each_effect_once(host):
    find, run_clocks = host["find"], host["run_clocks"]
    now = host["received"] + timedelta(days=16)
    other = []

    def be_overtaken_once(id):
        case = find(id)
        if not other:
            other.append(None)
            other[:] = list(run_clocks(now))
        return case

    host["find"] = be_overtaken_once
    mine = list(run_clocks(now))
    assert sorted(id for id, _ in [*mine, *other]) == ["C-7", "C-8", "C-9"]


def test_a_row_that_cannot_be_read_keeps_no_other_from_its_clocks(host):
    database = host["database"]
    database.execute("UPDATE complaint SET snapshot = '{}', next_due = 0 WHERE id = 'C-7'")
    database.execute("UPDATE complaint SET snapshot = '{', next_due = 1 WHERE id = 'C-8'")
    now = host["received"] + timedelta(days=16)
    assert [id for id, _ in host["run_clocks"](now)] == ["C-9"]
    assert list(host["run_clocks"](now)) == []
    told = database.execute("SELECT id FROM complaint WHERE problem IS NOT NULL ORDER BY id")
    assert [id for (id,) in told] == ["C-7", "C-8"]


WORKER = """
import json, sys, time
from datetime import timedelta
from pathlib import Path
exec(Path(sys.argv[1]).read_text(encoding="utf-8"))
skew, cases = timedelta(milliseconds=int(sys.argv[2])), sys.argv[3].split()
print("ready", flush=True)
sys.stdin.readline()
answers = []
for turn in range(10):
    for id in cases:
        now = received + timedelta(days=16, seconds=turn) - skew
        answers.append(handle(id, "supplement", {"content": f"{turn}"}, now, "agent")[:2])
ticked = list(run_clocks(received + timedelta(days=40)))
print(json.dumps([answers, ticked]))
"""
"""One of two processes of a host: it clicks, then lets the clocks run."""


def keep_definitions(path):
    """Return the code of the page that makes the host, on a database at `path`."""
    page = PAGE.read_text(encoding="utf-8")
    blocks = "\n".join(CODE.findall(page[: page.index("## Hand a matter")]))
    kept = [
        each
        for each in ast.parse(blocks).body
        if isinstance(each, ast.Import | ast.ImportFrom | ast.FunctionDef | ast.Assign)
    ]
    code = ast.unparse(ast.Module(kept, []))
    assert code.count("':memory:'") == 1
    return code.replace("':memory:'", repr(str(path)), 1)


def test_two_processes_lose_no_click_and_do_each_effect_once(host, tmp_path):
    cases = ["C-7", "C-8", "C-9"]
    file = tmp_path / "host.py"
    path = tmp_path / "crm.db"
    file.write_text(keep_definitions(path), encoding="utf-8")
    with closing(sqlite3.connect(path)) as shared:
        host["database"].commit()
        host["database"].backup(shared)
    workers = [
        subprocess.Popen(  # noqa: S603 - our own interpreter, our own arguments
            [sys.executable, "-c", WORKER, str(file), skew, " ".join(cases)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        for skew in ("0", "5")
    ]
    for each in workers:
        assert each.stdout.readline() == "ready\n"
    for each in workers:
        each.stdin.write("go\n")
        each.stdin.flush()
    outputs = [json.loads(each.communicate(timeout=60)[0]) for each in workers]
    answers = [answer for clicks, _ in outputs for answer in clicks]
    assert answers == [[200, "received"]] * 60
    host["database"].close()
    host["database"] = sqlite3.connect(path)
    ticked = [id for _, done in outputs for id, effects in done if effects]
    assert len(ticked) == len(set(ticked))
    for id in cases:
        rows = host["database"].execute(
            "SELECT entry FROM journal WHERE case_id = ? ORDER BY sequence", (id,)
        )
        journal = [Entry.load(json.loads(row)) for (row,) in rows]
        case = host["find"](id)
        assert verify(journal, head=case.head) == ()
        assert host["COMPLAINTS"].replay(journal) == case
        assert sum(each.event == "supplement" for each in journal) == 20
    host["database"].close()
