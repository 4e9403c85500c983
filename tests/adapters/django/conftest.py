"""One Django project a process for all tests here, set up once, in memory, emptied by each test."""

from __future__ import annotations

import os
import sys
import warnings
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import django
import pytest
from django.core.management import call_command
from django.utils import timezone

if TYPE_CHECKING:
    from collections.abc import Iterator

HELPDESK = Path(__file__).resolve().parents[3] / "examples" / "helpdesk"
EMPTIED = ("telecom_rules", "hosts", "helpdesk")


def set_up() -> None:
    """Set Django up and make the tables, before the first test module here is imported."""
    sys.path.insert(0, str(HELPDESK))
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.adapters.django.settings"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # those of the code of hosts
        django.setup()
        call_command("migrate", run_syncdb=True, verbosity=0)
        call_command("migrate", "telecom_rules", database="record", verbosity=0)
        import helpdesk.urls  # noqa: F401, PLC0415 - and of the views they import
    # Read by now. Processes that other tests start are not of this host: Celery would set it up.
    del os.environ["DJANGO_SETTINGS_MODULE"]


set_up()

from django.apps import apps  # noqa: E402 - after setup
from django.contrib.auth.models import Group, Permission, User  # noqa: E402
from django.db import connections  # noqa: E402
from django.test import Client, override_settings  # noqa: E402
from helpdesk.models import Queue, Ticket  # noqa: E402

from telecom_rules.adapters.django import acting_as  # noqa: E402

WAY: dict[str, list[tuple[str, dict[str, Any]]]] = {"received": []}
"""The events that lead to each state, with what comes with them."""
for _before, _event, _payload, _after in [
    ("received", "record", {}, "recorded"),
    ("recorded", "assess", {"safety_involved": False, "earlier_complaints": 0,
                            "media_involved": False, "regulator_involved": False,
                            "affected_customers": 1}, "assessed"),
    ("assessed", "classify", {}, "general"),
    ("general", "contact", {"apologised": True, "findings": "wet joint"}, "contacted"),
    ("contacted", "resolve", {"measures": "joint renewed"}, "resolving"),
    ("resolving", "answer", {"result": "renewed", "opinion_asked": True}, "answered"),
    ("answered", "accept", {}, "closed"),
]:  # fmt: skip
    WAY[_after] = [*WAY[_before], (_event, _payload)]


def bring(row: Any, state: str) -> Any:
    """Bring the case of a row to a state."""
    for event, payload in WAY[state]:
        role = "customer" if event == "accept" else "agent"
        with acting_as("someone", role):
            assert not hasattr(row.rules.send(event, payload), "reasons")
    row.refresh_from_db()
    return row


STARTED = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
"""When each test begins: years that no calendar has yet would leave time limits undetermined."""


class Clock:
    """The time that Django tells in a test; it runs, and can be put forward."""

    def __init__(self) -> None:
        self.ahead = STARTED - datetime.now(UTC)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def advance(self, **given: float) -> None:
        self.ahead += timedelta(**given)


@pytest.fixture(autouse=True)
def clock(monkeypatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(timezone, "now", clock)
    return clock


@pytest.fixture(autouse=True)
def clean() -> Iterator[None]:
    """Empty the tables that tests write to."""
    yield
    for alias in ("default", "record"):
        connection = connections[alias]
        tables = [
            model._meta.db_table
            for label in EMPTIED
            for model in apps.get_app_config(label).get_models(include_auto_created=True)
            if not model._meta.proxy
        ]
        with connection.constraint_checks_disabled(), connection.cursor() as cursor:
            there = set(connection.introspection.table_names(cursor))
            for table in there.intersection(tables):
                cursor.execute(f'DELETE FROM "{table}"')
    User.objects.all().delete()
    Permission.objects.filter(codename__startswith="queue_access").delete()


@pytest.fixture
def root() -> Path:
    return HELPDESK.parents[1]


@pytest.fixture
def queue() -> Queue:
    return Queue.objects.create(title="Complaints", slug="c")


@pytest.fixture
def ticket(queue) -> Ticket:
    with acting_as("Ann", "customer"):
        return Ticket.objects.create(
            title="No line", queue=queue, description="Dead line", submitter_email="ann@example.com"
        )


@pytest.fixture
def agent() -> User:
    return make_user("agnes", "agent")


@pytest.fixture
def customer() -> User:
    return make_user("carl", "customer")


def make_user(name: str, *roles: str) -> User:
    """Return a user of the staff with roles."""
    user = User.objects.create(username=name, is_staff=True, is_superuser=True)
    for role in roles:
        user.groups.add(Group.objects.get_or_create(name=f"rules:{role}")[0])
    return user


@pytest.fixture
def client_of():
    """Return the browser of a user."""

    def log_in(user: User, language: str = "en") -> Client:
        client = Client(headers={"accept-language": language})
        client.force_login(user)
        return client

    return log_in


@pytest.fixture(params=[True, False], ids=["atomic requests", "autocommit"])
def atomic_requests(request, monkeypatch) -> bool:
    """Whether each request is one transaction."""
    monkeypatch.setitem(connections["default"].settings_dict, "ATOMIC_REQUESTS", request.param)
    return request.param


@pytest.fixture
def settings_of():
    """Change settings for one test."""
    changed: list[override_settings] = []

    def change(**given: Any) -> None:
        setting = override_settings(**given)
        setting.enable()
        changed.append(setting)

    yield change
    for each in reversed(changed):
        each.disable()
