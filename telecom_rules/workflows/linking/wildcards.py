"""Wildcards in `on`: the events that `payment.*` and `*` match, and their common fields.

All events of a workflow are declared, so a wildcard is expanded when the workflow is linked, to one
transition per event. At run time no names are matched.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from telecom_rules.vocabulary import Field, RecordType
from telecom_rules.wording import Wording, join_wordings
from telecom_rules.workflows.chart import Event

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from telecom_rules.workflows.definition import WorkflowDefinition


ANY_EVENT = "*"
"""Every event that a host may send."""
MOST_EXPANDED: Final = 20_000
"""Transitions that the wildcards of one pack may become."""
WILDCARD_SUFFIX = ".*"
"""After a prefix: every event with a longer name of that prefix."""


def is_wildcard(name: str) -> bool:
    """Return whether `name` stands for the events it matches."""
    return name == ANY_EVENT or name.endswith(WILDCARD_SUFFIX)


def index_wildcards(
    events: Iterable[str], internal: Collection[str]
) -> Mapping[str, tuple[str, ...]]:
    """Return the events that each wildcard matches, in document order.

    Args:
        events: the declared events.
        internal: those that only a clock raises, which a prefix matches, but not `*`.
    """
    matched: dict[str, list[str]] = {ANY_EVENT: []}
    for name in events:
        if name not in internal:
            matched[ANY_EVENT].append(name)
        parts = name.split(".")
        for count in range(1, len(parts)):
            matched.setdefault(".".join(parts[:count]) + WILDCARD_SUFFIX, []).append(name)
    return {wildcard: tuple(names) for wildcard, names in matched.items() if names}


def count_expanded(definition: WorkflowDefinition) -> int:
    """Return how many transitions the wildcards of a workflow become."""
    matched = index_wildcards(map(str, definition.events), ())
    return sum(
        len(matched.get(trigger, ())) * len(written)
        for _, state in definition.iter_states()
        for trigger, written in state.on.items()
        if is_wildcard(trigger)
    )


def build_common_event(wildcard: str, events: Sequence[Event]) -> Event:
    """Return an event with the fields that all of `events` have.

    A common field is optional if it is optional in one of them.
    """
    fields: dict[str, Field] = {}
    partial: dict[str, Wording] = {}
    for name in dict.fromkeys(name for each in events for name in each.payload.fields):
        unlike = describe_field_difference(name, events)
        if unlike is None:
            fields[name] = build_common_field([each.payload.fields[name] for each in events])
        else:
            partial[name] = unlike
    title = join_wordings(each.title for each in events)
    return Event(wildcard, title, RecordType(wildcard, fields, partial=partial))


def describe_field_difference(field: str, events: Sequence[Event]) -> Wording | None:
    """Return how the events differ in a field, or `None` where all have the same."""
    without = next((each for each in events if field not in each.payload.fields), None)
    if without is not None:
        return Wording("事件 `{event}` 没有 `{name}`", "the event `{event}` has no `{name}`").fill(
            event=without.name, name=field
        )
    types = {each.payload.fields[field].type: each.name for each in reversed(events)}
    if len(types) == 1:
        return None
    (one, first), (other, second), *_ = reversed(types.items())
    return Wording(
        "`{name}` 在事件 `{first}` 中是 {one}，在 `{second}` 中是 {other}",
        "`{name}` is of type {one} in the event `{first}` and of type {other} in `{second}`",
    ).fill(name=field, first=first, one=one, second=second, other=other)


def build_common_field(fields: Sequence[Field]) -> Field:
    """Return the common field of `fields`, which have one type."""
    titles = {each.title for each in fields}
    title = titles.pop() if len(titles) == 1 else None
    return Field(fields[0].type, any(each.optional for each in fields), title)
