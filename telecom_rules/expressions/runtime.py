"""The operations behind the ids of `functions`, and the names that generated Python uses.

Generated Python and the reference interpreter call the same operations, so that they cannot differ
in a sum. Every operation is total: it gives a value or raises `EvaluationError`.
"""

from __future__ import annotations

import operator
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

from telecom_rules.errors import EvaluationError, MissingData
from telecom_rules.expressions import arithmetic, conversions, moments
from telecom_rules.expressions.failures import failure, shown
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

__all__ = ["OPERATIONS", "RUNTIME", "given", "mapping", "within"]

T = TypeVar("T")
S = TypeVar("S", bound="Sequence[Any]")

LONGEST_TEXT = 65_536
"""Code points of a text, or octets of bytes, that an expression may put together."""
MOST_ITEMS = 100_000
"""Items of a list that an expression may put together."""
TOO_LONG = Wording("计算结果过长", "the result is too long")


def same(value: T) -> T:
    """Return the value of a conversion to the type it has already."""
    return value


def join_text(left: str, right: str) -> str:
    """Return two texts as one."""
    return not_longer(left + right, LONGEST_TEXT)


def join_bytes(left: bytes, right: bytes) -> bytes:
    """Return two byte strings as one."""
    return not_longer(left + right, LONGEST_TEXT)


