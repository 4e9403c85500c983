"""Keeps an outcome, with all that follows from it for other cases, in the host's transaction."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, TypeAlias

from telecom_rules.adapters.rows import (
    CaseRow,
    NotKept,
    UnknownCase,
    UnreadableCase,
    chain_entries,
    describe_case,
    describe_effects,
    describe_refusal,
    restore_case,
)
from telecom_rules.adapters.rows.rows import ODD_COLUMN, find_odd_column
from telecom_rules.adapters.sqlalchemy.arguments import read_session
from telecom_rules.adapters.sqlalchemy.refusals import write_at_end
from telecom_rules.adapters.sqlalchemy.retrying import LOCK
from telecom_rules.wording import quote_found
from telecom_rules.workflows import Refused

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from telecom_rules.adapters.sqlalchemy.observing import Observer
    from telecom_rules.adapters.sqlalchemy.statements import Statements, StoredCase
    from telecom_rules.pack import Packs
    from telecom_rules.workflows import Accepted, Adopted, Case, Migrated, Ticked

Progress: TypeAlias = "Accepted | Adopted | Ticked | Migrated"

SALT_BYTES = 16


def make_salt() -> str:
    """Return a random text that nobody can guess."""
    return secrets.token_hex(SALT_BYTES)


class Keeper:
    """Reads and writes cases in one session by one set of packs.

    Attributes:
        session: the session of the host.
        statements: the statements of the tenant.
        packs: the packs of the tenant.
        observer: tells the host what is lost.
    """

    def __init__(
        self, session: Session, statements: Statements, packs: Packs, observer: Observer
    ) -> None:
        self.session: Session = read_session(session)
        self.statements = statements
        self.packs = packs
        self.observer = observer

    def find(self, id: str) -> StoredCase:
        """Return what is stored of a case.

        Raises:
            UnknownCase: there is none with this id.
            UnreadableCase: the database cannot give one of its values.
        """
        lock = bool(self.session.info.get(LOCK))
        stored = self.statements.find(self.session, id, lock=lock)
        if stored is None:
            raise UnknownCase(id)
        return stored

    def read(self, id: str) -> tuple[CaseRow, Case]:
        """Return the row of a case, and the case.

        Raises:
            UnknownCase: there is none with this id.
            NotKept: it was archived or erased.
            UnreadableCase: it cannot be restored.
        """
        stored = self.find(id)
        require_kept(stored)
        return stored.row, restore_case(stored.row, self.packs)

    def keep_new(self, outcome: Accepted | Adopted, caller: str | None = None) -> None:
        """Write a case that has just begun, and the cases that it calls.

        Raises:
            Conflict: somebody else opens a case with this id.
        """
        case = outcome.case
        rows = chain_entries(outcome.entries, None, make_salt)
        self.statements.insert_case(self.session, describe_case(case, rows[-1][0].seal, caller))
        effects = describe_effects(outcome.entries, self.statements.tenant)
        self.statements.insert_entries(self.session, rows, effects)
        self.follow(outcome, caller)

    def keep(self, outcome: Progress, before: CaseRow) -> CaseRow:
        """Write what became of a case, the cases that it calls, and what its caller gets back.

        Where nothing has happened, only the instant is put right at which something is due: a
        newer calendar may have moved it, or somebody has changed the column.

        Returns:
            The new row of the case.

        Raises:
            Conflict: somebody else has changed one of them.
        """
        if not outcome.entries:
            return self.put_right(before, outcome.case.next_due)
        rows = chain_entries(outcome.entries, before.head, make_salt)
        row = describe_case(outcome.case, rows[-1][0].seal, before.caller)
        self.statements.replace_case(self.session, row, before.sequence)
        effects = describe_effects(outcome.entries, self.statements.tenant)
        self.statements.insert_entries(self.session, rows, effects)
        if not before.final:
            self.follow(outcome, before.caller)
        return row

    def put_right(self, row: CaseRow, due: datetime | None) -> CaseRow:
        """Write when something of a case is due, if its row says another instant.

        Raises:
            Conflict: somebody else has changed it.
        """
        if row.next_due != due:
            row = row._replace(next_due=due)
            self.statements.replace_case(self.session, row, row.sequence)
        return row

    def follow(self, outcome: Progress, caller: str | None) -> None:
        """Open the cases that were called, and give back one that has ended."""
        for call in getattr(outcome, "calls", ()):
            self.keep_new(call.open(), caller=outcome.case.id)
        if caller is not None and outcome.case.final:
            self.give_back(outcome.case, caller)

    def give_back(self, case: Case, caller: str) -> None:
        """Return a case that has ended to the case that waits for it, if it still does."""
        try:
            row, waiting = self.read(caller)
        except (UnknownCase, NotKept):
            return  # it does not wait any more
        outcome = waiting.returned(case, at=max(case.at, waiting.at))
        if isinstance(outcome, Refused):
            self.record(outcome)
        else:
            self.keep(outcome, row)

    def record(self, refused: Refused) -> None:
        """Put a refusal on record once the transaction has ended, whichever way."""
        row = {"tenant": self.statements.tenant, **describe_refusal(refused)._asdict()}
        name = refused.case.workflow.name

        def tell(problem: Exception) -> None:
            self.observer.tell("refusal", type(problem).__name__, name)

        write_at_end(self.session, self.statements, row, tell)


def require_kept(stored: StoredCase) -> None:
    """Raise `NotKept` for a case that was archived or erased.

    Raises:
        UnreadableCase: a column holds what no store writes.
    """
    column = find_odd_column(stored)
    if column is not None:
        found = quote_found(getattr(stored, column))
        raise UnreadableCase(stored.row.id, ODD_COLUMN.fill(column=column, found=found))
    since: datetime | None = stored.erased_at or stored.archived_at
    if since is not None:
        raise NotKept(stored.row.id, since, erased=stored.erased_at is not None)
