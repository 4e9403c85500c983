"""Keeps refusals on record though the host's transaction is rolled back.

A refusal written in the transaction that it ends is rolled back with it. So it is written when
that transaction has ended, either way, in a short one of its own on the same engine. Not before:
SQLite has one writer at a time, who would wait for itself. A refusal of a process that is killed in
between is lost; it has changed nothing, and nobody was answered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Connection, Engine, event

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session, SessionTransaction

    from telecom_rules.adapters.sqlalchemy.statements import Statements

WAITING = "telecom_rules.refusals"
"""A key of `session.info`: the refusals that wait for the end of its transaction."""


class Waiting(NamedTuple):
    """A refusal that waits.

    Attributes:
        statements: the statements of the tenant.
        values: the values of the row.
        bind: where it goes: the engine, or the connection on which the host itself has begun.
        schemas: the map of schemas of the transaction.
        tell: called with the problem if it cannot be written.
    """

    statements: Statements
    values: dict[str, Any]
    bind: Engine | Connection
    schemas: Any
    tell: Callable[[Exception], None]


def write_at_end(
    session: Session,
    statements: Statements,
    values: dict[str, Any],
    tell: Callable[[Exception], None],
) -> None:
    """Write a refusal as soon as the transaction of the session has ended.

    Args:
        session: the session of the host.
        statements: the statements of the tenant.
        values: the values of the row.
        tell: called with the problem if it cannot be written; the host's own work is done then.
    """
    clause = statements.insert_refusal
    bind = session.get_bind(clause=clause)
    connection = session.connection(bind_arguments={"clause": clause})
    options = connection.get_execution_options()
    if WAITING not in session.info:
        event.listen(session, "after_transaction_end", write_waiting)
    waiting = session.info.setdefault(WAITING, [])
    waiting.append(Waiting(statements, values, bind, options.get("schema_translate_map"), tell))


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
            insert(bind, waiting)
            return
        bind = bind.engine
    if waiting.schemas is not None:
        bind = bind.execution_options(schema_translate_map=waiting.schemas)
    with bind.begin() as connection:
        insert(connection, waiting)


def insert(connection: Connection, waiting: Waiting) -> None:
    """Insert one refusal, if its case is still kept.

    It is not, if the transaction that was to open it was rolled back: the next case with this id
    is another one. Nor is it once its values were erased: a refusal would bring some of them back.
    """
    found = connection.execute(waiting.statements.hold, {"case_": waiting.values["case"]}).first()
    if found is not None:
        connection.execute(waiting.statements.insert_refusal, waiting.values)
