"""A cache of explanation lines.

Within one edition the reason why a rule does not hold depends only on the facts it reads, and most
records have few different values of these: a line is made once for each combination.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeVar

from telecom_rules.vocabulary import INSTANT, ListType, MapType, RecordType

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Mapping

    from telecom_rules.expressions import Budget, Expression
    from telecom_rules.vocabulary import Field


T = TypeVar("T")

MOST_KEPT: Final = 5_000
"""Entries that are kept; a full cache is emptied."""


class ExplanationCache:
    """A cache whose keys contain everything its values depend on.

    Threads may share it: two of them may make the same entry, and either is right.

    Attributes:
        entries: the cached values by key; `None` is not a key.
    """

    __slots__ = ("entries",)

    def __init__(self) -> None:
        self.entries: dict[Hashable, Any] = {}

    def recall(self, key: Hashable, make: Callable[[], T], budget: Budget | None = None) -> T:
        """Return the entry of `key`, or make and keep it.

        What was cut because `budget` is spent is not kept.
        """
        try:
            entry: T = self.entries[key]
        except KeyError:
            entry = make()
            if budget is not None and budget.is_spent:
                return entry
            if len(self.entries) >= MOST_KEPT:
                self.entries.clear()
            self.entries[key] = entry
        return entry


def key_facts_of(
    tests: Iterable[Expression], fields: Mapping[str, Field]
) -> tuple[str, ...] | None:
    """Return the facts that conditions depend on; `None` where their lines cannot be cached.

    They cannot where other policies or the day are read; nor for instants, since equal ones may
    have different offsets, and lists, which may be long.
    """
    names = {name for test in tests for name in test.reads if not name.startswith("parameters.")}
    if not names <= fields.keys():
        return None
    if any(
        fields[name].type is INSTANT
        or isinstance(fields[name].type, ListType | MapType | RecordType)
        for name in names
    ):
        return None
    return tuple(sorted(names))
