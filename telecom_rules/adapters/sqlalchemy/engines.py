"""What an engine needs so that writers of one SQLite file wait for one another."""

from __future__ import annotations

from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, event
from sqlalchemy.ext.asyncio import AsyncEngine

from telecom_rules.errors import ArgumentError
from telecom_rules.wording import Wording, quote_found

NOT_AN_ENGINE = Wording(
    "应为 `create_engine` 或 `create_async_engine` 返回的引擎，而不是 {found}",
    "expected an engine, as `create_engine` or `create_async_engine` returns it, found {found}",
)
E = TypeVar("E", bound="Engine | AsyncEngine")

READS = "telecom_rules_reads"
"""An execution option of a connection: whether its transactions only read."""
BUSY_SECONDS = 30
"""How long a writer waits for another one, where the host has not said it."""


def prepare(engine: E) -> E:
    """Return an engine whose transactions the store can rely on; call it once, before its use.

    On SQLite each transaction begins as a writer (`BEGIN IMMEDIATE`), because one that reads first
    and then writes fails at once if another has written meanwhile. One that only reads waits for
    its turn as well, unless `CaseStore.read_only` says so: then it goes on during a write (WAL). A
    commit is on the disk
    when it returns (`synchronous=FULL`). A writer waits for another one for half a minute, unless
    the host has set the `timeout` of the driver. Engines of other databases are returned as they
    are.

    Raises:
        ArgumentError: it is not an engine.
    """
    if not isinstance(engine, Engine | AsyncEngine):
        raise ArgumentError("engine", NOT_AN_ENGINE.fill(found=quote_found(engine)))
    sync = engine if isinstance(engine, Engine) else engine.sync_engine
    if sync.dialect.name == "sqlite":
        event.listen(sync, "do_connect", set_timeout)
        event.listen(sync, "connect", set_pragmas)
        event.listen(sync, "begin", begin)
    return engine


def set_timeout(_dialect: object, _record: object, _args: object, options: dict[str, Any]) -> None:
    """Let a new connection wait for other writers as long as the host says, or half a minute."""
    options.setdefault("timeout", BUSY_SECONDS)


def set_pragmas(connection: Any, _record: object) -> None:
    """Prepare a new connection; the driver is not to begin transactions by itself."""
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode = WAL", "synchronous = FULL"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def begin(connection: Connection) -> None:
    """Begin a transaction: as a writer, unless it is known to read only."""
    reads = connection.get_execution_options().get(READS)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")
