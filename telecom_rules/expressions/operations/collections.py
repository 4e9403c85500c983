"""Lists and maps, and what may be put together into one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from telecom_rules.errors import EvaluationError
from telecom_rules.expressions.operations.equality import held, key_of, repeated
from telecom_rules.expressions.operations.failures import NO_OVERLOAD, failure, shown
from telecom_rules.expressions.operations.kinds import NONE, Maybe
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

__all__ = [
    "COLLECTIONS",
    "has_key",
    "list_of",
    "map_of",
    "mapping",
    "merged",
    "not_longer",
    "optional_flat_map",
    "optional_map",
    "pairs_within",
    "within",
]

T = TypeVar("T")
S = TypeVar("S", bound="Sequence[Any]")

LONGEST_TEXT = 65_536
"""Code points of a text, or octets of bytes, that an expression may put together."""
MOST_ITEMS = 100_000
"""Items of a list that an expression may put together."""
TOO_LONG = Wording("计算结果过长", "the result is too long")
REPEATED = Wording("映射有重复的键", "two keys of the map are equal")


def not_longer(value: S, most: int = LONGEST_TEXT) -> S:
    """Return `value` if it is not too long."""
    if len(value) > most:
        raise EvaluationError(TOO_LONG)
    return value


def join_text(left: str, right: str) -> str:
    """Return two texts as one."""
    return not_longer(left + right)


def join_bytes(left: bytes, right: bytes) -> bytes:
    """Return two byte strings as one."""
    return not_longer(left + right)


def join_list(left: tuple[Any, ...], right: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return two lists as one."""
    return not_longer(left + right, MOST_ITEMS)


def item(values: Sequence[T], at: int) -> T:
    """Return the item at an index, counted from 0."""
    if not 0 <= at < len(values):
        raise failure(
            "列表没有第 {at} 项（共 {size} 项，从 0 起）",
            "the list has no item {at} (it has {size}, counted from 0)",
            at=at, size=len(values),
        )  # fmt: skip
    return values[at]


def item_at_number(values: Sequence[T], at: float) -> T:
    """Return the item at an index that is a whole number of whatever type."""
    if at != at or at in {float("inf"), float("-inf")} or int(at) != at:  # noqa: PLR0124 - NaN
        raise failure("`{at}` 不是列表的序号", "`{at}` is no index of a list", at=at)
    return item(values, int(at))


def entry(values: Mapping[Any, T], key: Any) -> T:
    """Return what a map holds under a key."""
    if not held(key, values):
        raise failure("映射中没有 `{key}`", "the map has no `{key}`", key=shown(str(key)))
    return values[key]


def mapping(pairs: Collection[tuple[Any, Any]]) -> dict[Any, Any]:
    """Return a map whose keys differ."""
    keys = [key_of(key) for key, _ in pairs]
    if repeated(keys):
        raise EvaluationError(REPEATED)
    return dict(pairs)


def merged(maps: Iterable[Mapping[Any, Any]]) -> dict[Any, Any]:
    """Return several maps as one, whose keys differ."""
    return mapping([pair for each in maps for pair in mapped(each).items()])


def listed(value: Any) -> Sequence[Any]:
    """Return a value that must be a list."""
    if not isinstance(value, tuple):
        raise EvaluationError(NO_OVERLOAD)
    return value


def mapped(value: Any) -> Mapping[Any, Any]:
    """Return a value that must be a map."""
    if not isinstance(value, Mapping):
        raise EvaluationError(NO_OVERLOAD)
    return value


def within(values: Collection[T], most: int) -> Collection[T]:
    """Return what a macro goes through, if it is not too much."""
    if not isinstance(values, tuple | Mapping):
        raise EvaluationError(NO_OVERLOAD)
    if len(values) > most:
        raise failure(
            "要逐项计算的内容过多：{size} 项，上限 {most}",
            "too much to go through: {size} items, at most {most}",
            size=len(values), most=most,
        )  # fmt: skip
    return values


def pairs_within(values: Collection[Any], most: int) -> Iterable[tuple[Any, Any]]:
    """Return what a macro of two variables goes through: index and item, or key and value."""
    allowed = within(values, most)
    return allowed.items() if isinstance(allowed, Mapping) else enumerate(allowed)


