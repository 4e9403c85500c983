"""A host with a store: engine, sessions, a clock that stands still."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import MetaData, create_engine, event, func, select
from sqlalchemy.orm import Session, sessionmaker

from telecom_rules.adapters.sqlalchemy import CaseStore, Observation, Worker, prepare
from tests.adapters.desk import FACTS, Clock, desk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Table

    from telecom_rules import Pack, Packs
    from telecom_rules.workflows import Accepted, Case, Outcome


class Place:
    """A host of tickets."""

    def __init__(self, url: str, packs: Packs | Pack | None = None, **options: Any) -> None:
        self.url = url
        self.clock = Clock()
        self.metadata = MetaData()
        self.seen: list[Observation] = []
        self.store = CaseStore(
            self.metadata, packs or desk(), clock=self.clock, observe=self.seen.append, **options
        )
        self.engine = prepare(create_engine(url))
        self.sessions = sessionmaker(self.engine)
        self.limits: list[Any] = []

    @contextmanager
    def begin(self) -> Iterator[Session]:
        """A transaction."""
        with self.sessions.begin() as session:
            yield session

    def open(self, id: str = "T-1", **named: Any) -> Accepted:
        """Open a ticket in a transaction of its own."""
        with self.begin() as session:
            return self.store.open(session, "handling", FACTS, id=id, **named)

    def send(self, event: str, payload: Any = None, id: str = "T-1", **named: Any) -> Outcome:
        """Send an event in a transaction of its own."""
        with self.begin() as session:
            return self.store.send(session, id, event, payload, **named)

    def get(self, id: str = "T-1") -> Case:
        """Return a ticket."""
        with self.sessions() as session:
            return self.store.get(session, id)

    def journal(self, id: str = "T-1") -> list[str]:
        """Return the journal in short: kind or event of each entry."""
        with self.sessions() as session:
            entries = self.store.journal(session, id)
        return [f"{each.kind} {each.event or ''}".strip() for each in entries]

    def faults(self, id: str = "T-1") -> list[tuple[str, int]]:
        """Return the faults of a journal: kind and number."""
        with self.sessions() as session:
            return [
                (str(each.kind), each.sequence) for each in self.store.verify_journal(session, id)
            ]

    def count(self, table: Table) -> int:
        """Return how many rows a table has."""
        with self.engine.connect() as connection:
            return connection.execute(select(func.count()).select_from(table)).scalar_one()

    def run(self, sql: str) -> None:
        """Run a statement behind the back of the store."""
        with self.engine.begin() as connection:
            connection.exec_driver_sql(sql)

    def limit_pages(self, pages: int) -> None:
        """Let the file of SQLite grow to so many pages: a setting of each connection."""
        self.engine.dispose()
        for limit in self.limits:
            event.remove(self.engine, "connect", limit)

        def limit(connection: Any, _record: object) -> None:
            connection.execute(f"PRAGMA max_page_count = {pages}")

        event.listen(self.engine, "connect", limit)
        self.limits = [limit]

    def worker(self, **options: Any) -> Worker:
        """Return a worker."""
        return Worker(self.store, self.sessions, **options)
