"""`manage.py rules_adopt crm.Ticket`: take up the rows that began before there were rules."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from telecom_rules.adapters.django.guard import require_guard
from telecom_rules.adapters.django.management.arguments import add_database
from telecom_rules.adapters.django.rules import rules_of
from telecom_rules.errors import TelecomRulesError


class Command(BaseCommand):
    """Adopts each row without a case, in its present status, as the guard's `adopt` says."""

    help = "Adopt the rows of a model that have no case yet."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the arguments."""
        parser.add_argument("model", help="such as crm.Ticket")
        parser.add_argument("--dry-run", action="store_true", help="adopt nothing, only count")
        add_database(parser)

    def handle(self, *_arguments: Any, **options: Any) -> None:
        """Adopt the rows, each in a transaction of its own."""
        try:
            guard = require_guard(options["model"])
        except LookupError as problem:
            raise CommandError(str(problem)) from problem
        rows = guard.model._base_manager.using(options["database"])
        without = rows.filter(**{f"{guard.attribute}__isnull": True}).order_by("pk")
        if options["dry_run"]:
            self.stdout.write(f"rows without a case: {without.count()}")
            return
        adopted, failed = 0, 0
        row: Any
        for row in without.iterator():
            try:
                rules_of(row).adopt(actor="rules_adopt")
            except TelecomRulesError as problem:
                failed += 1
                self.stderr.write(f"{guard.label} {row.pk}: {problem}")
            else:
                adopted += 1
        self.stdout.write(f"{adopted} adopted, {failed} not")
        if failed:
            raise CommandError(f"not adopted: {failed}; the reasons are above")
