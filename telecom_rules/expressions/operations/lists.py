"""Lists: as sets, sorted, cut, flattened and added up.

Source: the extension libraries lists and sets of cel-go; the sum and the extremes of a list as in
the list library of Kubernetes. Items are compared by the equality of CEL, so that `1`, `1u` and
`1.0` are one item.
"""

from __future__ import annotations

import operator
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial, reduce
from typing import TYPE_CHECKING, Any

from telecom_rules.errors import EvaluationError
from telecom_rules.expressions.operations.arithmetic import (
    ARITHMETIC,
    EXACT_CONTEXT,
    add_decimal,
)
from telecom_rules.expressions.operations.collections import (
    MOST_RESULT_ITEMS,
    RESULT_TOO_LONG,
    optional_item,
)
from telecom_rules.expressions.operations.failures import NO_OVERLOAD, failure
from telecom_rules.expressions.operations.kinds import OptionalValue, Unsigned
from telecom_rules.expressions.operations.moments import add_span

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable

Items = Sequence[Any]

ORDERED_CLASSES = frozenset(
    {bool, int, Unsigned, float, str, bytes, Decimal, date, datetime, timedelta}
)
"""The classes of values that have an order among themselves."""
EMPTY_LIST = ("列表为空", "the list is empty")


def identify(value: Any) -> Hashable:
    """Return what is the same of two values exactly if CEL holds them equal.

    For Python `True == 1`, equal decimals of different origin may share a hash by design, and a
    NaN is found by its identity; a map has no hash at all.
    """
    match value:
        case bool():
            return bool, value
        case Decimal():
            return Decimal, str(EXACT_CONTEXT.normalize(value)) if value else "0"
        case float() if value != value:  # noqa: PLR0124 - NaN equals nothing
            return object()
        case tuple():
            return tuple, tuple(map(identify, value))
        case Mapping():
            return Mapping, frozenset(
                (identify(key), identify(each)) for key, each in value.items()
            )
        case OptionalValue(values):
            return OptionalValue, tuple(map(identify, values))
    return value if isinstance(value, int | float) else (type(value), value)


def contains_all(values: Items, sought: Items) -> bool:
    """Return whether a list has all items of another."""
    return set(map(identify, sought)) <= set(map(identify, values))


def are_equivalent(left: Items, right: Items) -> bool:
    """Return whether two lists have the same items, however often and in whatever order."""
    return set(map(identify, left)) == set(map(identify, right))


def have_common(left: Items, right: Items) -> bool:
    """Return whether two lists have an item in common."""
    return not set(map(identify, left)).isdisjoint(map(identify, right))


def drop_repeated(values: Items) -> tuple[Any, ...]:
    """Return a list without the items that equal an earlier one."""
    first: dict[Hashable, Any] = {}
    for each in values:
        first.setdefault(identify(each), each)
    return tuple(first.values())


def require_order(keys: Items) -> Items:
    """Return values that must be of one type that has an order; NaN has none."""
    kinds = set(map(type, keys))
    if len(kinds) > 1 or not kinds <= ORDERED_CLASSES:
        raise EvaluationError(NO_OVERLOAD)
    if float in kinds and any(each != each for each in keys):  # noqa: PLR0124 - NaN
        raise failure("NaN 没有大小次序", "NaN has no place in an order")
    return keys


def sort_items(values: Items) -> tuple[Any, ...]:
    """Return the items in ascending order."""
    return tuple(sorted(require_order(values)))


def sort_pairs(pairs: Iterable[tuple[Any, Any]]) -> tuple[Any, ...]:
    """Return the items of pairs of an item and its key, by ascending keys; equal ones stay."""
    found = tuple(pairs)
    require_order([key for _, key in found])
    return tuple(item for item, _ in sorted(found, key=operator.itemgetter(1)))


def greatest_item(values: Items) -> Any:
    """Return the greatest item, the first of equal ones."""
    if not values:
        raise failure(*EMPTY_LIST)
    return max(require_order(values))


def least_item(values: Items) -> Any:
    """Return the least item, the first of equal ones."""
    if not values:
        raise failure(*EMPTY_LIST)
    return min(require_order(values))


ADDITIONS: Mapping[type, Callable[[Any, Any], Any]] = {
    int: ARITHMETIC["add_integer"],
    Unsigned: ARITHMETIC["add_unsigned"],
    float: operator.add,
    Decimal: add_decimal,
    timedelta: add_span,
}
"""How items of each class are added; from the first to the last, as in Kubernetes."""


def add_up(values: Items, *, zero: Any) -> Any:
    """Return the sum of the items; of none it is `zero`."""
    if not values:
        return zero
    kinds = set(map(type, values))
    if len(kinds) > 1 or not kinds <= ADDITIONS.keys():
        raise EvaluationError(NO_OVERLOAD)
    return reduce(ADDITIONS[kinds.pop()], values)


def cut(values: Items, start: int, end: int) -> Items:
    """Return the items from one index to the one before another."""
    if not 0 <= start <= end <= len(values):
        raise failure(
            "列表没有从第 {start} 项到第 {end} 项之前的部分（共 {size} 项，从 0 起）",
            "the list has no part from item {start} up to item {end} (it has {size}, counted from"
            " 0)",
            start=start, end=end, size=len(values),
        )  # fmt: skip
    return values[start:end]


def flatten(values: Items, depth: int = 1) -> tuple[Any, ...]:
    """Return a list with the lists in it, down to a depth, replaced by their items."""
    if depth < 0:
        raise failure("层数不能为负", "the depth cannot be negative")
    flat = tuple(values)
    # Nothing is nested deeper than a value may be, so that a great depth costs no more.
    while depth > 0 and any(isinstance(each, tuple) for each in flat):
        items: list[Any] = []
        for each in flat:
            items += each if isinstance(each, tuple) else (each,)
            if len(items) > MOST_RESULT_ITEMS:
                raise EvaluationError(RESULT_TOO_LONG)
        flat, depth = tuple(items), depth - 1
    return flat


def count_up(count: int) -> tuple[int, ...]:
    """Return the numbers from 0 to the one before `count`."""
    if count > MOST_RESULT_ITEMS:
        raise EvaluationError(RESULT_TOO_LONG)
    return tuple(range(count))


def turn_round(values: Items) -> Items:
    """Return the items from the last to the first."""
    return values[::-1]


def first_item(values: Items) -> OptionalValue:
    """Return the first item, if there is one."""
    return optional_item(values, 0)


def last_item(values: Items) -> OptionalValue:
    """Return the last item, if there is one."""
    return optional_item(values, len(values) - 1)


LISTS: Mapping[str, Callable[..., Any]] = {
    "set_contains": contains_all,
    "set_equivalent": are_equivalent,
    "set_intersects": have_common,
    "distinct": drop_repeated,
    "sort": sort_items,
    "greatest_item": greatest_item,
    "least_item": least_item,
    "sum_integer": partial(add_up, zero=0),
    "sum_unsigned": partial(add_up, zero=Unsigned(0)),
    "sum_double": partial(add_up, zero=0.0),
    "sum_span": partial(add_up, zero=timedelta()),
    "sum_decimal": partial(add_up, zero=Decimal(0)),
    "sum_money": partial(add_up, zero=Decimal(0)),
    "slice": cut,
    "flatten": flatten,
    "flatten_deep": flatten,
    "range": count_up,
    "reverse_list": turn_round,
    "first": first_item,
    "last": last_item,
}
"""The operations, by the ids of their overloads."""
