"""`manage.py rules_migrate`: move the cases of older packs to the newest."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from telecom_rules import Stranded
from telecom_rules.adapters.django.management.arguments import add_database
from telecom_rules.adapters.django.models import StoredCase
from telecom_rules.adapters.django.settings import load_packs, now
from telecom_rules.adapters.django.store import change_case, move_row, restore, tick
from telecom_rules.errors import TelecomRulesError


class Command(BaseCommand):
    """Ticks each open case by its older pack, then migrates it; each in a transaction of its own.

    A case that the newest pack goes on with as it is needs no migration. A second run is harmless.
    """

    help = "Migrate the open cases of older packs to the newest pack of PACKS."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the arguments."""
        add_database(parser)

    def handle(self, *_arguments: Any, **options: Any) -> None:
        """Migrate the cases, and count those that stay behind by their reasons."""
        using, newest = options["database"], load_packs().newest
        digests = {each.digest for each in newest.workflows.values()}
        older = StoredCase.objects.using(using).filter(final=False).exclude(digest__in=digests)
        counts: Counter[str] = Counter()
        for id in list(older.order_by("pk").values_list("pk", flat=True)):
            try:
                counts[self.move(id, using)] += 1
            except TelecomRulesError as problem:
                counts[str(problem)] += 1
        moved, as_they_are = counts.pop("moved", 0), counts.pop("as it is", 0)
        self.stdout.write(f"{moved} moved, {as_they_are} as before")
        for reason, count in counts.most_common():
            self.stderr.write(f"{count} x {reason}")
        if counts:
            raise CommandError(f"cases that stay behind: {counts.total()}; the reasons are above")

    def move(self, id: str, using: str) -> str:
        """Move one case; return what became of it."""
        at = now()
        with transaction.atomic(using=using):
            tick(id, at, using)
            stored = StoredCase.objects.using(using).select_for_update().get(pk=id)
            case = restore(stored)
            workflow = load_packs().newest.workflows[case.workflow.name]
            if case.workflow == workflow:
                return "as it is"
            moved = workflow.migrate(case.dump(), at=max(at, case.at), actor="rules_migrate")
            if isinstance(moved, Stranded):
                return moved.explain("en")
            change_case(stored, moved, using)
            move_row(stored, moved.case, using)
        return "moved"
