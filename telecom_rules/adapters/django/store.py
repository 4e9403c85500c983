"""Cases in the tables: read under a lock, and everything that an outcome changes written at once.

All of it happens in a transaction that the caller has begun. The rows are those of every store.
"""

from __future__ import annotations

import secrets
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from django.contrib.contenttypes.models import ContentType
from django.db import DataError, OperationalError, transaction
from django.db.models import Q

from telecom_rules.adapters.django import signals
from telecom_rules.adapters.django.guard import GUARDS
from telecom_rules.adapters.django.models import (
    EntryValues,
    JournalEntry,
    StoredCase,
    StoredEffect,
)
from telecom_rules.adapters.django.settings import from_column, load_packs, now, read_at, to_column
from telecom_rules.adapters.rows import (
    CaseRow,
    Conflict,
    UnreadableCase,
    chain_entries,
    describe_case,
    describe_effects,
    restore_case,
)
from telecom_rules.adapters.rows.rows import read_json
from telecom_rules.errors import TelecomRulesError
from telecom_rules.wording import Wording
from telecom_rules.workflows import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from django.db.models import Model

    from telecom_rules import Case
    from telecom_rules.adapters.django.guard import Guard

STOP_EVENT = "stop"
"""The event by which a called case is ended that nobody waits for any longer."""
SALT_BYTES = 16
BEYOND = datetime(9999, 1, 1, tzinfo=UTC)
"""Later than any instant of the library: a column that says more holds something else, which would
never be due."""
NOT_READ = Wording(
    "数据库给不出其中一列的值", "the database cannot give the value of one of its columns"
)


def cases_of(guard: Guard, row: Model, using: str) -> Any:
    """Return the query for the case of a row."""
    where: dict[str, Any] = {
        "content_type_id": content_type_of(guard, using).pk,
        guard.key_column: guard.key_of(row),
    }
    return StoredCase.objects.using(using).filter(**where)


@contextmanager
def reading(id: str) -> Iterator[None]:
    """Read rows of a case.

    Raises:
        UnreadableCase: a column holds what Python does not have for it, such as `infinity`.
    """
    try:
        yield
    except TelecomRulesError:
        raise
    except (ValueError, TypeError, AttributeError, DataError) as problem:
        raise UnreadableCase(id, NOT_READ) from problem


def find_stored(guard: Guard, row: Model, using: str) -> StoredCase | None:
    """Return the stored case of a row, or `None` if it has none yet."""
    with reading(guard.case_id_of(row)):
        found: StoredCase | None = cases_of(guard, row, using).first()
    return found


def find_all_stored(guard: Guard, rows: Sequence[Model], using: str) -> list[StoredCase | None]:
    """Return the stored case of each row, in one query."""
    keys = [guard.key_of(row) for row in rows]
    found = StoredCase.objects.using(using).filter(
        content_type_id=content_type_of(guard, using).pk, **{f"{guard.key_column}__in": keys}
    )
    with reading(guard.label):
        by_key = {getattr(stored, guard.key_column): stored for stored in found}
    return [by_key.get(key) for key in keys]


def lock_stored(guard: Guard, row: Model, using: str) -> StoredCase | None:
    """Return the stored case of a row, which nobody else changes until the transaction ends."""
    with reading(guard.case_id_of(row)):
        found: StoredCase | None = cases_of(guard, row, using).select_for_update().first()
    return found


def content_type_of(guard: Guard, using: str) -> ContentType:
    """Return the content type of the guarded model; each database has a number of its own."""
    return ContentType.objects.db_manager(using).get_for_model(guard.model)


def row_of(stored: StoredCase) -> CaseRow:
    """Return a stored case as a row."""
    columns = {name: getattr(stored, name) for name in CaseRow._fields if name != "caller"}
    for name in ("at", "next_due"):
        # A database without types may hold a text that Django reads as nothing.
        columns[name] = None if columns[name] is None else from_column(columns[name])
    return CaseRow(**columns, caller=stored.caller_id)  # type: ignore[attr-defined]  # the column


def restore(stored: StoredCase) -> Case:
    """Return the case.

    Raises:
        UnreadableCase: the row was changed by somebody else.
        StrandedCase: no pack of `PACKS` goes on with it.
    """
    return restore_case(row_of(stored), load_packs())


def describe(case: Case, head: str) -> dict[str, Any]:
    """Return what the columns of a case hold; its caller never changes."""
    columns = describe_case(case, head)._asdict()
    del columns["id"], columns["caller"]
    at = to_column(case.at)
    return columns | {"at": at, "next_due": to_column(case.next_due), "problem": ""}


