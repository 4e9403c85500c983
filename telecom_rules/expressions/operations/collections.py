"""Lists, maps and optional values, and the limits of their sizes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from telecom_rules.errors import EvaluationError
from telecom_rules.expressions.operations.equality import (
    has_equal_key,
    has_repeated_keys,
    require_key,
)
from telecom_rules.expressions.operations.failures import NO_OVERLOAD, failure
from telecom_rules.expressions.operations.kinds import (
    OPTIONAL_NONE,
    OptionalValue,
    runtime_type_of,
    type_name_of,
)
from telecom_rules.wording import Wording, shorten

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence


T = TypeVar("T")
S = TypeVar("S", bound="Sequence[Any]")
Text = TypeVar("Text", str, bytes)

LONGEST_RESULT = 65_536
"""Code points of a text, or octets of bytes, in the result of an operation."""
MOST_RESULT_ITEMS = 100_000
"""Items of a list in the result of an operation."""
RESULT_TOO_LONG = Wording("计算结果过长", "the result is too long")
KEYS_ARE_EQUAL = Wording("映射有重复的键", "two keys of the map are equal")


def limit_length(value: S, most: int = LONGEST_RESULT) -> S:
    """Return `value` if it is not too long."""
    if len(value) > most:
        raise EvaluationError(RESULT_TOO_LONG)
    return value


def join_text(left: Text, right: Text) -> Text:
    """Return two texts, or two byte strings, joined to one."""
    return limit_length(left + right)


def join_list(left: tuple[Any, ...], right: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return two lists joined to one."""
    return limit_length(left + right, MOST_RESULT_ITEMS)


def item_at(values: Sequence[T], at: int) -> T:
    """Return the item at an index, counted from 0."""
    if not 0 <= at < len(values):
        raise failure(
            "列表没有第 {at} 项（共 {size} 项，从 0 起）",
            "the list has no item {at} (it has {size}, counted from 0)",
            at=at, size=len(values),
        )  # fmt: skip
    return values[at]


def item_at_number(values: Sequence[T], at: float) -> T:
    """Return the item at an index that is a whole number of any numeric type."""
    if at != at or at in {float("inf"), float("-inf")} or int(at) != at:  # noqa: PLR0124 - NaN
        raise failure("`{at}` 不是列表的序号", "`{at}` is not an index of a list", at=at)
    return item_at(values, int(at))


def entry_at(values: Mapping[Any, T], key: Any) -> T:
    """Return the entry of a map under a key."""
    if not has_equal_key(key, values):
        raise failure("映射中没有 `{key}`", "the map has no `{key}`", key=describe_key(key))
    return values[key]


def describe_key(key: Any) -> str:
    """Return a key for a message; of a value that cannot be a key, its type."""
    if isinstance(key, bool):
        return str(key).lower()
    text = str(key) if isinstance(key, str | int | float) else type_name_of(runtime_type_of(key))
    return shorten(text)


def build_map(pairs: Collection[tuple[Any, Any]]) -> dict[Any, Any]:
    """Return the map of key and value pairs, whose keys must differ."""
    keys = [require_key(key) for key, _ in pairs]
    if has_repeated_keys(keys):
        raise EvaluationError(KEYS_ARE_EQUAL)
    return dict(pairs)


def merge_maps(maps: Iterable[Mapping[Any, Any]]) -> dict[Any, Any]:
    """Return several maps merged to one; their keys must differ."""
    return build_map([pair for each in maps for pair in require_map(each).items()])


def require_list(value: Any) -> Sequence[Any]:
    """Return a value that must be a list."""
    if not isinstance(value, tuple):
        raise EvaluationError(NO_OVERLOAD)
    return value


def require_map(value: Any) -> Mapping[Any, Any]:
    """Return a value that must be a map."""
    if not isinstance(value, Mapping):
        raise EvaluationError(NO_OVERLOAD)
    return value


def limit_elements(values: Collection[T], most: int) -> Collection[T]:
    """Return the elements of a macro, if there are not too many."""
    if not isinstance(values, tuple | Mapping):
        raise EvaluationError(NO_OVERLOAD)
    if len(values) > most:
        raise failure(
            "要逐项计算的内容过多：{size} 项，上限 {most}",
            "too much to go through: {size} items, at most {most}",
            size=len(values), most=most,
        )  # fmt: skip
    return values


def limit_pairs(values: Collection[Any], most: int) -> Iterable[tuple[Any, Any]]:
    """Return the pairs of a macro with two variables: index and item, or key and value."""
    allowed = limit_elements(values, most)
    return allowed.items() if isinstance(allowed, Mapping) else enumerate(allowed)


def require_optional(value: object) -> OptionalValue:
    """Return a value that must be optional."""
    if not isinstance(value, OptionalValue):
        raise EvaluationError(NO_OVERLOAD)
    return value


