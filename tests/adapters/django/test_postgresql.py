"""The same on PostgreSQL: keys of each kind, locks, triggers."""

from __future__ import annotations

from threading import Event, Thread
from time import sleep
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connections, transaction

from telecom_rules.adapters.django import Forbidden, acting_as
from telecom_rules.adapters.django.models import StoredCase, StoredRefusal
from telecom_rules.adapters.django.store import sweep
from tests.adapters.django.hosts.models import Matter, Order, Phase

ALIAS = "postgresql"


@pytest.fixture
def database(postgres_database):
    """An empty database on the server that the tests start."""
    place = urlsplit(postgres_database)
    connections.settings[ALIAS] = {
        **connections.settings["default"],
        "ENGINE": "django.db.backends.postgresql",
        "NAME": place.path.lstrip("/"),
        "USER": place.username or "",
        "PASSWORD": place.password or "",
        "HOST": place.hostname or "",
        "PORT": place.port or "",
        "OPTIONS": dict(each.split("=") for each in place.query.split("&") if each),
    }
    with connections[ALIAS].schema_editor() as editor:
        for model in (Phase, Matter, Order):
            editor.create_model(model)
    call_command("migrate", "telecom_rules", database=ALIAS, verbosity=0)
    yield ALIAS
    with connections[ALIAS].cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE")
        cursor.execute("CREATE SCHEMA public")
    connections[ALIAS].close()
    del connections.settings[ALIAS], connections[ALIAS]


def test_rows_with_every_kind_of_key_are_guarded(database, clock):
    order = Order.objects.using(database).create(code="A-1")
    new, done = (Phase.objects.using(database).create(slug=each) for each in ("new", "done"))
    matter = Matter.objects.using(database).create(phase=new)
    assert Order.objects.using(database).filter(rules__state="received").get() == order
    assert Matter.objects.using(database).filter(rules__state="received").get() == matter
    order.state, matter.phase = "done", done
    for row in (order, matter):
        with acting_as("agnes", "agent"), pytest.raises(Forbidden):
            row.save()
    assert StoredRefusal.objects.using(database).count() == 2
    order.refresh_from_db()
    order.state = "work"
    with acting_as("agnes", "agent"), transaction.atomic(using=database):
        order.save()
    assert order.rules.case.state == "recorded"
    assert order.rules.verify_journal() == ()
    clock.advance(days=30)
    assert sweep(database).ticked == 2
    call_command("rules_trigger", "hosts.Order", database=database, apply=True)
    with pytest.raises(IntegrityError, match="does not allow this change"):
        Order.objects.using(database).update(state="new")
    assert StoredCase.objects.using(database).count() == 2


def test_two_who_want_the_same_at_once_make_one_entry(database):
    order = Order.objects.using(database).create(code="A-1")
    locked, problems = Event(), []

    def save(wait: float) -> None:
        row = Order.objects.using(database).get()
        row.state = "work"
        try:
            with acting_as("agnes", "agent"), transaction.atomic(using=database):
                row.save()
                locked.set()
                sleep(wait)
        except Exception as problem:
            problems.append(problem)
        finally:
            connections[database].close()

    first, second = Thread(target=save, args=[0.3]), Thread(target=save, args=[0])
    first.start()
    assert locked.wait(10)
    second.start()
    first.join()
    second.join()
    assert problems == []
    assert [entry.event for entry in order.rules.journal()] == [None, "record"]
