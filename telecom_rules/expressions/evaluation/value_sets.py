"""Sets of values that an expression may have: the abstract domain of `abstract`.

A set is an enumeration, an interval, all texts but some, or anything. Operations on sets are
sound: the result contains the value of the operation for every choice of values from its arguments,
and says whether one of these choices may have no value. It may contain more.

Source: P. Cousot and R. Cousot, Abstract interpretation (POPL 1977); intervals as in R. E. Moore,
Interval Analysis (1966).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import product
from math import ceil, floor, prod
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias, TypeGuard

from telecom_rules.documents.scalars import LARGEST_INTEGER, LEAST_INTEGER, MOST_DIGITS
from telecom_rules.errors import EvaluationError
from telecom_rules.expressions.evaluation.number_line import WIDE_CONTEXT
from telecom_rules.expressions.evaluation.runtime import OPERATIONS
from telecom_rules.expressions.operations.arithmetic import EXACT_CONTEXT, divide_towards_zero
from telecom_rules.expressions.operations.equality import equal
from telecom_rules.vocabulary.types import (
    BOOLEAN,
    DATE,
    DECIMAL,
    INSTANT,
    INTEGER,
    MONEY,
    TEXT,
    CodeType,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from telecom_rules.vocabulary import Value
    from telecom_rules.vocabulary.types import Field, Type


MOST_ENUMERATED: Final = 64
"""Values of an enumeration, and combinations of values that an operation is tried on."""
MOST_EXACT: Final = 10**60
"""Numbers beyond it in absolute value are not followed."""
LARGEST_EXACT: Final = Decimal(f"1e{MOST_DIGITS}")
"""Exact facts are smaller than it in absolute value."""
MONEY_PLACES: Final = 2
Number: TypeAlias = int | Decimal
"""A bound of numbers."""
Bound: TypeAlias = Any
"""A number, day, instant or length of time. `Any`, because the two bounds of an interval are of one
kind and may be compared, which a union cannot say; nor is the kind known from the interval."""


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of some values, of which there may be none.

    Attributes:
        values: the values.
    """

    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Between:
    """A number, day, instant or length of time of an interval; its ends are included.

    Attributes:
        low: the least.
        high: the greatest.
        places: the most digits after the point; exact numbers only.
        digits: the most digits; exact numbers only.
    """

    low: Bound
    high: Bound
    places: int = 0
    digits: int = 0


@dataclass(frozen=True, slots=True)
class Except:
    """Any text but some.

    Attributes:
        values: the texts that it is not.
    """

    values: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class Anything:
    """A value of which nothing is known but its type."""


ValueSet: TypeAlias = OneOf | Between | Except | Anything
ANYTHING: Final = Anything()
NO_VALUE: Final = OneOf(())
EITHER: Final = OneOf((True, False))


class Possible(NamedTuple):
    """What an expression may evaluate to.

    Attributes:
        values: the values that it may have.
        fails: whether it may have no value.
    """

    values: ValueSet
    fails: bool = False

    @property
    def may_hold(self) -> bool:
        """Whether a condition may be true."""
        return not isinstance(self.values, OneOf) or True in self.values.values

    @property
    def may_fail(self) -> bool:
        """Whether a condition may be false."""
        return not isinstance(self.values, OneOf) or False in self.values.values


FAILURE: Final = Possible(NO_VALUE, fails=True)


def find_values(field: Field) -> ValueSet:
    """Return the values that a fact may have."""
    kind = field.type
    if kind is BOOLEAN:
        return EITHER
    if isinstance(kind, CodeType):
        return OneOf(tuple(kind.codes))
    if kind is INTEGER:
        least = LEAST_INTEGER if field.least is None else ceil(field.least)
        most = LARGEST_INTEGER if field.most is None else floor(field.most)
        return Between(max(least, LEAST_INTEGER), min(most, LARGEST_INTEGER))
    if kind in {DECIMAL, MONEY}:
        return find_exact_values(field)
    if kind is DATE:
        return Between(date.min, date.max)
    if kind is INSTANT:
        return Between(datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC))
    return Except() if kind is TEXT else ANYTHING


