"""What saving a row does: a new status is an event, and the rules say whether it may be.

`save_base` is the one method through which Django writes every row, and it has no hook around its
transaction. So the guarded model gets one that begins a transaction first where the status changes,
in which the row, the case and the journal are written together. A save that comes past it, as
`loaddata` does, is met by the signal `pre_save`.
"""

from __future__ import annotations

from contextvars import ContextVar
from functools import wraps
from typing import TYPE_CHECKING, Any, NamedTuple

from django.contrib import messages
from django.db import router, transaction
from django.db.models.signals import pre_save

from telecom_rules import Accepted, TelecomRulesError, Wording
from telecom_rules.adapters.django.guard import LOADED, find_guard
from telecom_rules.adapters.django.middleware import find_sender
from telecom_rules.adapters.django.refusals import (
    Forbidden,
    collect_refusals,
    record_refusal,
    watch_creation,
)
from telecom_rules.adapters.django.settings import (
    choose_level,
    give_zones,
    now,
    read_at,
)
from telecom_rules.adapters.django.statuses import NOTHING
from telecom_rules.adapters.django.store import (
    add_case_of_row,
    change_case,
    lock_stored,
    restore,
)
from telecom_rules.adapters.django.ways import find_way, label_of
from telecom_rules.values.arguments import read_object
from telecom_rules.wording import quote_title

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from django.db.models import Model

    from telecom_rules.adapters.django.guard import Guard
    from telecom_rules.adapters.django.middleware import Sender
    from telecom_rules.adapters.django.models import StoredCase
    from telecom_rules.adapters.django.ways import Barred

SAVING: ContextVar[Model | None] = ContextVar("telecom_rules_saving", default=None)
"""The row that is being saved by way of `save_base`."""

MARK = "asks_the_rules"
"""Marks a `save_base` that is ours."""

NOT_BEGUN = Wording(
    "新建时状态应为{expected}，而不是{found}", "a new one begins as {expected}, not as {found}"
)
UNKNOWN_STATUS = Wording(
    "状态{status}没有对应的流程状态，无法接管；请补入 `Meta.statuses`，或由 `adopt` 指明 `state`",
    "no state of the workflow stands for the status {status}, so that it cannot be taken up; add it"
    " to `Meta.statuses`, or let `adopt` name the `state`",
)
NOT_A_VALUE = Wording(
    "状态须为具体的值，而不是数据库表达式",
    "a status has to be a value, not an expression of the database",
)


class Change(NamedTuple):
    """The status of a row, as stored and as it is to be."""

    stored: Any
    new: Any


def guard_saves(model: type[Model]) -> None:
    """Let the guard of a model be asked whenever one of its rows is saved."""
    plain = model.save_base
    if hasattr(plain, MARK):  # that of a parent, which finds the guard of the child
        return

    @wraps(plain)
    def save_base(
        self: Model,
        raw: bool = False,  # noqa: FBT001, FBT002
        force_insert: bool | tuple[Any, ...] = False,  # noqa: FBT001, FBT002
        force_update: bool = False,  # noqa: FBT001, FBT002
        using: str | None = None,
        update_fields: Iterable[str] | None = None,
    ) -> None:
        alias = using or router.db_for_write(type(self), instance=self)
        given = raw, force_insert, force_update, alias, update_fields
        guard = find_guard(type(self))
        change = None if guard is None else find_change(guard, self, alias, update_fields)
        token = SAVING.set(self)
        try:
            if guard is None or change is None:
                plain(self, *given)
            else:
                save_with_case(guard, self, change, alias, lambda: plain(self, *given))
        finally:
            SAVING.reset(token)

    setattr(save_base, MARK, True)
    model.save_base = save_base  # type: ignore[method-assign]


def find_change(
    guard: Guard, row: Model, using: str, update_fields: Iterable[str] | None
) -> Change | None:
    """Return the change of status that saving a row would make, or `None`."""
    if not guard.field.is_written(update_fields, row):
        return None
    compared = guard.field.compare(row, using)
    return None if compared is None else Change(*compared)


def judge_past_save_base(sender: type[Model], **given: Any) -> None:
    """Judge a save that did not come through `save_base` of the class, such as `loaddata`.

    A row that is new there is left without a case: its case may be what is loaded next.
    """
    row, using = given["instance"], given["using"]
    guard = find_guard(sender)
    if guard is None or SAVING.get() is row:
        return
    change = find_change(guard, row, using, given.get("update_fields"))
    if change is not None and change.stored is not NOTHING:
        judge(guard, row, change, using)


pre_save.connect(judge_past_save_base, dispatch_uid="telecom_rules.judge")


