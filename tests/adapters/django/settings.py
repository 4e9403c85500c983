"""The helpdesk of `examples/`, and beside it hosts that were not made for the rules."""

from __future__ import annotations

from desk.settings import *  # noqa: F403
from desk.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.adapters.django.hosts"]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": ":memory:",
        "OPTIONS": {"transaction_mode": "IMMEDIATE"},
    },
    "record": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"},
}
MIGRATION_MODULES = {"helpdesk": None}  # its 43 migrations take four seconds
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
DEBUG = False
