"""Things by name, which say what a name that is not there may have meant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Generic, TypeVar

from telecom_rules.errors import UnknownName
from telecom_rules.frozen import Immutable
from telecom_rules.suggestions import find_nearest
from telecom_rules.wording import Wording, shorten

if TYPE_CHECKING:
    from typing import Self


T = TypeVar("T")


class NamedMapping(Immutable, Mapping[str, T], Generic[T]):
    """Things of a pack by name. A name that is not there raises `UnknownName`."""

    __slots__ = ("_kind", "_members")

    def __init__(self, kind: Wording, things: Mapping[str, T]) -> None:
        self._kind = kind
        self._members = things

    def __getitem__(self, name: str) -> T:
        word = str.__str__(name) if issubclass(type(name), str) else shorten(name)
        if word in self._members:
            return self._members[word]
        raise UnknownName(self._kind, word, find_nearest(word, self._members))

    def __contains__(self, name: object) -> bool:
        return issubclass(type(name), str) and str.__str__(name) in self._members

    def __iter__(self) -> Iterator[str]:
        return iter(self._members)

    def __len__(self) -> int:
        return len(self._members)

    def __reduce__(self) -> tuple[type[Self], tuple[Wording, Mapping[str, T]]]:
        return type(self), (self._kind, dict(self._members))  # which may be a view

    def __repr__(self) -> str:
        return f"<{len(self)} of kind {self._kind.en}: {', '.join(self)}>"
