"""The store in an `AsyncSession`."""

from __future__ import annotations

import asyncio
import inspect

import pytest
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

from telecom_rules import Accepted, Refused
from telecom_rules.adapters.sqlalchemy import (
    CaseStore,
    Conflict,
    KeyReused,
    UnknownCase,
    aretrying,
    prepare,
)
from tests.adapters.desk import FACTS


@pytest.fixture
def async_engine(place):
    return prepare(create_async_engine(place.url.replace("sqlite:", "sqlite+aiosqlite:")))


def run(engine, work) -> None:
    async def main() -> None:
        try:
            await work(async_sessionmaker(engine))
        finally:
            await engine.dispose()

    asyncio.run(main())


def test_every_verb_has_an_asynchronous_twin():
    verbs = {
        name
        for name, method in inspect.getmembers(CaseStore, inspect.isfunction)
        if "session" in inspect.signature(method).parameters and not name.startswith(("_", "a"))
    } | {"adopt", "archive"}
    assert {name for name in verbs if not hasattr(CaseStore, f"a{name}")} == set()
    assert "send" in verbs


def test_a_request_is_answered_in_an_asynchronous_session(place, async_engine):
    async def work(sessions: async_sessionmaker[AsyncSession]) -> None:
        async with sessions.begin() as session:
            opened = await place.store.aopen(session, "handling", FACTS, id="T-1", actor="u1")
        assert opened.case == place.get()
        async for attempt in aretrying(sessions):
            async with attempt as session:
                taken = await place.store.asend(session, "T-1", "take", key="k")
        assert isinstance(taken, Accepted)
        async with sessions() as session:
            assert await place.store.asend(session, "T-1", "take", key="k") == taken
            refused = await place.store.asend(session, "T-1", "solve", actor="u1")
            assert isinstance(refused, Refused)
            await session.rollback()
            assert len(await place.store.ajournal(session, "T-1")) == 3
            assert await place.store.averify_journal(session, "T-1") == ()
            with pytest.raises(KeyReused):
                await place.store.asend(session, "T-1", "put_back", key="k")
            await session.rollback()
            with pytest.raises(UnknownCase):
                await place.store.aget(session, "T-9")

    run(async_engine, work)
    assert place.journal() == ["start", "event take", "refusal solve"]


def test_lost_races_are_done_again(place, async_engine):
    place.open()
    attempts = []

    async def work(sessions: async_sessionmaker[AsyncSession]) -> None:
        async for attempt in aretrying(sessions):
            async with attempt as session:
                attempts.append(await place.store.aget(session, "T-1"))
                if len(attempts) < 3:
                    raise Conflict("T-1")
        with pytest.raises(Conflict):
            async for attempt in aretrying(sessions, attempts=2):
                async with attempt:
                    raise Conflict("T-1")

    run(async_engine, work)
    assert len(attempts) == 3


def test_tasks_that_race_for_one_case_each_get_their_turn(place, async_engine):
    place.open()
    place.send("take")

    async def work(sessions: async_sessionmaker[AsyncSession]) -> None:
        async def note(number: int) -> None:
            async for attempt in aretrying(sessions, attempts=50):
                async with attempt as session:
                    await place.store.asend(session, "T-1", "note", {"note": str(number)})

        await asyncio.gather(*[note(number) for number in range(8)])

    run(async_engine, work)
    assert place.journal().count("event note") == 8
    assert place.faults() == []
