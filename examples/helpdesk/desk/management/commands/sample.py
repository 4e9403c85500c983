"""`manage.py sample`: make the tables, and three people with a few complaints in them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils import timezone
from helpdesk.models import Queue, Ticket

from telecom_rules.adapters.django import acting_as

PEOPLE = {"agnes": ["agent"], "sun": ["supervisor"], "carl": ["customer"]}
PASSWORD = "demo"  # noqa: S105 - only for this example
STEPS: list[tuple[str, str, dict[str, Any]]] = [
    ("record", "agent", {}),
    ("assess", "agent", {"safety_involved": False, "earlier_complaints": 0,
                         "media_involved": False, "regulator_involved": False,
                         "affected_customers": 1}),
    ("classify", "agent", {}),
    ("contact", "agent", {"apologised": True, "findings": "A wet joint in the street cabinet"}),
    ("resolve", "agent", {"measures": "The joint was renewed"}),
    ("answer", "agent", {"result": "The line works again", "opinion_asked": True}),
    ("accept", "customer", {}),
]  # fmt: skip
TICKETS = [
    ("Broadband is down since Monday", 0),
    ("Charged twice in November", 1),
    ("Line noise after the storm", 5),
    ("Number was not ported in time", 6),
    ("Late installation of the line", 7),
]
"""Each with the number of steps that were taken."""


class Command(BaseCommand):
    help = "Make the tables and the sample data, if they are not there yet."

    def handle(self, *_arguments: Any, **_options: Any) -> None:
        Path(settings.DATA).mkdir(parents=True, exist_ok=True)
        call_command("migrate", verbosity=0)
        if not Queue.objects.exists():
            self.make_people()
            self.make_tickets()
        names = ", ".join(f"{name} ({', '.join(roles)})" for name, roles in PEOPLE.items())
        self.stdout.write(f"Log in as {names}; the password is {PASSWORD!r}.")

    def make_people(self) -> None:
        for name, roles in PEOPLE.items():
            user = User.objects.create_superuser(name, f"{name}@example.com", PASSWORD)
            user.groups.set(Group.objects.get_or_create(name=f"rules:{each}")[0] for each in roles)

    def make_tickets(self) -> None:
        queue = Queue.objects.create(title="Complaints", slug="complaints")
        for title, steps in TICKETS:
            with acting_as("carl", "customer"):
                ticket = Ticket.objects.create(
                    title=title,
                    queue=queue,
                    description=title,
                    submitter_email="carl@example.com",
                    due_date=timezone.now() + timedelta(days=7),
                )
            for event, role, payload in STEPS[:steps]:
                with acting_as("carl" if role == "customer" else "agnes", role):
                    ticket.rules.send(event, payload)
