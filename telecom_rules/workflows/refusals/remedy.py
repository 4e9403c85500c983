"""`Remedy`: what has to be done so that an event is accepted, worded for people."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from telecom_rules.frozen import Portable
from telecom_rules.vocabulary import TEXT, describe
from telecom_rules.wording import Wording, join_wordings, quote_title
from telecom_rules.workflows.refusals.guards import join_roles

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from telecom_rules.vocabulary import Field, Record, Value
    from telecom_rules.workflows.chart import Event
    from telecom_rules.workflows.engine.machine import Machine


TITLED = Wording("{title}：{value}", "{title}: {value}")
BY = Wording("由{roles}办理", "by {roles}")
SENT = Wording("{event}（{how}）", "{event} ({how})")
FROM = Wording("{day}起，{sent}", "from {day} on {sent}")
TO_BE_FILLED_IN = Wording("须填写", "to be filled in")
THEN = ("，然后", ", then ")
SEMICOLON = ("；", "; ")


@dataclass(frozen=True, slots=True)
class Given(Portable):
    """A field of the data to be sent, with its value.

    Attributes:
        name: its name in the rules.
        title: its name for people.
        value: the value.
        said: the value for people.
    """

    name: str
    title: Wording
    value: Value
    said: Wording


@dataclass(frozen=True, slots=True)
class Sending(Portable):
    """An event to be sent.

    Attributes:
        event: its name.
        title: its name for people.
        by: the roles of which any may send it; none where everybody may.
        given: the fields of the data that are told: those with few values, or another one.
        payload: all the data with which it was tried.
        wording: event, roles and fields for people.
    """

    event: str
    title: Wording
    by: tuple[str, ...]
    given: tuple[Given, ...]
    payload: Record = field(hash=False)
    wording: Wording


@dataclass(frozen=True, slots=True)
class Remedy(Portable):
    """What has to be done so that an event is accepted; it was tried before it is told.

    Attributes:
        sendings: the events to be sent, one after another; the last is the one that was refused.
        since: the day from which on that is accepted, or `None` where that is now.
        wording: the same for people.
    """

    sendings: tuple[Sending, ...]
    since: datetime | None
    wording: Wording


class Attempt(NamedTuple):
    """An event as it was sent.

    Attributes:
        machine: the linked workflow.
        event: the event.
        payload: its data.
        at: its instant.
        by: the role, or `None`.
    """

    machine: Machine
    event: Event
    payload: Record
    at: datetime
    by: str | None


def build_sending(attempt: Attempt, roles: Sequence[str | None], names: Iterable[str]) -> Sending:
    """Return an event to be sent, with the fields that are told."""
    event, fields = attempt.event, attempt.event.payload.fields
    by = tuple(each for each in roles if each is not None)
    given = tuple(
        Given(
            name,
            fields[name].title or Wording.same(name),
            attempt.payload[name],
            describe_given(attempt.payload[name], fields[name]),
        )
        for name in names
    )
    how = [TITLED.fill(title=each.title, value=each.said) for each in given]
    if by:
        how.insert(0, BY.fill(roles=join_roles(attempt.machine, by)))
    wording = quote_title(event.title)
    if how:
        wording = SENT.fill(event=wording, how=join_wordings(how, SEMICOLON))
    return Sending(event.name, event.title, by, given, attempt.payload, wording)


def describe_given(value: Value, field: Field) -> Wording:
    """Return a value for people; of a text only that there is to be one."""
    return TO_BE_FILLED_IN if field.type is TEXT else describe(value, field.type)


def build_remedy(sendings: Sequence[Sending], since: datetime | None = None) -> Remedy:
    """Return a remedy with its wording."""
    wording = join_wordings((each.wording for each in sendings), THEN)
    if since is not None:
        wording = FROM.fill(day=since.date().isoformat(), sent=wording)
    return Remedy(tuple(sendings), since, wording)
