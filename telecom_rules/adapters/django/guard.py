"""`Guard`: what a host says about a model whose status the rules guard, and who is registered."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.fields import GenericRelation
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.db.models.sql.where import AND, WhereNode

from telecom_rules.adapters.django.models import LONGEST_ID, StoredCase
from telecom_rules.adapters.django.settings import load_packs, read_levels, roles_of
from telecom_rules.adapters.django.statuses import Statuses, StatusField

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from django.db.models import Model, QuerySet
    from django.http import HttpRequest

    from telecom_rules import Case, Workflow
    from telecom_rules.adapters.django.settings import Levels

RELATION = "rules"
"""The name of the case of a row, in queries and as an attribute, unless `Meta` has another."""
LOADED = "telecom_rules_case"
"""Where a row keeps a case that was read in advance, until it changes."""
META_KEYS = frozenset({"workflow", "field", "statuses", "vocabulary", "level", "attribute"})
NUMBERS = (models.IntegerField, models.AutoField)


class Guard:
    """Guards the status of one model by a workflow.

    `Meta` names the `workflow`, the `field` of the status, and under `statuses` the states that
    each status stands for; or a `vocabulary` of `maps` instead of these. `level` is what a refusal
    does: `observe` only writes it down, `warn` also tells the user, `enforce` raises `Forbidden`.
    It may differ by role or actor: `{"system": "warn"}`. `attribute` is what rows have their
    `rules` under, if that is taken.
    """

    class Meta:
        """What the subclass says."""

    def __init__(self, model: type[Model]) -> None:
        self.model = model
        meta = {name: value for name, value in vars(self.Meta).items() if name[0] != "_"}
        unknown = sorted(set(meta) - META_KEYS)
        missing = sorted({"workflow", "field"} - set(meta))
        if unknown or missing or ("statuses" in meta) == ("vocabulary" in meta):
            raise ImproperlyConfigured(
                f"`Meta` of {type(self).__name__} needs `workflow`, `field`, one of `statuses` and"
                f" `vocabulary`, and may have `level`; it has {', '.join(sorted(meta)) or 'none'}"
            )
        self._meta = meta
        self.level: str | Levels = meta.get("level", "enforce")
        read_levels(self.level)
        self.field = StatusField(model, meta["field"])
        self.key_column = choose_key_column(model)
        self.attribute: str = meta.get("attribute", RELATION)

    @property
    def label(self) -> str:
        """The name of the model, such as `helpdesk.ticket`."""
        return self.model._meta.label_lower

    @property
    def workflow(self) -> Workflow:
        """The workflow, of the newest pack."""
        return load_packs()[self._meta["workflow"]]

    @cached_property
    def statuses(self) -> Statuses:
        """The statuses with their states."""
        if "statuses" in self._meta:
            return Statuses(self._meta["statuses"])
        return Statuses.of_vocabulary(self.workflow, self._meta["vocabulary"])

    # What a host says.

    def facts(self, row: Any) -> Mapping[str, object]:
        """Return the facts that a row knows when its case begins."""
        del row
        return {}

    def began(self, row: Any) -> datetime | None:
        """Return when the case of a new row began, or `None` for now."""
        del row
        return None

    def payload(
        self, event: str, row: Any, request: HttpRequest | None
    ) -> Mapping[str, object] | None:
        """Return the data that come with an event which a new status stands for.

        Return `None` if the row cannot mean this event.
        """
        del event, row, request
        return {}

    def adopt(self, row: Any) -> Mapping[str, Any]:
        """Return how a row goes on that began before there were rules.

        Under `clocks` the instants at which its time limits began, by the name of the clock; under
        `state` the state it is in, if its status stands for several; under `facts` what is known,
        instead of `facts`.
        """
        del row
        return {}

    def roles(self, row: Any, user: Any, request: HttpRequest | None) -> Iterable[str]:
        """Return the roles that a user has towards a row; by default those of the settings."""
        del row
        return roles_of(user, request)

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the rows that a request may act on through the forms of events.

        By default all of them for whoever may change the model, else none.
        """
        name = f"{self.model._meta.app_label}.change_{self.model._meta.model_name}"
        manager = self.model._default_manager
        user: Any = request.user
        return manager.all() if user.has_perm(name) else manager.none()

    # What follows from it.

    def case_id_of(self, row: Model) -> str:
        """Return the id of the case of a row, such as `helpdesk.ticket-7`."""
        return f"{self.label}-{self.key_of(row)}"[:LONGEST_ID]

    def key_of(self, row: Model) -> Any:
        """Return the key of a row, also of a child in multi-table inheritance."""
        return row.serializable_value(self.model._meta.pk.attname)

    def status_of(self, case: Case) -> Any:
        """Return the status of a case, or `None` if its state has none."""
        return self.statuses.status_of(case)

    def list_states_without_status(self) -> tuple[str, ...]:
        """Return the innermost states that no status stands for."""
        states = self.workflow.states
        covered = set(self.statuses.states)
        return tuple(
            name
            for name, state in states.items()
            if not state.children and state.history is None and covered.isdisjoint(state.path)
        )

    def find_row(self, stored: StoredCase, using: str) -> Any:
        """Return the row of a stored case, or `None` if it has been deleted."""
        key = getattr(stored, self.key_column)
        return self.model._base_manager.using(using).filter(pk=key).first()


