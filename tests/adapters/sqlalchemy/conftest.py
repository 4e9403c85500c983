"""A store of tickets on a database of each kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.adapters.sqlalchemy.place import Place

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def place(database: str) -> Iterator[Place]:
    """A store on an empty database."""
    place = Place(database)
    place.metadata.create_all(place.engine)
    yield place
    place.metadata.drop_all(place.engine)
    place.engine.dispose()


@pytest.fixture
def postgres_place(postgres_database: str) -> Iterator[Place]:
    """A store on PostgreSQL, for what only that promises."""
    place = Place(postgres_database)
    place.metadata.create_all(place.engine)
    yield place
    place.metadata.drop_all(place.engine)
    place.engine.dispose()


@pytest.fixture
def sqlite_place(tmp_path: Path) -> Iterator[Place]:
    """A store on SQLite, for what only a file can show."""
    place = Place(f"sqlite:///{tmp_path / 'desk.db'}")
    place.metadata.create_all(place.engine)
    yield place
    place.engine.dispose()
