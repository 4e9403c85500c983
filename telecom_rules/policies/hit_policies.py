"""Hit policies: how the rules of a table that hold are combined.

    unique        one rule may hold, and it decides
    first         the first that holds decides
    any           all that hold must have the same outputs
    priority      the one with the highest output decides, by the order of the outputs' `values`
    collect       all of them, as a list for each output; or their sum, min, max or count
    rule_order    all of them as lists, in the order of the rules
    output_order  all of them as lists, the highest output first

Priorities are those of the first output with `values`, among equals those of the next one; rules
that are equal in all of them stay in the order of the file. Where no rule holds, a list is empty,
a sum and a count are 0, and anything else needs a `default`. Source: OMG, Decision Model and
Notation 1.5, section 8.2.8; there the order of `collect` is free, here it is that of the rules.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from functools import reduce
from typing import TYPE_CHECKING, Any, Final

from telecom_rules.expressions import Context
from telecom_rules.expressions.evaluation.runtime import OPERATIONS
from telecom_rules.frozen import FrozenDict
from telecom_rules.vocabulary import (
    DATE,
    DECIMAL,
    INSTANT,
    INTEGER,
    MONEY,
    SPAN,
    ListType,
    Record,
    RecordType,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from telecom_rules.policies.rules import Aggregation, HitPolicy, Row
    from telecom_rules.vocabulary import Field, Type, Value


STOPS_AT_FIRST: Final = frozenset({"first", "priority"})
"""Hit policies that stop at the first rule that holds."""
MULTIPLE_HIT: Final = frozenset({"collect", "rule_order", "output_order"})
"""Hit policies that return every rule that holds."""
BY_PRIORITY: Final = frozenset({"priority", "output_order"})
"""Hit policies that order rules by the priority of their outputs."""

ZEROS: Mapping[Type, Value] = FrozenDict({INTEGER: 0, DECIMAL: Decimal(0), MONEY: Decimal("0.00")})
ADD_OPERATIONS: Mapping[Type, str] = FrozenDict(
    {INTEGER: "add_integer", DECIMAL: "add_decimal", MONEY: "add_decimal"}
)
COMPARABLE_TYPES: Final = frozenset({INTEGER, DECIMAL, MONEY, DATE, INSTANT, SPAN})


def can_aggregate(field: Field, aggregation: Aggregation) -> bool:
    """Return whether values of an output can be combined by `aggregation`."""
    if field.optional:
        return False
    if aggregation == "sum":
        return field.type in ADD_OPERATIONS
    return aggregation == "count" or field.type in COMPARABLE_TYPES


def decision_type_of(
    entry: RecordType, hit_policy: HitPolicy | None, aggregation: Aggregation | None
) -> RecordType:
    """Return the output types of a table whose rules have the outputs `entry`."""
    if hit_policy not in MULTIPLE_HIT or (aggregation is not None and aggregation != "count"):
        return entry
    fields = {
        name: replace(
            field,
            type=ListType(field.type) if aggregation is None else INTEGER,
            optional=False,
        )
        for name, field in entry.fields.items()
    }
    return replace(entry, fields=FrozenDict(fields))


def sort_by_priority(
    rows: Sequence[Row], priorities: Mapping[str, tuple[Value, ...]]
) -> tuple[Row, ...]:
    """Return rows by the priority of their outputs, the highest first.

    Outputs with priorities are constants; a row that omits one comes last.
    """
    facts, context = Record(), Context()

    def rank(row: Row) -> tuple[int, ...]:
        return tuple(
            values.index(row.outputs[name].evaluate(facts, context))
            if name in row.outputs
            else len(values)
            for name, values in priorities.items()
        )

    return tuple(sorted(rows, key=rank))


def outputs_without_hits(
    entry: RecordType, aggregation: Aggregation | None
) -> Mapping[str, Value] | None:
    """Return the outputs of a multiple-hit table without a hit; `None` if not defined."""
    if aggregation is None:
        return collect_outputs(entry, ())
    if aggregation == "count":
        return FrozenDict(dict.fromkeys(entry.fields, 0))
    if aggregation == "sum":
        return FrozenDict({name: ZEROS[each.type] for name, each in entry.fields.items()})
    return None


def collect_outputs(entry: RecordType, given: Sequence[Mapping[str, Value]]) -> Mapping[str, Value]:
    """Return the outputs of several rules as one list for each output."""
    return FrozenDict(
        {name: tuple(each[name] for each in given if name in each) for name in entry.fields}
    )


def aggregate_outputs(
    entry: RecordType, aggregation: Aggregation, given: Sequence[Mapping[str, Value]]
) -> Mapping[str, Value]:
    """Return the outputs of several rules, of which there is at least one, as one value.

    Raises:
        EvaluationError: the sum is out of range.
    """
    ((name, field),) = entry.fields.items()
    return FrozenDict(
        {name: aggregate_values(field.type, aggregation, [each[name] for each in given])}
    )


def aggregate_values(type: Type, aggregation: Aggregation, values: Sequence[Any]) -> Value:
    """Return the aggregate of values of one type."""
    if aggregation == "count":
        return len(values)
    if aggregation == "sum":
        return reduce(OPERATIONS[ADD_OPERATIONS[type]], values)  # type: ignore[no-any-return]  # all are values
    return min(values) if aggregation == "min" else max(values)  # type: ignore[no-any-return]  # likewise


def is_unchanged(
    outcome: Mapping[str, Value],
    given: Mapping[str, Value],
    aggregation: Aggregation | None,
    *,
    listed: bool,
    alone: bool,
) -> bool:
    """Return whether a decision stays the same if one more rule holds.

    Args:
        outcome: the outputs without it.
        given: the outputs of the rule.
        aggregation: how values are aggregated.
        listed: whether the hit policy returns every rule that holds.
        alone: whether no other rule holds.

    Raises:
        EvaluationError: the sum with it is out of range.
    """
    if not listed:
        return given == outcome
    if aggregation is None or aggregation == "count":
        return False
    # `outcome` is then the default, which does not count once a rule holds; and two such rules
    # may hold, whose sum differs.
    same = given == outcome if alone else True
    return same and add_to_aggregate(aggregation, outcome, given) == outcome


def add_to_aggregate(
    aggregation: Aggregation, outcome: Mapping[str, Value], given: Mapping[str, Value]
) -> Mapping[str, Value]:
    """Return an aggregate with one more value in it."""
    return {
        name: aggregate_values(addition_type_of(value), aggregation, [value, given[name]])
        for name, value in outcome.items()
    }


def addition_type_of(value: Value) -> Type:
    """Return the type under which a number is added."""
    return INTEGER if isinstance(value, int) else DECIMAL
