"""Whatever somebody else has written into a row: it is told as that, and the others go on."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from telecom_rules.adapters.sqlalchemy import CaseOpen, Swept, UnreadableCase
from telecom_rules.adapters.sqlalchemy.moving import NO_WORKFLOW
from telecom_rules.errors import JournalError
from tests.adapters.desk import newer_desk

DEEP = "[" * 50_000
ODD = ["''", "'x'", "'null'", "-1", "x'ff'", "'9999-99-99'", "CAST(x'ff' AS TEXT)", f"'{DEEP}'"]
"""What SQLite takes for a column of any type."""
BEYOND = ["'infinity'", "'-infinity'", "'20000-01-01'", "'4000-01-01 BC'"]
"""Instants of PostgreSQL that Python does not have."""
GOOD = ["T-good-1", "T-good-2"]


def spoil(place, table: str, column: str, values: list[str], where: str = "") -> list[str]:
    """Make a ticket for each value, which its row gets, and two that are left as they are.

    Returns:
        The ids of those with a bad row.
    """
    ids = [f"T-{number}" for number in range(len(values))]
    with place.begin() as session:
        for id in (*ids, *GOOD):
            place.store.open(session, "handling", {"subject": "x"}, id=id)
            place.store.send(session, id, "take", key="k")
            place.store.send(session, id, "note", {"note": "n"})
    key = "id" if table == "rules_case" else "case_id"
    for id, value in zip(ids, values, strict=True):
        place.run(f"UPDATE {table} SET {column} = {value} WHERE {key} = '{id}' {where}")
    return ids


def sweep(place):
    """What a worker does in two runs, and the keys of the effects that its handlers have got."""
    worker, done = place.worker(page=3), []
    for name in ("greet", "tell"):
        worker.effect(name)(lambda effect: done.append(effect.key))
    return worker.run_once(), worker.run_once(), done


def problems(place, table, column: str = "problem") -> list[str]:
    """What a table says of the rows that were set aside."""
    problem = table.c[column]
    with place.sessions() as session:
        return list(session.scalars(select(problem).where(problem.is_not(None))))


def find_bad_instants(place):
    """The databases differ in what they take for an instant."""
    return BEYOND if place.engine.dialect.name == "postgresql" else ODD


@pytest.mark.parametrize("column", ["next_due", "at"])
def test_a_worker_sets_cases_aside_that_cannot_be_read_and_does_the_rest(place, column):
    bad = spoil(place, "rules_case", column, find_bad_instants(place))
    place.clock.go(days=6)
    first, second, done = sweep(place)
    assert (first.ticked, sorted(first.poisoned)) == (len(GOOD), bad)
    assert first.effects == len(done) == 2 * len([*bad, *GOOD])
    assert second == Swept()
    told = problems(place, place.store.cases)
    assert len(told) == len(bad)
    assert all(each.startswith("UnreadableCase: the case `T-") for each in told)


def test_a_worker_sets_cases_aside_whose_snapshot_is_anything(sqlite_place):
    bad = spoil(sqlite_place, "rules_case", "snapshot", ODD)
    sqlite_place.clock.go(days=6)
    first, second, _ = sweep(sqlite_place)
    assert (first.ticked, sorted(first.poisoned), second) == (len(GOOD), bad, Swept())


@pytest.mark.parametrize("column", ["at", "done_at", "not_before"])
def test_a_worker_gives_effects_up_whose_instants_cannot_be_read_and_does_the_rest(place, column):
    bad = spoil(place, "rules_outbox", column, find_bad_instants(place), "AND sequence = 0")
    first, second, done = sweep(place)
    assert sorted(first.given_up) == [f"{id}/0/0" for id in bad]
    assert first.effects == len(done) == len(bad) + 2 * len(GOOD)
    assert second == Swept()
    told = problems(place, place.store.tables.outbox)
    assert len(told) == len(bad)
    assert all("no store writes" in each for each in told)


def test_a_worker_gives_effects_up_whose_attempts_are_no_number_and_does_the_rest(sqlite_place):
    bad = spoil(sqlite_place, "rules_outbox", "attempts", ODD, "AND sequence = 0")
    first, second, _ = sweep(sqlite_place)
    assert sorted(first.given_up) == [f"{id}/0/0" for id in bad]
    assert (first.effects, second) == (len(bad) + 2 * len(GOOD), Swept())


def test_an_effect_whose_data_or_key_are_not_ours_is_not_done(place):
    bad = spoil(place, "rules_outbox", "payload", ["'['", "'null'", "'[]'"], "AND sequence = 0")
    place.run("UPDATE rules_outbox SET effect_key = 'x' WHERE case_id = 'T-0' AND sequence = 2")
    first, _, done = sweep(place)
    assert sorted(first.failed) == sorted([f"{id}/0/0" for id in bad] + ["T-0/2/0"])
    assert first.effects == len(done) == len(bad) - 1 + 2 * len(GOOD)


def test_an_effect_that_is_done_already_is_told_and_stops_no_other(place):
    spoil(place, "rules_outbox", "done_at", ["at"], "AND sequence = 0")
    first, second, done = sweep(place)
    assert first == Swept(effects=5, given_up=("T-0/0/0",))
    assert (second, len(done)) == (Swept(), 5)


class Unspeakable(Exception):
    def __str__(self) -> str:
        raise RuntimeError


@pytest.mark.parametrize("problem", [Unspeakable(), ValueError("\ud800\0" + "x" * 9_999)])
def test_a_handler_may_raise_what_has_no_words(place, problem):
    spoil(place, "rules_case", "id", [])
    worker = place.worker()

    @worker.effect("tell")
    def fail(_effect) -> None:
        raise problem

    assert len(worker.run_once().failed) == len(GOOD)


@pytest.mark.parametrize(
    "column", ["next_due", "at", "snapshot", "sequence", "archived_at", "erased_at", "state"]
)
def test_a_case_that_cannot_be_read_is_that_for_every_call(sqlite_place, column):
    place = sqlite_place
    store = place.store
    for id in spoil(place, "rules_case", column, ODD):
        for call in (
            store.get,
            store.tick,
            store.release,
            store.erase,
            store.archive,
            lambda session, id: store.send(session, id, "put_back", by="agent"),
            lambda session, id: store.send(session, id, "take", key="k"),
        ):
            with pytest.raises((UnreadableCase, CaseOpen)) as caught, place.begin() as session:
                call(session, id)
            assert caught.value.id == id
            # These two look at little else than whether it is closed, which it is not.
            assert caught.type is UnreadableCase or call in {store.erase, store.archive}
            assert len(caught.value.explain("zh")) < 400


@pytest.mark.parametrize("column", ["head", "sequence", "snapshot"])
def test_a_bad_row_of_a_case_is_a_fault_of_its_journal(sqlite_place, column):
    values = [each for each in ODD if not each.startswith("CAST")]  # nothing can be read there
    for id in spoil(sqlite_place, "rules_case", column, values):
        assert [kind for kind, _ in sqlite_place.faults(id)] == [
            "snapshot" if column == "snapshot" else "cut"
        ]


@pytest.mark.parametrize("column", ["at", "next_due", "snapshot"])
def test_a_migration_leaves_cases_behind_that_cannot_be_read_and_moves_the_rest(
    sqlite_place, column
):
    bad = spoil(sqlite_place, "rules_case", column, ODD)
    sqlite_place.store.take_up(newer_desk())
    moves = sqlite_place.store.migrate(sqlite_place.sessions)
    assert (moves.moved, moves.carried) == (len(GOOD), 0)
    assert sorted(each.id for each in moves.stranded) == bad
    assert all(each.reasons not in [(), (NO_WORKFLOW,)] for each in moves.stranded)


@pytest.mark.parametrize("column", ["at", "seal", "kind", "commitment", "entry"])
def test_a_bad_column_of_a_journal_is_found_at_its_entry(sqlite_place, column):
    place = sqlite_place
    values = [each for each in ODD if not each.startswith("CAST")]
    for id in spoil(place, "rules_journal", column, values, "AND sequence = 1"):
        faults = place.faults(id)
        assert faults[0][1] == 1
        assert {number for _, number in faults} <= {1, 2}
        if column in {"at", "entry"}:
            with place.sessions() as session, pytest.raises(JournalError) as caught:
                place.store.journal(session, id)
            assert caught.value.sequence == 1


@pytest.mark.parametrize("value", ["''", "'x'", "-1", "x'ff'", "7"])
def test_a_number_of_the_journal_that_is_none_is_found_at_its_entry(sqlite_place, value):
    spoil(sqlite_place, "rules_journal", "sequence", [value], "AND sequence = 1")
    faults = sqlite_place.faults("T-0")
    assert faults[0][1] in {-1, 0, 1}
    assert {kind for kind, _ in faults} & {"unreadable", "hole"}
    with pytest.raises(UnreadableCase):
        sqlite_place.send("take", id="T-0", key="k")


@pytest.mark.parametrize("column", ["at"])
def test_a_value_that_the_database_cannot_give_is_an_unreadable_case(postgres_place, column):
    store = postgres_place.store
    for id in spoil(postgres_place, "rules_journal", column, BEYOND, "AND sequence = 1"):
        for call in store.journal, store.verify_journal:
            with postgres_place.sessions() as session, pytest.raises(UnreadableCase):
                call(session, id)


HELD = ["null", "[]", "1", DEEP, '{"effects": 1}', '{"effects": [1, 2]}', '{"calls": [1]}', ""]


def test_values_that_are_no_object_are_told_and_found(place):
    values = [f"'{each}'" for each in HELD]
    for id in spoil(place, "rules_values", "held", values, "AND sequence = 1"):
        assert place.faults(id) == [("values", 1)]
        if id == f"T-{HELD.index('')}":
            continue  # as if they were erased
        with place.sessions() as session, pytest.raises(JournalError) as caught:
            place.store.journal(session, id)
        assert caught.value.sequence == 1
        with pytest.raises(UnreadableCase):
            place.send("take", id=id, key="k")


def test_a_used_key_whose_entries_are_gone_is_an_unreadable_case(place):
    statements = [
        "DELETE FROM rules_journal WHERE case_id = 'T-0'",
        "DELETE FROM rules_journal WHERE case_id = 'T-1' AND sequence = 0",
        "UPDATE rules_request SET last = 99 WHERE case_id = 'T-2'",
        "UPDATE rules_request SET last = 2147483647 WHERE case_id = 'T-3'",
        "UPDATE rules_request SET first = 5 WHERE case_id = 'T-4'",
        "UPDATE rules_request SET first = -1 WHERE case_id = 'T-5'",
    ]
    for id, statement in zip(
        spoil(place, "rules_case", "id", ["id"] * len(statements)), statements, strict=True
    ):
        place.run(statement)
        with pytest.raises(UnreadableCase) as caught:
            place.send("take", id=id, key="k")
        assert caught.value.id == id


def test_what_is_due_is_put_right_where_nothing_is(place):
    place.open()
    due = place.get().next_due
    place.run("UPDATE rules_case SET next_due = at")
    assert place.worker().run_once() == Swept()
    with place.sessions() as session:
        assert session.scalars(select(place.store.cases.c.next_due)).all() == [due]


def test_one_bad_page_does_not_keep_a_worker_for_ever(sqlite_place, monkeypatch):
    bad = spoil(sqlite_place, "rules_case", "next_due", ["''"] * 4)
    worker = sqlite_place.worker(page=2)
    monkeypatch.setattr(worker, "_set_aside", lambda *_: None)
    assert set(worker.run_once().poisoned) < set(bad)
