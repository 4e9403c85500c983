"""Moves open cases to a newer pack, one transaction a case."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import false, or_, select

from telecom_rules.adapters.rows import Conflict, StrandedCase, describe_case
from telecom_rules.adapters.rows.rows import read_snapshot
from telecom_rules.adapters.sqlalchemy.retrying import retrying
from telecom_rules.errors import SnapshotMismatch, TelecomRulesError
from telecom_rules.wording import Wording
from telecom_rules.workflows import Stranded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from telecom_rules.adapters.rows import CaseRow
    from telecom_rules.adapters.sqlalchemy.keeping import Keeper
    from telecom_rules.adapters.sqlalchemy.statements import Statements
    from telecom_rules.pack import Pack


class LeftBehind(NamedTuple):
    """A case that the newer pack cannot go on with; it is as it was.

    Attributes:
        id: the case.
        workflow: its workflow.
        state: its state.
        reasons: why, for people.
    """

    id: str
    workflow: str
    state: str
    reasons: tuple[Wording, ...]


class Moves(NamedTuple):
    """What became of the open cases that ran by other rules.

    Attributes:
        moved: how many a migration has moved.
        carried: how many go on without one, because nothing that they have done has changed.
        stranded: those left behind. A second run tries them again.
    """

    moved: int
    carried: int
    stranded: tuple[LeftBehind, ...]


class Move:
    """One run over the cases of a tenant.

    Attributes:
        to: the newer pack.
        at: returns when they are moved.
        actor: who moves them.
    """

    def __init__(self, to: Pack, at: Callable[[], datetime], actor: str | None) -> None:
        self.to = to
        self.at = at
        self.actor = actor

    def move(self, keeper: Keeper, id: str, now: datetime) -> bool | LeftBehind:
        """Move one case; return whether it took a migration, or why it is left behind.

        Raises:
            TelecomRulesError: it cannot be read, or somebody else has changed it.
        """
        row = keeper.find(id).row
        if row.snapshot is None or row.final:
            return False
        try:
            case = self.to.restore(read_snapshot(row))
        except SnapshotMismatch:
            return self.migrate(keeper, row, now)
        ticked = case.tick(max(now, case.at))
        if ticked.entries:
            keeper.keep(ticked, row)
        else:
            keeper.statements.replace_case(
                keeper.session, describe_case(case, row.head, row.caller), row.sequence
            )
        return False

    def migrate(self, keeper: Keeper, row: CaseRow, now: datetime) -> bool | LeftBehind:
        """Let the older rules record what is due, as long as they are at hand; then move a case."""
        snapshot: Mapping[str, object] = read_snapshot(row)
        try:
            _, case = keeper.read(row.id)
        except StrandedCase:
            pass  # the newer pack may know what to do all the same
        else:
            ticked = case.tick(max(now, case.at))
            row = keeper.keep(ticked, row)
            snapshot = ticked.case.dump()
            if ticked.case.final:
                return False
        workflow = self.to.workflows.get(row.workflow)
        if workflow is None:
            return LeftBehind(row.id, row.workflow, row.state, (NO_WORKFLOW,))
        instant = max(now, row.at)
        moved = workflow.migrate(snapshot, at=instant, actor=self.actor)
        if isinstance(moved, Stranded):
            reasons = tuple(each.wording for each in moved.reasons)
            return LeftBehind(row.id, row.workflow, row.state, reasons)
        keeper.keep(moved, row)
        return True


NO_WORKFLOW = Wording("新规则包中没有这一流程", "the newer pack does not have this workflow")


def move_all(
    move: Move,
    sessions: Callable[[], Session],
    keep: Callable[[Session], Keeper],
    statements: Statements,
    page: int,
) -> Moves:
    """Move all open cases that run by other rules than those of a pack.

    Args:
        move: how one is moved.
        sessions: makes a session.
        keep: returns what reads and writes cases in a session.
        statements: the statements of the tenant.
        page: how many ids are read at once.
    """
    moved = carried = 0
    stranded: list[LeftBehind] = []
    for id in list_others(move.to, sessions, statements, page):
        fate = move_one(move, sessions, keep, id)
        if isinstance(fate, LeftBehind):
            stranded.append(fate)
        elif fate:
            moved += 1
        else:
            carried += 1
    return Moves(moved, carried, tuple(stranded))


def move_one(
    move: Move, sessions: Callable[[], Session], keep: Callable[[Session], Keeper], id: str
) -> bool | LeftBehind:
    """Move one case in a transaction of its own; one that cannot be read keeps no other back."""
    fate: bool | LeftBehind = False
    for attempt in retrying(sessions):
        with attempt as session:
            now, keeper = move.at(), keep(session)  # what is wrong with these is wrong for all
            try:
                fate = move.move(keeper, id, now)
            except Conflict:
                raise
            except TelecomRulesError as problem:
                session.rollback()
                return LeftBehind(id, "", "", (problem.wording,))
    return fate


def list_others(
    to: Pack, sessions: Callable[[], Session], statements: Statements, page: int
) -> Iterator[str]:
    """Yield the ids of the open cases that run by other rules than those of a pack."""
    case = statements.tables.case
    current = [
        (case.c.workflow == name) & (case.c.digest == workflow.digest)
        for name, workflow in to.workflows.items()
    ]
    last = ""
    while True:
        query = (
            select(case.c.id)
            .where(
                case.c.tenant == statements.tenant,
                case.c.id > last,
                case.c.final.is_(False),
                case.c.snapshot.is_not(None),
                ~or_(false(), *current),
            )
            .order_by(case.c.id)
            .limit(page)
        )
        with sessions() as session:
            ids = list(session.scalars(query))
        if not ids:
            return
        yield from ids
        last = ids[-1]
