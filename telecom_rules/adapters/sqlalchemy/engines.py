"""What an engine needs so that writers of one SQLite file wait for one another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import Connection, Engine, event

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine

E = TypeVar("E", bound="Engine | AsyncEngine")

BUSY_SECONDS = 30
"""How long a writer waits for another one."""


def prepare(engine: E) -> E:
    """Return an engine whose transactions the store can rely on; call it once, before its use.

    On SQLite each transaction begins as a writer (`BEGIN IMMEDIATE`), because one that reads first
    and then writes fails at once if another has written meanwhile. One that only reads waits for
    its turn as well; readers of other engines go on during a write (WAL). A commit is on the disk
    when it returns (`synchronous=FULL`). Engines of other databases are returned as they are.
    """
    sync = engine if isinstance(engine, Engine) else engine.sync_engine
    if sync.dialect.name == "sqlite":
        event.listen(sync, "connect", set_pragmas)
        event.listen(sync, "begin", begin_as_writer)
    return engine


def set_pragmas(connection: Any, _record: object) -> None:
    """Prepare a new connection; the driver is not to begin transactions by itself."""
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout = {BUSY_SECONDS * 1000}",
        "journal_mode = WAL",
        "synchronous = FULL",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def begin_as_writer(connection: Connection) -> None:
    """Begin a transaction."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")
