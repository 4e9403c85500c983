"""Witnesses: real cases run along a counterexample.

Facts and payloads are filled with example values. If no example follows the path, nothing is
proved: other values may satisfy its conditions.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from telecom_rules.errors import FactsError
from telecom_rules.vocabulary import BOOLEAN, DATE, DECIMAL, INSTANT, INTEGER, MONEY, SPAN, TEXT
from telecom_rules.vocabulary.types import CodeType, ListType
from telecom_rules.workflows import Accepted, Standpoint, machine_of
from telecom_rules.workflows.properties.properties import iter_moments, judge_property

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from telecom_rules.checks.analysis.state_space import GraphEdge
    from telecom_rules.vocabulary import Field, Type
    from telecom_rules.workflows import Case, Entry, Property, Workflow


EXAMPLE_DAY = date(2026, 3, 2)
"""The day of the examples, fixed so that a proof is reproducible."""
MOST_FIRINGS_AWAITED = 8
"""Bound on the firings before the awaited expiry."""
EXAMPLES_BY_TYPE: Mapping[Type, object] = {
    BOOLEAN: True,
    TEXT: "x",
    DATE: EXAMPLE_DAY,
    INSTANT: datetime.fromisoformat("2026-03-01T09:00:00+00:00"),
    SPAN: timedelta(hours=1),
}
"""An example of each type that has no bounds."""


def find_witness(
    workflow: Workflow, demand: Property, path: Sequence[GraphEdge]
) -> tuple[Entry, ...]:
    """Return the journal of a case that follows `path` and violates a property, or nothing.

    Args:
        workflow: the workflow.
        demand: the property.
        path: the edges from the start on.
    """
    for facts in ({}, build_examples(workflow.facts.fields)):
        entries = walk_path(workflow, path, facts)
        if entries:
            judged = judge_property(machine_of(workflow).chart, demand, entries)
            if judged.standpoint is Standpoint.VIOLATED:
                return entries
    return ()


def walk_path(
    workflow: Workflow, path: Sequence[GraphEdge], facts: Mapping[str, object]
) -> tuple[Entry, ...]:
    """Return the journal of a case with these facts that follows `path`, or nothing."""
    start = datetime(EXAMPLE_DAY.year, EXAMPLE_DAY.month, EXAMPLE_DAY.day, 9, tzinfo=workflow.zone)
    try:
        opened = workflow.open(facts, at=start, id="example")
    except FactsError:
        return ()
    case, entries = opened.case, opened.entries
    for edge in path:
        if edge.external and edge.event is not None:
            wanted = expected_occurrences(path, len(moments_of(workflow, entries)))
            step = next(iter(follow_edge(case, edge, wanted)), None)
            if step is None:
                return ()
            case, entries = step[0], (*entries, *step[1])
    found = moments_of(workflow, entries)
    wanted = expected_occurrences(path, 0)
    return entries if found[: len(wanted)] == wanted else ()


def expected_occurrences(path: Sequence[GraphEdge], start: int) -> list[frozenset[str]]:
    """Return the occurrences on the edges of `path`, from moment `start` on."""
    return [edge.occurrences for edge in path if edge.occurrences][start:]


def moments_of(workflow: Workflow, entries: Iterable[Entry]) -> list[frozenset[str]]:
    """Return the moments of a journal."""
    return [
        moment for entry in entries for moment in iter_moments(machine_of(workflow).chart, entry)
    ]


def follow_edge(
    case: Case, edge: GraphEdge, wanted: Sequence[frozenset[str]]
) -> Iterator[tuple[Case, tuple[Entry, ...]]]:
    """Yield the case after `edge` with its new entries, for each example that follows it."""
    workflow = case.workflow
    event = workflow.events.get(edge.event or "")
    if event is None:
        return  # the return of a called case: cases of other workflows are not run here
    outcomes = run_clocks(case, edge.event) if event.internal else send_event(case, edge)
    for after, entries in outcomes:
        found = moments_of(workflow, entries)
        length = min(len(found), len(wanted))
        if found and found[:length] == list(wanted[:length]):
            yield after, entries


def run_clocks(case: Case, event: str | None) -> Iterator[tuple[Case, tuple[Entry, ...]]]:
    """Yield the case after the expiry that raises `event`."""
    entries: tuple[Entry, ...] = ()
    for _ in range(MOST_FIRINGS_AWAITED):
        if case.next_due is None:
            return
        ticked = case.tick(case.next_due)
        case, entries = ticked.case, (*entries, *ticked.entries)
        if entries[-1].event == event:
            yield case, entries
            return


def send_event(case: Case, edge: GraphEdge) -> Iterator[tuple[Case, tuple[Entry, ...]]]:
    """Yield the case after an event, for each role that may send it and each example payload."""
    event = case.workflow.events[edge.event or ""]
    needed = {name: each for name, each in event.payload.fields.items() if not each.optional}
    payloads = [build_examples(needed), build_examples(event.payload.fields)]
    for by in roles_of(edge):
        for payload in payloads:
            outcome = case.send(event.name, payload, at=case.at, by=by)
            if isinstance(outcome, Accepted):
                yield outcome.case, outcome.entries


def roles_of(edge: GraphEdge) -> tuple[str | None, ...]:
    """Return the roles that may take all transitions of an edge; `None` if anybody may."""
    transitions = edge.move.transitions if edge.move is not None else ()
    restricted = [each.by for each in transitions if each.by]
    if not restricted:
        return (None,)
    return tuple(by for by in restricted[0] if all(by in each for each in restricted))


def build_examples(fields: Mapping[str, Field]) -> dict[str, object]:
    """Return an example value for each of `fields`, where one is known."""
    found = {name: build_example(field) for name, field in fields.items()}
    return {name: value for name, value in found.items() if value is not None}


def build_example(field: Field) -> object:
    """Return a valid value of a field, or `None` if none is known."""
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
