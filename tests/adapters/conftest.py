"""Databases for the tests of adapters: SQLite in a file, one PostgreSQL server for all workers."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.adapters.postgres import make_database, share_server

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The URL of the database `postgres` of a running server, for SQLAlchemy."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    return share_server(shared)


@pytest.fixture(scope="session")
def postgresql(postgres_url: str) -> str:
    """The address of an empty database for this worker, for psycopg and psql."""
    return make_database(postgres_url).replace("+psycopg", "")


@pytest.fixture(scope="session")
def postgres_database(postgres_url: str) -> str:
    """The URL of a database for this worker, for SQLAlchemy; a test leaves it empty."""
    return make_database(postgres_url)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database, once of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'desk.db'}"
    url: str = request.getfixturevalue("postgres_database")
    return url
