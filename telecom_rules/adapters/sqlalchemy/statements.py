"""Reads and writes rows: the statements of the store, made once."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from datetime import datetime  # noqa: TC003 - the types of columns are read
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import CursorResult, bindparam, insert, select, update
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError

from telecom_rules.adapters.rows import (
    CaseRow,
    Conflict,
    EffectRow,
    JournalRow,
    RefusalRow,
    UnreadableCase,
    ValuesRow,
)
from telecom_rules.adapters.rows.rows import find_odd_column
from telecom_rules.adapters.sqlalchemy.tables import LONGEST_ID
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sqlalchemy import Insert, Result, Select
    from sqlalchemy.orm import Session

    from telecom_rules.adapters.sqlalchemy.tables import Tables


class StoredCase(NamedTuple):
    """The row of a case with what only the store knows of it.

    Attributes:
        row: the row.
        problem: why the worker has set the case aside, or `None`.
        archived_at: when it was archived, or `None`.
        erased_at: when its values were erased, or `None`.
    """

    row: CaseRow
    problem: str | None
    archived_at: datetime | None
    erased_at: datetime | None


class Request(NamedTuple):
    """A request that was done.

    Attributes:
        body: the digest of what was asked.
        first: the number of the first journal entry that came of it.
        last: that of the last.
    """

    body: str
    first: int
    last: int


NOT_READ = Wording(
    "数据库给不出其中一列的值", "the database cannot give the value of one of its columns"
)
ODD_REQUEST = Wording(
    "幂等键的记录不是本库写入的", "the record of an idempotency key is not what a store writes"
)


def is_unreadable(problem: Exception) -> bool:
    """Return whether it is not the database that fails, but a value that it cannot give.

    Such a value is an instant far beyond the years of Python, or a text with wrong bytes.
    """
    if isinstance(problem, DBAPIError) and isinstance(problem.orig, sqlite3.OperationalError):
        # Those of SQLite itself have its code; the driver has none for bytes that are no text.
        return not hasattr(problem.orig, "sqlite_errorcode")
    return isinstance(problem, DataError | ValueError | TypeError)


@contextmanager
def reading(id: str) -> Iterator[None]:
    """Read rows of a case.

    Raises:
        UnreadableCase: the database cannot give one of the values.
    """
    try:
        yield
    except Exception as problem:
        if not is_unreadable(problem):
            raise
        raise UnreadableCase(id, NOT_READ) from problem


def has_changed(done: Result[Any]) -> bool:
    """Return whether an `UPDATE` has found a row."""
    return isinstance(done, CursorResult) and bool(done.rowcount)


class Statements:
    """The statements of one tenant."""

    def __init__(self, tables: Tables, tenant: str) -> None:
        self.tables: Tables = tables
        self.tenant: str = tenant
        case, journal, values = tables.case, tables.journal, tables.values
        refusal, request = tables.refusal, tables.request
        whose = case.c.tenant == tenant, case.c.id == bindparam("case_")
        columns = [case.c[each] for each in CaseRow._fields]
        self._find = select(*columns, case.c.problem, case.c.archived_at, case.c.erased_at).where(
            *whose
        )
        self._lock = self._find.with_for_update()
        self.hold: Select[Any] = (  # kept until the transaction ends
            select(case.c.id).where(*whose, case.c.snapshot.is_not(None)).with_for_update(read=True)
        )
        self._replace = (
            update(case)
            .where(*whose, case.c.sequence == bindparam("sequence_"))
            .values(
                problem=None,
                **{each: bindparam(each) for each in CaseRow._fields if each != "id"},
            )
        )
        self._journal = (
            select(*[journal.c[each] for each in JournalRow._fields])
            .where(journal.c.tenant == tenant, journal.c.case == bindparam("case_"))
            .order_by(journal.c.sequence)
        )
        self._values = select(*[values.c[each] for each in ValuesRow._fields]).where(
            values.c.tenant == tenant, values.c.case == bindparam("case_")
        )
        self._refusals = (
            select(*[refusal.c[each] for each in RefusalRow._fields])
            .where(refusal.c.tenant == tenant, refusal.c.case == bindparam("case_"))
            .order_by(refusal.c.id)
        )
        self._request = select(*[request.c[each] for each in Request._fields]).where(
            request.c.tenant == tenant,
            request.c.case == bindparam("case_"),
            request.c.key == bindparam("key_"),
        )
        self.insert_refusal: Insert = insert(refusal)

    def find(self, session: Session, id: str, *, lock: bool = False) -> StoredCase | None:
        """Return what is stored of a case, or `None`.

        Raises:
            UnreadableCase: the database cannot give one of its values.
        """
        if len(id) > LONGEST_ID or not id.isprintable():
            return None  # no case can have it, and a database may not be able to read it
        with reading(id):
            found = session.execute(self._lock if lock else self._find, {"case_": id}).first()
        if found is None:
            return None
        count = len(CaseRow._fields)
        return StoredCase(CaseRow(*found[:count]), *found[count:])

    def insert_case(self, session: Session, row: CaseRow) -> None:
        """Write a new case.

        Raises:
            Conflict: somebody else opens one with this id.
        """
        values = {"tenant": self.tenant, **row._asdict()}
        self._insert(session, insert(self.tables.case), [values], row.id)

    def replace_case(self, session: Session, row: CaseRow, sequence: int) -> None:
        """Write what a case is now, if it has still so many entries as when it was read.

        Raises:
            Conflict: it has not.
        """
        values = row._asdict()
        done = session.execute(
            self._replace, {"case_": values.pop("id"), "sequence_": sequence, **values}
        )
        if not has_changed(done):
            raise Conflict(row.id)

    def close_case(self, session: Session, row: CaseRow, since: Mapping[str, datetime]) -> None:
        """Write that a case is archived or erased, which takes its snapshot away.

        Raises:
            Conflict: somebody else has changed it.
        """
        case = self.tables.case
        done = session.execute(
            update(case)
            .where(
                case.c.tenant == self.tenant,
                case.c.id == row.id,
                case.c.sequence == row.sequence,
                case.c.snapshot.is_not(None),
            )
            .values(snapshot=None, next_due=None, problem=None, **since)
        )
        if not has_changed(done):
            raise Conflict(row.id)

    def insert_entries(
        self,
        session: Session,
        rows: Sequence[tuple[JournalRow, ValuesRow]],
        effects: Sequence[EffectRow],
    ) -> None:
        """Write new journal entries, their values and their effects.

        Raises:
            Conflict: somebody else has written entries with these numbers.
        """
        id = rows[0][0].case
        tables = self.tables
        self._insert(session, insert(tables.journal), self._stamp(row for row, _ in rows), id)
        self._insert(session, insert(tables.values), self._stamp(held for _, held in rows), id)
        if effects:
            waiting = [
                {**values, "not_before": values["at"], "attempts": 0}
                for values in self._stamp(effects)
            ]
            self._insert(session, insert(tables.outbox), waiting, id)

    def insert_request(
        self, session: Session, id: str, key: str, request: Request, at: datetime
    ) -> None:
        """Write that a request is done.

        Raises:
            Conflict: the same request is done by somebody else just now.
        """
        values = {"tenant": self.tenant, "case": id, "key": key, "at": at, **request._asdict()}
        self._insert(session, insert(self.tables.request), [values], id)

    def find_request(self, session: Session, id: str, key: str) -> Request | None:
        """Return the request that was done with a key, or `None`.

        Raises:
            UnreadableCase: its row is not what a store writes.
        """
        with reading(id):
            found = session.execute(self._request, {"case_": id, "key_": key}).first()
        if found is None:
            return None
        request = Request(*found)
        if find_odd_column(request) is not None or not 0 <= request.first <= request.last:
            raise UnreadableCase(id, ODD_REQUEST)
        return request

    def list_journal(self, session: Session, id: str) -> list[JournalRow]:
        """Return the journal of a case.

        Raises:
            UnreadableCase: the database cannot give one of its values.
        """
        with reading(id):
            return [JournalRow(*each) for each in session.execute(self._journal, {"case_": id})]

    def map_values(self, session: Session, id: str) -> dict[int, ValuesRow]:
        """Return the values of the entries of a case, by number.

        Raises:
            UnreadableCase: the database cannot give one of them.
        """
        with reading(id):
            rows = [ValuesRow(*each) for each in session.execute(self._values, {"case_": id})]
        return {each.sequence: each for each in rows}

    def list_refusals(self, session: Session, id: str) -> list[RefusalRow]:
        """Return the refusals of a case.

        Raises:
            UnreadableCase: the database cannot give one of their values.
        """
        with reading(id):
            return [RefusalRow(*each) for each in session.execute(self._refusals, {"case_": id})]

    def _stamp(self, rows: Iterable[JournalRow | ValuesRow | EffectRow]) -> list[dict[str, Any]]:
        """Return rows as values of an insert, with their tenant."""
        return [{"tenant": self.tenant, **row._asdict()} for row in rows]

    @staticmethod
    def _insert(
        session: Session, statement: Insert, rows: Sequence[Mapping[str, Any]], id: str
    ) -> None:
        """Insert rows of a case."""
        try:
            session.execute(statement, rows)
        except IntegrityError as problem:
            raise Conflict(id) from problem
