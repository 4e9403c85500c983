"""`manage.py rules_trigger crm.Ticket`: guard the column in the database, too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections, transaction

from telecom_rules.adapters.django.guard import require_guard
from telecom_rules.adapters.sql_guard import StatusGuard, StatusMoves, find_moves
from telecom_rules.errors import TelecomRulesError

if TYPE_CHECKING:
    from telecom_rules.adapters.django.guard import Guard
    from telecom_rules.adapters.sql_guard import Status

MIGRATION = '''"""Triggers that guard `{table}.{column}` by the workflow `{workflow}`."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [{dependency!r}]
    operations = [
        migrations.RunSQL(
            sql={create!r},
            reverse_sql={drop!r},
        )
    ]
'''


class Command(BaseCommand):
    """Prints a migration for an app of the host, or puts the triggers in place at once.

    They stop what no signal sees: `QuerySet.update()`, `bulk_update` and raw SQL. They know
    statuses and no facts, so that they stop only what no case can do.
    """

    help = "Write the triggers that guard the status column of a model in the database."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the arguments."""
        parser.add_argument("model", help="such as crm.Ticket")
        parser.add_argument("--apply", action="store_true", help="put them in place now")
        parser.add_argument("--remove", action="store_true", help="remove them now")
        parser.add_argument("--database", default="default")

    def handle(self, *_arguments: Any, **options: Any) -> None:
        """Print the migration, or run its statements."""
        connection = connections[options["database"]]
        try:
            guard = require_guard(options["model"])
            triggers = build_triggers(guard, options["database"])
            create = triggers.create(connection.vendor)  # type: ignore[arg-type]  # it is checked
            drop = triggers.drop(connection.vendor)  # type: ignore[arg-type]
        except (LookupError, TelecomRulesError) as problem:
            raise CommandError(str(problem)) from problem
        if options["apply"] or options["remove"]:
            run_statements(create if options["apply"] else drop, options["database"])
            return
        app = guard.model._meta.app_label
        self.stdout.write(
            MIGRATION.format(
                table=triggers.table,
                column=triggers.column,
                workflow=triggers.workflow.name,
                dependency=(app, find_last_migration(app, options["database"])),
                create=list(create),
                drop=list(drop),
            )
        )


def run_statements(statements: tuple[str, ...], using: str) -> None:
    """Run statements as they are, in one transaction."""
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def build_triggers(guard: Guard, using: str) -> StatusGuard:
    """Return the triggers for the status of a model.

    A state may have several statuses: a case that enters it may give its row any of them.
    """
    by_state = find_moves(guard.workflow, {name: name for name in guard.statuses.states})
    columns: dict[Any, list[Status | None]] = {None: [None]}
    for status, states in guard.statuses.items():
        for name in states:
            columns.setdefault(name, []).append(guard.field.key_of(status, using))
    pairs = {
        (old, new)
        for before, after in by_state.pairs
        for old in columns[before]
        for new in columns[after]
    }
    pairs |= {(old, new) for same in columns.values() for old in same for new in same}
    moves = StatusMoves(
        initial=spread(by_state.initial, columns),
        statuses=spread(by_state.statuses, columns),
        pairs=frozenset((old, new) for old, new in pairs if old != new),
    )
    return StatusGuard(guard.workflow, guard.field.table, guard.field.column, moves)


def spread(
    states: tuple[Status | None, ...], columns: dict[Any, list[Status | None]]
) -> tuple[Status | None, ...]:
    """Return what the column may hold in some states, each value once."""
    return tuple(dict.fromkeys(value for state in states for value in columns[state]))


def find_last_migration(app: str, using: str) -> str:
    """Return the name of the last migration of an app, or `__first__` if it has none."""
    from django.db.migrations.loader import MigrationLoader  # noqa: PLC0415 - slow, and only here

    leaves = MigrationLoader(connections[using]).graph.leaf_nodes(app)
    return leaves[-1][1] if leaves else "__first__"
