"""Keeps refusals on record though the host's transaction is rolled back.

A refusal written in the transaction that it ends is rolled back with it. So it is written when
that transaction has ended, either way, in a short one of its own on the same engine. Not before:
SQLite has one writer at a time, who would wait for itself. A refusal of a process that is killed in
between is lost; it has changed nothing, and nobody was answered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Connection, Engine, Insert, event

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session, SessionTransaction

WAITING = "telecom_rules.refusals"
"""A key of `session.info`: the refusals that wait for the end of its transaction."""


class Waiting(NamedTuple):
    """A refusal that waits.

    Attributes:
        statement: the insert.
        values: the values of the row.
        bind: where it goes: the engine, or the connection on which the host itself has begun.
        schemas: the map of schemas of the transaction.
        tell: called with the problem if it cannot be written.
    """

    statement: Insert
    values: dict[str, Any]
    bind: Engine | Connection
    schemas: Any
    tell: Callable[[Exception], None]


def write_at_end(
    session: Session,
    statement: Insert,
    values: dict[str, Any],
    tell: Callable[[Exception], None],
) -> None:
    """Write a refusal as soon as the transaction of the session has ended.

    Args:
        session: the session of the host.
        statement: the insert.
        values: the values of the row.
        tell: called with the problem if it cannot be written; the host's own work is done then.
    """
    bind = session.get_bind(clause=statement)
    connection = session.connection(bind_arguments={"clause": statement})
    options = connection.get_execution_options()
    if WAITING not in session.info:
        event.listen(session, "after_transaction_end", write_waiting)
    waiting = session.info.setdefault(WAITING, [])
    waiting.append(Waiting(statement, values, bind, options.get("schema_translate_map"), tell))


def write_waiting(session: Session, transaction: SessionTransaction) -> None:
    """Write the refusals that have waited for the end of an outermost transaction."""
    if transaction.parent is not None:
        return
    waiting: list[Waiting] = session.info[WAITING]
    session.info[WAITING] = []
    for each in waiting:
        try:
            write(each)
        except Exception as problem:  # the work of the host is done, whatever is wrong here
            each.tell(problem)


def write(waiting: Waiting) -> None:
    """Write one refusal."""
    bind = waiting.bind
    if isinstance(bind, Connection):
        if bind.in_transaction():  # of the host, who alone knows how it ends
            bind.execute(waiting.statement, waiting.values)
            return
        bind = bind.engine
    if waiting.schemas is not None:
        bind = bind.execution_options(schema_translate_map=waiting.schemas)
    with bind.begin() as connection:
        connection.execute(waiting.statement, waiting.values)
