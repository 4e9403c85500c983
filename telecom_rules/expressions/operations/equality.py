"""Equality of values, including dynamic ones.

Numbers of different types are equal if they are the same number; a boolean is not a number. Values
of unrelated types differ. NaN differs from itself, in lists and maps too.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from telecom_rules.expressions.operations.failures import failure
from telecom_rules.expressions.operations.kinds import OptionalValue

LIKE_BOOLEANS = frozenset({0, 1})
"""The numbers that equal `False` and `True` in Python."""


def equal(left: Any, right: Any) -> bool:
    """Return whether two values are equal."""
    # For Python `True == 1`.
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, tuple):
        return isinstance(right, tuple) and len(left) == len(right) and all(map(equal, left, right))
    if isinstance(left, Mapping):
        return (
            isinstance(right, Mapping)
            and len(left) == len(right)
            and all(
                has_equal_key(key, right) and equal(value, right[key])
                for key, value in left.items()
            )
        )
    if isinstance(left, OptionalValue):
        return isinstance(right, OptionalValue) and equal(left.values, right.values)
    return bool(left == right)


def not_equal(left: Any, right: Any) -> bool:
    """Return whether two values differ."""
    return not equal(left, right)


def has_equal_item(sought: Any, values: Iterable[Any]) -> bool:
    """Return whether a list has an item that equals `sought`."""
    return any(equal(sought, each) for each in values)


def has_equal_key(sought: Any, values: Mapping[Any, Any]) -> bool:
    """Return whether a map has a key that equals `sought`, which may be anything."""
    try:
        if sought not in values:
            return False
    except TypeError:  # a list or map is not a key
        return False
    return sought not in LIKE_BOOLEANS or EqualTo(sought) in values


class EqualTo:
    """What equals, for Python, the values that an expression holds equal to `sought`.

    For Python `True == 1`; a map looks it up in one step, and compares by this.
    """

    __slots__ = ("sought",)

    def __init__(self, sought: Any) -> None:
        self.sought = sought

    def __eq__(self, other: object) -> bool:
        return equal(self.sought, other)

    def __hash__(self) -> int:
        return hash(self.sought)


def require_key(key: Any) -> Any:
    """Return a value as the key of a map, which may be a text, an integer or a boolean."""
    if not isinstance(key, str | int):
        raise failure(
            "映射的键应为文本、整数或布尔值", "the keys of a map are texts, integers or booleans"
        )
    return key


def has_repeated_keys(keys: Collection[Any]) -> bool:
    """Return whether two keys are equal, or are for Python: `1` and `true`."""
    return len(set(keys)) < len(keys)