def list_of(values: Iterable[Any], perhaps: Collection[int]) -> tuple[Any, ...]:
    """Return a list of values; those at the indexes `perhaps` are optional, left out if absent."""
    items: list[Any] = []
    for at, value in enumerate(values):
        items += require_optional(value).values if at in perhaps else (value,)
    return tuple(items)


def map_of(pairs: Iterable[tuple[Any, Any]], perhaps: Collection[int]) -> dict[Any, Any]:
    """Return a map of pairs; values at the indexes `perhaps` are optional, left out if absent."""
    entries: list[tuple[Any, Any]] = []
    for at, (key, value) in enumerate(pairs):
        values = require_optional(value).values if at in perhaps else (value,)
        entries += [(key, each) for each in values]
    return build_map(entries)


def collect_pairs(pairs: Iterable[tuple[Any, Any]]) -> dict[Any, Any]:
    """Return the map of the pairs that a macro yields."""
    return build_map(list(pairs))


def optional_map(value: object, step: Callable[[Any], Any]) -> OptionalValue:
    """Return an optional value with `step` applied to it, if present."""
    return OptionalValue(tuple(map(step, require_optional(value).values)))


def optional_flat_map(value: object, step: Callable[[Any], Any]) -> OptionalValue:
    """Return the optional result of `step` on a value that is present, else none."""
    results = optional_map(value, step).values
    return require_optional(results[0]) if results else OPTIONAL_NONE


def has_key(values: object, key: Any) -> bool:
    """Return whether a map, or an optional map, has a key."""
    if isinstance(values, OptionalValue):
        return bool(values.values) and has_key(values.values[0], key)
    if not isinstance(values, Mapping):
        raise EvaluationError(NO_OVERLOAD)
    return has_equal_key(key, values)


def optional_item(values: Sequence[Any], at: int) -> OptionalValue:
    """Return the item at an index if there is one."""
    return OptionalValue((values[at],)) if 0 <= at < len(values) else OPTIONAL_NONE


def optional_entry(values: Mapping[Any, Any], key: Any) -> OptionalValue:
    """Return the entry of a map under a key, if there is one."""
    return OptionalValue((values[key],)) if has_equal_key(key, values) else OPTIONAL_NONE


def item_of_optional(values: OptionalValue, at: int) -> OptionalValue:
    """Return the item of a list that may be absent."""
    return optional_item(require_list(values.values[0]), at) if values.values else OPTIONAL_NONE


def entry_of_optional(values: OptionalValue, key: Any) -> OptionalValue:
    """Return the entry under a key of a map that may be absent."""
    return optional_entry(require_map(values.values[0]), key) if values.values else OPTIONAL_NONE


def some(value: Any) -> OptionalValue:
    """Return a value as an optional value that is present."""
    return OptionalValue((value,))


def none() -> OptionalValue:
    """Return the optional value that is absent."""
    return OPTIONAL_NONE


def some_unless_zero(value: Any) -> OptionalValue:
    """Return a value as optional: absent if it is the zero of its type."""
    empty = (
        value is None
        or (not value and not isinstance(value, OptionalValue))
        or value == OPTIONAL_NONE
    )
    return OPTIONAL_NONE if empty else OptionalValue((value,))


def has_value(value: OptionalValue) -> bool:
    """Return whether an optional value is present."""
    return bool(value.values)


def value_of(value: OptionalValue) -> Any:
    """Return the content of an optional value, which must be present."""
    if not value.values:
        raise failure("可选值不存在", "the optional value is absent")
    return value.values[0]


def or_optional(value: OptionalValue, other: OptionalValue) -> OptionalValue:
    """Return an optional value, or another if it is absent."""
    return value if value.values else other


def or_value(value: OptionalValue, other: Any) -> Any:
    """Return the content of an optional value, or `other` if it is absent."""
    return value.values[0] if value.values else other


COLLECTIONS: Mapping[str, Callable[..., Any]] = {
    "join_text": join_text,
    "join_bytes": join_text,
    "join_list": join_list,
    "item": item_at,
    "item_at_number": item_at_number,
    "entry": entry_at,
    "size": len,
    "has_key": has_key,
    "list_of": list_of,
    "map_of": map_of,
    "build_map": build_map,
    "merge_maps": merge_maps,
    "collect_pairs": collect_pairs,
    "optional_map": optional_map,
    "optional_flat_map": optional_flat_map,
    "optional_item": optional_item,
    "optional_entry": optional_entry,
    "item_of_optional": item_of_optional,
    "entry_of_optional": entry_of_optional,
    "some": some,
    "none": none,
    "some_unless_zero": some_unless_zero,
    "has_value": has_value,
    "value_of": value_of,
    "or_optional": or_optional,
    "or_value": or_value,
}
"""The operations, by the ids of their overloads."""
