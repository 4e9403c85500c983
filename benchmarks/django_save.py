"""What a guard costs a `save()` of Django that does not change the status, against a plain one.

Both save a row of the same table in a file of SQLite. Processor time counts, not the wait for the
disk, and of several rounds the best, because a busy machine only ever makes them slower.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import django
from django.conf import settings
from measure import cpu

ROUNDS = 30
SAVES = 200
BAR = 1.3


def main() -> int:
    """Print both times and their ratio; the exit code is 1 above the bar."""
    with tempfile.TemporaryDirectory() as folder:
        settings.configure(
            INSTALLED_APPS=[
                "django.contrib.contenttypes",
                "django.contrib.auth",
                "telecom_rules.adapters.django",
            ],
            DATABASES={
                "default": {
                    "ENGINE": "django.db.backends.sqlite3",
                    "NAME": Path(folder) / "bench.sqlite3",
                    "OPTIONS": {"init_command": "PRAGMA journal_mode=WAL"},
                }
            },
            USE_TZ=True,
        )
        django.setup()
        from django.core.management import call_command
        from django.db import connection, models

        from telecom_rules.adapters.django import Guard, register

        def build_model(name: str) -> type[models.Model]:
            fields = {
                f"field_{each}": models.CharField(max_length=100, default="x") for each in range(20)
            }
            meta = type("Meta", (), {"app_label": "auth"})
            status = models.CharField(max_length=20, default="new")
            parts = {"__module__": __name__, "Meta": meta, "status": status, **fields}
            return type(name, (models.Model,), parts)

        plain, guarded = build_model("Plain"), build_model("Guarded")

        @register(guarded)
        class GuardedGuard(Guard):
            """As small as a guard can be."""

            class Meta:
                """New is received."""

                workflow = "complaint_handling"
                field = "status"
                statuses = {"new": "received"}  # noqa: RUF012 - as hosts write it

        call_command("migrate", verbosity=0)
        with connection.schema_editor() as editor:
            editor.create_model(plain)
            editor.create_model(guarded)
        rows = [model.objects.create() for model in (plain, guarded)]
        times = [
            [cpu(lambda row: row.save(), [row] * SAVES) for row in rows] for _ in range(ROUNDS)
        ]
        without, with_guard = (min(each) for each in zip(*times, strict=True))
    ratio = with_guard / without
    print(f"plain save      {without:6.0f} us")
    print(f"guarded save    {with_guard:6.0f} us")
    print(f"ratio           {ratio:6.2f}   (bar {BAR})")
    return int(ratio > BAR)


if __name__ == "__main__":
    sys.exit(main())
