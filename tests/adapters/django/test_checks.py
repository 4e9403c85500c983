"""What `manage.py check` says, and what is said where Django is not installed."""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import connections

from telecom_rules.adapters.django.apps import MIDDLEWARE, check_guards, check_refusals
from telecom_rules.adapters.django.guard import GUARDS
from telecom_rules.adapters.django.settings import (
    give_zones,
    read_levels,
    read_settings,
    roles_of,
    to_column,
)
from tests.adapters.django.conftest import make_user
from tests.adapters.django.hosts.models import Order


@pytest.fixture
def atomic(settings_of):
    databases = connections.settings
    changed = {**databases, "default": {**databases["default"], "ATOMIC_REQUESTS": True}}
    settings_of(DATABASES=changed)


@pytest.fixture
def remade(monkeypatch):
    """Return what gives the guard of orders another `Meta`: the statuses it keeps are dropped."""
    guard = GUARDS[Order]

    def give(**meta: object):
        guard.__dict__.pop("statuses", None)
        monkeypatch.setattr(guard, "_meta", meta)
        return guard

    yield give
    guard.__dict__.pop("statuses", None)


def ids(found) -> list[str]:
    return [each.id for each in found]


@pytest.mark.filterwarnings("ignore:Overriding setting DATABASES")
def test_atomic_requests_without_a_place_for_refusals_is_a_warning(atomic, settings_of):
    assert ids(check_refusals()) == []
    settings_of(MIDDLEWARE=[])
    assert ids(check_refusals()) == ["telecom_rules.W001"]
    assert MIDDLEWARE in check_refusals()[0].hint
    settings_of(TELECOM_RULES={"REFUSALS": "record"})
    assert ids(check_refusals()) == []
    settings_of(TELECOM_RULES={"REFUSALS": "recrd"})
    assert ids(check_refusals()) == ["telecom_rules.E003"]


def test_a_guard_of_an_unknown_state_or_workflow_is_an_error(remade):
    meta = GUARDS[Order]._meta
    remade(**{**meta, "statuses": {"new": "receivd"}})
    assert "telecom_rules.E002" in ids(check_guards())
    remade(**{**meta, "statuses": {"new": "received"}})
    assert "telecom_rules.W002" in ids(check_guards())
    remade(**{**meta, "workflow": "complaint_handlin"})
    assert "telecom_rules.E001" in ids(check_guards())


def test_a_vocabulary_of_the_pack_gives_the_statuses(remade):
    guard = remade(workflow="complaint_handling", vocabulary="tmf621")
    assert guard.statuses.states_of("acknowledged") == ("received", "recorded")


def test_the_migrations_are_those_of_the_models():
    call_command("makemigrations", "telecom_rules", check=True, dry_run=True, verbosity=0)


def test_a_setting_or_level_that_is_not_known_is_an_error(settings_of):
    settings_of(TELECOM_RULES={"PACK": []})
    with pytest.raises(ImproperlyConfigured, match="PACKS"):
        read_settings()
    with pytest.raises(ImproperlyConfigured, match="observe, warn, enforce"):
        read_levels({"agent": "loud"})


def test_a_function_of_the_host_gives_the_roles(settings_of):
    settings_of(TELECOM_RULES={"ROLES": "tests.adapters.django.hosts.roles_of"})
    assert roles_of(None) == ("agent",)
    settings_of(TELECOM_RULES={})
    assert roles_of(None) == ("system",)
    assert roles_of(make_user("x", "b", "a")) == ("a", "b")


def test_without_django_one_error_names_the_extra():
    code = (
        "import sys; sys.modules['django'] = None\n"
        "try:\n    import telecom_rules.adapters.django\n"
        "except ImportError as problem:\n    print(problem)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "telecom-rules[django]" in done.stdout


def test_a_host_without_time_zones_is_understood_all_the_same(settings_of):
    noon = datetime(2026, 3, 2, 12)  # noqa: DTZ001 - as such a host has it
    settings_of(USE_TZ=False)
    aware = give_zones({"received_at": noon, "content": "x"})
    assert aware["received_at"].isoformat() == "2026-03-02T12:00:00+08:00"
    assert to_column(aware["received_at"]) == noon
