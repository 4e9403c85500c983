"""Processes that race for the same tickets while some of them are killed; then all is counted.

Senders send events with keys, send old ones again, and write down what was answered. Clock workers
tick, effect workers write down the keys of what they do. Each has a clock that is a little wrong,
and one that runs backwards now and then.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, TypeAlias

from sqlalchemy import MetaData, create_engine, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import sessionmaker
from sqlalchemy.pool import NullPool

from telecom_rules import Accepted
from telecom_rules.adapters.sqlalchemy import CaseStore, Conflict, Worker, prepare, retrying
from telecom_rules.workflows import EntryKind
from tests.adapters.desk import FACTS, desk

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable
    from pathlib import Path
    from typing import Any

SENDS = [("take", None), ("put_back", None), ("note", {"note": "x"}), ("note", {"note": "y"})]
SKEWS = (0.0, 0.005, -0.005, 2.0, -2.0)
"""Seconds by which the clocks of processes are wrong."""


class Host:
    """The store as one process sees it."""

    def __init__(self, url: str, skew: float = 0.0) -> None:
        self.skew = skew
        self.metadata = MetaData()
        self.store = CaseStore(self.metadata, desk(), clock=self.now)
        self.engine = prepare(create_engine(url, poolclass=NullPool if "sqlite" in url else None))
        self.sessions = sessionmaker(self.engine)

    def now(self) -> datetime:
        """Return the present of this process."""
        backwards = random.random() < 0.02
        seconds = self.skew - (1.0 if backwards else 0.0)
        return datetime.now(UTC) + timedelta(seconds=seconds)


class Stopping:
    """Whether the process was asked to end."""

    def __init__(self) -> None:
        self.asked = False
        signal.signal(signal.SIGTERM, self.ask)

    def ask(self, *_: object) -> None:
        self.asked = True


def write_line(file: int, *words: str) -> None:
    """Write a line at once, so that lines of several processes do not mix."""
    os.write(file, (" ".join(words) + "\n").encode())


def send_events(options: argparse.Namespace, number: int) -> None:
    """Send events until asked to stop, and write down each answer."""
    stopping = Stopping()
    random.seed(f"{options.seed} {number} {os.getpid()}")
    host = Host(options.url, SKEWS[number % len(SKEWS)])
    answered = os.open(options.folder / "answered", os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    sent: list[tuple[str, str, str, Any]] = []
    while not stopping.asked:
        if sent and random.random() < 0.1:
            id, key, event, payload = random.choice(sent)  # late, and not in order
        else:
            id, key = f"T-{random.randrange(options.cases)}", f"{os.getpid()}-{len(sent)}"
            event, payload = random.choice(SENDS)
            sent.append((id, key, event, payload))
        outcome = answer(host, stopping, id, key, event, payload)
        if outcome is not None:
            word = "accepted" if isinstance(outcome, Accepted) else "refused"
            write_line(answered, word, id, key)


def answer(host: Host, stopping: Stopping, id: str, key: str, event: str, payload: Any) -> Any:
    """Send one event until there is an answer: who lost the connection asks again by the key."""
    while True:
        try:
            for attempt in retrying(host.sessions):
                with attempt as session:
                    outcome = host.store.send(session, id, event, payload, key=key)
        except (DBAPIError, Conflict):
            if stopping.asked:
                return None
            time.sleep(0.02)
        else:
            return outcome


def run_worker(options: argparse.Namespace, number: int) -> None:
    """Tick what is due and do effects until asked to stop."""
    random.seed(f"{options.seed} {number} {os.getpid()}")
    host = Host(options.url, SKEWS[number % len(SKEWS)])
    done = os.open(options.folder / "effects", os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    worker = make_worker(host, done)
    worker.run(0.05)


def make_worker(host: Host, done: int) -> Worker:
    """Return a worker that writes down the key of each effect."""
    worker = Worker(host.store, host.sessions, lease=timedelta(seconds=1), attempts=10**6)
    for name in ("greet", "tell", "escalate"):
        worker.effect(name)(lambda effect: write_line(done, effect.key))
    return worker


Work: TypeAlias = "Callable[[argparse.Namespace, int], None]"


def fork(work: Work, options: argparse.Namespace, number: int) -> int:
    """Run a function in a process of its own; return the process."""
    # Whoever is asked to end before it can hear of it ends in peace as well.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    process = os.fork()
    if process:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
        return process
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
    try:
        work(options, number)
        os._exit(0)
    except BaseException:
        sys.excepthook(*sys.exc_info())
        os._exit(1)


def open_tickets(host: Host, count: int) -> None:
    """Open tickets of which half have a limit that has just ended."""
    host.metadata.create_all(host.engine)
    with host.sessions.begin() as session:
        for number in range(count):
            begun = datetime.now(UTC) - timedelta(days=11 if number % 2 else 0)
            host.store.open(session, "handling", FACTS, id=f"T-{number}", at=begun)


def race(options: argparse.Namespace) -> None:
    """Run the processes, kill some of them, and let the rest end in peace."""
    works = [send_events] * options.processes + [run_worker] * options.workers
    running = {fork(work, options, number): number for number, work in enumerate(works)}
    kills = 0
    answered = options.folder / "answered"
    while kills < options.kills or count_lines(answered) < options.events:
        time.sleep(random.uniform(0.02, options.pause))
        if kills < options.kills:
            process = random.choice(list(running))
            number = running.pop(process)
            os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)
            kills += 1
            running[fork(works[number], options, number)] = number
    for process in running:
        os.kill(process, signal.SIGTERM)
    for process in running:
        assert os.waitpid(process, 0)[1] == 0, "a process has failed"


def count_lines(file: Path) -> int:
    """Return how many lines a file has."""
    return file.read_bytes().count(b"\n") if file.exists() else 0


def read_words(file: Path) -> list[list[str]]:
    """Return the words of each line."""
    return [line.split() for line in file.read_text().splitlines()] if file.exists() else []


def count(options: argparse.Namespace) -> dict[str, int]:
    """Do the effects that are left, and compare all that was written with all that was answered."""
    host = Host(options.url)
    host.skew = 10.0  # after all leases
    done = os.open(options.folder / "effects", os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    make_worker(host, done).run_once()
    tables = host.store.tables
    found: Counter[str] = Counter()
    happened: list[str] = []
    asked: list[str] = []
    with host.sessions() as session:
        for number in range(options.cases):
            id = f"T-{number}"
            found["inconsistent"] += bool(host.store.verify_journal(session, id))
            entries = host.store.journal(session, id)
            case = host.store.get(session, id)
            found["inconsistent"] += desk().workflows["handling"].replay(entries) != case
            own = [each for each in entries if each.kind is not EntryKind.REFUSAL]
            found["entries"] += len(own)
            found["refusals"] += len(entries) - len(own)
            found["clocks"] += sum(each.clock is not None for each in own)
            happened += [f"{id} {each.sequence}" for each in own if each.kind is EntryKind.EVENT]
            asked += [
                f"{id}/{each.sequence}/{index}"
                for each in own
                for index in range(len(each.effects))
            ]
        request, outbox = tables.request, tables.outbox
        keys = session.execute(select(request.c.case, request.c.key, request.c.last)).all()
        waiting = session.execute(select(outbox.c.key, outbox.c.done_at)).all()
    kept = {(each.case, each.key) for each in keys}
    answered = read_words(options.folder / "answered")
    accepted = {(id, key) for word, id, key in answered if word == "accepted"}
    done_keys = Counter(word for (word,) in read_words(options.folder / "effects"))
    found["answered"] = len(answered)
    found["lost"] = len(accepted - kept)
    found["doubled"] = len(happened) - len({f"{each.case} {each.last}" for each in keys})
    found["unanswered"] = len(kept - accepted)
    found["effects"] = len(asked)
    found["effects_lost"] = len(set(asked) - set(done_keys))
    found["effects_invented"] = len(set(done_keys) - set(asked)) + len(
        {each.key for each in waiting} ^ set(asked)
    )
    found["effects_undone"] = sum(each.done_at is None for each in waiting)
    found["effects_repeated"] = sum(times - 1 for times in done_keys.values())
    return dict(found)


def run_race(options: argparse.Namespace) -> dict[str, int]:
    """Race on an empty database, and return what was found."""
    random.seed(options.seed)
    host = Host(options.url)
    host.metadata.drop_all(host.engine)
    open_tickets(host, options.cases)
    host.engine.dispose()
    race(options)
    found = {"kills": options.kills, **count(options)}
    host.metadata.drop_all(host.engine)
    host.engine.dispose()
    return found
