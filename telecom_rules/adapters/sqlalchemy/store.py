"""The store of cases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection

from telecom_rules.adapters.rows import (
    CaseExists,
    KeyOutlived,
    KeyReused,
    UnexpectedState,
    UnreadableCase,
    digest_body,
    find_faults,
    read_entry,
    read_key,
    read_refusal,
)
from telecom_rules.adapters.sqlalchemy.arguments import (
    read_async_session,
    read_at,
    read_clock,
    read_session,
    require_clock,
)
from telecom_rules.adapters.sqlalchemy.closing import archive, erase
from telecom_rules.adapters.sqlalchemy.engines import READS
from telecom_rules.adapters.sqlalchemy.keeping import Keeper, require_kept
from telecom_rules.adapters.sqlalchemy.moving import Move, Moves, move_all
from telecom_rules.adapters.sqlalchemy.observing import Observer
from telecom_rules.adapters.sqlalchemy.schema import STEPS, check, upgrade
from telecom_rules.adapters.sqlalchemy.statements import Request, Statements
from telecom_rules.adapters.sqlalchemy.tables import LONGEST_TENANT, Tables
from telecom_rules.errors import ArgumentError, JournalError, JournalMismatch, UnknownPack
from telecom_rules.pack import Pack, Packs
from telecom_rules.values.arguments import (
    copy_items,
    find_text,
    read_actor,
    read_callable,
    read_count,
    read_instance,
    read_text,
)
from telecom_rules.wording import Wording, quote_found
from telecom_rules.workflows import Accepted, Refused, redo

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Coroutine, Iterable, Mapping
    from datetime import datetime

    from sqlalchemy import MetaData, Table
    from sqlalchemy.ext.asyncio import AsyncSession
    from sqlalchemy.orm import Session

    from telecom_rules.adapters.rows import CaseRow, Fault
    from telecom_rules.adapters.sqlalchemy.observing import Observation
    from telecom_rules.vocabulary import Json
    from telecom_rules.workflows import Adopted, Case, Entry, Outcome, Ticked

P = ParamSpec("P")
T = TypeVar("T")

PAGE = 500
MOST_STATES = 1_000
"""Expected states that are read."""

NOT_A_TENANT = Wording(
    f"应为不超过 {LONGEST_TENANT} 个可打印字符的文本，而不是 {{found}}",
    f"expected a text of up to {LONGEST_TENANT} printable characters, found {{found}}",
)


def twin_of(
    method: Callable[Concatenate[CaseStore, Session, P], T],
) -> Callable[
    [Callable[[CaseStore], None]],
    Callable[Concatenate[CaseStore, AsyncSession, P], Coroutine[Any, Any, T]],
]:
    """Return a decorator: what has the name and docstring of a method does what another one does.

    Args:
        method: the method for a `Session`; its twin takes an `AsyncSession`, and all else alike.
    """

    def decorate(
        named: Callable[[CaseStore], None],
    ) -> Callable[Concatenate[CaseStore, AsyncSession, P], Coroutine[Any, Any, T]]:
        async def run(
            store: CaseStore, session: AsyncSession, /, *arguments: P.args, **options: P.kwargs
        ) -> T:
            found = read_async_session(session)
            return await found.run_sync(lambda sync: method(store, sync, *arguments, **options))

        run.__name__, run.__qualname__, run.__doc__ = (
            named.__name__, named.__qualname__, named.__doc__,
        )  # fmt: skip
        return run

    return decorate


class CaseStore:
    """Keeps the cases of one tenant in tables of the host, in the transactions of the host.

    Each method does its work in the session that it is given and commits nothing: the case, its
    journal, its effects and its idempotency key become true when the host commits, or not at all.
    After an error the transaction is to be rolled back. A `Conflict` is to be done again as a
    whole, which only the owner of the transaction can: see `retrying`.
    """

    def __init__(
        self,
        metadata: MetaData,
        packs: Packs | Pack,
        *,
        clock: Callable[[], datetime],
        prefix: str = "rules_",
        schema: str | None = None,
        tenant: str = "",
        observe: Callable[[Observation], object] | None = None,
        timer: Callable[[], float] | None = None,
    ) -> None:
        """Make a store, and put its tables into `metadata`.

        Args:
            metadata: that of the host, such as `Base.metadata`, so that its migrations see the
                tables. Tables of this prefix that are there already are used.
            packs: the packs of the tenant; new cases begin by the newest.
            clock: returns the present with an offset from UTC, such as
                `lambda: datetime.now(timezone.utc)`.
            prefix: begins the name of each table.
            schema: the schema of the tables, where it is not the usual one.
            tenant: whose cases these are, where several tenants share the tables.
            observe: is told of each call. What it raises is passed over.
            timer: returns seconds, such as `time.perf_counter`; without it nothing is timed.

        Raises:
            ArgumentError: an argument is of another kind, such as packs that are none, or the host
                has a table of its own by one of these names.
        """
        tenant = read_text("tenant", tenant)
        if len(tenant) > LONGEST_TENANT or not tenant.isprintable():
            raise ArgumentError("tenant", NOT_A_TENANT.fill(found=quote_found(tenant)))
        self._packs = read_packs(packs)
        self._clock = require_clock(clock)
        self._observer = Observer(
            None if observe is None else read_callable("observe", observe),
            None if timer is None else read_callable("timer", timer),
        )
        self._tables = Tables(metadata, prefix, schema)
        self._metadata = metadata
        self._places = prefix, schema
        self._statements = Statements(self._tables, tenant)

    @property
    def packs(self) -> Packs:
        """The packs by which cases begin and go on."""
        return self._packs

    @property
    def tenant(self) -> str:
        """Whose cases these are; empty where there are no tenants."""
        return self._statements.tenant

    @property
    def clock(self) -> Callable[[], datetime]:
        """Returns the present."""
        return self._clock

    def now(self) -> datetime:
        """Return the present by the clock of the host.

        Raises:
            ArgumentError: it is not an instant with an offset from UTC.
        """
        return read_clock(self._clock)

    @property
    def statements(self) -> Statements:
        """The statements of the tenant. Internal to the library."""
        return self._statements

    @property
    def observer(self) -> Observer:
        """What tells the host of each call. Internal to the library."""
        return self._observer

    @property
    def cases(self) -> Table:
        """The table of the cases, for the host's own queries: `store.cases.c.state`."""
        return self._tables.case

    @property
    def tables(self) -> Tables:
        """All tables, for reports and grants. Only the store writes to them."""
        return self._tables

    def of(self, tenant: str, packs: Packs | Pack) -> CaseStore:
        """Return the store of another tenant in the same tables, with packs of its own.

        Raises:
            ArgumentError: `packs` are no packs, or `tenant` is not a printable text.
        """
        prefix, schema = self._places
        return CaseStore(
            self._metadata,
            packs,
            clock=self._clock,
            prefix=prefix,
            schema=schema,
            tenant=tenant,
            observe=self._observer.callback,
            timer=self._observer.timer,
        )

    def take_up(self, packs: Packs | Pack) -> None:
        """Take up other packs without a restart: the calls from now on go by them.

        Give the older packs along with the new one as long as cases are open that only they can go
        on with; `migrate` moves these.

        Raises:
            ArgumentError: these are no packs.
        """
        self._packs = read_packs(packs)

    def open(
        self,
        session: Session,
        workflow: str,
        facts: Mapping[str, object],
        *,
        id: str,
        at: datetime | None = None,
        actor: str | None = None,
        key: str | None = None,
    ) -> Accepted:
        """Open a case by the newest pack.

        Args:
            session: the session of the host, in whose transaction it is done.
            workflow: the workflow.
            facts: the known facts.
            id: the host's name for the case.
            at: when it began, such as when a complaint came in; the present by default.
            actor: who opens it, as the host calls them.
            key: an idempotency key: the same request again gets the first answer.

        Raises:
            CaseExists: there is a case with this id.
            Conflict: somebody else opens one just now.
            KeyReused: the key came with another request.
            KeyOutlived: the first answer cannot be given any more.
            UnknownName: the newest pack does not have this workflow.
            ArgumentError: as `Workflow.open` does, or `key` is not a printable text.
            FactsError: as `Workflow.open` does.
        """
        with self._observer.watch("open") as notes:
            keeper = self._keep(session)
            name = notes.workflow = read_text("workflow", workflow)
            id = read_text("id", id)
            key = None if key is None else read_key(key)
            if self._statements.find(session, id) is not None:
                notes.outcome = "repeated"
                return self._require_repeat(keeper, id, key, digest_repeat(name, facts, actor))
            begun = self.now() if at is None else at
            outcome = keeper.packs[name].open(facts, at=begun, id=id, actor=actor)
            # After the rules, which name the field that is wrong: a digest cannot.
            body = digest_request(key, name, facts, actor)
            notes.outcome = "accepted"
            keeper.keep_new(outcome)
            self._answer(session, outcome, key, body, 0)
            return outcome

    def adopt(
        self,
        session: Session,
        workflow: str,
        facts: Mapping[str, object],
        state: str,
        *,
        id: str,
        clocks: Mapping[str, datetime] | None = None,
        at: datetime | None = None,
        actor: str | None = None,
    ) -> Adopted:
        """Take up a case that began before the rules came, as it is now.

        Args:
            session: the session of the host, in whose transaction it is done.
            workflow: the workflow.
            facts: the known facts.
            state: the innermost state it is in.
            id: the host's name for the case.
            clocks: when each running time limit began, by the name of the clock.
            at: when it is adopted; the present by default.
            actor: who adopts it, as the host calls them.

        Raises:
            CaseExists: there is a case with this id.
            Conflict: somebody else opens one just now.
            UnknownName: the newest pack does not have this workflow, state or clock.
            ArgumentError: as `Workflow.adopt` does.
            FactsError: as `Workflow.adopt` does.
        """
        with self._observer.watch("adopt") as notes:
            keeper = self._keep(session)
            name = notes.workflow = read_text("workflow", workflow)
            id = read_text("id", id)
            if self._statements.find(session, id) is not None:
                raise CaseExists(id)
            taken = keeper.packs[name].adopt(
                facts,
                state,
                clocks=clocks,
                at=self.now() if at is None else at,
                id=id,
                actor=actor,
            )
            notes.outcome = "accepted"
            keeper.keep_new(taken)
            return taken

    def send(  # noqa: PLR0913 - what an event is, and how it is asked for
        self,
        session: Session,
        id: str,
        event: str,
        payload: Mapping[str, object] | None = None,
        *,
        by: str | Iterable[str] | None = None,
        actor: str | None = None,
        expect: Collection[str] | None = None,
        key: str | None = None,
        at: datetime | None = None,
    ) -> Outcome:
        """Send an event to a case, and keep what comes of it.

        A refusal changes nothing. It is put on record once the transaction of the session has
        ended, also when that is rolled back.

        Args:
            session: the session of the host, in whose transaction it is done.
            id: the case.
            event: the event.
            payload: the data that come with it.
            by: the role that sends it, or all the roles of the person.
            actor: who sends it, as the host calls them.
            expect: the states of which one must be active, such as those that a screen shows.
            key: an idempotency key: the same request again gets the first answer, a refused one is
                tried again.
            at: when it happened. By default it happens now: the clock is read after the case, and
                never is it before the last change of the case.

        Returns:
            `Accepted`, kept; or `Refused` with the reasons.

        Raises:
            UnknownCase: there is none with this id.
            NotKept: it was archived or erased.
            UnexpectedState: no expected state is active.
            KeyReused: the key came with another request.
            KeyOutlived: the first answer cannot be given any more.
            UnreadableCase: its row is not what was written; `StrandedCase`: no pack goes on with
                it.
            Conflict: somebody else has changed the case.
            ArgumentError: as `Case.send` does, or `key` is not a printable text.
        """
        with self._observer.watch("send") as notes:
            keeper = self._keep(session)
            id = read_text("id", id)
            key = None if key is None else read_key(key)
            row, case = keeper.read(id)
            notes.workflow = row.workflow
            # The key after the case: who did the same in between has changed the case as well, and
            # the write fails.
            if key is not None and self._statements.find_request(session, id, key) is not None:
                notes.outcome = "repeated"
                return self._require_repeat(keeper, id, key, digest_repeat(event, payload, actor))
            if expect is not None:
                require_state(case, expect)
            instant = max(self.now(), case.at) if at is None else at
            outcome = case.send(event, payload, at=instant, by=by, actor=actor)
            if isinstance(outcome, Refused):
                notes.outcome = "refused"
                keeper.record(outcome)
                return outcome
            body = digest_request(key, event, payload, actor)  # after the rules, as in `open`
            notes.outcome = "accepted"
            keeper.keep(outcome, row)
            self._answer(session, outcome, key, body, row.sequence)
            return outcome

    def tick(self, session: Session, id: str, *, at: datetime | None = None) -> Ticked:
        """Let the clocks of a case catch up, and keep what they did.

        Args:
            session: the session of the host, in whose transaction it is done.
            id: the case.
            at: the instant they catch up with; the present by default.

        Raises:
            UnknownCase: there is none with this id.
            NotKept: it was archived or erased.
            UnreadableCase: its row is not what was written.
            Conflict: somebody else has changed the case.
            ArgumentError: `at` is not an instant with an offset from UTC.
        """
        with self._observer.watch("tick") as notes:
            keeper = self._keep(session)
            row, case = keeper.read(read_text("id", id))
            notes.workflow = row.workflow
            ticked = case.tick(max(self.now(), case.at) if at is None else at)
            keeper.keep(ticked, row)
            return ticked

    def get(self, session: Session, id: str) -> Case:
        """Return a case.

        Raises:
            UnknownCase: there is none with this id.
            NotKept: it was archived or erased.
            UnreadableCase: its row is not what was written; `StrandedCase`: no pack goes on with
                it.
        """
        with self._observer.watch("get") as notes:
            row, case = self._keep(session).read(read_text("id", id))
            notes.workflow = row.workflow
            return case

    def journal(self, session: Session, id: str) -> tuple[Entry, ...]:
        """Return the journal of a case, with its refusals where they happened.

        Entries whose values were erased have none; `verify_journal` says whether all else is what
        was written.

        Raises:
            UnknownCase: there is none with this id.
            NotKept: it was archived.
            UnreadableCase: the database cannot give one of its values.
            JournalError: a row is not an entry any more.
        """
        with self._observer.watch("journal"):
            keeper, id = self._keep(session), read_text("id", id)
            self._require_journal(keeper, id)
            refused = [
                (each.sequence, 0, read_refusal(each))
                for each in self._statements.list_refusals(keeper.session, id)
            ]
            happened = [(each.sequence, 1, each) for each in self._read_entries(keeper, id)]
            ordered = sorted([*refused, *happened], key=lambda each: each[:2])
            return tuple(entry for _, _, entry in ordered)

    def verify_journal(self, session: Session, id: str) -> tuple[Fault, ...]:
        """Return every place where the journal of a case is not what was written.

        A missing or changed row, one in the place of another, an end that was cut off, values that
        were changed and a snapshot that does not belong to it are each named. No rules are needed.

        Raises:
            UnknownCase: there is none with this id.
            NotKept: it was archived; `verify_archive` verifies the document.
            UnreadableCase: the database cannot give one of its values.
        """
        with self._observer.watch("verify"):
            keeper, id = self._keep(session), read_text("id", id)
            row = self._require_journal(keeper, id)
            rows = self._statements.list_journal(keeper.session, id)
            return find_faults(row, rows, self._statements.map_values(keeper.session, id))

    def erase(
        self, session: Session, id: str, *, actor: str | None = None, at: datetime | None = None
    ) -> None:
        """Erase the personal data of a closed case; its journal can still be verified.

        The facts, payloads, actors and reasons are gone, for which tombstones are left that say
        when and by whom. What happened, when, by which role and by which rules stays.

        Args:
            session: the session of the host, in whose transaction it is done.
            id: the case. Cases that it has called are cases of their own.
            actor: who erases them, as the host calls them.
            at: when; the present by default.

        Raises:
            UnknownCase: there is none with this id.
            NotKept: it was archived, or erased before; for an archived one see `erase_archive`.
            CaseOpen: it is not closed.
            EffectsWaiting: effects of it are still to be done.
            Conflict: somebody else has changed it.
            ArgumentError: `actor` is not a printable text, or `at` not an instant with an offset.
        """
        with self._observer.watch("erase"):
            actor = None if actor is None else read_actor(actor)
            keeper = self._keep(session)
            erase(keeper, read_text("id", id), read_at(at, self._clock), actor)

    def archive(self, session: Session, id: str, *, at: datetime | None = None) -> dict[str, Json]:
        """Take a closed case out of the tables, and return all of it as one document of JSON.

        Its row stays, with its id, its state and the seal of its journal, by which
        `verify_archive` finds out later whether the document is what was written.

        Args:
            session: the session of the host, in whose transaction it is done.
            id: the case.
            at: when; the present by default.

        Raises:
            UnknownCase: there is none with this id.
            NotKept: it was archived before, or erased.
            CaseOpen: it is not closed.
            EffectsWaiting: effects of it are still to be done.
            Conflict: somebody else has changed it.
            ArgumentError: `at` is not an instant with an offset from UTC.
        """
        with self._observer.watch("archive"):
            keeper = self._keep(session)
            return archive(keeper, read_text("id", id), read_at(at, self._clock))

    def read_only(self, session: Session) -> None:
        """Begin a transaction that only reads: on SQLite it waits for no writer.

        >>> with Sessions() as session:
        ...     store.read_only(session)
        ...     case = store.get(session, "C-1")

        A transaction that has begun stays as it is. On other databases readers wait for nobody.

        Raises:
            ArgumentError: it is not a session.
        """
        session = read_session(session)
        if not session.in_transaction():
            where = {"clause": self._statements.hold}
            session.connection(bind_arguments=where, execution_options={READS: True})

    def release(self, session: Session, id: str) -> None:
        """Put a case that the worker has set aside back on its list, once it is mended.

        Raises:
            UnknownCase: there is none with this id.
            NotKept: it was archived or erased.
            UnreadableCase: it still cannot be read.
            Conflict: somebody else has changed it.
        """
        with self._observer.watch("release"):
            keeper = self._keep(session)
            row, _ = keeper.read(read_text("id", id))
            self._statements.replace_case(keeper.session, row, row.sequence)

    def migrate(
        self,
        sessions: Callable[[], Session],
        to: Pack | None = None,
        *,
        page: int = PAGE,
        actor: str | None = None,
    ) -> Moves:
        """Move the open cases that run by other rules to a pack, one transaction a case.

        What is due is recorded first, by the older rules as long as the store has their pack. A
        run that was broken off is done again: cases that were moved are passed over.

        Args:
            sessions: makes a session, such as a `sessionmaker`.
            to: the newer pack; the newest of the store by default.
            page: how many ids are read at once.
            actor: who moves them, as the host calls them.

        Returns:
            How many were moved or go on as they are, and which were left behind and why.

        Raises:
            ArgumentError: an argument is of another kind, such as `to` that is not a pack.
        """
        with self._observer.watch("migrate"):
            sessions, page = read_callable("sessions", sessions), read_count("page", page)
            actor = None if actor is None else read_actor(actor)
            pack = self._packs.newest if to is None else read_instance("to", to, Pack)
            move = Move(pack, self.now, actor)
            return move_all(move, sessions, self._keep, self._statements, page)

    def upgrade(self, connection: Connection) -> int:
        """Make the tables that are missing, and bring older ones up to date; return their version.

        Where the migrations of the host make the tables, it only writes down the version. Several
        processes may do it at once.

        Args:
            connection: a connection in a transaction, which the host commits.

        Raises:
            SchemaMismatch: the tables are of a later version.
            ArgumentError: `connection` is not one.
        """
        connection = read_connection(connection)
        return upgrade(connection, self._metadata, self._tables, STEPS)

    def check(self, connection: Connection) -> None:
        """Raise `SchemaMismatch` unless the tables are those that this library writes.

        Raises:
            SchemaMismatch: they are not.
            ArgumentError: `connection` is not one.
        """
        check(read_connection(connection), self._tables)

    @twin_of(open)  # noqa: A003 - the method above
    def aopen(self) -> None:
        """Do what `open` does, with an `AsyncSession`."""

    @twin_of(adopt)
    def aadopt(self) -> None:
        """Do what `adopt` does, with an `AsyncSession`."""

    @twin_of(send)
    def asend(self) -> None:
        """Do what `send` does, with an `AsyncSession`."""

    @twin_of(tick)
    def atick(self) -> None:
        """Do what `tick` does, with an `AsyncSession`."""

    @twin_of(get)
    def aget(self) -> None:
        """Do what `get` does, with an `AsyncSession`."""

    @twin_of(journal)
    def ajournal(self) -> None:
        """Do what `journal` does, with an `AsyncSession`."""

    @twin_of(verify_journal)
    def averify_journal(self) -> None:
        """Do what `verify_journal` does, with an `AsyncSession`."""

    @twin_of(erase)
    def aerase(self) -> None:
        """Do what `erase` does, with an `AsyncSession`."""

    @twin_of(archive)
    def aarchive(self) -> None:
        """Do what `archive` does, with an `AsyncSession`."""

    @twin_of(read_only)
    def aread_only(self) -> None:
        """Do what `read_only` does, with an `AsyncSession`."""

    @twin_of(release)
    def arelease(self) -> None:
        """Do what `release` does, with an `AsyncSession`."""

    def _keep(self, session: Session) -> Keeper:
        """Return what reads and writes cases in a session; all of one call go by the same packs."""
        return Keeper(session, self._statements, self._packs, self._observer)

    def _require_journal(self, keeper: Keeper, id: str) -> CaseRow:
        """Return the row of a case whose journal is in the tables: it was not archived.

        Raises:
            UnknownCase: there is none with this id.
            NotKept: it was archived.
            UnreadableCase: the database cannot give one of its values.
        """
        stored = keeper.find(id)
        if stored.archived_at is not None:
            require_kept(stored)
        return stored.row

    def _read_entries(self, keeper: Keeper, id: str, most: int | None = None) -> list[Entry]:
        """Return the entries of a case, or so many of them.

        Raises:
            UnreadableCase: the database cannot give one of their values.
            JournalError: a row is not an entry any more.
        """
        values = self._statements.map_values(keeper.session, id)
        rows = self._statements.list_journal(keeper.session, id)[:most]
        return [read_entry(row, values.get(row.sequence)) for row in rows]

    def _answer(
        self, session: Session, outcome: Accepted, key: str | None, body: str, first: int
    ) -> None:
        """Write that the request with a key is done."""
        if key is not None:
            case = outcome.case
            request = Request(body, first, outcome.entries[-1].sequence)
            self._statements.insert_request(session, case.id, key, request, case.at)

    def _require_repeat(self, keeper: Keeper, id: str, key: str | None, body: str) -> Accepted:
        """Return the first answer to a request that was done before.

        It is worked out again from the journal, by the rules of that time.

        Raises:
            CaseExists: there is no such request.
            KeyReused: it was another request.
            KeyOutlived: the rules of that time are not at hand.
            UnreadableCase: its journal is not what was written.
        """
        done = None if key is None else self._statements.find_request(keeper.session, id, key)
        if key is None or done is None:
            raise CaseExists(id)
        if done.body != body:
            raise KeyReused(id, key)
        try:
            entries = self._read_entries(keeper, id, done.last + 1)
            numbers = [each.sequence for each in entries]
            if len(numbers) <= done.last or numbers != [*range(len(numbers))]:
                raise UnreadableCase(id, HOLE.fill(last=done.last))
            last = entries[-1]
            workflow = keeper.packs.find_workflow(last.workflow, last.workflow_digest)
            before = workflow.replay(entries[: done.first]) if done.first else workflow
            again = redo(Accepted, before, [each.dump() for each in entries[done.first :]])
        except (UnknownPack, JournalMismatch):
            raise KeyOutlived(id, key, done.last) from None
        except JournalError as problem:
            raise UnreadableCase(id, problem.wording) from problem
        return read_instance("outcome", again, Accepted)


