"""Immutable values: what copies as itself, a mapping as fast as a `dict`, all written as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import fields
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, NoReturn, TypeAlias, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Self

    from pydantic_core.core_schema import CoreSchema

K = TypeVar("K")
V = TypeVar("V")

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
"""A value written as JSON."""


def dump_value(value: object) -> Json:
    """Return a value as exact JSON; `read_value` reads that of a fact back as an equal value.

    Exact numbers, dates and instants are texts; a length of time is a text such as `"3600s"`.
    What has a `dump` of its own is written by it, and anything unknown as its text.
    """
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str):
        return value if type(value) is str else str.__str__(value)  # the word of an enumeration
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return format_span(value)
    if isinstance(value, Mapping):
        return {dump_key(name): dump_value(each) for name, each in value.items()}
    if hasattr(value, "dump"):
        dumped: Json = value.dump()
        return dumped
    if isinstance(value, tuple | list):
        return [dump_value(each) for each in value]
    if isinstance(value, AbstractSet):
        return [dump_value(each) for each in sorted(value, key=str)]
    return str(value)


def dump_key(name: object) -> str:
    """Return the key of a mapping as plain text."""
    return str.__str__(name) if isinstance(name, str) else str(name)


def format_span(length: timedelta) -> str:
    """Return a length of time in seconds with its exact fraction: `-1.5s`."""
    micros = length // timedelta(microseconds=1)
    whole, part = divmod(abs(micros), 1_000_000)
    text = f"{'-' if micros < 0 else ''}{whole}"
    return f"{text}.{part:06d}".rstrip("0") + "s" if part else text + "s"


class Immutable:
    """A value that nobody can change, so that each copy of it is itself."""

    __slots__ = ()

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self


class Portable(Immutable):
    """A value that a host shows, stores or sends on. A dataclass is dumped by its attributes."""

    __slots__ = ()

    def dump(self) -> dict[str, Json]:
        """Return it as JSON: each attribute by its name, texts in both languages."""
        names = [each.name for each in fields(self)]  # type: ignore[arg-type]  # a dataclass
        return {name: dump_value(getattr(self, name)) for name in names}

    def __iter__(self) -> Iterator[tuple[str, Json]]:
        """Yield the parts of `dump`: for `dict`, and for frameworks that write out any object."""
        return iter(self.dump().items())

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: object, _handler: object) -> CoreSchema:
        """Return how pydantic, and so a typed route, writes it: as `dump` does."""
        return build_dumping_schema(cls)


def build_dumping_schema(kind: type[object]) -> CoreSchema:
    """Return the pydantic schema of instances of `kind` that are written by their `dump`."""
    from pydantic_core import core_schema  # noqa: PLC0415 - only who asks for a schema needs it

    writing = core_schema.plain_serializer_function_ser_schema(
        lambda value: value.dump(), return_schema=core_schema.dict_schema()
    )
    return core_schema.is_instance_schema(kind, serialization=writing)


class FrozenDict(Immutable, dict[K, V]):
    """A mapping that cannot be changed, so that it may be shared, copied by itself and pickled.

    `types.MappingProxyType` is a view, which can be neither copied nor pickled, and which changes
    with the mapping below it. It is used where just that is wanted.
    """

    __slots__ = ()

    def _refuse(self, *_args: object, **_named: object) -> NoReturn:
        """Raise `TypeError`: the value cannot be changed."""
        raise TypeError("this mapping cannot be changed; make a `dict` of it")

    __setitem__: Callable[..., NoReturn] = _refuse
    __delitem__: Callable[..., NoReturn] = _refuse
    __ior__: Callable[..., NoReturn] = _refuse
    clear: Callable[..., NoReturn] = _refuse
    pop: Callable[..., NoReturn] = _refuse
    popitem: Callable[..., NoReturn] = _refuse
    setdefault: Callable[..., NoReturn] = _refuse
    update: Callable[..., NoReturn] = _refuse

    def __hash__(self) -> int:  # type: ignore[override]  # a `dict` has none, because it can change
        return hash(frozenset(self.items()))

    def __reduce__(self) -> tuple[type[Self], tuple[Mapping[K, V]]]:
        return type(self), (dict(self),)
