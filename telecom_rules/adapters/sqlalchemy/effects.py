"""Does the effects that wait in the outbox, each at least once."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from sqlalchemy import bindparam, select, update

from telecom_rules.adapters.sqlalchemy.statements import has_changed
from telecom_rules.wording import shorten

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from telecom_rules.adapters.sqlalchemy.statements import Statements

LONGEST_WAIT = timedelta(hours=1)
"""How long a failed effect waits at most before it is tried again."""
LONGEST_PROBLEM = 500


class WaitingEffect(NamedTuple):
    """An effect that a worker is to do now.

    Attributes:
        key: always the same for the same effect: give it to whoever does the work, so that a
            repetition is known as one.
        case: the id of the case.
        effect: its name.
        at: when it was asked for.
        payload: what comes with it, as JSON.
        attempt: 1 for the first; more after a failure, or after a worker that did not come back.
    """

    key: str
    case: str
    effect: str
    at: datetime
    payload: Mapping[str, Any]
    attempt: int


Handler: TypeAlias = "Callable[[WaitingEffect], object]"


class Claimed(NamedTuple):
    """A row of the outbox that nobody else does for the time of the lease.

    Attributes:
        case: the id of the case.
        sequence: the number of the entry that asks for it.
        number: its place in that entry.
        key: its key.
        effect: its name.
        at: when it was asked for.
        payload: what comes with it, as JSON.
        attempts: how often it has been tried before.
    """

    case: str
    sequence: int
    number: int
    key: str
    effect: str
    at: datetime
    payload: str
    attempts: int


class Outbox:
    """The waiting effects of a tenant.

    An effect is claimed by moving the instant from which it may be tried into the future, in a
    transaction of its own. Whoever claims passes over what others are claiming (`SKIP LOCKED`);
    what a worker that was killed has claimed is tried again when that instant has come. No worker
    remembers a last id: rows become visible in another order than that of their numbers.
    """

    def __init__(self, statements: Statements, lease: timedelta, attempts: int) -> None:
        outbox = statements.tables.outbox
        self._lease = lease
        self._attempts = attempts
        self._waiting = (
            select(*[outbox.c[each] for each in Claimed._fields])
            .where(
                outbox.c.tenant == statements.tenant,
                outbox.c.not_before <= bindparam("now_"),
                outbox.c.effect.in_(bindparam("names_", expanding=True)),
            )
            .order_by(outbox.c.not_before, outbox.c.case, outbox.c.sequence, outbox.c.number)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        self._mark = update(outbox).where(
            outbox.c.tenant == statements.tenant,
            outbox.c.case == bindparam("case_"),
            outbox.c.sequence == bindparam("sequence_"),
            outbox.c.number == bindparam("number_"),
            outbox.c.done_at.is_(None),
        )
        self._still = outbox.c.attempts == bindparam("attempts_")

    def claim(self, session: Session, names: Collection[str], now: datetime) -> Claimed | None:
        """Return an effect that nobody else does for the time of the lease, or `None`.

        Args:
            session: a session whose transaction the caller commits before the effect is done.
            names: the effects that there are handlers for.
            now: the present.
        """
        found = session.execute(self._waiting, {"now_": now, "names_": sorted(names)}).first()
        if found is None:
            return None
        claimed = Claimed(*found)
        lease = {"not_before": now + self._lease, "attempts": claimed.attempts + 1}
        return claimed if self.mark(session, claimed, claimed.attempts, lease) else None

    def finish(self, session: Session, claimed: Claimed, now: datetime) -> None:
        """Write that an effect is done, also if another worker does it again by now.

        Two workers whose handler takes longer than the lease would else take it from one another
        for ever.
        """
        done = {"not_before": None, "done_at": now, "problem": None}
        self.mark(session, claimed, None, done)

    def fail(self, session: Session, claimed: Claimed, now: datetime, problem: Exception) -> None:
        """Write that an effect could not be done, and when it is tried again."""
        attempt = claimed.attempts + 1
        wait = min(timedelta(seconds=2 ** min(attempt, 20)), LONGEST_WAIT)
        again = None if self.gives_up(claimed) else now + wait
        said = describe_problem(problem)
        self.mark(session, claimed, attempt, {"not_before": again, "problem": said})

    def require_attempt(self, claimed: Claimed) -> None:
        """Raise `TimeoutError` for an effect none of whose attempts is left.

        After as many attempts nobody has said how the last one ended: the effect itself may be
        what kills its worker.
        """
        if claimed.attempts >= self._attempts:
            raise TimeoutError(f"no worker came back from attempt {claimed.attempts}")

    def gives_up(self, claimed: Claimed) -> bool:
        """Return whether an effect that fails now is not tried again."""
        return claimed.attempts + 1 >= self._attempts

    def mark(
        self, session: Session, claimed: Claimed, attempts: int | None, values: Mapping[str, object]
    ) -> bool:
        """Change a row that is not done; return whether there was one.

        Args:
            session: the session.
            claimed: the row as it was claimed.
            attempts: how often it has been tried, or `None` for any number.
            values: what it is to hold.
        """
        where: dict[str, object] = {
            "case_": claimed.case,
            "sequence_": claimed.sequence,
            "number_": claimed.number,
        }
        mark = self._mark
        if attempts is not None:
            mark = mark.where(self._still)
            where["attempts_"] = attempts
        return has_changed(session.execute(mark.values(**values), where))


def describe_problem(problem: Exception) -> str:
    """Return what a column `problem` says, for whoever looks into it."""
    return shorten(f"{type(problem).__name__}: {problem}", LONGEST_PROBLEM)


def read_effect(claimed: Claimed) -> WaitingEffect:
    """Return a claimed row as a handler reads it.

    Raises:
        ValueError: its payload is not JSON.
    """
    return WaitingEffect(
        key=claimed.key,
        case=claimed.case,
        effect=claimed.effect,
        at=claimed.at,
        payload=json.loads(claimed.payload),
        attempt=claimed.attempts + 1,
    )