def optional(value: object) -> Maybe:
    """Return a value that must be optional."""
    if not isinstance(value, Maybe):
        raise EvaluationError(NO_OVERLOAD)
    return value


def list_of(values: Iterable[Any], perhaps: Collection[int]) -> tuple[Any, ...]:
    """Return a list; the values at the places `perhaps` are optional."""
    items: list[Any] = []
    for at, value in enumerate(values):
        items += optional(value).values if at in perhaps else (value,)
    return tuple(items)


def map_of(pairs: Iterable[tuple[Any, Any]], perhaps: Collection[int]) -> dict[Any, Any]:
    """Return a map; the values at the places `perhaps` are optional."""
    entries: list[tuple[Any, Any]] = []
    for at, (key, value) in enumerate(pairs):
        values = optional(value).values if at in perhaps else (value,)
        entries += [(key, each) for each in values]
    return mapping(entries)


def transformed(pairs: Iterable[tuple[Any, Any]]) -> dict[Any, Any]:
    """Return the map of pairs that a macro gives one by one."""
    return mapping(list(pairs))


def optional_map(value: object, step: Callable[[Any], Any]) -> Maybe:
    """Return what a step makes of an optional value, if it is there."""
    return Maybe(tuple(map(step, optional(value).values)))


def optional_flat_map(value: object, step: Callable[[Any], Any]) -> Maybe:
    """Return the optional value a step makes of one that is there, else none."""
    results = optional_map(value, step).values
    return optional(results[0]) if results else NONE


def has_key(values: object, key: Any) -> bool:
    """Return whether a map, or one that is perhaps there, has a key."""
    if isinstance(values, Maybe):
        return bool(values.values) and has_key(values.values[0], key)
    if not isinstance(values, Mapping):
        raise EvaluationError(NO_OVERLOAD)
    return held(key, values)


def optional_item(values: Sequence[Any], at: int) -> Maybe:
    """Return the item at an index if there is one."""
    return Maybe((values[at],)) if 0 <= at < len(values) else NONE


def optional_entry(values: Mapping[Any, Any], key: Any) -> Maybe:
    """Return what a map holds under a key if it holds something."""
    return Maybe((values[key],)) if held(key, values) else NONE


def item_of_optional(values: Maybe, at: int) -> Maybe:
    """Return the item of a list that is perhaps there."""
    return optional_item(listed(values.values[0]), at) if values.values else NONE


def entry_of_optional(values: Maybe, key: Any) -> Maybe:
    """Return what a map that is perhaps there holds under a key."""
    return optional_entry(mapped(values.values[0]), key) if values.values else NONE


def some(value: Any) -> Maybe:
    """Return a value as one that is there."""
    return Maybe((value,))


def none() -> Maybe:
    """Return the value that is not there."""
    return NONE


def some_unless_zero(value: Any) -> Maybe:
    """Return a value as one that is there, unless it is the zero of its type."""
    empty = value is None or (not value and not isinstance(value, Maybe)) or value == NONE
    return NONE if empty else Maybe((value,))


def has_value(value: Maybe) -> bool:
    """Return whether an optional value is there."""
    return bool(value.values)


def value_of(value: Maybe) -> Any:
    """Return an optional value, which must be there."""
    if not value.values:
        raise failure("可选值不存在", "the optional value is not there")
    return value.values[0]


def or_optional(value: Maybe, other: Maybe) -> Maybe:
    """Return an optional value, or another if it is not there."""
    return value if value.values else other


def or_value(value: Maybe, other: Any) -> Any:
    """Return an optional value, or something else if it is not there."""
    return value.values[0] if value.values else other


COLLECTIONS: Mapping[str, Callable[..., Any]] = {
    "join_text": join_text,
    "join_bytes": join_bytes,
    "join_list": join_list,
    "item": item,
    "item_at_number": item_at_number,
    "entry": entry,
    "size": len,
    "has_key": has_key,
    "list_of": list_of,
    "map_of": map_of,
    "mapping": mapping,
    "merged": merged,
    "transformed": transformed,
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
"""What each overload does, by its id."""