def join_list(left: tuple[Any, ...], right: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return two lists as one."""
    return not_longer(left + right, MOST_ITEMS)


def not_longer(value: S, most: int) -> S:
    """Return `value` if it is not too long."""
    if len(value) > most:
        raise EvaluationError(TOO_LONG)
    return value


def item(values: Sequence[T], at: int) -> T:
    """Return the item at an index, counted from 0."""
    if not 0 <= at < len(values):
        raise failure(
            "列表没有第 {at} 项（共 {size} 项，从 0 起）",
            "the list has no item {at} (it has {size}, counted from 0)",
            at=at, size=len(values),
        )  # fmt: skip
    return values[at]


def entry(values: Mapping[Any, T], key: object) -> T:
    """Return what a map holds under a key."""
    if key not in values:
        raise failure("映射中没有 `{key}`", "the map has no `{key}`", key=shown(str(key)))
    return values[key]


def mapping(pairs: Collection[tuple[Any, Any]]) -> dict[Any, Any]:
    """Return a map whose keys differ."""
    made = dict(pairs)
    if len(made) < len(pairs):
        raise failure("映射有重复的键", "two keys of the map are equal")
    return made


def equal(left: Any, right: Any) -> bool:
    """Return whether two values are equal; inside lists and maps NaN does not equal itself."""
    if isinstance(left, tuple):
        return len(left) == len(right) and all(map(equal, left, right))
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(equal(left[key], right[key]) for key in left)
    return bool(left == right)


def not_equal(left: Any, right: Any) -> bool:
    """Return whether two values differ."""
    return not equal(left, right)


def contained(sought: Any, values: Collection[Any]) -> bool:
    """Return whether a list has an item, or a map a key, that equals `sought`."""
    return any(equal(sought, each) for each in values)


def within(values: Collection[T], most: int) -> Collection[T]:
    """Return what a macro goes through, if it is not too much."""
    if len(values) > most:
        raise failure(
            "要逐项计算的内容过多：{size} 项，上限 {most}",
            "too much to go through: {size} items, at most {most}",
            size=len(values), most=most,
        )  # fmt: skip
    return values


def exactly_one(results: Iterable[bool]) -> bool:
    """Return whether one result is true and no more; every one of them is looked at."""
    return sum(results) == 1


def given(value: T | None, name: str) -> T:
    """Return what the context gives under `name`."""
    if value is None:
        raise MissingData(name)
    return value


def contains(text: str, part: str) -> bool:
    """Return whether `part` stands somewhere in `text`."""
    return part in text


def swapped(operation: Callable[[Any, Any], T]) -> Callable[[Any, Any], T]:
    """Return an operation with its arguments the other way round."""
    return lambda left, right: operation(right, left)


OPERATIONS: Mapping[str, Callable[..., Any]] = MappingProxyType({
    "same": same,
    "not": operator.not_,
    "equal": equal,
    "not_equal": not_equal,
    "less": operator.lt,
    "less_or_equal": operator.le,
    "greater": operator.gt,
    "greater_or_equal": operator.ge,
    "contained": contained,
    "item": item,
    "entry": entry,
    "size": len,
    "contains": contains,
    "starts_with": str.startswith,
    "ends_with": str.endswith,
    "join_text": join_text,
    "join_bytes": join_bytes,
    "join_list": join_list,
    "add_integer": arithmetic.add_integer,
    "subtract_integer": arithmetic.subtract_integer,
    "multiply_integer": arithmetic.multiply_integer,
    "divide_integer": arithmetic.divide_integer,
    "remainder_integer": arithmetic.remainder_integer,
    "negate_integer": arithmetic.negate_integer,
    "add_unsigned": arithmetic.add_unsigned,
    "subtract_unsigned": arithmetic.subtract_unsigned,
    "multiply_unsigned": arithmetic.multiply_unsigned,
    "divide_unsigned": arithmetic.divide_unsigned,
    "remainder_unsigned": arithmetic.remainder_unsigned,
    "add_double": operator.add,
    "subtract_double": operator.sub,
    "multiply_double": operator.mul,
    "divide_double": arithmetic.divide_double,
    "negate_double": operator.neg,
    "add_decimal": arithmetic.add_decimal,
    "subtract_decimal": arithmetic.subtract_decimal,
    "multiply_decimal": arithmetic.multiply_decimal,
    "divide_decimal": arithmetic.divide_decimal,
    "negate_decimal": arithmetic.negate_decimal,
    "add_span": moments.add_span,
    "subtract_span": moments.subtract_span,
    "between": moments.between,
    "move_instant": moments.move_instant,
    "moved_instant": swapped(moments.move_instant),
    "move_instant_back": moments.move_instant_back,
    "move_date": moments.move_date,
    "moved_date": swapped(moments.move_date),
    "move_date_back": moments.move_date_back,
    "days": moments.days,
    "hours": moments.hours,
    "add_months": moments.add_months,
    "add_years": moments.add_years,
    "amount": operator.attrgetter("amount"),
    "bool_of_text": conversions.bool_of_text,
    "int_of_unsigned": arithmetic.in_range,
    "int_of_double": conversions.integer_of_double,
    "int_of_decimal": conversions.integer_of_decimal,
    "int_of_money": conversions.integer_of_decimal,
    "int_of_text": conversions.integer_of_text,
    "int_of_instant": moments.integer_of_instant,
    "uint_of_integer": conversions.unsigned_of_integer,
    "uint_of_double": conversions.unsigned_of_double,
    "uint_of_text": conversions.unsigned_of_text,
    "double_of_integer": float,
    "double_of_unsigned": float,
    "double_of_text": conversions.double_of_text,
    "decimal_of_integer": Decimal,
    "decimal_of_money": same,
    "decimal_of_text": conversions.decimal_of_text,
    "money_of_integer": Decimal,
    "money_of_decimal": conversions.money_of_decimal,
    "money_of_text": conversions.money_of_text,
    "string_of_boolean": conversions.text_of_boolean,
    "string_of_integer": str,
    "string_of_unsigned": str,
    "string_of_decimal": conversions.text_of_decimal,
    "string_of_money": conversions.text_of_decimal,
    "string_of_bytes": conversions.text_of_bytes,
    "string_of_date": date.isoformat,
    "string_of_instant": moments.text_of_instant,
    "string_of_span": moments.text_of_span,
    "string_of_code": same,
    "bytes_of_text": conversions.bytes_of_text,
    "date_of_text": moments.date_of_text,
    "timestamp_of_text": moments.instant_of_text,
    "timestamp_of_integer": moments.instant_of_integer,
    "duration_of_text": moments.span_of_text,
})  # fmt: skip
"""What each overload does, by its id."""

RUNTIME: Mapping[str, object] = MappingProxyType({
    **OPERATIONS,
    # What these raise is an error of arithmetic, which is as good as any of ours here.
    "add_decimal": arithmetic.EXACT.add,
    "subtract_decimal": arithmetic.EXACT.subtract,
    "multiply_decimal": arithmetic.EXACT.multiply,
    "divide_decimal": arithmetic.EXACT.divide,
    "within": within,
    "exactly_one": exactly_one,
    "given": given,
    "mapping": mapping,
    "all_of": all,
    "any_of": any,
    "tuple_of": tuple,
    "Decimal": Decimal,
    "date": date,
    "datetime": datetime,
    "timedelta": timedelta,
    "timezone": timezone,
    "float_of": float,
})  # fmt: skip
"""What emitted code calls, by the names it uses."""
