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
from telecom_rules.workflows.properties.properties import iter_moments, judge_property

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from telecom_rules.checks.analysis.runs import GraphEdge
    from telecom_rules.vocabulary import Field, Type
    from telecom_rules.workflows import Case, Entry, Property, Workflow


EXAMPLE_DAY = date(2026, 3, 2)
"""The day of the examples: a working day. Which it is does not matter, only that it is fixed."""
MOST_FIRINGS_AWAITED = 8
"""Warnings and expiries that may come before the expiry that is waited for."""
EXAMPLES_BY_TYPE: Mapping[Type, object] = {
    BOOLEAN: True,
    TEXT: "x",
    DATE: EXAMPLE_DAY,
    INSTANT: datetime.fromisoformat("2026-03-01T09:00:00+00:00"),
    SPAN: timedelta(hours=1),
}
"""An example of each type that has no bounds."""


def find_witness(
    workflow: Workflow, demand: Property, trace: Sequence[GraphEdge]
) -> tuple[Entry, ...]:
    """Return the journal of a case that goes the way `trace` and breaks a property; else nothing.

    Args:
        workflow: the workflow.
        demand: the property.
        trace: the ways from the start on.
    """
    for facts in ({}, build_examples(workflow.facts.fields)):
        entries = walk_path(workflow, trace, facts)
        if entries:
            judged = judge_property(workflow.chart, demand, entries)
            if judged.standpoint is Standpoint.VIOLATED:
                return entries
    return ()


def walk_path(
    workflow: Workflow, trace: Sequence[GraphEdge], facts: Mapping[str, object]
) -> tuple[Entry, ...]:
    """Return the journal of a case with these facts that goes the way `trace`; else nothing."""
    start = datetime(EXAMPLE_DAY.year, EXAMPLE_DAY.month, EXAMPLE_DAY.day, 9, tzinfo=workflow.zone)
    try:
        opened = workflow.open(facts, at=start, id="example")
    except FactsError:
        return ()
    case, entries = opened.case, opened.entries
    for way in trace:
        if way.external and way.event is not None:
            wanted = expected_occurrences(trace, len(moments_of(workflow, entries)))
            step = next(iter(follow_edge(case, way, wanted)), None)
            if step is None:
                return ()
            case, entries = step[0], (*entries, *step[1])
    found = moments_of(workflow, entries)
    wanted = expected_occurrences(trace, 0)
    return entries if found[: len(wanted)] == wanted else ()


def expected_occurrences(trace: Sequence[GraphEdge], start: int) -> list[frozenset[str]]:
    """Return what occurs on the ways of `trace` from the moment `start` on."""
    return [way.occurrences for way in trace if way.occurrences][start:]


def moments_of(workflow: Workflow, entries: Iterable[Entry]) -> list[frozenset[str]]:
    """Return the moments of a journal."""
    return [moment for entry in entries for moment in iter_moments(workflow.chart, entry)]


def follow_edge(
    case: Case, way: GraphEdge, wanted: Sequence[frozenset[str]]
) -> Iterator[tuple[Case, tuple[Entry, ...]]]:
    """Yield the case after `way` with its new entries, for each example that leads this way."""
    workflow = case.workflow
    event = workflow.events.get(way.event or "")
    if event is None:
        return  # a called case comes back: how that one goes is not looked into
    outcomes = run_clocks(case, way.event) if event.internal else send_event(case, way)
    for after, entries in outcomes:
        found = moments_of(workflow, entries)
        length = min(len(found), len(wanted))
        if found and found[:length] == list(wanted[:length]):
            yield after, entries


def run_clocks(case: Case, event: str | None) -> Iterator[tuple[Case, tuple[Entry, ...]]]:
    """Yield the case once its clocks have run on to the one that raises `event`."""
    entries: tuple[Entry, ...] = ()
    for _ in range(MOST_FIRINGS_AWAITED):
        if case.next_due is None:
            return
        ticked = case.tick(case.next_due)
        case, entries = ticked.case, (*entries, *ticked.entries)
        if entries[-1].event == event:
            yield case, entries
            return


def send_event(case: Case, way: GraphEdge) -> Iterator[tuple[Case, tuple[Entry, ...]]]:
    """Yield the case after an event, sent by each role that may and with each example."""
    event = case.workflow.events[way.event or ""]
    needed = {name: each for name, each in event.payload.fields.items() if not each.optional}
    payloads = [build_examples(needed), build_examples(event.payload.fields)]
    for by in roles_of(way):
        for payload in payloads:
            outcome = case.send(event.name, payload, at=case.at, by=by)
            if isinstance(outcome, Accepted):
                yield outcome.case, outcome.entries


def roles_of(way: GraphEdge) -> tuple[str | None, ...]:
    """Return the roles that may take all transitions of a way; `None` where anybody may."""
    transitions = way.move.transitions if way.move is not None else ()
    asking = [each.by for each in transitions if each.by]
    if not asking:
        return (None,)
    return tuple(by for by in asking[0] if all(by in each for each in asking))


def build_examples(fields: Mapping[str, Field]) -> dict[str, object]:
    """Return an example for each of `fields` that one is known for."""
    found = {name: build_example(field) for name, field in fields.items()}
    return {name: value for name, value in found.items() if value is not None}


def build_example(field: Field) -> object:
    """Return a value that fits a field, or `None` where none is known."""
    kind = field.type
    if isinstance(kind, CodeType):
        return next(iter(kind.codes), None)
    if isinstance(kind, ListType):
        return []
    if kind in {INTEGER, DECIMAL, MONEY}:
        return build_number(field)
    return EXAMPLES_BY_TYPE.get(kind)


def build_number(field: Field) -> object:
    """Return a number within the bounds of a field: one, or the bound nearest to it."""
    least, most = field.least, field.most
    value = Decimal(1) if least is None else max(Decimal(1), least)
    value = value if most is None else min(value, most)
    return int(value) if field.type is INTEGER else value
