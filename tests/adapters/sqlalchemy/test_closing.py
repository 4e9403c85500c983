"""Closed cases: the data of a person are erased, the chain stays whole; archives are verified."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import inspect, select

from telecom_rules.adapters.sqlalchemy import (
    CaseExists,
    CaseOpen,
    EffectsWaiting,
    NotKept,
    erase_archive,
    verify_archive,
)
from telecom_rules.errors import ArgumentError
from tests.adapters.desk import BEGUN, FACTS


def close(place, id: str = "T-1") -> None:
    """Open a ticket, refuse something, close it, do its effects."""
    place.open(id, actor="u-secret", key="k")
    place.send("solve", id=id, actor="u-secret", by="agent")
    place.send("take", id=id)
    place.send("note", {"note": "a secret"}, id=id, key="k-2")
    place.send("solve", id=id, by="agent")


def do_effects(place) -> None:
    worker = place.worker()
    for name in ("greet", "tell"):
        worker.effect(name)(str)
    worker.run_once()


def everything(place) -> str:
    """Everything that is in any table, as text."""
    names = inspect(place.engine).get_table_names()
    with place.engine.connect() as connection:
        rows = [connection.exec_driver_sql(f"SELECT * FROM {name}").all() for name in names]
    return repr(rows)


def find_head(place) -> str:
    """The seal of the last row of a journal."""
    cases = place.store.cases
    with place.sessions() as session:
        return session.scalars(select(cases.c.head).where(cases.c.id == "T-1")).one()


SECRETS = ("no signal", "K-100001", "a secret", "u-secret")


def test_the_data_of_a_person_are_erased_and_the_chain_stays_whole(place):
    close(place)
    close(place, "T-2")
    do_effects(place)
    for each in SECRETS:
        assert each in everything(place)
    head = find_head(place)
    place.clock.go(days=1)
    with place.begin() as session:
        place.store.erase(session, "T-1", actor="officer")
    with place.begin() as session:
        place.store.erase(session, "T-2", actor="officer")
    left = everything(place)
    assert [each for each in SECRETS if each in left] == []
    assert place.faults() == []
    assert find_head(place) == head
    with place.sessions() as session:
        values = place.store.tables.values
        rows = session.execute(select(values.c.erased_by, values.c.erased_at)).all()
    assert {each.erased_by for each in rows} == {"officer"}
    assert {each.erased_at for each in rows} == {place.clock.now}
    assert place.journal() == ["start", "event take", "event note", "event solve"]
    with pytest.raises(NotKept) as found:
        place.get()
    assert found.value.erased
    with pytest.raises(NotKept):
        place.send("take", key="k-2")
    with pytest.raises(NotKept), place.begin() as session:
        place.store.erase(session, "T-1")
    with pytest.raises(CaseExists):
        place.open()


def test_a_changed_row_is_found_after_erasure_as_well(place):
    close(place)
    do_effects(place)
    with place.begin() as session:
        place.store.erase(session, "T-1")
    place.run(
        "UPDATE rules_journal SET entry = replace(entry, 'agent', 'other') WHERE sequence = 3"
    )
    assert place.faults() == [("changed", 3)]
    place.run("DELETE FROM rules_journal WHERE sequence > 1")
    assert place.faults() == [("cut", 2)]


def test_values_that_were_deleted_without_a_tombstone_are_found(place):
    close(place)
    place.run("DELETE FROM rules_values WHERE sequence = 2")
    assert place.faults() == [("values", 2)]


@pytest.mark.parametrize("verb", ["erase", "archive"])
def test_open_cases_and_those_with_effects_to_be_done_are_kept(place, verb):
    place.open()
    with pytest.raises(CaseOpen), place.begin() as session:
        getattr(place.store, verb)(session, "T-1")
    place.send("take")
    place.send("solve", by="agent")
    with pytest.raises(EffectsWaiting) as found, place.begin() as session:
        getattr(place.store, verb)(session, "T-1")
    assert found.value.keys == ("T-1/0/0",)
    assert place.get().final


def test_a_closed_case_is_archived_as_a_document_that_can_be_verified(place):
    close(place)
    do_effects(place)
    before = place.journal()
    with place.begin() as session:
        document = json.loads(json.dumps(place.store.archive(session, "T-1")))
    assert len(document["journal"]) + len(document["refusals"]) == len(before)
    for table in place.store.tables.all:
        if table.name not in {"rules_case", "rules_schema"}:
            assert place.count(table) == 0
    head = find_head(place)
    assert verify_archive(document, head) == ()
    assert verify_archive(erase_archive(document), head) == ()
    assert [each for each in SECRETS if each in json.dumps(erase_archive(document))] == []
    for ask in (place.get, place.journal, place.faults):
        with pytest.raises(NotKept) as found:
            ask()
        assert not found.value.erased
    place.clock.go(days=60)
    assert place.worker().run_once().poisoned == ()
    assert place.clock.now > BEGUN


@pytest.mark.parametrize("at", [BEGUN.replace(tzinfo=None), "2026-03-02", 7])
@pytest.mark.parametrize("verb", ["erase", "archive"])
def test_an_instant_without_an_offset_closes_nothing(place, verb, at):
    close(place)
    do_effects(place)
    with pytest.raises(ArgumentError, match="`at`"), place.begin() as session:
        getattr(place.store, verb)(session, "T-1", at=at)
    assert place.get().final


def test_a_refusal_brings_no_values_back_that_were_erased_meanwhile(place):
    close(place)
    do_effects(place)
    with place.sessions() as session:
        assert place.store.send(session, "T-1", "a secret", actor="u-secret").reasons
        place.store.erase(session, "T-1")
        session.commit()
    assert not [each for each in SECRETS if each in everything(place)]


def test_a_refusal_to_a_case_that_was_never_opened_is_not_that_of_the_next(place):
    with place.sessions() as session:
        place.store.open(session, "handling", FACTS, id="T-1")
        assert place.store.send(session, "T-1", "nothing", actor="u-other").reasons
        session.rollback()
    place.open("T-1")
    assert place.journal() == ["start"]
