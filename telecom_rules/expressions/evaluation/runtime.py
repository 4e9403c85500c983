"""The operations behind the ids of overloads, and the names that generated Python uses."""

from __future__ import annotations

import operator
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

from telecom_rules.errors import EvaluationError, MissingData
from telecom_rules.expressions.functions.overloads import (
    Function,
    dispatch_id_of,
    match_overloads,
    merge_functions,
)
from telecom_rules.expressions.functions.profile import STANDARD_PROFILE
from telecom_rules.expressions.functions.standard import RUNTIME_FUNCTIONS
from telecom_rules.expressions.operations import arithmetic
from telecom_rules.expressions.operations.arithmetic import ARITHMETIC
from telecom_rules.expressions.operations.calendar_fields import CALENDAR_FIELDS
from telecom_rules.expressions.operations.collections import (
    COLLECTIONS,
    limit_elements,
    limit_pairs,
)
from telecom_rules.expressions.operations.conversions import CONVERSIONS
from telecom_rules.expressions.operations.equality import (
    equal,
    has_equal_item,
    has_equal_key,
    not_equal,
)
from telecom_rules.expressions.operations.failures import NO_OVERLOAD, Detour
from telecom_rules.expressions.operations.formatting import fill_format
from telecom_rules.expressions.operations.kinds import runtime_type_of
from telecom_rules.expressions.operations.lists import LISTS, sort_pairs
from telecom_rules.expressions.operations.mathematics import MATHEMATICS
from telecom_rules.expressions.operations.moments import MOMENTS
from telecom_rules.expressions.operations.texts import TEXTS
from telecom_rules.expressions.regex import matches
from telecom_rules.expressions.regex.extraction import EXTRACTION

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping


T = TypeVar("T")


def exactly_one(results: Iterable[bool]) -> bool:
    """Return whether exactly one result is true; all are evaluated, as CEL requires."""
    return sum(results) == 1


def require_given(value: T | None, name: str) -> T:
    """Return a value of the context, or raise `MissingData` with its name."""
    if value is None:
        raise MissingData(name)
    return value


def compare_as_doubles(compare: Callable[[float, float], bool]) -> Callable[[float, float], bool]:
    """Return a comparison of numbers as doubles: how CEL orders an integer and a double."""
    return lambda left, right: compare(float(left), float(right))


STATIC_OPERATIONS: Mapping[str, Callable[..., Any]] = {
    "not": operator.not_,
    "equal": equal,
    "not_equal": not_equal,
    "less": operator.lt,
    "less_or_equal": operator.le,
    "greater": operator.gt,
    "greater_or_equal": operator.ge,
    "less_as_double": compare_as_doubles(operator.lt),
    "less_or_equal_as_double": compare_as_doubles(operator.le),
    "greater_as_double": compare_as_doubles(operator.gt),
    "greater_or_equal_as_double": compare_as_doubles(operator.ge),
    "in_list": has_equal_item,
    "in_map": has_equal_key,
    "matches": matches,
    "format": fill_format,
    **ARITHMETIC,
    **CALENDAR_FIELDS,
    **COLLECTIONS,
    **CONVERSIONS,
    **EXTRACTION,
    **LISTS,
    **MATHEMATICS,
    **MOMENTS,
    **TEXTS,
}
"""The operations of the overloads that are chosen before an expression runs, by their ids."""


def dispatch(function: Function, *arguments: Any) -> Any:
    """Return the value of the overload that fits the values given to a function."""
    kinds = [runtime_type_of(argument) for argument in arguments]
    overload = next((overload for overload, _ in match_overloads(function, kinds)), None)
    if overload is None:
        raise EvaluationError(NO_OVERLOAD)
    return STATIC_OPERATIONS[overload.id](*arguments)


OPERATIONS: Mapping[str, Callable[..., Any]] = MappingProxyType({
    **STATIC_OPERATIONS,
    **{
        dispatch_id_of(name): partial(dispatch, function)
        for name, function in merge_functions(
            STANDARD_PROFILE.functions.values(), RUNTIME_FUNCTIONS
        ).items()
    },
})  # fmt: skip
"""Every operation, by the id of its overload."""

RUNTIME: Mapping[str, object] = MappingProxyType({
    **OPERATIONS,
    # What these raise is an error of arithmetic, which is as good as any of ours here.
    "add_decimal": arithmetic.EXACT_CONTEXT.add,
    "subtract_decimal": arithmetic.EXACT_CONTEXT.subtract,
    "multiply_decimal": arithmetic.EXACT_CONTEXT.multiply,
    "divide_decimal": arithmetic.EXACT_CONTEXT.divide,
    "limit_elements": limit_elements,
    "limit_pairs": limit_pairs,
    "sort_pairs": sort_pairs,
    "exactly_one": exactly_one,
    "require_given": require_given,
    "all_of": all,
    "any_of": any,
    "tuple_of": tuple,
    "Detour": Detour,
    "Decimal": Decimal,
    "date": date,
    "datetime": datetime,
    "timedelta": timedelta,
    "timezone": timezone,
})  # fmt: skip
"""The functions that generated code calls, by the names it uses."""