def add_case(outcome: Any, using: str, **beside: Any) -> StoredCase:
    """Store a case that has begun or was adopted.

    Args:
        outcome: of `Workflow.open`, `Workflow.adopt` or `Call.open`.
        using: the connection.
        beside: the columns of the row it stands beside, or its caller.
    """
    case = outcome.case
    rows = chain(outcome, None)
    columns = describe(case, rows[-1][0].seal)
    stored = StoredCase.objects.using(using).create(id=case.id, **beside, **columns)
    write_outcome(stored, outcome, rows, using)
    return stored


def add_case_of_row(guard: Guard, row: Model, outcome: Any, using: str) -> StoredCase:
    """Store the case of a row."""
    key = {guard.key_column: guard.key_of(row)}
    return add_case(outcome, using, content_type_id=content_type_of(guard, using).pk, **key)


def change_case(stored: StoredCase, outcome: Any, using: str) -> None:
    """Store what an outcome changed.

    Raises:
        Conflict: somebody was faster.
    """
    rows = chain(outcome, stored.head)
    columns = describe(outcome.case, rows[-1][0].seal)
    unchanged = StoredCase.objects.using(using).filter(pk=stored.pk, sequence=stored.sequence)
    if unchanged.update(**columns) != 1:
        raise Conflict(stored.pk)
    for name, value in columns.items():
        setattr(stored, name, value)
    write_outcome(stored, outcome, rows, using)


def chain(outcome: Any, head: str | None) -> list[Any]:
    """Return the journal rows of an outcome."""
    return chain_entries(outcome.entries, head, partial(secrets.token_hex, SALT_BYTES))


def write_outcome(stored: StoredCase, outcome: Any, rows: list[Any], using: str) -> None:
    """Write entries and effects, follow calls, and announce it all on commit."""
    for row, values in rows:
        columns = row._asdict() | {"at": to_column(row.at)}
        entry = JournalEntry.objects.using(using).create(case_id=columns.pop("case"), **columns)
        EntryValues.objects.using(using).create(entry=entry, salt=values.salt, held=values.held)
    keys = []
    for effect in describe_effects(outcome.entries):
        columns = effect._asdict() | {"at": to_column(effect.at)}
        StoredEffect.objects.using(using).create(case_id=columns.pop("case"), **columns)
        keys.append(effect.key)
    follow_calls(stored, outcome, using)
    announce = partial(send_signals, stored, outcome, keys, using)
    transaction.on_commit(announce, using=using, robust=True)


def follow_calls(stored: StoredCase, outcome: Any, using: str) -> None:
    """Open the cases that a case calls, end those it waits for no longer, give back its result."""
    for call in getattr(outcome, "calls", ()):
        add_case(call.open(), using, caller=stored)
    for call in getattr(outcome, "cancelled", ()):
        stop_called(call.id, outcome.case.at, using)
    if outcome.case.final and stored.caller_id is not None:  # type: ignore[attr-defined]  # the column
        give_back(stored, outcome.case, using)


def stop_called(id: str, at: datetime, using: str) -> None:
    """End a called case that nobody waits for, if it goes on and can be stopped."""
    stored = StoredCase.objects.using(using).select_for_update().get(pk=id)
    case = restore(stored)
    if not case.final and STOP_EVENT in case.workflow.events:
        outcome = case.send(STOP_EVENT, at=max(at, case.at))
        if not isinstance(outcome, Refused):
            change_case(stored, outcome, using)


def give_back(stored: StoredCase, case: Case, using: str) -> None:
    """Give the result of a called case back to the case that waits for it."""
    waiting = StoredCase.objects.using(using).select_for_update().get(pk=stored.caller_id)  # type: ignore[attr-defined]
    caller = restore(waiting)
    outcome = caller.returned(case, at=max(case.at, caller.at))
    if not isinstance(outcome, Refused):
        change_case(waiting, outcome, using)
        move_row(waiting, outcome.case, using)


def model_of(stored: StoredCase) -> type[Model] | None:
    """Return the model whose row a case stands beside."""
    key: int | None = stored.content_type_id  # type: ignore[attr-defined]  # the column
    model: type[Model] | None = None
    if key is not None:
        types = ContentType.objects.db_manager(stored._state.db)
        model = types.get_for_id(key).model_class()
    return model


def move_row(stored: StoredCase, case: Case, using: str) -> None:
    """Give the row of a case the status of its state, if it has another one."""
    model = model_of(stored)
    guard = GUARDS.get(model) if model is not None else None
    row = None if guard is None else guard.find_row(stored, using)
    if guard is not None and row is not None:
        set_status(guard, row, case, using)


