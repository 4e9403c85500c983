"""Cases of version 0.1.0 of the rules go on under today's rules, each where it stood.

`older_cases/` holds, for each workflow, the snapshots of one case after each of its steps, as
version 0.1.0 of the rules wrote them.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from telecom_rules.errors import SnapshotMismatch
from telecom_rules.workflows import Accepted, Migrated

if TYPE_CHECKING:
    from telecom_rules.pack import Pack
    from telecom_rules.workflows import Case

FOLDER = Path(__file__).parent / "older_cases"
SNAPSHOTS = [
    pytest.param(snapshot, id=f"{file.stem}-{number}")
    for file in sorted(FOLDER.glob("*.json"))
    for number, snapshot in enumerate(json.loads(file.read_text(encoding="utf-8")))
]


def taken_over(pack: Pack, snapshot: dict[str, Any]) -> Case:
    """Return the case of a snapshot, restored where nothing it did has changed, else migrated."""
    try:
        return pack.restore(snapshot)
    except SnapshotMismatch:
        moved = pack.migrate(snapshot, at=datetime.fromisoformat(snapshot["at"]))
        assert isinstance(moved, Migrated), moved.explain("en")
        return moved.case


def older_case(pack: Pack, name: str, number: int) -> Case:
    file = FOLDER / f"{name}.json"
    return taken_over(pack, json.loads(file.read_text(encoding="utf-8"))[number])


@pytest.mark.parametrize("snapshot", SNAPSHOTS)
def test_an_older_case_goes_on_where_it_stood(pack: Pack, snapshot: dict[str, Any]) -> None:
    assert list(taken_over(pack, snapshot).states) == snapshot["states"]


def test_a_complaint_closed_by_the_older_rules_may_be_appealed_about(pack: Pack) -> None:
    closed = older_case(pack, "complaint_handling", -1)
    assert closed.states == ("closed",)
    later = closed.at + timedelta(days=30)
    for event, payload in (("appeal", {}), ("reopen", {"opinion": "又掉线了。"})):
        assert isinstance(closed.send(event, payload, at=later, by="customer"), Accepted)


def test_a_request_analysed_by_the_older_rules_is_analysed_again(pack: Pack) -> None:
    enquiry = older_case(pack, "service_process", 3)
    handle = {"terms_told": True, "customer_agreed": True}
    assert not isinstance(enquiry.send("handle", handle, at=enquiry.at, by="agent"), Accepted)
    need = {"kind": "installation", "need": "新装宽带。", "solution": "光纤到户。"}
    analysed = enquiry.send("analyse", need, at=enquiry.at, by="agent")
    assert isinstance(analysed, Accepted)
    assert isinstance(analysed.case.send("handle", handle, at=enquiry.at, by="agent"), Accepted)


def test_a_service_suspended_by_the_older_rules_may_be_disputed(pack: Pack) -> None:
    suspended = older_case(pack, "arrears_handling", 4)
    disputed = suspended.send("dispute", {}, at=suspended.at, by="customer")
    assert isinstance(disputed, Accepted)
    finding = {"outcome": "重复计费。", "amount_owed": 0}
    upheld = disputed.case.send("uphold_dispute", finding, at=suspended.at, by="agent")
    assert isinstance(upheld, Accepted)
    assert "restoring" in upheld.case.states
