"""What a request through the store costs, and what the store bears: `make bench-store`.

A figure is the median of the rounds, and a ratio the median of the ratios within each round: the
contestants take turns, because other programs use the machine as well. CPU time is that of this
process; a server spends its own.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter, process_time
from typing import TYPE_CHECKING, NamedTuple

from measure import machine, ratio, table
from sqlalchemy import Column, Integer, MetaData, String, Table, create_engine, insert, update
from sqlalchemy.orm import sessionmaker

import telecom_rules
from telecom_rules import Accepted
from telecom_rules.adapters.sqlalchemy import CaseStore, prepare, retrying

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from tests.adapters.desk import FACTS, desk
from tests.adapters.postgres import Server, make_database

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from telecom_rules import Pack

COMPLAINT = {"customer_id": "K100001", "channel": "phone", "content": "Broken line"}
EVENTS = ("take", "put_back")
PER_ROUND = 20


class Host:
    """A host with a store, and a table of its own to compare with."""

    def __init__(self, url: str, pack: Pack) -> None:
        self.metadata = MetaData()
        self.bare = Table(
            "bare", self.metadata, Column("id", Integer, primary_key=True), Column("state", String)
        )
        self.store = CaseStore(self.metadata, pack, clock=lambda: datetime.now(UTC))
        self.engine = prepare(create_engine(url))
        self.sessions = sessionmaker(self.engine)

    def set_up(self, cases: int = 1) -> None:
        """Make the tables, and open tickets."""
        self.metadata.drop_all(self.engine)
        self.metadata.create_all(self.engine)
        with self.sessions.begin() as session:
            session.execute(insert(self.bare), {"id": 1, "state": "open"})
        self.open_tickets(range(cases))

    def open_tickets(self, numbers: Sequence[int]) -> None:
        """Open tickets, a hundred in a transaction."""
        for first in range(0, len(numbers), 100):
            with self.sessions.begin() as session:
                for number in numbers[first : first + 100]:
                    self.store.open(session, "handling", FACTS, id=f"T-{number}")

    def update_bare(self, number: int) -> None:
        """Change a status as a host without rules does."""
        with self.sessions.begin() as session:
            session.execute(update(self.bare).where(self.bare.c.id == 1), {"state": str(number)})

    def send(self, number: int) -> None:
        """Send an event that is accepted."""
        self.send_to("T-0", EVENTS[number % 2])

    def send_with_key(self, number: int) -> None:
        """Send an event that is accepted, with an idempotency key."""
        self.send_to("T-0", EVENTS[number % 2], key=f"k-{number}-{perf_counter()}")

    def refuse(self, _: int) -> None:
        """Send an event that is refused, and put that on record."""
        with self.sessions.begin() as session:
            self.store.send(session, "T-0", "solve")

    def read(self, _: int) -> None:
        """Read a case and list its buttons."""
        with self.sessions() as session:
            self.store.get(session, "T-0").allowed(by="agent")

    def send_to(self, id: str, event: str, key: str | None = None) -> None:
        """Send an event, as often as somebody else is faster."""
        for attempt in retrying(self.sessions, attempts=50):
            with attempt as session:
                self.store.send(session, id, event, by="agent", actor="u42", key=key)


class Cost(NamedTuple):
    """What a work costs in each round, in milliseconds."""

    wall: list[float]
    cpu: list[float]


def measure(works: dict[str, Callable[[int], None]], rounds: int) -> dict[str, Cost]:
    """Return what each work costs, after one round to warm up."""
    costs = {name: Cost([], []) for name in works}
    for turn in range(rounds + 1):
        for name, work in works.items():
            wall, cpu = perf_counter(), process_time()
            for number in range(PER_ROUND):
                work(number)
            if turn:
                costs[name].wall.append((perf_counter() - wall) / PER_ROUND * 1e3)
                costs[name].cpu.append((process_time() - cpu) / PER_ROUND * 1e3)
    return costs


def compare(host: Host, rounds: int) -> Iterator[Sequence[object]]:
    """Yield a row of figures for each work."""
    host.set_up()
    works = {
        "bare `UPDATE` of a status, commit": host.update_bare,
        "request accepted": host.send,
        "request accepted, with a key": host.send_with_key,
        "request refused, on record": host.refuse,
        "case read, buttons listed": host.read,
    }
    costs = measure(works, rounds)
    bare = costs["bare `UPDATE` of a status, commit"]
    for name, cost in costs.items():
        yield (
            name,
            f"{statistics.median(cost.wall):.2f}",
            f"{ratio(cost.wall, bare.wall):.1f}",
            f"{statistics.median(cost.cpu):.2f}",
            f"{ratio(cost.cpu, bare.cpu):.1f}",
        )


def load(url: str, folder: Path, options: argparse.Namespace) -> Iterator[Sequence[object]]:
    """Yield a row of figures for each stage: more and more cases, then more events a case."""
    host = Host(url, desk())
    host.set_up(0)
    workers, cases, events = options.workers, options.cases, options.events
    opened = 0
    for number, (stage, share) in enumerate(((100, 0.05), (10, 0.05), (1, 0.45), (1, 0.45))):
        wanted = cases // stage
        host.open_tickets(range(opened, wanted))
        opened = wanted
        host.engine.dispose()
        each = int(events * share / workers)
        began = perf_counter()
        running = [fork(url, wanted, each, folder / f"{number}-{one}") for one in range(workers)]
        for process in running:
            assert os.waitpid(process, 0)[1] == 0
        spent = perf_counter() - began
        found = [one for file in folder.glob(f"{number}-*") for one in json.loads(file.read_text())]
        found.sort()
        yield (
            f"{wanted:,}",
            f"{len(found):,}",
            f"{len(found) / spent:,.0f}",
            *(f"{found[int(len(found) * part)]:.1f}" for part in (0.5, 0.9, 0.99)),
        )


def fork(url: str, cases: int, events: int, file: Path) -> int:
    """Send events to tickets in a process of its own, which writes down how long each took."""
    process = os.fork()
    if process:
        return process
    random.seed(str(file))
    host = Host(url, desk())
    took = []
    for _ in range(events):
        id = f"T-{random.randrange(cases)}"
        began = perf_counter()
        host.send_to(id, random.choice(EVENTS))
        took.append((perf_counter() - began) * 1e3)
    file.write_text(json.dumps(took))
    os._exit(0)


def grow(host: Host, events: int) -> Iterator[Sequence[object]]:
    """Yield what a request to one case costs as its journal grows."""
    host.set_up()
    for upto in (20, 100, 500, events):
        with host.sessions.begin() as session:
            sequence = host.store.get(session, "T-0").sequence
            for number in range(sequence, upto):
                outcome = host.store.send(session, "T-0", EVENTS[(number + 1) % 2])
                assert isinstance(outcome, Accepted)
        costs = measure({"send": host.send}, 10)["send"]
        row = f"{statistics.median(costs.wall):.2f}", f"{statistics.median(costs.cpu):.2f}"
        yield (f"{upto:,}", *row)


def shipped(host: Host) -> str:
    """Return what opening a complaint by the shipped pack costs, in milliseconds."""
    host.metadata.create_all(host.engine)
    received = datetime.now(UTC) - timedelta(minutes=1)
    numbers = iter(range(10**6))

    def open_complaint(_: int) -> None:
        facts = {**COMPLAINT, "received_at": received.isoformat()}
        with host.sessions.begin() as session:
            host.store.open(session, "complaint_handling", facts, id=f"C-{next(numbers)}")

    cost = measure({"open": open_complaint}, 10)["open"]
    return f"{statistics.median(cost.wall):.2f} (CPU {statistics.median(cost.cpu):.2f})"


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--load", action="store_true", help="the load test as well")
    parser.add_argument("--workers", type=int, default=8)
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--events", type=int, default=200_000)
    options = parser.parse_args()
    print(machine())
    head = ("", "ms", "x bare", "CPU ms", "x bare")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        server = Server({"fsync": "on"})
        try:
            database = make_database(server.url("postgres"))
            file = f"sqlite:///{folder / 'store.db'}"
            for title, url in (("SQLite", file), ("PostgreSQL", database)):
                host = Host(url, desk())
                print(f"\n{title}\n\n{table(head, compare(host, options.rounds))}")
                growth = ("entries of the case", "ms", "CPU ms")
                print(f"\n{table(growth, grow(host, 2_000))}")
                print(f"\na complaint opened: {shipped(Host(url, telecom_rules.load()))} ms")
                host.metadata.drop_all(host.engine)
                host.engine.dispose()
            if options.load:
                columns = ("open cases", "events", "a second", "p50 ms", "p90 ms", "p99 ms")
                rows = load(database, folder, options)
                print(f"\n{options.workers} workers\n\n{table(columns, rows)}")
        finally:
            server.close()


if __name__ == "__main__":
    main()
