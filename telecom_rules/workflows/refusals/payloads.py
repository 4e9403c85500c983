"""Other data of an event: what it may be sent with so that another transition is enabled."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from telecom_rules.errors import TelecomRulesError
from telecom_rules.expressions.evaluation.interpret import interpret
from telecom_rules.expressions.evaluation.number_line import to_number
from telecom_rules.expressions.evaluation.places import NUMBERS, is_fit, iter_places, read_place
from telecom_rules.expressions.typed import Apply, FieldAccess, strip_conversions, walk
from telecom_rules.vocabulary import (
    BOOLEAN,
    DATE,
    DECIMAL,
    INSTANT,
    INTEGER,
    MONEY,
    SPAN,
    TEXT,
    Record,
)
from telecom_rules.vocabulary.types import CodeType, ListType
from telecom_rules.workflows.engine.case_state import build_context

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from telecom_rules.expressions import Expression
    from telecom_rules.vocabulary import Field, Type, Value
    from telecom_rules.workflows.chart import Event
    from telecom_rules.workflows.engine.case_state import CaseState
    from telecom_rules.workflows.refusals.remedy import Attempt


FILLED: Final = "-"
"""A text that stands for any that somebody fills in."""


def list_guards(state: CaseState, event: Event) -> tuple[Expression, ...]:
    """Return the guards of the transitions that an event may take."""
    moves = state.configuration.external_moves.get(event.name, ())
    found = (each.transition.guard for each in moves)
    return tuple(each for each in found if each is not None)


def list_other_values(state: CaseState, attempt: Attempt) -> Mapping[str, tuple[Value, ...]]:
    """Return other values for each field of the data that a guard reads."""
    guards = list_guards(state, attempt.event)
    read = {name for each in guards for name in each.reads}
    limits = tuple(iter_limits(state, attempt, guards))
    return {
        name: tuple(
            each
            for each in iter_other_values(name, field, attempt.payload, limits)
            if is_fit(field, each)
        )
        for name, field in attempt.event.payload.fields.items()
        if f"event.{name}" in read
    }


def fill_in(state: CaseState, attempt: Attempt) -> Record:
    """Return the data with each text that a guard reads and that was left empty."""
    fields = attempt.event.payload.fields
    empty = {
        name: FILLED
        for name in list_other_values(state, attempt)
        if fields[name].type is TEXT and not attempt.payload.get(name)
    }
    return attempt.payload | empty


def iter_limits(
    state: CaseState, attempt: Attempt, guards: Iterable[Expression]
) -> Iterator[tuple[str, Value]]:
    """Yield the fields that stand alone on one side of a comparison, with what is on the other."""
    context = build_context(
        attempt.machine, state, state.record, attempt.payload, attempt.at, attempt.event.name
    )
    nodes = (node for guard in guards for node in walk(guard.tree))
    for pair in (each.arguments for each in nodes if isinstance(each, Apply)):
        for side, other in zip(pair, pair[::-1], strict=True) if len(pair) == 2 else ():  # noqa: PLR2004 - two sides
            match strip_conversions(side):
                case FieldAccess(path=path) if path.startswith("event."):
                    try:
                        yield path.removeprefix("event."), interpret(other, state.record, context)
                    except (TelecomRulesError, KeyError):
                        continue


def iter_other_values(
    name: str, field: Field, payload: Record, limits: Iterable[tuple[str, Value]]
) -> Iterator[Value]:
    """Yield other values of one field: of a number those around its limits."""
    now = payload.get(name)
    if field.type is TEXT and not now:
        yield FILLED
    if isinstance(field.type, ListType) and not now:
        yield from ((each,) for each in iter_plain_values(field.type.item))
    if field.type not in NUMBERS:
        yield from (each for each in iter_plain_values(field.type) if each != now)
        return
    for fact, limit in limits:
        if fact != name:
            continue
        try:
            root = to_number(limit)
            place = root if now is None else to_number(now)
        except (TypeError, ValueError, OverflowError):
            continue
        values = (read_place(each, field) for each in iter_places(place, root, field.type))
        yield from (each for each in values if each is not None and each != now)


def iter_plain_values(kind: Type) -> Iterator[Value]:
    """Yield the values of a type that has few."""
    if kind is BOOLEAN:
        yield from (True, False)
    elif isinstance(kind, CodeType):
        yield from kind.codes


def iter_payloads(event: Event, at: datetime) -> Iterator[tuple[Record, tuple[str, ...]]]:
    """Yield data of an event, with the fields that are to be told: those with few values."""
    fields = event.payload.fields
    usual = {name: find_usual(each, at) for name, each in fields.items() if not each.optional}
    if None in usual.values():
        return
    few = tuple(name for name in usual if any(True for _ in iter_plain_values(fields[name].type)))
    base = Record({name: value for name, value in usual.items() if value is not None})
    yield base, few
    for name, field in fields.items():
        given = find_usual(field, at)
        values = [*iter_plain_values(field.type)] or ([] if given is None else [given])
        for value in values:
            if base.get(name) != value:
                yield base | {name: value}, tuple(dict.fromkeys((*few, name)))


def find_usual(field: Field, at: datetime) -> Value | None:
    """Return a value that a field may well have, `None` if none is known."""
    if isinstance(field.type, ListType):
        return ()
    plain = next(iter_plain_values(field.type), None)
    usual: dict[Type, Value] = {
        TEXT: FILLED,
        INTEGER: 0,
        DECIMAL: Decimal(0),
        MONEY: Decimal("0.00"),
        DATE: at.date(),
        INSTANT: at,
        SPAN: timedelta(),
    }
    value = plain if plain is not None else usual.get(field.type)
    if value is not None and is_fit(field, value):
        return value
    return None if field.least is None else read_place(to_number(field.least), field)
