"""What becomes of closed cases: they are archived, and the data of their persons are erased."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update

from telecom_rules.adapters.rows import ERASED, CaseOpen, EffectsWaiting, build_archive
from telecom_rules.adapters.rows.rows import require_columns
from telecom_rules.adapters.sqlalchemy.keeping import require_kept

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement, Table

    from telecom_rules.adapters.rows import CaseRow
    from telecom_rules.adapters.sqlalchemy.keeping import Keeper
    from telecom_rules.vocabulary import Json


def erase(keeper: Keeper, id: str, at: datetime, actor: str | None) -> None:
    """Erase the values of the journal of a closed case, and what else says them.

    Raises:
        UnknownCase: there is none with this id.
        NotKept: it was archived, or erased before.
        UnreadableCase: its row is not what was written.
        CaseOpen: it is not closed.
        EffectsWaiting: effects of it are still to be done.
        Conflict: somebody else has changed it.
    """
    row = require_closed(keeper, id)
    tables, session = keeper.statements.tables, keeper.session
    keeper.statements.close_case(session, row, {"erased_at": at})
    session.execute(
        update(tables.values)
        .where(whose(keeper, tables.values, id))
        .values(salt=ERASED, held=ERASED, erased_at=at, erased_by=actor)
    )
    session.execute(
        update(tables.outbox).where(whose(keeper, tables.outbox, id)).values(payload="{}")
    )
    # The digest of a request is not salted, and a refusal repeats values in its reasons.
    for table in (tables.refusal, tables.request):
        session.execute(delete(table).where(whose(keeper, table, id)))


def archive(keeper: Keeper, id: str, at: datetime) -> dict[str, Json]:
    """Take the rows of a closed case out of the tables, and return them as one document.

    Raises:
        UnknownCase: there is none with this id.
        NotKept: it was archived before, or erased.
        UnreadableCase: its rows are not what was written.
        CaseOpen: it is not closed.
        EffectsWaiting: effects of it are still to be done.
        Conflict: somebody else has changed it.
    """
    row = require_closed(keeper, id)
    statements, session, tables = keeper.statements, keeper.session, keeper.statements.tables
    document = build_archive(
        row,
        statements.list_journal(session, id),
        statements.map_values(session, id).values(),
        statements.list_refusals(session, id),
    )
    statements.close_case(session, row, {"archived_at": at})
    for table in (tables.journal, tables.values, tables.outbox, tables.request, tables.refusal):
        session.execute(delete(table).where(whose(keeper, table, id)))
    return document


def require_closed(keeper: Keeper, id: str) -> CaseRow:
    """Return the row of a closed case of which nothing is left to do."""
    stored = keeper.find(id)
    require_kept(stored)
    row = stored.row
    require_columns(row)
    if not row.final:
        raise CaseOpen(id)
    outbox = keeper.statements.tables.outbox
    waiting = select(outbox.c.key).where(whose(keeper, outbox, id), outbox.c.done_at.is_(None))
    keys = list(keeper.session.scalars(waiting))
    if keys:
        raise EffectsWaiting(id, keys)
    return row


def whose(keeper: Keeper, table: Table, id: str) -> ColumnElement[bool]:
    """Return the condition for the rows of a case."""
    return (table.c.tenant == keeper.statements.tenant) & (table.c.case == id)
