"""Near misses: the margin or the values by which a failed condition would have held."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Context, Decimal, DivisionByZero, Inexact, InvalidOperation
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from telecom_rules.errors import EvaluationError
from telecom_rules.expressions.evaluation.explain import InputNode, iter_inputs
from telecom_rules.expressions.evaluation.runtime import OPERATIONS
from telecom_rules.expressions.typed import (
    Apply,
    Constant,
    ContextValue,
    CreateList,
    Fact,
    IsPresent,
    Logic,
    strip_conversions,
)
from telecom_rules.frozen import FrozenDict
from telecom_rules.vocabulary import (
    BOOLEAN,
    DATE,
    INSTANT,
    INTEGER,
    MONEY,
    SPAN,
    CodeType,
    Record,
    describe,
)
from telecom_rules.wording import Wording, join_wordings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from telecom_rules.expressions.evaluation.explain import Explainer
    from telecom_rules.expressions.typed import Typed
    from telecom_rules.vocabulary import Type, Value


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
MOMENT_TYPES: Final = frozenset({DATE, INSTANT})
DISTANCES = Context(
    prec=400, Emin=-999, Emax=999, rounding=ROUND_HALF_EVEN, capitals=1, clamp=0, flags=[],
    traps=[DivisionByZero, InvalidOperation, Inexact],
)  # fmt: skip
"""The arithmetic of distances, independent of the decimal context of the thread. Two numbers of 34
digits, with exponents within 99, differ by an exact number of fewer digits than these."""
LEAST_DISTANCE = Decimal("1E-9")
"""By how much a number is moved beyond a limit, to see whether that helps."""
MOST_VALUES_LISTED: Final = 12
"""Values that are listed in full."""

MISS_WORDINGS: Mapping[tuple[bool, bool, bool], Wording] = FrozenDict({
    (False, True, False): Wording("差 {by}", "{by} too low"),
    (False, False, False): Wording("超出 {by}", "{by} too high"),
    (True, True, False): Wording("早了 {by}", "{by} too early"),
    (True, False, False): Wording("晚了 {by}", "{by} too late"),
    (False, True, True): Wording("所差超过 {by}", "more than {by} too low"),
    (False, False, True): Wording("超出部分大于 {by}", "more than {by} too high"),
    (True, True, True): Wording("早了超过 {by}", "more than {by} too early"),
    (True, False, True): Wording("晚了超过 {by}", "more than {by} too late"),
})  # fmt: skip
"""By whether the value is a date or an instant, whether it is too low, and whether it must change
by more than the distance."""
AT_LIMIT = Wording("恰在界限上", "exactly at the limit")
HOLDS_FOR = Wording("符合的值：{values}", "would hold for {values}")


class Miss(NamedTuple):
    """The margin by which a fact misses a limit.

    Attributes:
        fact: the fact.
        value: its value.
        by: the distance: a number, or a length of time.
        low: whether the value is too low.
        beyond: whether the value must change by more than `by`: it must lie beyond the limit, and
            has no next value that does.
    """

    fact: Fact
    value: Any
    by: Decimal | timedelta
    low: bool
    beyond: bool = False

    def size(self) -> Decimal:
        """Return the distance as a number, comparable within one condition."""
        if isinstance(self.by, timedelta):
            return Decimal(self.by // timedelta.resolution)
        return self.by

    def correct(self) -> Any:
        """Return the nearest value that does not miss the limit.

        Raises:
            OverflowError: there is none that can be written.
        """
        if isinstance(self.by, timedelta):
            by = self.by + (timedelta.resolution if self.beyond else timedelta())
            return self.value + (by if self.low else -by)
        distance = DISTANCES.add(self.by, LEAST_DISTANCE if self.beyond else Decimal(0))
        move = DISTANCES.add if self.low else DISTANCES.subtract
        number = move(Decimal(self.value), distance)
        return int(number) if isinstance(self.value, int) else number

    @property
    def wording(self) -> Wording:
        """The distance for people."""
        if not self.by:
            return AT_LIMIT
        kind = SPAN if isinstance(self.by, timedelta) else self.fact.type
        told = MISS_WORDINGS[self.fact.type in MOMENT_TYPES, self.low, self.beyond]
        return told.fill(by=describe(self.by, kind))


def describe_near_miss(node: Typed, explainer: Explainer, *, wanted: bool) -> Wording | None:
    """Return the margin by which a part of a condition was not `wanted`, or `None`.

    Only a margin that helps is told: with the fact corrected by it, the part is as wanted.

    Args:
        node: the part, which is not `wanted`.
        explainer: evaluates parts for the record.
        wanted: the truth value it would need.

    Raises:
        BudgetSpent: the budget of the explainer does not suffice.
    """
    misses = sorted(iter_misses(node, explainer, wanted=wanted), key=Miss.size)
    helping = (each for each in misses if helps(each, node, explainer, wanted=wanted))
    nearest = next(helping, None)
    if nearest is not None or misses:
        return None if nearest is None else nearest.wording
    values = dict(iter_allowed(node, wanted=wanted))
    if not 0 < len(values) <= MOST_VALUES_LISTED:
        return None
    return HOLDS_FOR.fill(
        values=join_wordings(describe(value, kind) for value, kind in values.items())
    )


def helps(miss: Miss, node: Typed, explainer: Explainer, *, wanted: bool) -> bool:
    """Return whether a part is as wanted once the fact is corrected by the margin it misses by."""
    try:
        corrected = {**explainer.facts, miss.fact.name: miss.correct()}
    except OverflowError:
        return False
    return explainer.for_facts(Record(corrected)).evaluate(node) is wanted


def iter_misses(node: Typed, explainer: Explainer, *, wanted: bool) -> Iterator[Miss]:
    """Yield the miss of each alternative by which a condition could be met."""
    match node:
        case Logic(every=every, operands=operands):
            ways = (tuple(iter_misses(one, explainer, wanted=wanted)) for one in operands)
            failing = [way for way in ways if way]
            # Where all must be met the first unmet one counts; else each is an alternative.
            for way in failing[:1] if every is wanted else failing:
                yield from way
        case Apply(overload="not", arguments=(negated,)):
            yield from iter_misses(negated, explainer, wanted=not wanted)
        case Apply(overload=overload, arguments=(left, right)) if overload in MIRRORED:
            comparison = overload if wanted else OPPOSITE[overload]
            match strip_conversions(left), strip_conversions(right):
                case Fact() as fact, _:
                    yield from compare_with_limit(fact, right, comparison, explainer)
                case _, Fact() as fact:
                    yield from compare_with_limit(fact, left, MIRRORED[comparison], explainer)


def compare_with_limit(
    fact: Fact, limit: Typed, comparison: str, explainer: Explainer
) -> Iterator[Miss]:
    """Yield the miss of a fact that violates a limit, if both are numbers, days or instants."""
    value: Any = explainer.value_of(fact)
    bound: Any = explainer.value_of(limit)
    if isinstance(value, EvaluationError) or isinstance(bound, EvaluationError):
        return
    if any(is_switched_off(leaf, explainer) for leaf in iter_inputs(limit)):
        return
    if bool(OPERATIONS[comparison](value, bound)):
        return
    low = comparison.startswith("greater")
    strict = not comparison.endswith("or_equal")
    match value, bound:
        case (datetime(), datetime()) | (timedelta(), timedelta()):
            yield Miss(fact, value, abs(bound - value), low, beyond=strict)
        case date(), date() if not isinstance(value, datetime) and not isinstance(bound, datetime):
            yield Miss(fact, value, abs(bound - value) + timedelta(days=strict), low)
        case ((int() | Decimal()), (int() | Decimal())):
            by = measure_distance(value, bound)
            step = TYPE_STEPS.get(fact.type)
            if step is None:
                yield Miss(fact, value, by, low, beyond=strict)
            else:
                yield Miss(fact, value, round_to_step(by, step, strict=strict), low)


def is_switched_off(leaf: InputNode, explainer: Explainer) -> bool:
    """Return whether a setting has the value at which it is off: nothing can miss it."""
    off = None if isinstance(leaf, ContextValue) else leaf.field.off
    return off is not None and explainer.value_of(leaf) == off


def measure_distance(one: Decimal | int, other: Decimal | int) -> Decimal:
    """Return the exact distance between two exact numbers."""
    return DISTANCES.abs(DISTANCES.subtract(Decimal(one), Decimal(other)))


def round_to_step(by: Decimal, step: Decimal, *, strict: bool) -> Decimal:
    """Return the distance to the nearest value that satisfies the limit."""
    steps, rest = DISTANCES.divmod(by, step)
    more = Decimal(1 if rest or strict else 0)
    return DISTANCES.multiply(DISTANCES.add(steps, more), step)


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
