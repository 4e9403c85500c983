"""`assign: event`: every field of an event is stored in the fact of its name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.wording import Wording
from telecom_rules.workflows.chart import STATE_FIELD, Assignment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from telecom_rules.documents import Scalar
    from telecom_rules.vocabulary import FactType, Field
    from telecom_rules.workflows.chart import Event
    from telecom_rules.workflows.linking.names import Names

NO_EVENT = Wording(
    "此处没有外部事件，没有数据可保存", "no event is sent here, so there is nothing to store"
)
NO_PAYLOAD = Wording(
    "事件 `{name}` 不带数据，没有数据可保存", "the event `{name}` has no payload to store"
)
NO_SUCH_FACT = Wording(
    "事件的 `{name}` 没有同名的数据项可保存",
    "there is no fact `{name}` in which to store `{name}` of the event",
)
UNLIKE_FACT = Wording(
    "事件的 `{name}` 的类型是 {sent}，同名数据项的类型是 {stored}",
    "`{name}` of the event is of type {sent}, the fact of type {stored}",
)


def build_assignments(event: Event) -> tuple[Assignment, ...]:
    """Return the assignments of `assign: event`."""
    return tuple(Assignment(name, None) for name in storable_fields_of(event))


def storable_fields_of(event: Event) -> dict[str, Field]:
    """Return the fields that are stored: all but the final state of a returned call."""
    ended = event.internal and STATE_FIELD in event.payload.fields
    return {
        name: field
        for name, field in event.payload.fields.items()
        if not (ended and name == STATE_FIELD)
    }


def check_storing(names: Names, facts: FactType, events: Sequence[Event], written: Scalar) -> None:
    """Report fields of an event that `assign: event` cannot store.

    Args:
        names: the names of the workflow.
        facts: the facts of its cases.
        events: the event; under a wildcard, all that it matches. Some may be without a payload,
            but not all.
        written: the value of `assign`.
    """
    if written.text != "event":
        names.findings.add("TR109", written.span, text=written.text[:60], allowed="event")
        return
    if not any(storable_fields_of(each) for each in events):
        report_nothing_stored(names, events, written)
    fields = (
        (name, field.type) for each in events for name, field in storable_fields_of(each).items()
    )
    for name, kind in dict.fromkeys(fields):
        fact = facts.fields.get(name)
        if name not in facts.record_type.lost and (fact is None or fact.type != kind):
            why = NO_SUCH_FACT if fact is None else UNLIKE_FACT
            stored = fact and fact.type
            names.findings.add(
                "TR204", written.span, why=why.fill(name=name, sent=kind, stored=stored)
            )


def report_nothing_stored(names: Names, events: Sequence[Event], written: Scalar) -> None:
    """Report that there is no event here, or that it has no payload."""
    if all(each.name in names.events for each in events):
        names.findings.misused(written.span, NO_PAYLOAD, name=events[0].name)
    else:
        names.findings.misused(written.span, NO_EVENT)
