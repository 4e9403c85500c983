"""`manage.py rules_due`: let the clocks of all cases run, and do the effects that are pending."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import close_old_connections

from telecom_rules.adapters.django.management.arguments import add_database, read_seconds
from telecom_rules.adapters.django.store import Swept, sweep


class Command(BaseCommand):
    """Ticks every case that has something due; any number of these may run at once."""

    help = "Record warnings and breaches that are due, and deliver pending effects."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the arguments."""
        parser.add_argument("--loop", action="store_true", help="go on until interrupted")
        parser.add_argument("--seconds", type=read_seconds, default=60.0, help="between two rounds")
        add_database(parser)

    def handle(self, *_arguments: Any, **options: Any) -> None:
        """Do one round, or go on."""
        while True:
            swept = sweep(options["database"])
            self.tell(swept)
            if not options["loop"]:
                return
            close_old_connections()
            time.sleep(options["seconds"])

    def tell(self, swept: Swept) -> None:
        """Say what one round has done."""
        self.stdout.write(f"cases ticked: {swept.ticked}, effects delivered: {swept.delivered}")
        for id, problem in swept.poisoned:
            self.stderr.write(f"{id} is set aside: {problem}")
        for key, problem in swept.failed:
            self.stderr.write(f"the effect {key} is not done: {problem}")
