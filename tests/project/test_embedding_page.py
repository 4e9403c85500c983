"""The host that the page on embedding builds holds when several processes share its database."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from generate import ROOT

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
