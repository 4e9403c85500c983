"""Does a whole transaction again when somebody else was faster."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError

from telecom_rules.adapters.rows import Conflict
from telecom_rules.adapters.sqlalchemy.arguments import read_async_session, read_session
from telecom_rules.values.arguments import read_callable, read_count

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator
    from types import TracebackType

    from sqlalchemy.ext.asyncio import AsyncSession
    from sqlalchemy.orm import Session

ATTEMPTS = 10
LOCK = "telecom_rules.lock"
"""A key of `session.info`: whether rows are locked when they are read. After a lost race they are,
so that the second attempt is not lost as well."""
SERIALIZATION_STATES = frozenset({"40001", "40P01", "55P03"})
"""SQLSTATE of a serialization failure, a deadlock, a lock that was not to be had."""
LOCK_NUMBERS = frozenset({1205, 1213})
"""The same on MySQL and MariaDB."""


def is_lost_race(problem: BaseException) -> bool:
    """Return whether doing the transaction again may help."""
    if isinstance(problem, Conflict):
        return True
    if not isinstance(problem, DBAPIError):
        return False
    found = problem.orig
    if isinstance(found, sqlite3.OperationalError):
        code = getattr(found, "sqlite_errorcode", 0) & 0xFF
        return code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
    if getattr(found, "sqlstate", None) in SERIALIZATION_STATES:
        return True
    return bool(found and found.args and found.args[0] in LOCK_NUMBERS)


class Attempt:
    """One attempt at a transaction: a context that gives a session, and commits when it ends."""

    def __init__(self, session: Session, *, last: bool) -> None:
        self._session = session
        self._last = last
        self.lost: bool = False
        """Whether somebody else was faster."""

    def __enter__(self) -> Session:
        return self._session

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        traceback: TracebackType | None,
    ) -> bool:
        self._session.info[LOCK] = False  # the session of a thread is used again
        with self._session as session:  # closes it
            if problem is None:
                session.commit()
                return False
            session.rollback()
            self.lost = is_lost_race(problem)
            return self.lost and not self._last


class AsyncAttempt:
    """The same for an `AsyncSession`."""

    def __init__(self, session: AsyncSession, *, last: bool) -> None:
        self._session = session
        self._last = last
        self.lost: bool = False
        """Whether somebody else was faster."""

    async def __aenter__(self) -> AsyncSession:
        return self._session

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        traceback: TracebackType | None,
    ) -> bool:
        self._session.info[LOCK] = False
        async with self._session as session:
            if problem is None:
                await session.commit()
                return False
            await session.rollback()
            self.lost = is_lost_race(problem)
            return self.lost and not self._last


def retrying(sessions: Callable[[], Session], attempts: int = ATTEMPTS) -> Iterator[Attempt]:
    """Yield attempts at one transaction until one of them is not lost to somebody faster.

    >>> for attempt in retrying(Sessions):
    ...     with attempt as session:
    ...         outcome = store.send(session, "C-1", "record", {}, by="agent")

    Each attempt is a session of its own, committed at the end of its block, so that everything is
    read again. `return` and `break` in the block are fine. What the block does elsewhere, such as
    a message that it sends, it does again.

    Args:
        sessions: makes a session, such as a `sessionmaker`.
        attempts: how often at most; what the last one raises goes through.

    Raises:
        ArgumentError: `sessions` makes no `Session`, or `attempts` is not a whole number.
    """
    sessions, attempts = read_callable("sessions", sessions), read_count("attempts", attempts)
    for number in range(1, attempts + 1):
        session = read_session(sessions(), "sessions")
        session.info[LOCK] = number > 1
        attempt = Attempt(session, last=number == attempts)
        yield attempt
        if not attempt.lost:
            return


async def aretrying(
    sessions: Callable[[], AsyncSession], attempts: int = ATTEMPTS
) -> AsyncIterator[AsyncAttempt]:
    """Yield attempts as `retrying` does, for `AsyncSession`: `async for`, then `async with`.

    Raises:
        ArgumentError: `sessions` makes no `AsyncSession`, or `attempts` is not a whole number.
    """
    sessions, attempts = read_callable("sessions", sessions), read_count("attempts", attempts)
    for number in range(1, attempts + 1):
        session = read_async_session(sessions(), "sessions")
        session.info[LOCK] = number > 1
        attempt = AsyncAttempt(session, last=number == attempts)
        yield attempt
        if not attempt.lost:
            return
