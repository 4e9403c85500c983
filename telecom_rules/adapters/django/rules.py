"""`row.rules`: the case of a row, what may be done with it, and doing it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, overload

from django.db import router, transaction
from django.db.models import Model

from telecom_rules import ArgumentError, Refused, TelecomRulesError, Wording
from telecom_rules.adapters.django.guard import LOADED, Guard, add_guard, find_guard
from telecom_rules.adapters.django.middleware import find_sender
from telecom_rules.adapters.django.models import EntryValues, StoredRefusal
from telecom_rules.adapters.django.refusals import Forbidden, collect_refusals, record_refusal
from telecom_rules.adapters.django.saving import adopt_row, guard_saves
from telecom_rules.adapters.django.settings import from_column, give_zones, read_at, refusals_alias
from telecom_rules.adapters.django.store import (
    change_case,
    find_all_stored,
    find_stored,
    lock_stored,
    reading,
    restore,
    row_of,
    set_status,
)
from telecom_rules.adapters.rows import (
    CaseExists,
    Fault,
    JournalRow,
    RefusalRow,
    UnknownCase,
    ValuesRow,
    find_faults,
    read_entry,
    read_refusal,
)
from telecom_rules.values.arguments import read_instance, read_items
from telecom_rules.wording import quote_found

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from telecom_rules import Case, Entry, Option, Outcome
    from telecom_rules.adapters.django.models import JournalEntry, StoredCase

NOT_A_ROW = Wording(
    "应为 Django 模型的一行，而不是 {found}", "expected a row of a model of Django, found {found}"
)
NOT_A_CLASS = Wording(
    "应为 `{kind}` 的子类，而不是 {found}", "expected a subclass of `{kind}`, found {found}"
)

G = TypeVar("G", bound=type[Guard])
R = TypeVar("R")


class Rules:
    """The case of one row."""

    def __init__(self, guard: Guard, row: Any) -> None:
        self.guard = guard
        self.row = row

    @property
    def using(self) -> str:
        """The connection of the row, for writing."""
        return self.row._state.db or router.db_for_write(type(self.row), instance=self.row)

    @property
    def stored(self) -> StoredCase | None:
        """The stored case, or `None` if the row has none yet."""
        if LOADED in self.row.__dict__:
            loaded: StoredCase | None = self.row.__dict__[LOADED]
            return loaded
        return find_stored(self.guard, self.row, self.using)

    @property
    def case(self) -> Case:
        """The case.

        Raises:
            UnknownCase: the row has none yet; `adopt` makes one.
            UnreadableCase: it was changed by somebody else.
            StrandedCase: no pack of `PACKS` goes on with it.
        """
        stored = self.stored
        if stored is None:
            raise UnknownCase(self.guard.case_id_of(self.row))
        return restore(stored)

    def allowed(self, user: Any = None, *, at: datetime | None = None) -> tuple[Option, ...]:
        """Return every event of the case's states, with whether `user` may send it, or why not.

        Args:
            user: who asks; by default whoever acts.
            at: the instant asked about; by default now.

        Raises:
            UnknownCase: as `case` does.
            UnreadableCase: likewise.
            ArgumentError: `user` is not a user of Django, or `at` not an instant.
        """
        case = self.case
        roles = find_sender(self.guard, self.row, user).roles
        return case.allowed(by=roles, at=choose_instant(at, case))

    def send(
        self,
        event: str,
        payload: Mapping[str, object] | None = None,
        *,
        user: Any = None,
        at: datetime | None = None,
    ) -> Outcome:
        """Send an event; if it is accepted, store the case and save the new status of the row.

        Args:
            event: the event.
            payload: the data that come with it.
            user: who sends it; by default whoever acts.
            at: when it happened; by default now.

        Returns:
            `Accepted`, or `Refused` with the reasons: it is on record, and nothing has changed.

        Raises:
            UnknownCase: as `case` does.
            UnreadableCase: likewise.
            ArgumentError: `user` is not a user of Django, or `at` not an instant.
        """
        using = self.using
        self.row.__dict__.pop(LOADED, None)
        sender = find_sender(self.guard, self.row, user)
        with collect_refusals(), transaction.atomic(using=using):
            stored = lock_stored(self.guard, self.row, using)
            if stored is None:
                raise UnknownCase(self.guard.case_id_of(self.row))
            case = restore(stored)
            outcome = case.send(
                event,
                give_zones(payload, "payload") if isinstance(payload, Mapping) else payload,
                at=choose_instant(at, case),
                by=sender.roles,
                actor=sender.actor,
            )
            if isinstance(outcome, Refused):
                record_refusal(self.guard, self.row, outcome, "enforce", using)
            else:
                change_case(stored, outcome, using)
                set_status(self.guard, self.row, outcome.case, using)
        return outcome

    def adopt(self, *, actor: str | None = None) -> Case:
        """Take up a row that began before there were rules, in its present status.

        The guard's hook `adopt` says when its time limits began.

        Raises:
            CaseExists: it has a case already.
            TelecomRulesError: it cannot be taken up; the error says why.
        """
        with transaction.atomic(using=self.using):
            if lock_stored(self.guard, self.row, self.using) is not None:
                raise CaseExists(self.guard.case_id_of(self.row))
            status = self.guard.field.read(self.row)
            return restore(adopt_row(self.guard, self.row, self.using, status, actor))

    def journal(self) -> tuple[Entry, ...]:
        """Return the journal of the case, its refusals among the entries.

        Raises:
            UnreadableCase: the database cannot give one of its values.
            JournalError: a row is not an entry any more.
        """
        stored = self.stored
        if stored is None:
            return ()
        with reading(stored.pk):
            entries = [read_entry(*rows) for rows in iter_journal(stored, self.using)]
        return tuple(sorted([*entries, *self.refusals(stored)], key=lambda each: each.at))

    def refusals(self, stored: StoredCase) -> list[Entry]:
        """Return the refusals on record, oldest first."""
        rows = StoredRefusal.objects.using(refusals_alias() or self.using).filter(case_id=stored.pk)
        columns = [name for name in RefusalRow._fields if name != "case"]
        return [
            read_refusal(
                RefusalRow(case=stored.pk, **{each: getattr(row, each) for each in columns})
            )
            for row in rows
        ]

    def verify_journal(self) -> tuple[Fault, ...]:
        """Return every place where the stored journal is not what was written; none if whole.

        Raises:
            UnknownCase: the row has no case yet.
            UnreadableCase: the database cannot give one of its values.
        """
        stored = self.stored
        if stored is None:
            raise UnknownCase(self.guard.case_id_of(self.row))
        with reading(stored.pk):
            rows = list(iter_journal(stored, self.using))
        values = {each.sequence: each for _, each in rows if each is not None}
        return find_faults(row_of(stored), [row for row, _ in rows], values)


def choose_instant(at: datetime | None, case: Case) -> datetime:
    """Return when something is done to a case: `at` or now, and never before what was done last."""
    return max(read_at(at), case.at)


def iter_journal(stored: StoredCase, using: str) -> Iterable[tuple[JournalRow, ValuesRow | None]]:
    """Yield the rows of the journal of a case, each with its values."""
    entries = stored.journal.using(using).order_by("sequence")  # type: ignore[attr-defined]
    held = {
        each.entry_id: each  # type: ignore[attr-defined]  # the column
        for each in EntryValues.objects.using(using).filter(entry__case=stored)
    }
    for entry in entries:
        values = held.get(entry.pk)
        row = None
        if values is not None:
            row = ValuesRow(stored.pk, entry.sequence, values.salt, values.held)
        yield journal_row_of(stored, entry), row


def journal_row_of(stored: StoredCase, entry: JournalEntry) -> JournalRow:
    """Return a stored entry as a row."""
    columns = {name: getattr(entry, name) for name in JournalRow._fields if name != "case"}
    columns["at"] = None if entry.at is None else from_column(entry.at)  # type: ignore[redundant-expr]  # as in `row_of`
    return JournalRow(case=stored.pk, **columns)


def rules_of(row: Any) -> Rules:
    """Return the rules of a row, whatever it has them under.

    Raises:
        LookupError: its model has no guard.
        ArgumentError: it is not a row of a model.
    """
    if not issubclass(type(row), Model):
        raise ArgumentError("row", NOT_A_ROW.fill(found=quote_found(row)))
    guard = find_guard(type(row))
    if guard is None:
        raise LookupError(f"no guard is registered for {type(row)._meta.label}")
    return Rules(guard, row)


def load_cases(rows: Iterable[R]) -> list[R]:
    """Return rows of one model with their cases, read by one query instead of one a row.

    A row keeps the case until it is sent an event; so use it for lists that are only shown.

    Raises:
        LookupError: their model has no guard.
        ArgumentError: they are no rows of a model.
        UnreadableCase: a case cannot be read.
    """
    listed: list[Any] = read_items("rows", rows)
    for each in listed:
        read_instance("rows", each, Model)
    if listed:
        rules = rules_of(listed[0])
        for row, stored in zip(
            listed, find_all_stored(rules.guard, listed, rules.using), strict=True
        ):
            row.__dict__[LOADED] = stored
    return listed


class RulesDescriptor:
    """Gives each row of a guarded model its `rules`."""

    @overload
    def __get__(self, row: None, model: type[Model]) -> RulesDescriptor: ...

    @overload
    def __get__(self, row: Model, model: type[Model]) -> Rules: ...

    def __get__(self, row: Model | None, model: type[Model]) -> Rules | RulesDescriptor:
        """Return the rules of a row."""
        guard = find_guard(model)
        return self if row is None or guard is None else Rules(guard, row)


class Answer(NamedTuple):
    """What became of one row of a bulk change.

    Attributes:
        row: the row.
        outcome: the answer of the rules, or `None` if they could not be asked or nothing changed.
        problem: why they could not be asked, or `None`.
    """

    row: Any
    outcome: Outcome | None
    problem: Wording | None = None

    @property
    def done(self) -> bool:
        """Whether the row was changed, or had nothing to change."""
        return self.problem is None and not isinstance(self.outcome, Refused)


def send_each(
    rows: Iterable[Any],
    event: str,
    payload: Mapping[str, object] | None = None,
    *,
    user: Any = None,
) -> tuple[Answer, ...]:
    """Send one event to many rows: each gets an answer of its own, and none keeps another back.

    Args:
        rows: the rows.
        event: the event.
        payload: the data that come with it, the same for all.
        user: who sends it; by default whoever acts.

    Raises:
        LookupError: a row has no guard.
        ArgumentError: they are no rows of a model.
    """
    answers = []
    for row in read_rows(rows):
        try:
            answers.append(Answer(row, rules_of(row).send(event, payload, user=user)))
        except TelecomRulesError as problem:
            answers.append(Answer(row, None, problem.wording))
    return tuple(answers)


def set_status_of_each(rows: Iterable[Any], status: Any) -> tuple[Answer, ...]:
    """Save a status in many rows: each gets an answer of its own, and none keeps another back.

    Raises:
        LookupError: a row has no guard.
        ArgumentError: they are no rows of a model.
    """
    answers = []
    for row in read_rows(rows):
        rules_of(row).guard.field.write(row, status)
        try:
            row.save()
        except Forbidden as problem:
            answers.append(Answer(row, problem.refused, problem.problem))
        else:
            answers.append(Answer(row, None))
    return tuple(answers)


def read_rows(rows: Iterable[Any]) -> list[Any]:
    """Return rows of guarded models.

    Raises:
        LookupError: one has no guard.
        ArgumentError: they are no rows of a model.
    """
    listed = read_items("rows", rows)
    for each in listed:
        rules_of(each)
    return listed


def register(model: type[Model]) -> Callable[[G], G]:
    """Register a guard for a model: its rows have `rules`, and saving them asks the rules.

    Args:
        model: the model whose table has the status.

    Raises:
        ImproperlyConfigured: it has a guard already, or `Meta` is not right.
        ArgumentError: `model` is not a model, or what is decorated not a `Guard`.
    """
    require_subclass("model", model, Model)

    def add(guard_type: G) -> G:
        require_subclass("guard", guard_type, Guard)
        guard = add_guard(model, guard_type)
        setattr(model, guard.attribute, RulesDescriptor())
        guard_saves(model)
        return guard_type

    return add


def require_subclass(argument: str, value: object, kind: type) -> None:
    """Raise `ArgumentError` unless a value is a subclass of `kind`."""
    if not (issubclass(type(value), type) and issubclass(value, kind)):  # type: ignore[arg-type]  # a class
        why = NOT_A_CLASS.fill(kind=Wording.same(kind.__name__), found=quote_found(value))
        raise ArgumentError(argument, why)
