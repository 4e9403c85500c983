"""The tables: made, upgraded, and refused when they are of another version."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import create_engine, inspect
from sqlalchemy.exc import OperationalError

from telecom_rules.adapters.sqlalchemy import SchemaMismatch, prepare
from telecom_rules.adapters.sqlalchemy.schema import find_version, upgrade
from tests.adapters.sqlalchemy.place import Place


@pytest.fixture
def bare(database):
    place = Place(database)
    yield place
    place.metadata.drop_all(place.engine)
    place.engine.dispose()


def test_an_upgrade_makes_the_tables_once_and_may_be_repeated(bare):
    store = bare.store
    with pytest.raises(SchemaMismatch) as found, bare.engine.begin() as connection:
        store.check(connection)
    assert (found.value.found, found.value.expected) == (0, 1)
    for _ in range(2):
        with bare.engine.begin() as connection:
            assert store.upgrade(connection) == 1
            store.check(connection)
    bare.open()
    assert bare.faults() == []


def test_processes_that_upgrade_at_once_wait_for_one_another(bare):
    def run(_: int) -> int:
        with bare.engine.begin() as connection:
            return bare.store.upgrade(connection)

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(run, range(4))) == [1] * 4


def test_tables_that_the_migrations_of_the_host_made_get_their_version(bare):
    bare.metadata.create_all(bare.engine)
    with bare.engine.begin() as connection:
        assert find_version(connection, bare.store.tables) == 0
        assert bare.store.upgrade(connection) == 1


def test_later_versions_are_reached_step_by_step_with_the_cases_in_place(bare):
    with bare.engine.begin() as connection:
        bare.store.upgrade(connection)
    bare.open()
    done = []

    def widen(connection, tables) -> None:
        done.append(2)
        columns = {each["name"] for each in inspect(connection).get_columns(tables.case.name)}
        if "team" not in columns:
            connection.exec_driver_sql("ALTER TABLE rules_case ADD COLUMN team TEXT")

    def fill(connection, tables) -> None:
        done.append(3)
        connection.exec_driver_sql("UPDATE rules_case SET team = 'north'")

    steps = {3: fill, 2: widen}
    for _ in range(2):
        with bare.engine.begin() as connection:
            assert upgrade(connection, bare.metadata, bare.store.tables, steps) == 3
    assert done == [2, 3]
    assert bare.get().state == "open"
    with pytest.raises(SchemaMismatch) as found, bare.engine.begin() as connection:
        bare.store.upgrade(connection)
    assert (found.value.found, found.value.expected) == (3, 1)


def test_a_broken_upgrade_changes_nothing(bare):
    with bare.engine.begin() as connection:
        bare.store.upgrade(connection)

    def fail(connection, tables) -> None:
        connection.exec_driver_sql("ALTER TABLE rules_case ADD COLUMN team TEXT")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), bare.engine.begin() as connection:
        upgrade(connection, bare.metadata, bare.store.tables, {2: fail})
    with bare.engine.begin() as connection:
        bare.store.check(connection)
        names = {each["name"] for each in inspect(connection).get_columns("rules_case")}
    assert "team" not in names


def test_a_session_that_only_reads_waits_for_no_writer(tmp_path):
    place = Place(f"sqlite:///{tmp_path / 'x.db'}?timeout=0.01")
    place.metadata.create_all(place.engine)
    opened = place.open().case
    with place.begin() as writing:
        place.store.send(writing, "T-1", "take")
        with place.sessions() as session:
            place.store.read_only(session)
            assert place.store.get(session, "T-1") == opened
            place.store.read_only(session)  # it does so already
            assert place.store.get(session, "T-1") == opened
        with pytest.raises(OperationalError), place.sessions() as session:
            place.store.get(session, "T-1")
    assert place.get().state == "working"
    place.engine.dispose()


@pytest.mark.parametrize(
    ("query", "options", "milliseconds"),
    [
        ("", {}, 30_000),
        ("", {"connect_args": {"timeout": 0.2}}, 200),
        ("?timeout=3", {}, 3_000),
    ],
)
def test_a_writer_waits_as_long_as_the_host_says(tmp_path, query, options, milliseconds):
    engine = prepare(create_engine(f"sqlite:///{tmp_path / 'x.db'}{query}", **options))
    with engine.connect() as connection:
        found = connection.exec_driver_sql("PRAGMA busy_timeout").scalar()
        assert (found, connection.exec_driver_sql("PRAGMA journal_mode").scalar()) == (
            milliseconds, "wal",
        )  # fmt: skip
    engine.dispose()
