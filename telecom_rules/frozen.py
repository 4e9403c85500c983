"""Immutable values: what copies as itself, and a mapping with the speed of a `dict`."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Self

K = TypeVar("K")
V = TypeVar("V")


class Immutable:
    """A value that nobody can change, so that each copy of it is itself."""

    __slots__ = ()

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self


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
