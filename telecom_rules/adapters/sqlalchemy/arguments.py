"""Reads what a host gives to the store: sessions, instants, its clock."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

from sqlalchemy.ext.asyncio import AsyncSession, async_scoped_session
from sqlalchemy.orm import Session, scoped_session

from telecom_rules.errors import ArgumentError
from telecom_rules.wording import Wording, quote_found
from telecom_rules.workflows.engine.instants import normalize_instant

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

NOT_A_SESSION = Wording(
    "应为 `sqlalchemy.orm.Session`，而不是 {found}",
    "expected a `sqlalchemy.orm.Session`, found {found}",
)
ASYNC_SESSION = Wording(
    "应为 `sqlalchemy.orm.Session`；`AsyncSession` 请用以 `a` 开头的方法或函数，如 `asend`",
    "expected a `sqlalchemy.orm.Session`; for an `AsyncSession` use what begins with `a`, such as"
    " `asend` and `aretrying`",
)
NOT_AN_ASYNC_SESSION = Wording(
    "应为 `AsyncSession`，而不是 {found}；`Session` 请用不以 `a` 开头的方法或函数，如 `send`",
    "expected an `AsyncSession`, found {found}; for a `Session` use what does not begin with `a`,"
    " such as `send` and `retrying`",
)
NO_CLOCK = Wording(
    "应为返回当前时刻的函数，如 `lambda: datetime.now(timezone.utc)`，而不是 {found}",
    "expected a function that returns the present, such as `lambda: datetime.now(timezone.utc)`,"
    " found {found}",
)
NOT_OF_A_CLOCK = Wording(
    "应返回带时区偏移的时刻，而不是 {found}；例如 `lambda: datetime.now(timezone.utc)`",
    "it returns an instant with an offset from UTC, not {found}; such as"
    " `lambda: datetime.now(timezone.utc)`",
)


def read_session(session: object, argument: str = "session") -> Session:
    """Return the session of a host, also of a `scoped_session`: the one of this thread.

    Raises:
        ArgumentError: it is not a session, or one for `async`.
    """
    found = session() if isinstance(session, scoped_session) else session
    if not isinstance(found, Session):
        is_async = isinstance(found, AsyncSession | async_scoped_session)
        why = ASYNC_SESSION if is_async else NOT_A_SESSION.fill(found=quote_found(found))
        raise ArgumentError(argument, why)
    return found


def read_async_session(session: object, argument: str = "session") -> AsyncSession:
    """Return the session of an async host, also of an `async_scoped_session`.

    Raises:
        ArgumentError: it is not a session for `async`.
    """
    found = session() if isinstance(session, async_scoped_session) else session
    if not isinstance(found, AsyncSession):
        raise ArgumentError(argument, NOT_AN_ASYNC_SESSION.fill(found=quote_found(found)))
    return found


def require_clock(clock: Callable[[], datetime]) -> Callable[[], datetime]:
    """Return the clock of a host; it is asked only when the present is needed.

    Raises:
        ArgumentError: it cannot be called.
    """
    if not callable(clock):
        raise ArgumentError("clock", NO_CLOCK.fill(found=quote_found(clock)))
    return clock


def read_clock(clock: Callable[[], datetime]) -> datetime:
    """Return the present by the clock of a host.

    Raises:
        ArgumentError: it is not an instant with an offset from UTC.
    """
    now = clock()
    try:
        return normalize_instant(now, UTC)
    except ArgumentError:
        raise ArgumentError("clock", NOT_OF_A_CLOCK.fill(found=quote_found(now))) from None


def read_at(at: datetime | None, clock: Callable[[], datetime]) -> datetime:
    """Return when something happened: the present by default.

    Raises:
        ArgumentError: it is not an instant with an offset from UTC.
    """
    return read_clock(clock) if at is None else normalize_instant(at, UTC)
