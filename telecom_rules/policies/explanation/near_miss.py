"""Near misses: the margin or the values by which a failed condition would have held."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from telecom_rules.errors import EvaluationError
from telecom_rules.expressions.evaluation.interpret import interpret
from telecom_rules.expressions.evaluation.runtime import OPERATIONS
from telecom_rules.expressions.typed import (
    Apply,
    Constant,
    CreateList,
    Fact,
    IsPresent,
    Logic,
    strip_conversions,
)
from telecom_rules.frozen import FrozenDict
from telecom_rules.vocabulary import BOOLEAN, DATE, INTEGER, MONEY, SPAN, CodeType, describe
from telecom_rules.wording import Wording, join_wordings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from telecom_rules.expressions import Context
    from telecom_rules.expressions.typed import Typed
    from telecom_rules.vocabulary import Record, Type, Value


OPPOSITE: Final = {
    "less": "greater_or_equal",
    "less_or_equal": "greater",
    "greater": "less_or_equal",
    "greater_or_equal": "less",
}
MIRRORED: Final = {
    "less": "greater",
    "less_or_equal": "greater_or_equal",
    "greater": "less",
    "greater_or_equal": "less_or_equal",
}
"""The equivalent comparison with its operands swapped."""
TYPE_STEPS: Mapping[Type, Decimal] = FrozenDict({INTEGER: Decimal(1), MONEY: Decimal("0.01")})
"""The least difference between values of a type; other types have none."""
MOST_VALUES_LISTED: Final = 12
"""Values that are listed in full."""

LOW_BY = Wording("差 {by}", "{by} too low")
HIGH_BY = Wording("超出 {by}", "{by} too high")
EARLY_BY = Wording("早了 {by}", "{by} too early")
LATE_BY = Wording("晚了 {by}", "{by} too late")
AT_LIMIT = Wording("恰在界限上", "exactly at the limit")
HOLDS_FOR = Wording("符合的值：{values}", "would hold for {values}")


class Miss(NamedTuple):
    """The margin by which a value misses a limit.

    Attributes:
        by: the distance: a number, or a length of time.
        low: whether the value is too low.
        type: the type of the value.
    """

    by: Decimal | timedelta
    low: bool
    type: Type

    def size(self) -> Decimal:
        """Return the distance as a number, comparable within one condition."""
        if isinstance(self.by, timedelta):
            return Decimal(self.by // timedelta(microseconds=1))
        return self.by

    @property
    def wording(self) -> Wording:
        """The distance for people."""
        if not self.by:
            return AT_LIMIT
        if self.type is DATE:
            return (EARLY_BY if self.low else LATE_BY).fill(by=describe(self.by, SPAN))
        kind = SPAN if isinstance(self.by, timedelta) else self.type
        return (LOW_BY if self.low else HIGH_BY).fill(by=describe(self.by, kind))


def describe_near_miss(
    node: Typed, facts: Record, context: Context, *, wanted: bool
) -> Wording | None:
    """Return the margin by which a part of a condition was not `wanted`, or `None`.

    Args:
        node: the part, which is not `wanted`.
        facts: the record.
        context: the rest of its activation.
        wanted: the truth value it would need.
    """
    misses = tuple(iter_misses(node, facts, context, wanted=wanted))
    if misses:
        return min(misses, key=Miss.size).wording
    values = dict(iter_allowed(node, wanted=wanted))
    if not 0 < len(values) <= MOST_VALUES_LISTED:
        return None
    return HOLDS_FOR.fill(
        values=join_wordings(describe(value, kind) for value, kind in values.items())
    )


def iter_misses(node: Typed, facts: Record, context: Context, *, wanted: bool) -> Iterator[Miss]:
    """Yield the miss of each alternative by which a condition could be met."""
    match node:
        case Logic(every=every, operands=operands):
            ways = (tuple(iter_misses(one, facts, context, wanted=wanted)) for one in operands)
            failing = [way for way in ways if way]
            # Where all must be met the first unmet one counts; else each is an alternative.
            for way in failing[:1] if every is wanted else failing:
                yield from way
        case Apply(overload="not", arguments=(negated,)):
            yield from iter_misses(negated, facts, context, wanted=not wanted)
        case Apply(overload=overload, arguments=(left, right)) if overload in MIRRORED:
            comparison = overload if wanted else OPPOSITE[overload]
            if isinstance(strip_conversions(left), Fact):
                yield from compare_with_limit(left, right, comparison, facts, context)
            elif isinstance(strip_conversions(right), Fact):
                yield from compare_with_limit(right, left, MIRRORED[comparison], facts, context)


def compare_with_limit(
    fact: Typed, limit: Typed, comparison: str, facts: Record, context: Context
) -> Iterator[Miss]:
    """Yield the miss of a fact that violates a limit, if both are numbers or days."""
    try:
        value: Any = interpret(fact, facts, context)
        bound: Any = interpret(limit, facts, context)
    except EvaluationError:
        return
    if bool(OPERATIONS[comparison](value, bound)):
        return
    low = comparison.startswith("greater")
    strict = not comparison.endswith("or_equal")
    match value, bound:
        case (datetime(), datetime()) | (timedelta(), timedelta()):
            yield Miss(abs(bound - value), low, SPAN)
        case date(), date() if not isinstance(value, datetime) and not isinstance(bound, datetime):
            yield Miss(abs(bound - value) + timedelta(days=strict), low, DATE)
        case ((int() | Decimal()), (int() | Decimal())):
            kind = strip_conversions(fact).type
            by = abs(Decimal(bound) - Decimal(value))
            yield Miss(round_to_step(by, TYPE_STEPS.get(kind), strict=strict), low, kind)


def round_to_step(by: Decimal, step: Decimal | None, *, strict: bool) -> Decimal:
    """Return the distance to the nearest value that satisfies the limit."""
    if step is None:
        return by
    steps, rest = divmod(by, step)
    return (steps + (1 if rest or strict else 0)) * step


def iter_allowed(node: Typed, *, wanted: bool) -> Iterator[tuple[Value, Type]]:
    """Yield the values for which a condition on one fact would be `wanted`, where they are few."""
    match node:
        case Apply(overload="not", arguments=(negated,)):
            yield from iter_allowed(negated, wanted=not wanted)
        case Logic(every=every, operands=operands) if every is not wanted:
            for operand in operands:
                yield from iter_allowed(operand, wanted=wanted)
        case Logic(every=True, operands=(IsPresent(), operand)):
            yield from iter_allowed(operand, wanted=wanted)
        case Apply(overload="equal" | "not_equal" as overload, arguments=(one, other)):
            fact, constant = (one, other) if isinstance(one, Fact) else (other, one)
            if isinstance(fact, Fact) and isinstance(constant, Constant):
                yield from select_values(
                    fact, [constant.value], listed=(overload == "equal") is wanted
                )
        case Apply(overload="in_list", arguments=(Fact() as fact, CreateList(items=items))):
            values = [item.value for item in items if isinstance(item, Constant)]
            if len(values) == len(items):
                yield from select_values(fact, values, listed=wanted)


def select_values(
    fact: Fact, values: Sequence[Value], *, listed: bool
) -> Iterator[tuple[Value, Type]]:
    """Yield the values of a fact that are among `values`, or those of its type that are not."""
    if fact.type is BOOLEAN:
        return
    if listed:
        yield from ((value, fact.type) for value in values)
    elif isinstance(fact.type, CodeType):
        yield from ((code, fact.type) for code in fact.type.codes if code not in values)
