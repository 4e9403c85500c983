"""The host of the pages about engines: the module `crm` that their code imports.

`CRM_DATABASE` is the URL of its database. With `CRM_KILL` the process kills itself in the place of
its first commit, as a machine does that goes down.
"""

from __future__ import annotations

import os
import signal
from datetime import UTC, datetime, timedelta

from sqlalchemy import MetaData, create_engine, event
from sqlalchemy.orm import sessionmaker

from telecom_rules.adapters.sqlalchemy import CaseStore, Worker, prepare
from tests.adapters.desk import FACTS, FILES, HANDLING, build

LIMIT = timedelta(hours=2)
"""Of the ticket; half of it passes before the warning."""

metadata = MetaData()
files = {**FILES, "handling.yaml": HANDLING.replace("limit: 10 days", "limit: 2 hours")}
store = CaseStore(metadata, build(files), clock=lambda: datetime.now(UTC))
engine = prepare(create_engine(os.environ["CRM_DATABASE"]))
Sessions = sessionmaker(engine)
worker = Worker(store, Sessions)


def die(_connection: object) -> None:
    """Kill this process."""
    os.kill(os.getpid(), signal.SIGKILL)


if "CRM_KILL" in os.environ:
    event.listen(engine, "commit", die)


def open_ticket(id: str, seconds: float) -> None:
    """Open a ticket whose warning is due in so many seconds."""
    begun = datetime.now(UTC) - LIMIT / 2 + timedelta(seconds=seconds)
    with Sessions.begin() as session:
        store.open(session, "handling", FACTS, id=id, at=begun)


def read_journal(id: str) -> list[str]:
    """Return the entries of a ticket in short, in their order."""
    with Sessions() as session:
        journal = store.journal(session, id)
    return [f"{each.kind} {each.event or each.clock or ''}".strip() for each in journal]


def find_delay(id: str) -> timedelta:
    """Return how long after it was due the last entry of a ticket says it happened."""
    with Sessions() as session:
        first, *_, last = store.journal(session, id)
    return last.at - (first.at + LIMIT / 2)