def find_exact_values(field: Field) -> Between:
    """Return the values that an exact number may have."""
    places = MONEY_PLACES if field.type is MONEY else MOST_DIGITS
    digits = MOST_DIGITS + (places if field.type is MONEY else 0)
    least = LARGEST_EXACT.copy_negate() if field.least is None else field.least
    most = LARGEST_EXACT if field.most is None else field.most
    return Between(least, most, places, digits)


def is_single(values: ValueSet) -> TypeGuard[OneOf]:
    """Return whether a set has exactly one value."""
    return isinstance(values, OneOf) and len(values.values) == 1


def join(sets: Iterable[ValueSet]) -> ValueSet:
    """Return a set that contains every value of `sets`."""
    parts = [each for each in sets if each != NO_VALUE]
    if not parts:
        return NO_VALUE
    if len(parts) == 1:
        return parts[0]
    listed = [each.values for each in parts if isinstance(each, OneOf)]
    if len(listed) == len(parts):
        return enumerate_values([value for values in listed for value in values])
    spans = [find_interval(each) for each in parts]
    found = [each for each in spans if each is not None]
    if len(found) < len(spans):
        return ANYTHING
    return Between(
        min(each.low for each in found),
        max(each.high for each in found),
        max(each.places for each in found),
        max(each.digits for each in found),
    )


def enumerate_values(values: Sequence[Value]) -> ValueSet:
    """Return the enumeration of `values`, each once, or an interval where they are many."""
    try:
        distinct = tuple({(type(each), each): each for each in values}.values())
    except TypeError:  # maps are not hashable
        return ANYTHING
    if len(distinct) <= MOST_ENUMERATED:
        return OneOf(distinct)
    interval = find_interval(OneOf(distinct))
    return ANYTHING if interval is None else interval


def find_interval(values: ValueSet) -> Between | None:
    """Return an interval that contains the values of a set, or `None` if they have no order."""
    if isinstance(values, Between):
        return values
    if not isinstance(values, OneOf) or not values.values:
        return None
    first = values.values[0]
    if isinstance(first, bool) or not isinstance(first, int | Decimal | date | timedelta):
        return None
    each: Sequence[Bound] = values.values
    shapes = [(count_places(one), count_digits(one)) for one in each]
    return Between(
        min(each), max(each), max(one for one, _ in shapes), max(one for _, one in shapes)
    )


def count_places(value: object) -> int:
    """Return the digits of an exact number after the point."""
    if not isinstance(value, Decimal):
        return 0
    exponent = value.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def count_digits(value: object) -> int:
    """Return the digits of an exact number."""
    if isinstance(value, Decimal):
        return max(len(value.as_tuple().digits), value.adjusted() + 1)
    return len(str(abs(value))) if isinstance(value, int) else 0


def apply(overload: str, type: Type, arguments: Sequence[Possible]) -> Possible:
    """Return what an operation may evaluate to.

    Args:
        overload: its id.
        type: the type of its value.
        arguments: what its arguments may evaluate to.
    """
    fails = any(each.fails for each in arguments)
    sets = [each.values for each in arguments]
    if any(each == NO_VALUE for each in sets):
        return FAILURE
    options = [each.values for each in sets if isinstance(each, OneOf)]
    if len(options) == len(sets) and prod(map(len, options)) <= MOST_ENUMERATED:
        return apply_to_each(overload, options, fails=fails)
    found = (
        compare(overload, sets) if type is BOOLEAN else compute(overload, type, sets)
    ) or Possible(EITHER if type is BOOLEAN else ANYTHING, fails=overload not in NEVER_FAIL)
    return Possible(found.values, found.fails or fails)


def apply_to_each(overload: str, options: Sequence[Sequence[Value]], *, fails: bool) -> Possible:
    """Return the values of an operation on every combination of arguments."""
    operation = OPERATIONS[overload]
    found: list[Value] = []
    for values in product(*options):
        try:
            found.append(operation(*values))
        except EvaluationError:
            fails = True
    return Possible(enumerate_values(found), fails)


NEVER_FAIL: Final = frozenset({"equal", "not_equal", "not", "in_list", "in_map"})
"""Operations that have a value whatever their arguments are."""


