"""Refusals: the error that a forbidden save raises, its words, and how it stays on record."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import NoReverseMatch, reverse

from telecom_rules.adapters.django.language import active_language, say
from telecom_rules.adapters.django.models import LONGEST_NAME, StoredCase, StoredRefusal
from telecom_rules.adapters.django.settings import refusals_alias, to_column
from telecom_rules.adapters.django.signals import refused as refused_signal
from telecom_rules.adapters.rows import describe_refusal
from telecom_rules.wording import Wording, quote_title

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from django.db.models import Model
    from django.http import HttpRequest

    from telecom_rules import Reason, Refused
    from telecom_rules.adapters.django.guard import Guard

REFUSED = Wording("{wanted}未被接受", "{wanted} was refused")

HEADLINE = Wording("{title}：", "{title}:")


def tell_reason(reason: Reason) -> dict[str, Any]:
    """Return a reason in the active language, with its clauses, as JSON."""
    return {
        "kind": str(reason.kind),
        "text": say(reason.wording),
        "clauses": [{"id": str(each), "text": say(each.wording)} for each in reason.cites],
    }


def tell_refused(refused: Refused, wanted: Wording | None = None) -> dict[str, Any]:
    """Return a refusal in the active language, as JSON.

    Args:
        refused: the refusal.
        wanted: the status that was wanted, if it was one; else the event is named.
    """
    detail = refused.explain(active_language())
    headline, *lines = detail.split("\n")
    if wanted is not None:
        headline = say(HEADLINE.fill(title=say(REFUSED.fill(wanted=quote_title(wanted)))))
    return {
        "title": headline.rstrip(":："),
        "detail": "\n".join([headline, *lines]),
        "event": refused.event,
        "reasons": [tell_reason(each) for each in refused.reasons],
    }


class Forbidden(PermissionDenied):
    """A change of a status that the rules refuse: Django answers it with 403, and so does REST.

    Attributes:
        row: the row that was to be saved.
        wanted: the title of the status it was to have.
        refused: the refusal, or `None` if the rules could not even be asked.
        problem: why they could not, or `None`.
        fillable: whether the event could be sent with data that the row does not give.
    """

    def __init__(
        self,
        row: Model,
        wanted: Wording,
        refused: Refused | None = None,
        problem: Wording | None = None,
        *,
        fillable: bool = False,
    ) -> None:
        self.row = row
        self.wanted = wanted
        self.refused = refused
        self.problem = problem
        self.fillable = fillable
        super().__init__(self.tell())  # what a REST framework makes its answer of

    def tell(self) -> dict[str, Any]:
        """Return the reasons in the active language, as JSON."""
        if self.refused is not None:
            return tell_refused(self.refused, self.wanted)
        title = say(REFUSED.fill(wanted=quote_title(self.wanted)))
        why = say(self.problem) if self.problem is not None else ""
        detail = f"{say(HEADLINE.fill(title=title))} {why}".strip()
        return {"title": title, "detail": detail, "event": None, "reasons": []}

    def form_url(self, request: HttpRequest | None = None) -> str | None:
        """Return the address of the form that asks for what is missing, or `None`."""
        if self.refused is None or not self.fillable:
            return None
        label = self.row._meta.label_lower
        try:
            url = reverse("telecom_rules:event", args=[label, self.row.pk, self.refused.event])
        except NoReverseMatch:  # the host does not include our addresses
            return None
        back = request.META.get("HTTP_REFERER") if request is not None else None
        return f"{url}?{urlencode({'next': back})}" if back else url

    def __str__(self) -> str:
        return str(self.tell()["detail"])

    def __reduce__(self) -> tuple[Any, ...]:
        return rebuild, (self.row, self.wanted, self.refused, self.problem, self.fillable)


def rebuild(
    row: Model,
    wanted: Wording,
    refused: Refused | None,
    problem: Wording | None,
    fillable: bool,  # noqa: FBT001 - of a pickle
) -> Forbidden:
    """Return a `Forbidden` that was pickled."""
    return Forbidden(row, wanted, refused, problem, fillable=fillable)


class Recorded(NamedTuple):
    """A refusal that is to be written down.

    Attributes:
        guard: the guard of the row.
        key: the key of the row.
        refused: the refusal.
        level: the level it was refused at.
        using: the connection of the row and its case.
    """

    guard: Guard
    key: object
    refused: Refused
    level: str
    using: str

    def is_kept(self) -> bool:
        """Return whether its case is stored, or its row, whose case is yet to be adopted.

        Neither is, if the transaction that made them was rolled back: the next row with this key is
        another one.
        """
        cases = StoredCase.objects.using(self.using).filter(pk=self.refused.case.id)
        rows = self.guard.model._base_manager.using(self.using).filter(pk=self.key)
        return cases.exists() or rows.exists()


class Creation:
    """A row that is new in a transaction, with the refusals that it met: written on commit.

    Attributes:
        case: the id of its case.
        refusals: the refusals.
    """

    def __init__(self, case: str) -> None:
        self.case = case
        self.refusals: list[Recorded] = []

    def __call__(self) -> None:
        """Write the refusals."""
        write_refusals(self.refusals)


def watch_creation(case: str, using: str) -> None:
    """Hold the refusals of a new row until its creation is committed.

    Only where `REFUSALS` has them written at once, through a connection that knows of no rollback.
    """
    if refusals_alias() is not None:
        transaction.on_commit(Creation(case), using=using, robust=True)


def find_creation(case: str, using: str) -> Creation | None:
    """Return the creation of a row that is not committed yet; Django forgets it on a rollback."""
    hooks = transaction.get_connection(using).run_on_commit
    return next(
        (hook for _, hook, *_ in hooks if isinstance(hook, Creation) and hook.case == case), None
    )


COLLECTED: ContextVar[list[Recorded] | None] = ContextVar("telecom_rules_refusals", default=None)


@contextmanager
def hold_refusals() -> Iterator[list[Recorded]]:
    """Hold the refusals that are met inside, for the caller to write."""
    held: list[Recorded] = []
    token = COLLECTED.set(held)
    try:
        yield held
    finally:
        COLLECTED.reset(token)


@contextmanager
def collect_refusals() -> Iterator[None]:
    """Write the refusals that are met inside when it is left, unless an outer one does.

    So those of a save are written when its transaction is over, and those of a request when its
    response is made.
    """
    if COLLECTED.get() is not None:
        yield
        return
    held: list[Recorded] = []
    try:
        with hold_refusals() as held:
            yield
    finally:
        write_refusals(held)


def record_refusal(guard: Guard, row: Model, refused: Refused, level: str, using: str) -> None:
    """Write a refusal down where it stays, whatever becomes of the transaction it was met in.

    Through the connection of `REFUSALS` at once, that of a new row when its creation is committed;
    else when what `collect_refusals` holds is over.
    """
    recorded = Recorded(guard, guard.key_of(row), refused, level, using)
    creation = find_creation(refused.case.id, using)
    collected = COLLECTED.get()
    if creation is not None:
        creation.refusals.append(recorded)
    elif refusals_alias() is not None or collected is None:
        write_refusals([recorded])
    else:
        collected.append(recorded)


def write_refusals(refusals: Iterable[Recorded]) -> None:
    """Write refusals of what is kept into their table, and announce each."""
    for each in refusals:
        if each.is_kept():
            row = describe_refusal(each.refused)
            StoredRefusal.objects.using(refusals_alias() or each.using).create(
                case_id=row.case,
                sequence=row.sequence,
                at=to_column(row.at),
                event=row.event[:LONGEST_NAME],
                actor=row.actor,
                entry=row.entry,
                level=each.level,
            )
        refused_signal.send_robust(sender=each.guard.model, refused=each.refused, level=each.level)
