"""Kills a process before and after each statement of a request, and compares what is left.

A request here is one that needs all tables: it sends a ticket out, by which clocks fire, an
effect is asked for and another case is opened; that case ends and is given back; then a worker does
the effects.
"""

from __future__ import annotations

import json
import os
import signal
from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine, MetaData, create_engine, event, select
from sqlalchemy.orm import sessionmaker

from telecom_rules.adapters.sqlalchemy import CaseExists, CaseStore, Worker, prepare, retrying
from tests.adapters.desk import BEGUN, FACTS, Clock, desk
from tests.adapters.sqlalchemy.race import fork, read_words, write_line

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

CALLED = "T-1/at_repair/4"


class Points:
    """Counts the fault points of an engine, and kills the process at one of them.

    A point lies before and after each statement and each commit; `names` are those met.
    """

    def __init__(self, engine: Engine, fatal: int) -> None:
        self.fatal = fatal
        self.names: list[str] = []
        event.listen(engine, "before_cursor_execute", self.meet_statement("before"))
        event.listen(engine, "after_cursor_execute", self.meet_statement("after"))
        event.listen(engine, "commit", lambda _: self.meet("before COMMIT"))
        # The driver commits between these two; the connection goes back to the pool afterwards.
        event.listen(engine, "checkin", lambda *_: self.meet("after the transaction"))

    def meet_statement(self, when: str) -> Callable[..., None]:
        """Return a listener."""

        def listen(_connection: object, _cursor: object, statement: str, *_: object) -> None:
            self.meet(f"{when} {' '.join(statement.split()[:3])}")

        return listen

    def meet(self, name: str) -> None:
        """Meet a point."""
        self.names.append(name)
        if len(self.names) == self.fatal:
            os.kill(os.getpid(), signal.SIGKILL)


class Host:
    """The store of one process."""

    def __init__(self, url: str) -> None:
        self.clock = Clock()
        self.metadata = MetaData()
        self.store = CaseStore(self.metadata, desk(), clock=self.clock)
        self.engine = prepare(create_engine(url))
        self.sessions = sessionmaker(self.engine)


def do_everything(host: Host, done: int) -> None:
    """Do what a host does, each request with a key; what is done already is not done again."""
    store = host.store
    try:
        for attempt in retrying(host.sessions):
            with attempt as session:
                store.open(session, "handling", FACTS, id="T-1", key="open", actor="u1")
    except CaseExists as problem:  # opened by the same request: the key would have answered
        raise AssertionError from problem
    for attempt in retrying(host.sessions):
        with attempt as session:
            store.send(session, "T-1", "take", key="take")
    host.clock.now = BEGUN + timedelta(days=6)  # the warning of the clock is due
    for attempt in retrying(host.sessions):
        with attempt as session:
            store.send(session, "T-1", "note", {"note": "x"}, key="note")
    for attempt in retrying(host.sessions):
        with attempt as session:
            store.send(session, "T-1", "send_out", key="out")
    for attempt in retrying(host.sessions):
        with attempt as session:
            store.send(session, CALLED, "fix", {"cause": "y"}, key="fix")
    for attempt in retrying(host.sessions):
        with attempt as session:
            store.send(session, "T-1", "solve", actor="u1")  # refused
    host.clock.now = BEGUN + timedelta(days=12)  # the limit has ended
    worker = Worker(store, host.sessions, lease=timedelta(0))
    for name in ("greet", "tell", "escalate"):
        worker.effect(name)(lambda effect: write_line(done, effect.key))
    worker.run_once()


def describe(host: Host) -> dict[str, object]:
    """Return all that is stored, as far as two runs have to agree on it."""
    tables = host.store.tables
    with host.sessions() as session:
        cases = session.scalars(select(tables.case.c.id).order_by(tables.case.c.id)).all()
        outbox = session.execute(select(tables.outbox.c.key, tables.outbox.c.done_at)).all()
        return {
            "faults": [
                str(each) for id in cases for each in host.store.verify_journal(session, id)
            ],
            "states": {id: host.store.get(session, id).state for id in cases},
            "heads": {id: host.store.get(session, id).head for id in cases},
            "keys": sorted(session.scalars(select(tables.request.c.key))),
            "effects": sorted(each.key for each in outbox),
            "undone": sorted(each.key for each in outbox if each.done_at is None),
        }


def run_child(options: argparse.Namespace, fatal: int) -> None:
    """Do everything, and die at a fault point."""
    host = Host(options.url)
    points = Points(host.engine, fatal)
    done = os.open(options.folder / "effects", os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    do_everything(host, done)
    names = options.folder / "points"
    names.write_text(json.dumps(points.names), encoding="utf-8")


def try_point(options: argparse.Namespace, fatal: int) -> tuple[bool, dict[str, object]]:
    """Kill a process at a point, judge what it left, do everything again; return what is left."""
    host = Host(options.url)
    host.metadata.drop_all(host.engine)
    host.metadata.create_all(host.engine)
    host.engine.dispose()
    (options.folder / "effects").unlink(missing_ok=True)
    process = fork(run_child, options, fatal)
    _, status = os.waitpid(process, 0)
    killed = os.WIFSIGNALED(status)
    assert killed or status == 0, "the process has failed"
    left = describe(host)
    assert left["faults"] == [], left
    if killed:
        again = fork(run_child, options, 0)
        assert os.waitpid(again, 0)[1] == 0, "the process after it has failed"
    whole = describe(host)
    host.engine.dispose()
    done = Counter(word for (word,) in read_words(options.folder / "effects"))
    whole["never done"] = sorted(set(whole["effects"]) - set(done))  # type: ignore[call-overload]  # a list
    return killed, whole


def run_points(options: argparse.Namespace) -> dict[str, Any]:
    """Try every n-th point, and return what was found."""
    _, expected = try_point(options, 0)
    names = json.loads((options.folder / "points").read_text(encoding="utf-8"))
    different = []
    tried = range(options.first, len(names) + 1, options.every)
    for fatal in tried:
        killed, whole = try_point(options, fatal)
        if whole != expected or not killed:
            different.append({"point": fatal, "name": names[fatal - 1], "whole": whole})
    host = Host(options.url)
    host.metadata.drop_all(host.engine)
    host.engine.dispose()
    return {"points": names, "tried": len(tried), "expected": expected, "different": different}
