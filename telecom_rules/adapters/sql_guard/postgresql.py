"""The triggers of PostgreSQL, and the function that both call.

They run after the change, so that no other trigger changes the row behind them, and an upsert that
only updates fires no trigger of an insert. The error is a violation of a check (23514).
"""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

from telecom_rules.adapters.sql_guard.quoting import name_trigger, quote_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from telecom_rules.adapters.sql_guard.guarded_column import GuardedColumn
    from telecom_rules.adapters.sql_guard.moves import Status


def create(guard: GuardedColumn) -> tuple[str, ...]:
    """Return the statements that put the triggers in place, or in the place of older ones."""
    return (
        *drop_triggers(guard),
        create_function(guard),
        create_trigger(guard, "update", f"WHEN ({old(guard)} IS DISTINCT FROM {new(guard)})"),
        create_trigger(guard, "insert", ""),
    )


def drop(guard: GuardedColumn) -> tuple[str, ...]:
    """Return the statements that remove the triggers and their function, if they are there."""
    return (
        *drop_triggers(guard),
        f"DROP FUNCTION IF EXISTS {qualify(guard, name(guard, 'guard'))}()",
    )


def drop_triggers(guard: GuardedColumn) -> tuple[str, ...]:
    """Return the statements that remove the triggers, if they are there."""
    table = qualify(guard, guard.table)
    return tuple(
        f"DROP TRIGGER IF EXISTS {quote_name(name(guard, what))} ON {table}"
        for what in ("update", "insert")
    )


def name(guard: GuardedColumn, what: str) -> str:
    """Return the name of a trigger or the function."""
    return name_trigger(guard.table, guard.column, what)


def qualify(guard: GuardedColumn, thing: str) -> str:
    """Return the quoted name of a thing, with its schema if the host has named one."""
    quoted = quote_name(thing)
    return quoted if guard.schema is None else f"{quote_name(guard.schema)}.{quoted}"


def old(guard: GuardedColumn) -> str:
    """Return the old status, a text as a plain one: the column may be an enumeration."""
    return f"OLD.{quote_name(guard.column)}{guard.cast}"


def new(guard: GuardedColumn) -> str:
    """Return the new status likewise."""
    return f"NEW.{quote_name(guard.column)}{guard.cast}"


def create_trigger(guard: GuardedColumn, what: str, condition: str) -> str:
    """Return the statement for one trigger."""
    lines = [
        f"CREATE TRIGGER {quote_name(name(guard, what))}",
        f"AFTER {what.upper()} ON {qualify(guard, guard.table)}",
        "FOR EACH ROW",
        condition,
        f"EXECUTE FUNCTION {qualify(guard, name(guard, 'guard'))}()",
    ]
    return "\n".join(line for line in lines if line)


def create_function(guard: GuardedColumn) -> str:
    """Return the statement for the function that both triggers call."""
    body = "\n".join(iter_body(guard))
    tag = next(tag for tag in (f"$rules{n}$" for n in count()) if tag not in body)
    function = qualify(guard, name(guard, "guard"))
    head = f"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS {tag}"
    return f"{head}\n{body}\n{tag}"


def iter_body(guard: GuardedColumn) -> Iterator[str]:
    """Yield the lines of the function."""
    # `concat_ws` takes any type and passes over NULL.
    began = f"concat_ws('', {new(guard)})"
    change = f"concat_ws(' -> ', {old(guard)}, {new(guard)})"
    yield "BEGIN"
    yield "  IF TG_OP = 'INSERT' THEN"
    yield f"    IF {is_one_of(new(guard), guard.moves.initial)} THEN RETURN NULL; END IF;"
    yield f"    {refuse(guard, guard.refuse_beginning(), began)}"
    yield "  END IF;"
    for status in guard.moves.statuses:
        yield f"  IF {is_one_of(old(guard), [status])} THEN"
        after = guard.moves.after(status)
        if after:
            yield f"    IF {is_one_of(new(guard), after)} THEN RETURN NULL; END IF;"
        yield f"    {refuse(guard, guard.refuse_change(status), change)}"
        yield "  END IF;"
    yield f"  {refuse(guard, guard.refuse_unknown(), change)}"
    yield "END"


def is_one_of(value: str, statuses: Iterable[Status | None]) -> str:
    """Return the condition that a value is one of `statuses`; it is never NULL."""
    return " OR ".join(f"{value} IS NOT DISTINCT FROM {quote_value(each)}" for each in statuses)


def quote_value(value: Status | None) -> str:
    """Return a value as a literal of PostgreSQL, as its own `quote_nullable` does."""
    if value is None:
        return "NULL"
    if isinstance(value, int):
        return str(value)
    quoted = "'" + value.replace("'", "''").replace("\\", "\\\\") + "'"
    return f"E{quoted}" if "\\" in value else quoted


def refuse(guard: GuardedColumn, message: str, detail: str) -> str:
    """Return the statement that undoes the change with a message."""
    return (
        f"RAISE EXCEPTION USING ERRCODE = '23514', MESSAGE = {quote_value(message)},"
        f" DETAIL = {detail}, TABLE = TG_TABLE_NAME,"
        f" COLUMN = {quote_value(guard.column)};"
    )
