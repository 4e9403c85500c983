"""One request, one transaction: done again as a whole after a lost race."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias, TypeVar

from fastapi.concurrency import run_in_threadpool
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker
from sqlalchemy.orm import Session, sessionmaker

from telecom_rules.adapters.sqlalchemy import aretrying, retrying
from telecom_rules.errors import ArgumentError
from telecom_rules.wording import Wording, quote_found

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")
Sessions: TypeAlias = sessionmaker[Session] | async_sessionmaker[AsyncSession]
"""What makes a session for each attempt."""


NO_SESSIONS = Wording(
    "应为 `sessionmaker` 或 `async_sessionmaker`，而不是 {found}",
    "expected a `sessionmaker` or an `async_sessionmaker`, found {found}",
)


def read_sessions(sessions: Sessions) -> Sessions:
    """Return what makes a session for each attempt.

    Raises:
        ArgumentError: it cannot be called.
    """
    if not callable(sessions):
        raise ArgumentError("session", NO_SESSIONS.fill(found=quote_found(sessions)))
    return sessions


async def transact(sessions: Sessions, work: Callable[[Session], T]) -> T:
    """Return what `work` returns, in a transaction of its own that is committed.

    With a sync engine it runs in a thread, so that the event loop waits for no database.
    """
    if not isinstance(sessions, async_sessionmaker):
        return await run_in_threadpool(transact_in_thread, sessions, work)
    async for attempt in aretrying(sessions):
        async with attempt as session:
            return await session.run_sync(work)
    raise AssertionError("the last attempt returns or raises")


def transact_in_thread(sessions: sessionmaker[Session], work: Callable[[Session], T]) -> T:
    """Return what `work` returns, in a transaction of its own that is committed."""
    for attempt in retrying(sessions):
        with attempt as session:
            return work(session)
    raise AssertionError("the last attempt returns or raises")