NOT_STATES = Wording("应为状态名，而不是 {found}", "expected names of states, found {found}")
NOT_A_CONNECTION = Wording(
    "应为 `sqlalchemy.Connection`（如 `engine.begin()` 所给的），而不是 {found}",
    "expected a `sqlalchemy.Connection`, such as `engine.begin()` gives, found {found}",
)
HOLE = Wording(
    "日志的第 0 至 {last} 条有缺失", "of the entries 0 to {last} of its journal some are missing"
)


def read_connection(connection: object) -> Connection:
    """Return a connection of a host.

    Raises:
        ArgumentError: it is not one.
    """
    if not isinstance(connection, Connection):
        raise ArgumentError("connection", NOT_A_CONNECTION.fill(found=quote_found(connection)))
    return connection


def read_packs(packs: Packs | Pack) -> Packs:
    """Return packs, also of a single one.

    Raises:
        ArgumentError: it is neither.
    """
    if isinstance(packs, Pack):
        return Packs(packs)
    return read_instance("packs", packs, Packs)


def digest_request(
    key: str | None, event: str, payload: Mapping[str, object] | None, actor: str | None
) -> str:
    """Return the digest of a request with a key; nothing for one without.

    Raises:
        ArgumentError: the event is not a text, or the payload has values that cannot be compared.
    """
    return "" if key is None else digest_body(read_text("event", event), payload, actor)


def digest_repeat(event: str, payload: Mapping[str, object] | None, actor: str | None) -> str:
    """Return the digest of a request whose key has come before.

    Of one that cannot be compared it is empty: no such request was done, so this is another one.

    Raises:
        ArgumentError: the event is not a text.
    """
    name = read_text("event", event)
    try:
        return digest_body(name, payload, actor)
    except ArgumentError:
        return ""


def require_state(case: Case, expect: Collection[str]) -> None:
    """Raise `UnexpectedState` unless a case is in one of the expected states.

    Raises:
        ArgumentError: they are not names.
    """
    one = find_text(expect)
    given = copy_items(expect, MOST_STATES) if one is None else [one]
    if given is None:
        raise ArgumentError("expect", NOT_STATES.fill(found=quote_found(expect)))
    expected = [read_text("expect", each) for each in given]
    if case.state not in expected and not set(expected).intersection(case.states):
        raise UnexpectedState(case.id, case.states, expected)