def set_status(guard: Guard, row: Any, case: Case, using: str) -> None:
    """Save the status of a case in a row, through the `save` of the host.

    One that the row has stored and that fits is kept, as is one that it has in memory: Reopened
    and Open may both stand for the state.
    """
    status = guard.status_of(case)
    compared = guard.field.compare(row, using)
    in_memory = guard.field.read(row)
    if status is None or guard.statuses.fits(case, compared[0] if compared else in_memory):
        return
    if not guard.statuses.fits(case, in_memory):
        guard.field.write(row, status)
    row.save(using=using, update_fields=[guard.field.name])


def send_signals(stored: StoredCase, outcome: Any, effects: list[str], using: str) -> None:
    """Tell the receivers of the host what was committed."""
    model = model_of(stored)
    signals.accepted.send_robust(sender=model, case=outcome.case, outcome=outcome)
    for key in effects:
        deliver(key, using)


def deliver(key: str, using: str) -> bool:
    """Send an effect to its receivers; it stays pending until all of them have done it.

    Two processes do not send the same effect at once where the database knows row locks.
    """
    with transaction.atomic(using=using), reading(key):
        pending = StoredEffect.objects.using(using).select_for_update()
        found = pending.filter(pk=key, done_at=None).first()
        model = None if found is None else model_of(found.case)
        if found is None or not signals.effect.has_listeners(model):
            return False
        answers = signals.effect.send_robust(
            sender=model,
            name=found.effect,
            payload=read_json(found.payload),
            case=found.case.pk,
            key=found.key,
            at=from_column(found.at),
        )
        if any(isinstance(answer, Exception) for _, answer in answers):
            return False
        found.done_at = to_column(now())
        found.save(using=using, update_fields=["done_at"])
    return True


def tick(id: str, at: datetime, using: str) -> bool:
    """Record what the time limits of a case have done until `at`; tell whether anything had.

    Raises:
        UnreadableCase: it cannot be read.
    """
    with transaction.atomic(using=using):
        stored = StoredCase.objects.using(using).select_for_update().get(pk=id)
        case = restore(stored)
        ticked = case.tick(max(at, case.at))
        if not ticked.entries:
            return False
        change_case(stored, ticked, using)
        move_row(stored, ticked.case, using)
    return True


class Swept(NamedTuple):
    """What one round of the clocks has done.

    Attributes:
        ticked: the number of cases of which something was recorded.
        delivered: the number of effects that were done.
        poisoned: the cases that cannot be read, each with the reason; they are set aside until the
            column `problem` is emptied.
        failed: the keys of the effects that cannot be read, each with the reason; they stay
            pending.
    """

    ticked: int
    delivered: int
    poisoned: tuple[tuple[str, str], ...]
    failed: tuple[tuple[str, str], ...] = ()


def sweep(using: str = "default", at: datetime | None = None, page: int = 100) -> Swept:
    """Record what is due in all cases, each in a transaction of its own, and deliver effects.

    Any number of processes may do this at once. A case that cannot be read keeps none of the
    others from being ticked.

    Args:
        using: the connection.
        at: the instant up to which; by default now.
        page: how many cases are looked for at a time.

    Raises:
        ArgumentError: `at` is not an instant.
        PackError: a pack of `PACKS` cannot be loaded.
    """
    at = read_at(at)
    load_packs()  # packs that cannot be loaded are not the fault of a case
    ticked, poisoned = 0, []
    due = StoredCase.objects.using(using).filter(
        Q(next_due__lte=to_column(at)) | Q(next_due__gt=to_column(BEYOND)), problem=""
    )
    seen: set[str] = set()
    while ids := list(
        due.exclude(pk__in=seen).order_by("next_due").values_list("pk", flat=True)[:page]
    ):
        for id in ids:
            seen.add(id)
            try:
                ticked += tick(id, at, using)
            except (Conflict, OperationalError):
                continue  # somebody else has it: the next round
            except MemoryError:  # of the process: every case would be set aside
                raise
            except Exception as problem:
                StoredCase.objects.using(using).filter(pk=id).update(problem=str(problem))
                poisoned.append((id, str(problem)))
    waiting = StoredEffect.objects.using(using).filter(done_at=None).order_by("at", "key")
    delivered, failed = 0, []
    for key in list(waiting.values_list("pk", flat=True)):
        try:
            delivered += deliver(key, using)
        except UnreadableCase as problem:
            failed.append((key, str(problem)))
    return Swept(ticked, delivered, tuple(poisoned), tuple(failed))