class CaseRelation(GenericRelation):
    """The case of a row, for queries: `Ticket.objects.filter(rules__next_due__lte=now)`.

    Deleting a row leaves its case and journal: they are the record of what was done.
    """

    def get_extra_restriction(self, alias: Any, remote_alias: str) -> WhereNode:
        """Restrict a query to the cases of the model, by its name: databases number it apart."""
        del alias
        meta = self.model._meta
        types = ContentType.objects.filter(app_label=meta.app_label, model=meta.model_name)
        column: Any = StoredCase._meta.get_field(self.content_type_field_name)
        lookup = column.get_lookup("in")(column.get_col(remote_alias), types.values("pk").query)
        return WhereNode([lookup], connector=AND)

    def bulk_related_objects(self, objs: Any, using: str = "default") -> Any:
        """Return no objects to delete with the rows."""
        del objs
        return StoredCase._base_manager.using(using).none()


GUARDS: dict[type[Model], Guard] = {}
FOUND: dict[type[Model], Guard | None] = {}


def add_guard(model: type[Model], guard_type: type[Guard]) -> Guard:
    """Add a guard for a model, with the relation from its rows to their cases."""
    if model in GUARDS:
        raise ImproperlyConfigured(f"{model._meta.label} has a guard already")
    if model._meta.proxy or model._meta.abstract:
        raise ImproperlyConfigured(
            f"{model._meta.label} has no table of its own: register {model._meta.concrete_model}"
        )
    guard = guard_type(model)
    if hasattr(model, guard.attribute):
        raise ImproperlyConfigured(
            f"{model._meta.label} has a `{guard.attribute}` of its own: name another `attribute`"
            " in `Meta`"
        )
    relation = CaseRelation(StoredCase, object_id_field=guard.key_column)
    relation.contribute_to_class(model, guard.attribute)
    GUARDS[model] = guard
    FOUND.clear()
    return guard


def choose_key_column(model: type[Model]) -> str:
    """Return the column of `StoredCase` for the key of a model."""
    key: Any = model._meta.pk
    while key.is_relation:
        key = key.target_field
    if isinstance(key, NUMBERS):
        return "row_number"
    return "row_uuid" if isinstance(key, models.UUIDField) else "row_text"


def find_guard(model: type[Model]) -> Guard | None:
    """Return the guard of a model, of a proxy of it, or of a child of it."""
    if model not in FOUND:
        FOUND[model] = next((GUARDS[each] for each in model.__mro__ if each in GUARDS), None)
    return FOUND[model]


def require_guard(label: str) -> Guard:
    """Return the guard of the model with a label, such as `helpdesk.Ticket`.

    Raises:
        LookupError: it has none; the error names those that have one.
    """
    for guard in GUARDS.values():
        if guard.label == label.lower():
            return guard
    known = ", ".join(guard.model._meta.label for guard in GUARDS.values()) or "none"
    raise LookupError(f"no guard is registered for {label}; registered are: {known}")
