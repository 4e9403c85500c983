"""A status column that triggers guard, and what they tell whoever changes it wrongly."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from telecom_rules.frozen import Immutable
from telecom_rules.wording import Wording, join_wordings, quote_title, shorten
from telecom_rules.workflows.phrases import format_cites

if TYPE_CHECKING:
    from telecom_rules.adapters.sql_guard.moves import Status, StatusMoves
    from telecom_rules.workflows import Workflow


NO_CHANGE = Wording(
    "流程{title}（`{name}`{cites}）不允许此变更：状态 {status} 之后只能是 {after}",
    "the workflow {title} (`{name}`{cites}) does not allow this change: after the status"
    " {status} comes only {after}",
)
NO_WAY_OUT = Wording(
    "流程{title}（`{name}`{cites}）不允许此变更：状态 {status} 之后没有其他状态",
    "the workflow {title} (`{name}`{cites}) does not allow this change: no other follows the"
    " status {status}",
)
NO_CASE = Wording(
    "流程{title}（`{name}`{cites}）不允许此变更：原状态不是它的状态",
    "the workflow {title} (`{name}`{cites}) does not allow this change: the old status is none of"
    " its own",
)
NO_BEGINNING = Wording(
    "流程{title}（`{name}`{cites}）不允许新增此行：起始状态只能是 {after}",
    "the workflow {title} (`{name}`{cites}) does not allow this row: it can only begin with the"
    " status {after}",
)
NO_STATUS = Wording("空值", "NULL")


@dataclass(frozen=True, slots=True)
class GuardedColumn(Immutable):
    """A status column that triggers guard.

    Attributes:
        workflow: the workflow whose cases the rows are.
        table: the table.
        column: its status column.
        moves: the changes that are allowed.
        schema: the schema of the table, or `None` for the one that is searched first.
    """

    workflow: Workflow
    table: str
    column: str
    moves: StatusMoves
    schema: str | None = None

    @property
    def cast(self) -> str:
        """What PostgreSQL is told of the type of the column."""
        return "::text" if any(isinstance(each, str) for each in self.moves.statuses) else ""

    def refuse_change(self, status: Status | None) -> str:
        """Return the message for a row that leaves `status` for a wrong one."""
        after = self.moves.after(status)
        wording = NO_CHANGE if after else NO_WAY_OUT
        return self._say(wording, status=quote_status(status), after=list_statuses(after))

    def refuse_unknown(self) -> str:
        """Return the message for a row that leaves a status of no case."""
        return self._say(NO_CASE)

    def refuse_beginning(self) -> str:
        """Return the message for a row that begins with a wrong status."""
        return self._say(NO_BEGINNING, after=list_statuses(self.moves.initial))

    def _say(self, wording: Wording, **values: object) -> str:
        """Return a message in both languages: a database does not know who reads it."""
        cites = self.workflow.cites
        grounds = [format_cites(cites, each) for each in ("zh", "en")]
        filled = wording.fill(
            title=quote_title(self.workflow.title),
            name=self.workflow.name,
            cites=Wording(f"，{grounds[0][1:-1]}", f"; {grounds[1][2:-1]}") if cites else "",
            **values,
        )
        return f"{filled.zh} / {filled.en}"


TOLD = re.compile(r"(?P<zh>流程“.+不允许.+) / (?P<en>the workflow “.+ does not allow this .+)")
"""The message of a trigger in what a database driver says."""


def read_refusal(problem: object) -> Wording | None:
    """Return why a trigger of ours has refused a statement, or `None` if it was not one of ours.

    Args:
        problem: the error of the database driver, or of what the host puts around it.
    """
    try:
        told = TOLD.search(str(problem))
    except MemoryError:
        raise
    except Exception:  # code of the host
        return None
    return None if told is None else Wording(told["zh"], told["en"])


def quote_status(status: Status | None) -> Wording:
    """Return a status for people."""
    return NO_STATUS if status is None else Wording.same(f"`{shorten(str(status))}`")


def list_statuses(statuses: tuple[Status | None, ...]) -> Wording:
    """Return statuses for people."""
    return join_wordings(map(quote_status, statuses), last=("或", " or "))
