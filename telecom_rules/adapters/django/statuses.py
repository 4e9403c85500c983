"""The status of a row: where it is stored, and which states of the workflow stand behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldDoesNotExist, ImproperlyConfigured
from django.db import connections

from telecom_rules.workflows.engine.configuration import BETWEEN_STATES
from telecom_rules.workflows.ways import iter_inside_out

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.db.models import Field, Model

    from telecom_rules import Case, Workflow

NOTHING = object()
"""The status of a row that is not stored."""


class Statuses:
    """The statuses of a host, each with the states it stands for.

    A state may have several statuses, such as Open and Reopened; the first is the one that is
    written when the case enters it. A compound state stands for all states inside it.
    """

    def __init__(self, states_by_status: Mapping[Any, str | Iterable[str]]) -> None:
        self._states = {
            status: (states,) if isinstance(states, str) else tuple(states)
            for status, states in states_by_status.items()
        }

    @classmethod
    def of_vocabulary(cls, workflow: Workflow, vocabulary: str) -> Statuses:
        """Return the statuses that the states of a workflow have under `maps`."""
        found: dict[str, list[str]] = {}
        for name, state in workflow.states.items():
            if vocabulary in state.maps:
                found.setdefault(state.maps[vocabulary], []).append(name)
        return cls(found)

    @property
    def states(self) -> tuple[str, ...]:
        """All states that have a status, each once."""
        return tuple(dict.fromkeys(name for names in self._states.values() for name in names))

    def items(self) -> Iterable[tuple[Any, tuple[str, ...]]]:
        """Return each status with its states."""
        return self._states.items()

    def states_of(self, status: Any) -> tuple[str, ...]:
        """Return the states that a status stands for; none if it is not known."""
        try:
            return self._states.get(status, ())
        except TypeError:  # a value that cannot be a key
            return ()

    def fits(self, case: Case, status: Any) -> bool:
        """Return whether a case is in one of the states of a status."""
        return not set(case.states).isdisjoint(self.states_of(status))

    def status_of(self, case: Case) -> Any:
        """Return the status of a case, that of its innermost state that has one, or `None`.

        Of parallel states the first counts, as in `Case.maps`.
        """
        leaves = (case.workflow.states[name] for name in case.state.split(BETWEEN_STATES))
        for state in iter_inside_out(leaves):
            for status, states in self._states.items():
                if state in states:
                    return status
        return None


class StatusField:
    """Where a row keeps its status: a column, or a row of another table that it refers to.

    `status` is a column. `status__name` is a foreign key `status` whose row is known by its `name`,
    for hosts whose statuses are rows that users add to.
    """

    def __init__(self, model: type[Model], path: str) -> None:
        name, _, self._through = path.partition("__")
        try:
            field = model._meta.get_field(name)
            if self._through:
                self._other = field.remote_field.model  # type: ignore[union-attr]  # refused below
                self._other._meta.get_field(self._through)
        except (FieldDoesNotExist, AttributeError) as problem:
            raise ImproperlyConfigured(
                f"{model._meta.label} keeps no status in `{path}`: {problem}; name a field, or a"
                " foreign key and a field of its model, as in `status__name`"
            ) from problem
        self._field: Field[Any, Any] = field  # type: ignore[assignment]  # it has a column
        self._model = self._field.model  # where multi-table inheritance has put it
        self._key = self._model._meta.pk
        self._queries: dict[str, str] = {}

    @property
    def name(self) -> str:
        """The name of the field."""
        return self._field.name

    def is_written(self, update_fields: Iterable[str] | None, row: Model) -> bool:
        """Return whether saving a row writes its status."""
        if update_fields is not None:
            return not {self._field.name, self._field.attname}.isdisjoint(update_fields)
        return self._field.attname in row.__dict__

    def read(self, row: Model) -> Any:
        """Return the status that a row has in memory."""
        return self._describe(getattr(row, self._field.attname), row._state.db)

    def compare(self, row: Model, using: str) -> tuple[Any, Any] | None:
        """Return the stored status and the one to be stored, or `None` if they are the same.

        The stored status is `NOTHING` if the row is not stored. It is read each time: what a row
        knew when it was loaded may have been changed by others, and saving would change it back.
        A query of the ORM takes as long as the whole `save`, so it is written out here.
        """
        value = getattr(row, self._field.attname)
        key = row.serializable_value(self._key.attname)
        if key is None:
            return NOTHING, self._describe(value, using)
        connection = connections[using]
        query = self._queries.get(connection.vendor) or self._write_query(connection)
        with connection.cursor() as cursor:
            cursor.execute(query, [self._key.get_db_prep_value(key, connection)])
            found = cursor.fetchone()
        if found is None:
            return NOTHING, self._describe(value, using)
        if not hasattr(value, "resolve_expression"):
            prepared = self._field.get_db_prep_save(value, connection)
            if prepared == found[0]:
                return None
        return self._describe(self._load(found[0], connection), using), self._describe(value, using)

    def write(self, row: Model, status: Any) -> None:
        """Set the status of a row in memory."""
        value = status
        if self._through:
            value = self._other._base_manager.get(**{self._through: status}).pk
        # A field that bars assignments, as a state machine's may, lets the first one pass.
        row.__dict__.pop(self._field.attname, None)
        setattr(row, self._field.attname, value)

    def label_of(self, status: Any) -> Any:
        """Return what the host calls a status, in the active language."""
        choices: Any = self._field.flatchoices
        return dict(choices).get(status, status)

    @property
    def table(self) -> str:
        """The table that has the column of the status."""
        return self._model._meta.db_table

    @property
    def column(self) -> str:
        """The column of the status, in that table."""
        return self._field.column or self._field.attname

    def key_of(self, status: Any, using: str) -> Any:
        """Return what the column holds for a status."""
        if self._through:
            rows = self._other._base_manager.using(using)
            status = rows.get(**{self._through: status}).pk
        return self._field.get_db_prep_save(status, connections[using])

    def _write_query(self, connection: Any) -> str:
        """Write the query that reads the stored status."""
        quote = connection.ops.quote_name
        query = (
            f"SELECT {quote(self._field.column)} FROM {quote(self._model._meta.db_table)}"  # noqa: S608 - names of the model
            f" WHERE {quote(self._key.column)} = %s"
        )
        self._queries[connection.vendor] = query
        return query

    def _load(self, value: Any, connection: Any) -> Any:
        """Return a value of the database as the model has it."""
        field = self._field.target_field if self._field.is_relation else self._field  # type: ignore[attr-defined]
        for convert in connection.ops.get_db_converters(field.get_col(self._model._meta.db_table)):
            value = convert(value, None, connection)
        for convert in field.get_db_converters(connection):
            value = convert(value, None, connection)
        return field.to_python(value)

    def _describe(self, value: Any, using: str | None) -> Any:
        """Return a value of the column as `Statuses` names it."""
        if hasattr(value, "resolve_expression"):
            return value
        if not self._through:
            return value if value is None else self._field.to_python(value)
        rows = self._other._base_manager.using(using)
        return rows.filter(pk=value).values_list(self._through, flat=True).first()
