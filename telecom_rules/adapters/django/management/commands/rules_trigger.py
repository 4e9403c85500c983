"""`manage.py rules_trigger crm.Ticket`: guard the column in the database, too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections, transaction

from telecom_rules.adapters.django.guard import require_guard
from telecom_rules.adapters.django.management.arguments import add_database
from telecom_rules.adapters.sql_guard import guard_status
from telecom_rules.errors import TelecomRulesError

if TYPE_CHECKING:
    from telecom_rules.adapters.django.guard import Guard
    from telecom_rules.adapters.sql_guard import Status, StatusGuard

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
        either = parser.add_mutually_exclusive_group()
        either.add_argument("--apply", action="store_true", help="put them in place now")
        either.add_argument("--remove", action="store_true", help="remove them now")
        add_database(parser)

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

    A row fits its case by any state that the case is in, so that every one counts.

    Raises:
        TelecomRulesError: the column cannot be guarded; the error says why.
    """
    columns: dict[str, list[Status]] = {}
    for status, states in guard.statuses.items():
        for name in states:
            columns.setdefault(name, []).append(guard.field.key_of(status, using))
    return guard_status(
        guard.workflow,
        table=guard.field.table,
        column=guard.field.column,
        statuses=columns,
        every=True,
    )


def find_last_migration(app: str, using: str) -> str:
    """Return the name of the last migration of an app, or `__first__` if it has none."""
    from django.db.migrations.loader import MigrationLoader  # noqa: PLC0415 - slow, and only here

    leaves = MigrationLoader(connections[using]).graph.leaf_nodes(app)
    return leaves[-1][1] if leaves else "__first__"
