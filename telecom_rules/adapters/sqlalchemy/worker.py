"""The worker: lets the clocks of due cases run, and does the effects that wait."""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from sqlalchemy import and_, or_, select, update
from sqlalchemy.exc import SQLAlchemyError

from telecom_rules.adapters.rows import Conflict, NotKept, UnknownCase
from telecom_rules.adapters.sqlalchemy.arguments import read_clock, read_session, require_clock
from telecom_rules.adapters.sqlalchemy.effects import (
    BEYOND,
    Claimed,
    Handler,
    Outbox,
    describe_problem,
    read_effect,
)
from telecom_rules.adapters.sqlalchemy.retrying import is_lost_race
from telecom_rules.adapters.sqlalchemy.statements import is_unreadable
from telecom_rules.adapters.sqlalchemy.store import CaseStore
from telecom_rules.errors import ArgumentError
from telecom_rules.values.arguments import (
    read_callable,
    read_count,
    read_instance,
    read_text,
    read_wait,
)
from telecom_rules.wording import Wording, quote_found

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

H = TypeVar("H", bound="Handler")

PAGE = 100
LEASE = timedelta(minutes=1)
ATTEMPTS = 20
SECONDS_BETWEEN = 1.0
MOST_SECONDS = 86_400
NOT_SECONDS = Wording(
    f"应为 0 至 {MOST_SECONDS} 的秒数，而不是 {{found}}",
    f"expected seconds from 0 to {MOST_SECONDS}, found {{found}}",
)


class Swept(NamedTuple):
    """What one run of a worker has done.

    Attributes:
        ticked: the cases whose clocks it has moved on.
        lost: the cases that others changed meanwhile; they have moved the clocks on as well.
        poisoned: the ids of the cases that it has set aside, because they cannot be read.
        effects: the effects done.
        failed: the keys of the effects whose handler has failed; they are tried again later.
        given_up: the keys of those that have failed, or have lost their worker, too often, or whose
            row cannot be read: they wait for a person. The column `problem` says why.
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

        Raises:
            ArgumentError: an argument is of another kind.
        """
        self._store = read_instance("store", store, CaseStore)
        self._sessions = read_callable("sessions", sessions)
        self._clock = store.clock if clock is None else require_clock(clock)
        self._page = read_count("page", page)
        self._outbox = Outbox(
            store.statements, read_wait("lease", lease), read_count("attempts", attempts)
        )
        self._handlers: dict[str, Handler] = {}
        self._stopped = threading.Event()

    def effect(self, name: str) -> Callable[[H], H]:
        """Return a decorator: the function does the effects of this name, at least once each.

        What it raises is written down, and the effect is tried again later: after two seconds, then
        four, up to an hour.

        Raises:
            ArgumentError: `name` is not a text, or what is decorated not a function.
        """
        name = read_text("name", name)

        def register(handler: H) -> H:
            self._handlers[name] = read_callable("handler", handler)
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

        Raises:
            ArgumentError: `seconds` is not a number of seconds, or the clock returns no instant.
        """
        if type(seconds) not in {int, float} or not 0 <= seconds <= MOST_SECONDS:
            raise ArgumentError("seconds", NOT_SECONDS.fill(found=quote_found(seconds)))
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
            if self._stopped.is_set():
                break
            now = self._now()  # a clock that fails is not the fault of the case
            try:
                with self._session() as session, session.begin():
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
        """Yield the ids of the due cases, the longest due first, page by page.

        First come those with something for an instant that would never be due. A page in which an
        instant cannot be read is read once more without its instants: whoever ticks its cases sets
        the bad ones aside, and then the rest of it can be read.
        """
        case = self._store.cases
        query = (
            select(case.c.next_due, case.c.id)
            .where(case.c.tenant == self._store.tenant, case.c.problem.is_(None))
            .order_by(case.c.next_due, case.c.id)
            .limit(self._page)
        )
        ids = query.with_only_columns(case.c.id)
        known: set[str] = set()
        while fresh := self._list_fresh(ids.where(case.c.next_due > BEYOND), known):
            yield from fresh
        rest = case.c.next_due <= now
        while not self._stopped.is_set():
            page = self._read_page(query.where(rest))
            if page is None:
                fresh = self._list_fresh(ids.where(rest), known)
            else:
                fresh = [id for _, id in page]
            if not fresh:
                return
            yield from fresh
            if page:
                # What stays due, because others hold it, is not to be read for ever.
                last_due, last = page[-1]
                later = and_(case.c.next_due == last_due, case.c.id > last)
                rest = and_(case.c.next_due <= now, or_(case.c.next_due > last_due, later))

    def _read_page(self, query: Select[Any]) -> list[tuple[datetime, str]] | None:
        """Return when each case of a page is due, with its id; `None` if one cannot be read."""
        with self._session() as session:
            self._store.read_only(session)
            try:
                page = [(row.next_due, row.id) for row in session.execute(query)]
            except Exception as problem:
                if not is_unreadable(problem):
                    raise
                return None
        return page if all(isinstance(due, datetime) for due, _ in page) else None

    def _list_fresh(self, query: Select[Any], known: set[str]) -> list[str]:
        """Return the ids of the cases of a page that are not known yet, and make them known."""
        with self._session() as session:
            self._store.read_only(session)
            fresh = [each for each in session.scalars(query) if each not in known]
        known.update(fresh)
        return fresh

    def _session(self) -> Session:
        """Return a new session.

        Raises:
            ArgumentError: `sessions` makes something else.
        """
        return read_session(self._sessions(), "sessions")

    def _set_aside(self, id: str, problem: Exception) -> None:
        """Take a case that cannot be ticked off the list, for a person to look at."""
        case = self._store.cases
        said = describe_problem(problem)
        with self._session() as session, session.begin():
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
                key = self._outbox.name(claimed)
                (given_up if self._outbox.gives_up(claimed) else failed).append(key)
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
        with self._session() as session, session.begin():
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
