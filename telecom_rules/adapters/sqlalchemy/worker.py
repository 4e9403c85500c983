"""The worker: lets the clocks of due cases run, and does the effects that wait."""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from sqlalchemy import and_, or_, select, update
from sqlalchemy.exc import SQLAlchemyError

from telecom_rules.adapters.rows import Conflict, NotKept, UnknownCase
from telecom_rules.adapters.sqlalchemy.effects import (
    Claimed,
    Handler,
    Outbox,
    describe_problem,
    read_effect,
)
from telecom_rules.adapters.sqlalchemy.instants import read_clock
from telecom_rules.adapters.sqlalchemy.retrying import is_lost_race

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from sqlalchemy.orm import Session

    from telecom_rules.adapters.sqlalchemy.store import CaseStore

H = TypeVar("H", bound="Handler")

PAGE = 100
LEASE = timedelta(minutes=1)
ATTEMPTS = 20
SECONDS_BETWEEN = 1.0


class Swept(NamedTuple):
    """What one run of a worker has done.

    Attributes:
        ticked: the cases whose clocks it has moved on.
        lost: the cases that others changed meanwhile; they have moved the clocks on as well.
        poisoned: the ids of the cases that it has set aside, because they cannot be read.
        effects: the effects done.
        failed: the keys of the effects whose handler has failed; they are tried again later.
        given_up: the keys of those that have failed, or have lost their worker, too often: they
            wait for a person.
    """

    ticked: int = 0
    lost: int = 0
    poisoned: tuple[str, ...] = ()
    effects: int = 0
    failed: tuple[str, ...] = ()
    given_up: tuple[str, ...] = ()