# Comparisons


def compare(overload: str, sets: Sequence[ValueSet]) -> Possible | None:
    """Return the possible values of a comparison, or `None` if it is not one that is followed."""
    if overload == "in_list":
        return compare_with_list(sets[0], sets[1])
    if overload in {"equal", "not_equal"}:
        may_hold, may_not = compare_equal(*sets)
        if overload == "not_equal":
            may_hold, may_not = may_not, may_hold
        return truth_of(may_hold=may_hold, may_fail=may_not)
    if overload in ORDERED:
        left, right = map(find_interval, sets)
        if left is None or right is None:
            return None
        return compare_order(overload, left, right)
    return None


ORDERED: Final = frozenset({"less", "less_or_equal", "greater", "greater_or_equal"})


def truth_of(*, may_hold: bool, may_fail: bool) -> Possible:
    """Return the set of truth values."""
    return Possible(OneOf(((True,) if may_hold else ()) + ((False,) if may_fail else ())))


def compare_order(overload: str, left: Between, right: Between) -> Possible:
    """Return the possible values of `<`, `<=`, `>` or `>=`."""
    if overload.startswith("greater"):
        left, right = right, left
    if overload.endswith("equal"):
        return truth_of(may_hold=left.low <= right.high, may_fail=left.high > right.low)
    return truth_of(may_hold=left.low < right.high, may_fail=left.high >= right.low)


def compare_equal(left: ValueSet, right: ValueSet) -> tuple[bool, bool]:
    """Return whether values of two sets may be equal, and whether they may differ."""
    if isinstance(left, OneOf) and isinstance(right, OneOf):
        pairs = [equal(*pair) for pair in product(left.values, right.values)]
        return any(pairs), not all(pairs)
    for one, other in ((left, right), (right, left)):
        if isinstance(one, Except) and isinstance(other, OneOf):
            return not set(other.values) <= set(one.values), True
    spans = find_interval(left), find_interval(right)
    if spans[0] is None or spans[1] is None:
        return True, True
    return spans[0].low <= spans[1].high and spans[1].low <= spans[0].high, True


def compare_with_list(sought: ValueSet, values: ValueSet) -> Possible | None:
    """Return the possible values of `sought in values`, where the list is known."""
    if not is_single(values):
        return None
    (items,) = values.values
    if not isinstance(items, tuple):
        return None
    pairs = [compare_equal(sought, OneOf((item,))) for item in items]
    if isinstance(sought, OneOf):
        found = [any(equal(each, item) for item in items) for each in sought.values]
        return truth_of(may_hold=any(found), may_fail=not all(found))
    return truth_of(may_hold=any(hold for hold, _ in pairs), may_fail=True)


# Numbers and moments


def compute(overload: str, type: Type, sets: Sequence[ValueSet]) -> Possible | None:
    """Return the possible values of an operation on ordered values, or `None`."""
    if overload in {"same", "decimal_of_integer", "decimal_of_money"}:
        return Possible(sets[0])
    if overload == "size" or overload.startswith("size_"):
        return Possible(Between(0, LARGEST_INTEGER))
    spans: list[Between] = []
    for each in sets:
        span = find_interval(each)
        if span is None:
            return None
        spans.append(span)
    name = overload.removesuffix("_integer").removesuffix("_decimal")
    if name in NUMERIC and type in {INTEGER, DECIMAL, MONEY}:
        return compute_number(name, type, spans)
    if overload in MONOTONE:
        return compute_at_ends(overload, spans, sets)
    return None


NUMERIC: Final = frozenset(
    {"add", "subtract", "multiply", "divide", "negate", "greatest", "least", "greatest_exact",
     "least_exact"}
)  # fmt: skip
MONOTONE: Final[Mapping[str, tuple[bool, ...]]] = {
    "add_span": (True, True),
    "subtract_span": (True, False),
    "subtract_moments": (True, False),
    "move_date": (True, True),
    "add_span_to_date": (True, True),
    "move_date_back": (True, False),
    "move_instant": (True, True),
    "add_span_to_instant": (True, True),
    "move_instant_back": (True, False),
    "days": (True,),
    "hours": (True,),
    "hours_of_span": (True,),
    "minutes_of_span": (True,),
    "seconds_of_span": (True,),
    "add_months": (True, True),
    "add_years": (True, True),
}
"""Operations that are monotonic in each argument: whether they rise with it."""
WHOLE_DAYS: Final = frozenset({"move_date", "add_span_to_date", "move_date_back"})
"""Those that fail for a length of time that is not whole days."""


