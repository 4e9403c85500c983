"""`manage.py rules_reconcile`: find the rows whose status is not that of their case."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from telecom_rules.adapters.django.guard import GUARDS
from telecom_rules.adapters.django.rules import rules_of
from telecom_rules.adapters.django.store import restore, set_status
from telecom_rules.errors import TelecomRulesError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from telecom_rules.adapters.django.guard import Guard


class Command(BaseCommand):
    """Compares every row with its case, and every journal with its seals."""

    help = "List rows whose status differs from their case, rows without one, broken journals."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the arguments."""
        parser.add_argument(
            "--repair", action="store_true", help="give rows the status of the case"
        )
        parser.add_argument("--database", default="default")

    def handle(self, *_arguments: Any, **options: Any) -> None:
        """List what differs; the exit code is 1 if anything does and was not repaired."""
        found = 0
        for guard in GUARDS.values():
            for label, problem in self.compare(guard, options["database"], options["repair"]):
                found += 1
                self.stdout.write(f"{label}: {problem}")
        self.stdout.write(f"{found} found")
        if found and not options["repair"]:
            raise CommandError(f"{found} rows differ; they are listed above")

    def compare(self, guard: Guard, using: str, repair: bool) -> Iterator[tuple[str, str]]:  # noqa: FBT001 - of the command
        """Yield each row that differs, and how."""
        rows = guard.model._base_manager.using(using)
        row: Any
        for row in rows.order_by("pk").iterator():
            label = f"{guard.model._meta.label} {row.pk}"
            stored = rules_of(row).stored
            if stored is None:
                yield label, "it has no case"
                continue
            try:
                case = restore(stored)
            except TelecomRulesError as problem:
                yield label, str(problem)
                continue
            for fault in rules_of(row).verify_journal():
                yield label, fault.wording.en
            status = guard.field.read(row)
            if not guard.statuses.fits(case, status) and guard.status_of(case) is not None:
                yield label, f"its status is {status}, and its case is in {case.state}"
                if repair:
                    set_status(guard, row, case, using)
