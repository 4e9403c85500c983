"""A case that goes a given way: carried out by the library itself, not argued for.

Facts and payloads are filled with plain examples. Where no example leads the way, that proves
nothing: the conditions on it may be met by other values, or by none.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from telecom_rules.errors import FactsError
from telecom_rules.vocabulary import BOOLEAN, DATE, DECIMAL, INSTANT, INTEGER, MONEY, SPAN, TEXT
from telecom_rules.vocabulary.types import CodeType, ListType
from telecom_rules.workflows import Accepted, Standpoint
from telecom_rules.workflows.properties import judge, moments

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from telecom_rules.checks.runs import Way
    from telecom_rules.vocabulary import Field, Type
    from telecom_rules.workflows import Case, Entry, Property, Workflow

__all__ = ["examples", "witness"]

DAY = date(2026, 3, 2)
"""The day of the examples: a working day. Which it is does not matter, only that it is fixed."""
MOST_FIRINGS = 8
"""Warnings and expiries that may come before the expiry that is waited for."""
PLAIN: Mapping[Type, object] = {
    BOOLEAN: True,
    TEXT: "x",
    DATE: DAY,
    INSTANT: datetime.fromisoformat("2026-03-01T09:00:00+00:00"),
    SPAN: timedelta(hours=1),
}
"""An example of each type that has no bounds."""


def witness(workflow: Workflow, demand: Property, trace: Sequence[Way]) -> tuple[Entry, ...]:
    """Return the journal of a case that goes the way `trace` and breaks a property; else nothing.

    Args:
        workflow: the workflow.
        demand: the property.
        trace: the ways from the start on.
    """
    for facts in ({}, examples(workflow.facts.fields)):
        entries = walked(workflow, trace, facts)
        if entries:
            judged = judge(workflow.chart, demand, entries)
            if judged.standpoint is Standpoint.VIOLATED:
                return entries
    return ()


def walked(
    workflow: Workflow, trace: Sequence[Way], facts: Mapping[str, object]
) -> tuple[Entry, ...]:
    """Return the journal of a case with these facts that goes the way `trace`; else nothing."""
    start = datetime(DAY.year, DAY.month, DAY.day, 9, tzinfo=workflow.zone)
    try:
        opened = workflow.open(facts, at=start, id="example")
    except FactsError:
        return ()
    case, entries = opened.case, opened.entries
    for way in trace:
        if way.sent and way.event is not None:
            wanted = expected(trace, len(entries_moments(workflow, entries)))
            step = next(iter(stepped(case, way, wanted)), None)
            if step is None:
                return ()
            case, entries = step[0], (*entries, *step[1])
    found = entries_moments(workflow, entries)
    wanted = expected(trace, 0)
    return entries if found[: len(wanted)] == wanted else ()


def expected(trace: Sequence[Way], start: int) -> list[frozenset[str]]:
    """Return what occurs on the ways of `trace` from the moment `start` on."""
    return [way.occurs for way in trace if way.occurs][start:]


def entries_moments(workflow: Workflow, entries: Iterable[Entry]) -> list[frozenset[str]]:
    """Return the moments of a journal."""
    return [moment for entry in entries for moment in moments(workflow.chart, entry)]


def stepped(
    case: Case, way: Way, wanted: Sequence[frozenset[str]]
) -> Iterator[tuple[Case, tuple[Entry, ...]]]:
    """Yield the case after `way` with its new entries, for each example that leads this way."""
    workflow = case.workflow
    event = workflow.events.get(way.event or "")
    if event is None:
        return  # a called case comes back: how that one goes is not looked into
    outcomes = fired(case, way.event) if event.internal else sent(case, way)
    for after, entries in outcomes:
        found = entries_moments(workflow, entries)
        length = min(len(found), len(wanted))
        if found and found[:length] == list(wanted[:length]):
            yield after, entries


def fired(case: Case, event: str | None) -> Iterator[tuple[Case, tuple[Entry, ...]]]:
    """Yield the case once its clocks have run on to the one that raises `event`."""
    entries: tuple[Entry, ...] = ()
    for _ in range(MOST_FIRINGS):
        if case.next_due is None:
            return
        ticked = case.tick(case.next_due)
        case, entries = ticked.case, (*entries, *ticked.entries)
        if entries[-1].event == event:
            yield case, entries
            return


def sent(case: Case, way: Way) -> Iterator[tuple[Case, tuple[Entry, ...]]]:
    """Yield the case after an event, sent by each role that may and with each example."""
    event = case.workflow.events[way.event or ""]
    needed = {name: each for name, each in event.payload.fields.items() if not each.optional}
    payloads = [examples(needed), examples(event.payload.fields)]
    for by in roles(way):
        for payload in payloads:
            outcome = case.send(event.name, payload, at=case.at, by=by)
            if isinstance(outcome, Accepted):
                yield outcome.case, outcome.entries


def roles(way: Way) -> tuple[str | None, ...]:
    """Return the roles that may take all transitions of a way; `None` where anybody may."""
    transitions = way.move.transitions if way.move is not None else ()
    asking = [each.by for each in transitions if each.by]
    if not asking:
        return (None,)
    return tuple(by for by in asking[0] if all(by in each for each in asking))


def examples(fields: Mapping[str, Field]) -> dict[str, object]:
    """Return an example for each of `fields` that one is known for."""
    found = {name: example(field) for name, field in fields.items()}
    return {name: value for name, value in found.items() if value is not None}


def example(field: Field) -> object:
    """Return a value that fits a field, or `None` where none is known."""
    kind = field.type
    if isinstance(kind, CodeType):
        return next(iter(kind.codes), None)
    if isinstance(kind, ListType):
        return []
    if kind in {INTEGER, DECIMAL, MONEY}:
        return number(field)
    return PLAIN.get(kind)


def number(field: Field) -> object:
    """Return a number within the bounds of a field: one, or the bound nearest to it."""
    least, most = field.least, field.most
    value = Decimal(1) if least is None else max(Decimal(1), least)
    value = value if most is None else min(value, most)
    return int(value) if field.type is INTEGER else value