def compute_at_ends(
    overload: str, spans: Sequence[Between], sets: Sequence[ValueSet]
) -> Possible | None:
    """Return the possible values of a monotonic operation: those between its ends."""
    rises = MONOTONE[overload]
    ends: list[Bound] = []
    for wanted in (False, True):
        values = [
            span.high if up is wanted else span.low for span, up in zip(spans, rises, strict=True)
        ]
        try:
            ends.append(OPERATIONS[overload](*values))
        except EvaluationError:
            return None  # out of the calendar at one end
    fails = overload in WHOLE_DAYS and not all(
        isinstance(each, OneOf) or isinstance(span.low, date)
        for each, span in zip(sets, spans, strict=True)
    )
    return Possible(Between(*ends), fails)


def compute_number(name: str, type: Type, spans: Sequence[Between]) -> Possible | None:
    """Return the possible values of an operation on numbers; `None` beyond `MOST_EXACT`."""
    fails = False
    places, digits = max(each.places for each in spans), 0
    if name == "divide":
        divisor = spans[1]
        if divisor.low <= 0 <= divisor.high:
            return None
        found = find_corners(spans, divide_towards_zero if type is INTEGER else divide_exactly)
        fails = type is not INTEGER  # a quotient may have no end
        places = MOST_DIGITS
    elif name == "multiply":
        found = find_corners(spans, WIDE_CONTEXT.multiply)
        places = sum(each.places for each in spans)
        digits = sum(measure_digits(each) for each in spans)
    elif name == "add":
        found = [sum_exactly(each.low for each in spans), sum_exactly(each.high for each in spans)]
    elif name == "subtract":
        one, other = spans
        found = [
            sum_exactly((one.low, negate(other.high))),
            sum_exactly((one.high, negate(other.low))),
        ]
    elif name == "negate":
        found = [negate(spans[0].high), negate(spans[0].low)]
    else:
        pick = max if name.startswith("greatest") else min
        found = [pick(each.low for each in spans), pick(each.high for each in spans)]
    low, high = min(found), max(found)
    if not -MOST_EXACT < low <= high < MOST_EXACT:
        return None
    if type is INTEGER:
        fails = low < LEAST_INTEGER or high > LARGEST_INTEGER
        return Possible(
            Between(max(int(low), LEAST_INTEGER), min(int(high), LARGEST_INTEGER)), fails
        )
    whole = max(len(str(abs(int(low)))), len(str(abs(int(high)))))
    digits = min(digits or places + whole, places + whole)
    fails = fails or digits > EXACT_CONTEXT.prec
    return Possible(Between(Decimal(low), Decimal(high), places, digits), fails)


def measure_digits(span: Between) -> int:
    """Return the most digits of a number of an interval."""
    whole = max(len(str(abs(int(span.low)))), len(str(abs(int(span.high)))))
    return min(span.digits or whole, span.places + whole)


def sum_exactly(values: Iterable[Number]) -> Decimal:
    """Return the exact sum of bounds."""
    found = Decimal(0)
    for each in values:
        found = WIDE_CONTEXT.add(found, each)
    return found


def negate(value: Number) -> Number:
    """Return the negation of a bound; `-` would round a decimal."""
    return value.copy_negate() if isinstance(value, Decimal) else -value


def divide_exactly(left: Number, right: Number) -> Decimal:
    """Return a quotient that is never nearer to zero nor farther than rounding to 400 digits."""
    return WIDE_CONTEXT.divide(left, right)


def find_corners(spans: Sequence[Between], operation: Callable[[Any, Any], Number]) -> list[Number]:
    """Return the values of an operation at the corners: its extremes, if it has none inside."""
    one, other = spans
    return [
        operation(left, right) for left in (one.low, one.high) for right in (other.low, other.high)
    ]
