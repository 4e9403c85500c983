"""The version of the tables in a database, and the steps from one to the next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, inspect, select, text

from telecom_rules.adapters.rows import SchemaMismatch

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy import Connection, MetaData

    from telecom_rules.adapters.sqlalchemy.tables import Tables

VERSION = 1
"""The version that this library reads and writes."""
STEPS: Mapping[int, Callable[[Connection, Tables], None]] = {}
"""What brings the tables to each version from the one before. A step looks before it changes
anything: the migrations of the host may have been faster."""
ADVISORY_LOCK = 7_401_533_820_114
"""The number under which the upgrades of several processes wait for one another."""


def upgrade(
    connection: Connection,
    metadata: MetaData,
    tables: Tables,
    steps: Mapping[int, Callable[[Connection, Tables], None]],
) -> int:
    """Make the tables that are missing, and bring older ones up to date; return the version.

    Args:
        connection: a connection in a transaction, which the caller commits.
        metadata: the metadata of the tables.
        tables: the tables.
        steps: what brings the tables to each version.

    Raises:
        SchemaMismatch: the tables are of a later version.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": ADVISORY_LOCK})
    newest = max(steps, default=VERSION)
    found = find_version(connection, tables)
    if found > newest:
        raise SchemaMismatch(found, newest)
    known = inspect(connection).has_table(tables.case.name, schema=tables.case.schema)
    metadata.create_all(connection, tables=list(tables.all))
    if known and found:
        for version in range(found + 1, newest + 1):
            steps[version](connection, tables)
    if found != newest:
        connection.execute(delete(tables.schema))
        connection.execute(insert(tables.schema), {"version": newest})
    return newest


def check(connection: Connection, tables: Tables) -> None:
    """Raise `SchemaMismatch` unless the tables are those that this library reads and writes."""
    found = find_version(connection, tables)
    if found != VERSION:
        raise SchemaMismatch(found, VERSION)


def find_version(connection: Connection, tables: Tables) -> int:
    """Return the version of the tables in a database; 0 where none is written."""
    if not inspect(connection).has_table(tables.schema.name, schema=tables.schema.schema):
        return 0
    return connection.execute(select(tables.schema.c.version)).scalar() or 0
