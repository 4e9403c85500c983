"""Triggers that stop every change of a status column that the workflow cannot cause."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from telecom_rules.adapters.sql_guard import postgresql, sqlite
from telecom_rules.adapters.sql_guard.guarded_column import GuardedColumn
from telecom_rules.adapters.sql_guard.moves import find_moves
from telecom_rules.adapters.sql_guard.quoting import read_name
from telecom_rules.errors import ArgumentError
from telecom_rules.values.arguments import find_text, read_flag, read_instance
from telecom_rules.wording import Wording, quote_found
from telecom_rules.workflows import Workflow

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from telecom_rules.adapters.sql_guard.moves import StatusesByState


Dialect: TypeAlias = Literal["sqlite", "postgresql"]
"""A database, by the name that SQLAlchemy (`dialect.name`) and Django (`vendor`) give it."""
Statements: TypeAlias = "Callable[[GuardedColumn], tuple[str, ...]]"
CREATE: Mapping[str, Statements] = {"sqlite": sqlite.create, "postgresql": postgresql.create}
DROP: Mapping[str, Statements] = {"sqlite": sqlite.drop, "postgresql": postgresql.drop}

OTHER_DIALECT = Wording(
    '应为 "sqlite" 或 "postgresql"，而不是 {found}',
    'expected "sqlite" or "postgresql", found {found}',
)


@dataclass(frozen=True, slots=True)
class StatusGuard(GuardedColumn):
    """The triggers of one status column, as SQL.

    They hold for raw SQL and for `QuerySet.update()`, which no code of the host sees. Whatever the
    library accepts passes, so nothing has to be switched off for the store itself.
    """

    def create(self, dialect: Dialect) -> tuple[str, ...]:
        """Return the statements that put the triggers in place, or in the place of older ones.

        Run each as it is, in one transaction, without parameters: a percent sign or a colon in a
        name is part of the name.

        Args:
            dialect: the database.

        Raises:
            ArgumentError: it is another one.
        """
        return CREATE[read_dialect(dialect)](self)

    def drop(self, dialect: Dialect) -> tuple[str, ...]:
        """Return the statements that remove the triggers, whether they are there or not.

        Args:
            dialect: the database.

        Raises:
            ArgumentError: it is another one.
        """
        return DROP[read_dialect(dialect)](self)


def read_dialect(dialect: object) -> str:
    """Return the name of a database.

    Raises:
        ArgumentError: it is not one of those known here.
    """
    name = find_text(dialect)
    if name is None or name not in CREATE:
        raise ArgumentError("dialect", OTHER_DIALECT.fill(found=quote_found(dialect)))
    return name


def guard_status(
    workflow: Workflow,
    *,
    table: str,
    column: str,
    statuses: StatusesByState,
    every: bool = False,
    schema: str | None = None,
) -> StatusGuard:
    """Return the triggers that guard the status column of a table.

    Args:
        workflow: the workflow whose cases the rows are.
        table: the table, as the database calls it.
        column: its status column.
        statuses: the status of each state, or a list of those that its rows may have, all texts,
            all whole numbers or all Booleans; or a key under `maps` such as `"tmf621"`. A state
            without one has that of the state around it; a case whose states have none leaves the
            column as it was, or empties it. Of parallel states the first counts, unless they have
            a status together, under their names joined by `+` as `Case.state` has them.
        every: whether a row may have the status of any state that its case is in, of those around
            and of those in parallel, not only of the one that counts.
        schema: the schema of the table, if it is not the one that is searched first.

    Raises:
        UnknownName: `statuses` names no state.
        ArgumentError: an argument is of another kind, or the workflow is too large to be listed.
    """
    workflow = read_instance("workflow", workflow, Workflow)
    return StatusGuard(
        workflow,
        read_name("table", table),
        read_name("column", column),
        find_moves(workflow, statuses, every=read_flag("every", every)),
        None if schema is None else read_name("schema", schema),
    )
