"""The tests on every supported Python, and with the oldest and newest of what the core stands on.

`nox` runs all sessions, `nox --session "oldest-3.11"` one. A Python that is not installed is
skipped with a message. `make test` needs none of this: it uses the Python at hand.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

import nox

PYTHONS = ["3.11", "3.12", "3.13"]
HOSTED_PYTHONS = ["3.14"]
"""Tried in the hosted matrix alone, where every Python is at hand."""
OLDEST = [
    requirement.replace(">=", "==")
    for requirement in tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"][
        "dependencies"
    ]
]
"""The lowest releases that `dependencies` promises to work with."""
TOGETHER = ("--numprocesses", "auto", "--dist", "worksteal")
FAST = ("-m", "not slow", *TOGETHER)
STORE = ("async", "closing", "moving", "schema", "store", "worker")
HOSTS = (
    "tests/adapters/django",
    "tests/adapters/fastapi/test_router.py",
    *(f"tests/adapters/sqlalchemy/test_{each}.py" for each in STORE),
    *("-k", "not postgresql", *TOGETHER),
)
"""The tests of the adapters that need no database server; loading them is slow."""

nox.options.default_venv_backend = "venv"
nox.options.error_on_missing_interpreters = False
nox.options.sessions = [*(f"newest-{each}" for each in PYTHONS), "oldest-3.11"]


@nox.session(python=[*PYTHONS, *HOSTED_PYTHONS])
def newest(session: nox.Session) -> None:
    """Run the fast tests and those of adapters with the newest releases of what the core needs."""
    session.install("--editable", ".[dev]")
    session.install("--upgrade", "pydantic", "PyYAML")
    session.run("python", "-m", "pytest", *FAST, *session.posargs)
    session.run("python", "-m", "pytest", *HOSTS, *session.posargs)


@nox.session(python=["3.11"])
def oldest(session: nox.Session) -> None:
    """Run the fast tests and those of adapters with the lowest releases allowed."""
    session.install("--editable", ".[dev]", *OLDEST)
    session.run("python", "-m", "pytest", *FAST, *session.posargs)
    session.run("python", "-m", "pytest", *HOSTS, *session.posargs)
