"""The triggers of SQLite.

They run after the change and undo the statement: an upsert that only updates fires no trigger of an
insert, and nothing can change the row behind them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.adapters.sql_guard.quoting import name_trigger, quote_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from telecom_rules.adapters.sql_guard.guarded_column import GuardedColumn
    from telecom_rules.adapters.sql_guard.moves import Status


def create(guard: GuardedColumn) -> tuple[str, ...]:
    """Return the statements that put the triggers in place, or in the place of older ones."""
    return (*drop(guard), create_update(guard), create_insert(guard))


def drop(guard: GuardedColumn) -> tuple[str, ...]:
    """Return the statements that remove the triggers, if they are there."""
    return tuple(f"DROP TRIGGER IF EXISTS {name_of(guard, what)}" for what in ("update", "insert"))


def name_of(guard: GuardedColumn, what: str) -> str:
    """Return the quoted name of a trigger."""
    name = quote_name(name_trigger(guard.table, guard.column, what))
    return name if guard.schema is None else f"{quote_name(guard.schema)}.{name}"


def create_update(guard: GuardedColumn) -> str:
    """Return the statement for the trigger of updates."""
    old, new = (f"{row}.{quote_name(guard.column)} COLLATE BINARY" for row in ("OLD", "NEW"))
    lines = []
    for status in guard.moves.statuses:
        condition = is_one_of(old, [status])
        after = guard.moves.after(status)
        if after:
            lines.append(f"    WHEN {condition} AND {is_one_of(new, after)} THEN NULL")
        lines.append(f"    WHEN {condition} THEN {refuse(guard.refuse_change(status))}")
    lines.append(f"    ELSE {refuse(guard.refuse_unknown())}")
    return "\n".join(
        [
            f"CREATE TRIGGER {name_of(guard, 'update')} AFTER UPDATE ON {quote_name(guard.table)}",
            f"FOR EACH ROW WHEN {old} IS NOT {new}",
            "BEGIN",
            "  SELECT CASE",
            *lines,
            "  END;",
            "END",
        ]
    )


def create_insert(guard: GuardedColumn) -> str:
    """Return the statement for the trigger of inserts."""
    new = f"NEW.{quote_name(guard.column)} COLLATE BINARY"
    return "\n".join(
        [
            f"CREATE TRIGGER {name_of(guard, 'insert')} AFTER INSERT ON {quote_name(guard.table)}",
            f"FOR EACH ROW WHEN NOT {is_one_of(new, guard.moves.initial)}",
            "BEGIN",
            f"  SELECT {refuse(guard.refuse_beginning())};",
            "END",
        ]
    )


def is_one_of(value: str, statuses: Iterable[Status | None]) -> str:
    """Return the condition that a value is one of `statuses`; it is never NULL."""
    return "(" + " OR ".join(f"{value} IS {quote_value(each)}" for each in statuses) + ")"


def quote_value(value: Status | None) -> str:
    """Return a value as a literal of SQLite."""
    if value is None:
        return "NULL"
    return str(value) if isinstance(value, int) else "'" + value.replace("'", "''") + "'"


def refuse(message: str) -> str:
    """Return the expression that undoes the statement with a message."""
    return f"RAISE(ABORT, {quote_value(message)})"