class Worker:
    """Does what is due, as often as it is run. Any number of workers may run at once.

    >>> worker = Worker(store, Sessions)
    >>> @worker.effect("send_result")
    ... def mail(effect):
    ...     mailer.send(effect.case, effect.payload["result"], key=effect.key)
    >>> worker.run_once()
    """

    def __init__(
        self,
        store: CaseStore,
        sessions: Callable[[], Session],
        *,
        clock: Callable[[], datetime] | None = None,
        page: int = PAGE,
        lease: timedelta = LEASE,
        attempts: int = ATTEMPTS,
    ) -> None:
        """Make a worker.

        Args:
            store: the store of the cases.
            sessions: makes a session, such as a `sessionmaker`.
            clock: returns the present; that of the store by default.
            page: how many due cases are read at once.
            lease: how long an effect may take before another worker tries it as well.
            attempts: how often an effect is tried before it waits for a person. An attempt whose
                worker did not come back counts as well.
        """
        self._store = store
        self._sessions = sessions
        self._clock = store.clock if clock is None else clock
        self._page = page
        self._outbox = Outbox(store.statements, lease, attempts)
        self._handlers: dict[str, Handler] = {}
        self._stopped = threading.Event()

    def effect(self, name: str) -> Callable[[H], H]:
        """Return a decorator: the function does the effects of this name, at least once each.

        What it raises is written down, and the effect is tried again later: after two seconds, then
        four, up to an hour.
        """

        def register(handler: H) -> H:
            self._handlers[name] = handler
            return handler

        return register

    def run_once(self) -> Swept:
        """Do what is due now, and return what was done: for cron, Celery beat, RQ or a test.

        Each case is a transaction of its own, and so is each effect.

        Raises:
            SQLAlchemyError: the database cannot be reached. All that was done stays done.
            ArgumentError: the clock returns no instant with an offset from UTC.
        """
        swept = self._tick_due(self._now())
        return self._do_effects(swept)

    def run(self, seconds: float = SECONDS_BETWEEN) -> None:
        """Do what is due, again and again, until `stop` is called or the process gets SIGTERM.

        A database that cannot be reached is tried again; the observer of the store is told.

        Args:
            seconds: how long to wait when nothing was due.
        """
        with stopping_on_signal(self.stop):
            while not self._stopped.is_set():
                try:
                    swept = self.run_once()
                except SQLAlchemyError as problem:
                    self._store.observer.tell("worker", type(problem).__name__)
                    swept = Swept()
                if not (swept.ticked or swept.effects):
                    self._stopped.wait(seconds)
        self._stopped.clear()

    def stop(self) -> None:
        """End `run`, or the `run` that begins next, after the case or effect that is being done."""
        self._stopped.set()

    def _now(self) -> datetime:
        """Return the present.

        Raises:
            ArgumentError: the clock returns no instant with an offset from UTC.
        """
        return read_clock(self._clock)

    def _tick_due(self, now: datetime) -> Swept:
        """Tick every case that has something due."""
        ticked = lost = 0
        poisoned: list[str] = []
        for id in self._list_due(now):
            now = self._now()  # a clock that fails is not the fault of the case
            try:
                with self._sessions() as session, session.begin():
                    done = self._store.tick(session, id, at=now)
                ticked += bool(done.entries)
            except (UnknownCase, NotKept):
                pass  # archived meanwhile
            except SQLAlchemyError as problem:
                if not is_lost_race(problem):
                    raise
                lost += 1
            except Conflict:
                lost += 1
            except MemoryError:  # of the process: every case would be set aside
                raise
            except Exception as problem:  # whatever is wrong with it, the others go on
                self._set_aside(id, problem)
                poisoned.append(id)
        return Swept(ticked=ticked, lost=lost, poisoned=tuple(poisoned))

    def _list_due(self, now: datetime) -> Iterator[str]:
        """Yield the ids of the due cases, the longest due first, page by page."""
        case = self._store.cases
        query = (
            select(case.c.next_due, case.c.id)
            .where(
                case.c.tenant == self._store.tenant,
                case.c.next_due <= now,
                case.c.problem.is_(None),
            )
            .order_by(case.c.next_due, case.c.id)
            .limit(self._page)
        )
        after = None
        while not self._stopped.is_set():
            page = query
            if after is not None:
                # What stays due, because others hold it, is not to be read for ever.
                due, id = after
                later = and_(case.c.next_due == due, case.c.id > id)
                page = query.where(or_(case.c.next_due > due, later))
            with self._sessions() as session:
                rows = session.execute(page).all()
            if not rows:
                return
            for row in rows:
                if self._stopped.is_set():
                    return
                yield row.id
            after = tuple(rows[-1])

    def _set_aside(self, id: str, problem: Exception) -> None:
        """Take a case that cannot be ticked off the list, for a person to look at."""
        case = self._store.cases
        said = describe_problem(problem)
        with self._sessions() as session, session.begin():
            session.execute(
                update(case)
                .where(case.c.tenant == self._store.tenant, case.c.id == id)
                .values(problem=said)
            )
        self._store.observer.tell("tick", "poisoned")

    def _do_effects(self, swept: Swept) -> Swept:
        """Do the effects that wait; return what was done before with what is done now."""
        done = 0
        failed: list[str] = []
        given_up: list[str] = []
        claimed = self._claim(None, None)
        while claimed is not None:
            problem = self._perform(claimed)
            if problem is None:
                done += 1
            else:
                (given_up if self._outbox.gives_up(claimed) else failed).append(claimed.key)
            claimed = self._claim(claimed, problem)
        return swept._replace(effects=done, failed=tuple(failed), given_up=tuple(given_up))

    def _perform(self, claimed: Claimed) -> Exception | None:
        """Do an effect; return what its handler has raised, or why it is not done any more."""
        try:
            self._outbox.require_attempt(claimed)
            effect = read_effect(claimed)
            self._handlers[effect.effect](effect)
        except Exception as problem:  # whatever a handler raises, the others go on
            return problem
        return None

    def _claim(self, before: Claimed | None, problem: Exception | None) -> Claimed | None:
        """Write what became of an effect, and claim the next one in the same transaction."""
        now = self._now()
        with self._sessions() as session, session.begin():
            if before is not None and problem is None:
                self._outbox.finish(session, before, now)
            elif before is not None and problem is not None:
                self._outbox.fail(session, before, now, problem)
            if self._stopped.is_set() or not self._handlers:
                claimed = None
            else:
                claimed = self._outbox.claim(session, self._handlers.keys(), now)
        if before is not None:
            self._store.observer.tell("effect", "done" if problem is None else "failed")
        return claimed


@contextmanager
def stopping_on_signal(stop: Callable[[], None]) -> Iterator[None]:
    """Call `stop` on SIGTERM for a while; only the main thread hears signals."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, lambda *_: stop())
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
