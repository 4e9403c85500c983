"""`manage.py rules_reconcile`: find the rows whose status is not that of their case."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import IntegrityError, router, transaction

from telecom_rules.adapters.django.guard import GUARDS
from telecom_rules.adapters.django.management.arguments import add_database
from telecom_rules.adapters.django.rules import rules_of
from telecom_rules.adapters.django.store import restore, set_status
from telecom_rules.adapters.sql_guard import read_refusal
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
        add_database(parser)

    def handle(self, *_arguments: Any, **options: Any) -> None:
        """List what differs; the exit code is 1 if anything does and was not repaired."""
        using = options["database"]
        found, repaired = 0, 0
        # A router may keep other models in other databases.
        here = [each for each in GUARDS.values() if router.allow_migrate_model(using, each.model)]
        for guard in here:
            for each in compare(guard, using):
                found += 1
                self.stdout.write(f"{each.label}: {each.problem}")
                if options["repair"] and each.case is not None:
                    repaired += self.repair(guard, each, using)
        self.stdout.write(f"{found} found, {repaired} repaired")
        if found > repaired:
            raise CommandError(f"{found - repaired} rows differ; they are listed above")

    def repair(self, guard: Guard, difference: Difference, using: str) -> bool:
        """Give a row the status of its case; tell whether a trigger has let it."""
        try:
            with transaction.atomic(using=using):
                set_status(guard, difference.row, difference.case, using)
        except IntegrityError as problem:
            refusal = read_refusal(problem)
            if refusal is None:
                raise
            command = f"rules_trigger {guard.model._meta.label}"
            self.stderr.write(
                f"{difference.label}: {refusal.en}; repair without the triggers:"
                f" `{command} --remove` before, `{command} --apply` after"
            )
            return False
        return True


class Difference(NamedTuple):
    """What is wrong with a row.

    Attributes:
        label: the row.
        problem: what is wrong.
        row: the row itself.
        case: the case whose status the row can be given, or `None` if that would not mend it.
    """

    label: str
    problem: str
    row: Any
    case: Any = None


def compare(guard: Guard, using: str) -> Iterator[Difference]:
    """Yield what is wrong with the rows of a model, their cases and their journals."""
    rows = guard.model._base_manager.using(using)
    row: Any
    for row in rows.order_by("pk").iterator():
        label = f"{guard.model._meta.label} {row.pk}"
        stored = rules_of(row).stored
        if stored is None:
            yield Difference(label, "it has no case", row)
            continue
        try:
            case = restore(stored)
        except TelecomRulesError as problem:
            yield Difference(label, str(problem), row)
            continue
        for fault in rules_of(row).verify_journal():
            yield Difference(label, fault.wording.en, row)
        status = guard.field.read(row)
        if not guard.statuses.fits(case, status) and guard.status_of(case) is not None:
            differs = f"its status is {status}, and its case is in {case.state}"
            yield Difference(label, differs, row, case)
