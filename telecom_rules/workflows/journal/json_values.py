"""JSON values as they are stored, read within bounds."""

from __future__ import annotations

import marshal
from math import isfinite
from typing import TYPE_CHECKING

from telecom_rules.documents.scalars import LARGEST_INTEGER, LEAST_INTEGER

if TYPE_CHECKING:
    from collections.abc import Iterable

    from telecom_rules.vocabulary import Json


MOST_LEVELS = 32
"""Lists and objects inside one another."""
MOST_VALUES = 100_000
"""Values in all, names not counted."""


def read_stored(data: dict[str, object]) -> dict[str, object] | None:
    """Return what a host has stored as made of plain types, or `None` if it is not JSON.

    A `dict` of a class of its own is one of a host's library; what its methods do has no bounds.
    """
    try:
        marshal.dumps(data)  # takes the built-in types alone, at a fraction of the price of a walk
    except ValueError:
        try:
            return {read_text(name): read_json(each) for name, each in data.items()}
        except ValueError:
            return None
    return data


def read_json(data: object) -> Json:
    """Return a JSON value as made anew of plain types.

    Raises:
        ValueError: it is not one, or holds an unpaired surrogate, an integer of more than 64 bits,
            or more than is allowed.
    """
    return Reading().read(data, MOST_LEVELS)


class Reading:
    """One reading of a JSON value: it counts, because a list may hold another many times."""

    def __init__(self) -> None:
        self.left = MOST_VALUES

    def read(self, value: object, levels: int) -> Json:
        """Return `value`, with at most so many levels in it, as made of plain types."""
        self.left -= 1
        if levels < 0 or self.left < 0:
            raise ValueError("too much")
        kind = type(value)
        if issubclass(kind, dict):
            named: Iterable[tuple[object, object]] = dict.items(value)  # type: ignore[arg-type]  # a `dict`
            return {read_text(name): self.read(each, levels - 1) for name, each in named}
        if issubclass(kind, list):
            items: Iterable[object] = list.__iter__(value)  # type: ignore[arg-type]  # a `list`
            return [self.read(each, levels - 1) for each in items]
        if value is None or kind is bool:
            return value  # type: ignore[return-value]  # one of three
        if kind is int and LEAST_INTEGER <= value <= LARGEST_INTEGER:  # type: ignore[operator]  # a number
            return value  # type: ignore[return-value]  # a whole number
        if kind is float and isfinite(value):  # type: ignore[arg-type]  # a number
            return value  # type: ignore[return-value]  # a number
        return read_text(value)


def read_text(value: object) -> str:
    """Return a text, as a plain `str`.

    Raises:
        ValueError: it is not one, or UTF-8 cannot carry it.
    """
    if not issubclass(type(value), str):
        raise ValueError("not JSON")  # noqa: TRY004 - what `read_json` promises
    text = str.__str__(value)
    text.encode()
    return text
