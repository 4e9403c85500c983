"""The upgrade of open cases to a newer pack, and what `diff` says of it before."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from telecom_rules import Packs
from telecom_rules.adapters.sqlalchemy import Moves, Swept
from telecom_rules.cli import main
from tests.adapters.desk import (
    BEGUN,
    FACTS,
    FILES,
    HANDLING,
    PACK,
    RENAMED,
    build,
    desk,
    newer_desk,
)
from tests.adapters.sqlalchemy.place import Place


def lay(files, folder) -> str:
    """Write a pack into a folder."""
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return str(folder)


def test_many_open_cases_move_as_diff_has_foretold(tmp_path, capsys, is_long):
    cases_open = 1_000 if is_long else 100
    place = Place(f"sqlite:///{tmp_path / 'desk.db'}")
    place.metadata.create_all(place.engine)
    with place.begin() as session:
        for number in range(cases_open):
            begun = BEGUN + timedelta(minutes=number)
            place.store.adopt(
                session, "handling", FACTS, "working", id=f"T-{number:04}", at=begun,
                clocks={"solving": begun},
            )  # fmt: skip
    place.clock.go(days=12)  # the limits have ended, and nobody has ticked
    assert place.worker().run_once() == Swept(ticked=cases_open)
    cases = tmp_path / "open_cases.jsonl"
    with place.sessions() as session:
        snapshots = session.scalars(select(place.store.cases.c.snapshot)).all()
    cases.write_text("\n".join(snapshots), encoding="utf-8")
    newer = {**FILES, "pack.yaml": PACK.format(version="2.0.0"), "handling.yaml": RENAMED}
    old, new = lay(FILES, tmp_path / "v1"), lay(newer, tmp_path / "v2")
    at = place.clock.now.isoformat()
    arguments = ["diff", old, new, "--cases", str(cases), "--at", at, "--lang", "en"]
    assert main(arguments) in {0, 1}  # the packs differ
    assert f"{cases_open} to be migrated" in capsys.readouterr().out

    place.store.take_up(Packs(newer_desk(), desk()))
    assert place.store.migrate(place.sessions, actor="upgrade") == Moves(cases_open, 0, ())
    assert place.store.migrate(place.sessions) == Moves(0, 0, ())
    place.store.take_up(newer_desk())
    assert {place.get(f"T-{number:04}").state for number in range(0, cases_open, 9)} == {"at_work"}
    assert place.journal("T-0000")[-1] == "migrate"
    assert place.faults("T-0000") == []
    place.engine.dispose()


def test_what_is_due_is_recorded_by_the_older_pack_before_a_move(place):
    place.open()
    place.send("take")
    place.clock.go(days=12)
    place.store.take_up(Packs(newer_desk(), desk()))
    assert place.store.migrate(place.sessions) == Moves(1, 0, ())
    assert place.get().breaches[0].clock == "solving"
    assert place.journal()[-1] == "migrate"
    assert place.faults() == []


def test_cases_that_no_change_has_touched_are_carried_over(place):
    place.open()
    longer = build(
        {
            **FILES,
            "handling.yaml": HANDLING.replace(
                "{target: solved, by: [agent, supervisor]}", "solved"
            ),
        }
    )
    place.store.take_up(longer)
    before = place.get()
    assert place.store.migrate(place.sessions) == Moves(0, 1, ())
    assert place.store.migrate(place.sessions) == Moves(0, 0, ())
    assert place.get() == before


def test_cases_without_a_migration_are_left_behind_as_they_were(place):
    place.open("T-2")
    place.send("take", id="T-2")
    gone = RENAMED.replace("migrations: [{from: 1.0.0, states: {working: at_work}}]\n", "")
    place.store.take_up(Packs(build({**FILES, "handling.yaml": gone}), desk()))
    moves = place.store.migrate(place.sessions)
    assert (moves.moved, moves.carried) == (0, 0)
    (left,) = moves.stranded
    assert (left.id, left.workflow, left.state) == ("T-2", "handling", "working")
    assert left.reasons[0].zh != left.reasons[0].en
    assert place.get("T-2").state == "working"
    assert place.journal("T-2") == ["start", "event take"]


def test_a_case_of_a_workflow_that_is_gone_and_a_damaged_row_are_left_behind(place):
    with place.begin() as session:
        place.store.open(session, "repair", FACTS, id="R-1")
    place.open("T-1")
    place.run("UPDATE rules_case SET snapshot = '{' WHERE id = 'T-1'")
    files = {name: text for name, text in FILES.items() if name != "repair.yaml"}
    first, last = RENAMED.index("        call:"), RENAMED.index("        on: {take: at_work}")
    smaller = RENAMED[:first] + RENAMED[last:]
    place.store.take_up(Packs(build({**files, "handling.yaml": smaller}), desk()))
    moves = place.store.migrate(place.sessions)
    assert (moves.moved, moves.carried) == (0, 0)
    assert [each.id for each in moves.stranded] == ["R-1", "T-1"]


@pytest.mark.parametrize("page", [1, 2, 500])
def test_a_move_goes_through_all_pages(place, page):
    for number in range(5):
        place.open(f"T-{number}")
        place.send("take", id=f"T-{number}")
    place.store.take_up(Packs(newer_desk(), desk()))
    assert place.store.migrate(place.sessions, page=page) == Moves(5, 0, ())