def save_with_case(
    guard: Guard, row: Model, change: Change, using: str, save: Callable[[], None]
) -> None:
    """Save a row with its case, or neither; a refusal stays on record all the same."""
    row.__dict__.pop(LOADED, None)
    with collect_refusals(), transaction.atomic(using=using):
        if change.stored is NOTHING:
            named = guard.key_of(row) is not None  # else the database is about to name it
            save()
            if named and lock_stored(guard, row, using) is not None:
                judge(guard, row, change, using)  # a deleted row is back, and its case goes on
            else:
                watch_creation(guard.case_id_of(row), using)
                open_case(guard, row, change, using)
        else:
            judge(guard, row, change, using)
            save()


def open_case(guard: Guard, row: Any, change: Change, using: str) -> None:
    """Begin the case of a new row.

    Raises:
        Forbidden: it cannot begin like this, and the level says so.
    """
    sender = find_sender(guard, row)
    wanted = label_of(guard, change.new)
    try:
        opened = guard.workflow.open(
            give_zones(guard.facts(row)),
            at=read_at(guard.began(row)),
            id=guard.case_id_of(row),
            actor=sender.actor,
        )
    except TelecomRulesError as problem:
        forbid(guard, row, wanted, problem.wording, sender)
        return
    if not guard.statuses.fits(opened.case, change.new):
        expected = quote_title(label_of(guard, guard.status_of(opened.case)))
        why = NOT_BEGUN.fill(expected=expected, found=quote_title(wanted))
        forbid(guard, row, wanted, why, sender)
    add_case_of_row(guard, row, opened, using)


def judge(guard: Guard, row: Any, change: Change, using: str) -> None:
    """Send the event that a new status stands for, and store what follows.

    Raises:
        Forbidden: it is refused, and the level says so.
    """
    sender = find_sender(guard, row)
    if hasattr(change.new, "resolve_expression"):
        forbid(guard, row, Wording.same(guard.field.name), NOT_A_VALUE, sender)
        return
    wanted = label_of(guard, change.new)
    try:
        stored = lock_stored(guard, row, using)
        if stored is None:
            stored = adopt_row(guard, row, using, change.stored, sender.actor)
        case = restore(stored)
    except TelecomRulesError as problem:
        forbid(guard, row, wanted, problem.wording, sender)
        return
    if guard.statuses.fits(case, change.new):
        return
    way = find_way(guard, row, case, change.new, sender)
    if isinstance(way, Accepted):
        change_case(stored, way, using)
    else:
        refuse(guard, row, wanted, way, sender, using)


def refuse(
    guard: Guard, row: Any, wanted: Wording, barred: Barred, sender: Sender, using: str
) -> None:
    """Do what the level says about a refusal; it is recorded in any case.

    Raises:
        Forbidden: at the level `enforce`.
    """
    refused = barred.refused
    level = choose_level(guard.level, sender.actor, sender.roles)
    record_refusal(guard, row, refused, level, using)
    forbidden = Forbidden(row, wanted, refused, fillable=barred.fillable)
    if level == "enforce":
        raise forbidden
    warn(level, sender, forbidden)


def warn(level: str, sender: Sender, forbidden: Forbidden) -> None:
    """Show somebody what would have been refused, at the level `warn`."""
    if level == "warn" and sender.request is not None:
        messages.warning(sender.request, str(forbidden), fail_silently=True)


def forbid(guard: Guard, row: Any, wanted: Wording, problem: Wording, sender: Sender) -> None:
    """Do what the level says where the rules cannot be asked at all.

    Raises:
        Forbidden: at the level `enforce`.
    """
    level = choose_level(guard.level, sender.actor, sender.roles)
    forbidden = Forbidden(row, wanted, problem=problem)
    if level == "enforce":
        raise forbidden
    warn(level, sender, forbidden)


def adopt_row(
    guard: Guard, row: Any, using: str, status: Any, actor: str | None = None
) -> StoredCase:
    """Take up a row that began before there were rules, in the status that it has.

    Raises:
        TelecomRulesError: it cannot be; the error says why.
    """
    given: dict[str, Any] = read_object("adopt", guard.adopt(row))
    states = guard.statuses.states_of(status)
    if "state" not in given and not states:
        label = quote_title(label_of(guard, status))
        raise TelecomRulesError(UNKNOWN_STATUS.fill(status=label))
    clocks: Any = give_zones(given.get("clocks", {}), "clocks")
    adopted = guard.workflow.adopt(
        give_zones(given["facts"] if "facts" in given else guard.facts(row)),
        given.get("state") or states[0],
        clocks=clocks,
        at=now(),
        id=guard.case_id_of(row),
        actor=actor,
    )
    return add_case_of_row(guard, row, adopted, using)
