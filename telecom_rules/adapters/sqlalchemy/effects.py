"""Does the effects that wait in the outbox, each at least once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from sqlalchemy import bindparam, or_, select, update

from telecom_rules.adapters.rows.rows import find_odd_column, name_effect, read_json
from telecom_rules.adapters.sqlalchemy.statements import has_changed, is_unreadable
from telecom_rules.wording import shorten

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from sqlalchemy.orm import Session

    from telecom_rules.adapters.sqlalchemy.statements import Statements

LONGEST_WAIT = timedelta(hours=1)
"""How long a failed effect waits at most before it is tried again."""
LONGEST_PROBLEM = 500
BEYOND = datetime(9999, 1, 1, tzinfo=UTC)
"""Later than any instant of the library: what a column says that is later is not of it. So sorts
SQLite a text that is not an instant, and PostgreSQL `infinity`, and neither would ever be due."""


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
        not_before: from when on it may be tried.
        done_at: nothing: what is done is not claimed.
    """

    case: str
    sequence: int
    number: int
    key: str
    effect: str
    at: datetime
    payload: str
    attempts: int
    not_before: datetime
    done_at: None

    @property
    def is_odd(self) -> bool:
        """Whether a column holds what no store writes, so that it cannot be done."""
        return find_odd_column(self) is not None or self.attempts < 0 or self.not_before > BEYOND


class Outbox:
    """The waiting effects of a tenant.

    An effect is claimed by moving the instant from which it may be tried into the future, in a
    transaction of its own. Whoever claims passes over what others are claiming (`SKIP LOCKED`);
    what a worker that was killed has claimed is tried again when that instant has come. No worker
    remembers a last id: rows become visible in another order than that of their numbers.
    """

    def __init__(self, statements: Statements, lease: timedelta, attempts: int) -> None:
        outbox = statements.tables.outbox
        self._tenant = statements.tenant
        self._lease = lease
        self._attempts = attempts
        self._waiting = (
            select(*[outbox.c[each] for each in Claimed._fields])
            .where(
                outbox.c.tenant == statements.tenant,
                or_(outbox.c.not_before <= bindparam("now_"), outbox.c.not_before > BEYOND),
                outbox.c.effect.in_(bindparam("names_", expanding=True)),
            )
            .order_by(outbox.c.not_before, outbox.c.case, outbox.c.sequence, outbox.c.number)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        self._named = self._waiting.with_only_columns(
            *[outbox.c[each] for each in ("case", "sequence", "number", "key")]
        )
        self._mark_any = update(outbox).where(
            outbox.c.tenant == statements.tenant,
            outbox.c.case == bindparam("case_"),
            outbox.c.sequence == bindparam("sequence_"),
            outbox.c.number == bindparam("number_"),
        )
        self._mark = self._mark_any.where(outbox.c.done_at.is_(None))
        self._still = outbox.c.attempts == bindparam("attempts_")

    def claim(self, session: Session, names: Collection[str], now: datetime) -> Claimed | None:
        """Return an effect that nobody else does for the time of the lease, or `None`.

        A row with a column that cannot be read is returned as well: it is given up, not passed
        over in silence.

        Args:
            session: a session whose transaction the caller commits before the effect is done.
            names: the effects that there are handlers for.
            now: the present.
        """
        claimed = self._find(session, {"now_": now, "names_": sorted(names)})
        if claimed is None or claimed.is_odd:
            return claimed
        lease = {"not_before": now + self._lease, "attempts": claimed.attempts + 1}
        return claimed if self.mark(session, claimed, claimed.attempts, lease) else None

    def _find(self, session: Session, asked: Mapping[str, object]) -> Claimed | None:
        """Return the effect that waits longest; of one that cannot be read only its name."""
        try:
            found = session.execute(self._waiting, asked).first()
        except Exception as problem:
            if not is_unreadable(problem):
                raise
            named = session.execute(self._named, asked).first()
            nothing: Any = None
            return None if named is None else Claimed(*named, *[nothing] * 6)
        return None if found is None else Claimed(*found)

    def finish(self, session: Session, claimed: Claimed, now: datetime) -> None:
        """Write that an effect is done, also if another worker does it again by now.

        Two workers whose handler takes longer than the lease would else take it from one another
        for ever.
        """
        done = {"not_before": None, "done_at": now, "problem": None}
        self.mark(session, claimed, None, done)

    def fail(self, session: Session, claimed: Claimed, now: datetime, problem: Exception) -> None:
        """Write that an effect could not be done, and when it is tried again."""
        if claimed.is_odd:
            given_up = {"not_before": None, "problem": describe_problem(problem)}
            session.execute(self._mark_any.values(**given_up), name_row(claimed))
            return
        attempt = claimed.attempts + 1
        wait = min(timedelta(seconds=2 ** min(attempt, 20)), LONGEST_WAIT)
        again = None if self.gives_up(claimed) else now + wait
        said = describe_problem(problem)
        self.mark(session, claimed, attempt, {"not_before": again, "problem": said})

    def require_attempt(self, claimed: Claimed) -> None:
        """Raise an error for an effect that is not to be tried any more.

        After as many attempts nobody has said how the last one ended: the effect itself may be
        what kills its worker.

        Raises:
            TimeoutError: none of its attempts is left.
            ValueError: a column of its row holds what no store writes.
        """
        if claimed.is_odd:
            column = find_odd_column(claimed) or "attempts or not_before"
            raise ValueError(f"the column {column} holds what no store writes")
        if claimed.key != self.name(claimed):
            raise ValueError(f"its key is not {self.name(claimed)}")
        if claimed.attempts >= self._attempts:
            raise TimeoutError(f"no worker came back from attempt {claimed.attempts}")

    def name(self, claimed: Claimed) -> str:
        """Return the key that an effect has, whatever its column says."""
        return name_effect(claimed.case, claimed.sequence, claimed.number, self._tenant)

    def gives_up(self, claimed: Claimed) -> bool:
        """Return whether an effect that fails now is not tried again."""
        return claimed.is_odd or claimed.attempts + 1 >= self._attempts

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
        where = name_row(claimed)
        mark = self._mark
        if attempts is not None:
            mark = mark.where(self._still)
            where["attempts_"] = attempts
        return has_changed(session.execute(mark.values(**values), where))


def name_row(claimed: Claimed) -> dict[str, object]:
    """Return what names a row of the outbox in a statement."""
    return {
        "case_": claimed.case,
        "sequence_": claimed.sequence,
        "number_": claimed.number,
    }


def describe_problem(problem: Exception) -> str:
    """Return what a column `problem` says, for whoever looks into it."""
    try:
        said = f"{type(problem).__name__}: {problem}"
    except Exception:  # code of the host
        said = type(problem).__name__
    return shorten(said, LONGEST_PROBLEM).replace("\0", "")


def read_payload(text: str) -> Mapping[str, Any]:
    """Return the data of an effect.

    Raises:
        ValueError: they are not an object of JSON.
    """
    payload = read_json(text)
    if not isinstance(payload, dict):
        raise ValueError("its payload is not an object of JSON")  # noqa: TRY004 - of a text
    return payload


def read_effect(claimed: Claimed) -> WaitingEffect:
    """Return a claimed row as a handler reads it.

    Raises:
        ValueError: its payload is not an object of JSON.
    """
    return WaitingEffect(
        key=claimed.key,
        case=claimed.case,
        effect=claimed.effect,
        at=claimed.at,
        payload=read_payload(claimed.payload),
        attempt=claimed.attempts + 1,
    )
