"""`assign: event`: every field of an event goes to the fact of its name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.findings import Finding
from telecom_rules.wording import Wording
from telecom_rules.workflows.chart import Assignment
from telecom_rules.workflows.linking.names import build_worded_finding
from telecom_rules.workflows.linking.signature import STATE_FIELD

if TYPE_CHECKING:
    from collections.abc import Sequence

    from telecom_rules.documents import Scalar
    from telecom_rules.vocabulary import FactType, Field
    from telecom_rules.workflows.chart import Event
    from telecom_rules.workflows.linking.names import Names


def build_assignments(event: Event) -> tuple[Assignment, ...]:
    """Return what `assign: event` does for an event."""
    return tuple(Assignment(name, None) for name in storable_fields_of(event))


def storable_fields_of(event: Event) -> dict[str, Field]:
    """Return the fields of an event that are stored: of the end of a call its outputs alone."""
    ended = event.internal and STATE_FIELD in event.payload.fields
    return {
        name: field
        for name, field in event.payload.fields.items()
        if not (ended and name == STATE_FIELD)
    }


def check_storing(names: Names, facts: FactType, events: Sequence[Event], written: Scalar) -> None:
    """Note what `assign: event` cannot store.

    Args:
        names: what the workflow may name.
        facts: the facts that are set.
        events: the event; under a wildcard, all that it matches. One without a payload stores
            nothing, as long as another has something to store.
        written: the value of `assign`.
    """
    if written.text != "event":
        allowed = {"text": written.text[:60], "allowed": "event"}
        names.found.append(Finding("TR109", written.span, allowed))
        return
    if not any(storable_fields_of(each) for each in events):
        names.found.append(build_nothing_finding(names, events, written))
    fields = (
        (name, field.type) for each in events for name, field in storable_fields_of(each).items()
    )
    for name, kind in dict.fromkeys(fields):
        fact = facts.fields.get(name)
        if name not in facts.record_type.lost and (fact is None or fact.type != kind):
            names.found.append(build_unlike_finding(written, name, kind, fact and fact.type))


def build_nothing_finding(names: Names, events: Sequence[Event], written: Scalar) -> Finding:
    """Return the finding that there is nothing to store."""
    if not all(each.name in names.events for each in events):
        return build_worded_finding(
            written.span,
            "此处没有发来的事件，没有可保存的内容",
            "no event is sent here, so there is nothing to store",
        )
    return build_worded_finding(
        written.span,
        "事件 `{name}` 不带数据，没有可保存的内容",
        "the event `{name}` has no payload to store",
        name=events[0].name,
    )


def build_unlike_finding(written: Scalar, name: str, given: object, kept: object) -> Finding:
    """Return the finding for a field of a payload that cannot be stored as the fact of its name."""
    why = (
        Wording(
            "事件的 `{name}` 没有同名的事实可保存",
            "there is no fact `{name}` to store the event's in",
        )
        if kept is None
        else Wording(
            "事件的 `{name}` 是 {given}，同名的事实是 {kept}",
            "`{name}` of the event is of type {given}, the fact of type {kept}",
        )
    ).fill(name=name, given=given, kept=kept)
    return Finding("TR204", written.span, {"why": why})
