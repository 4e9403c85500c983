"""What was said before: lines of an explanation that depend on few values, kept for the next one.

Why a rule does not hold depends on the facts it reads and on nothing else while the same figures
are in force, and most records have few different values of these. A line is worked out once for
each of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeVar

from telecom_rules.vocabulary import INSTANT, ListType, MapType, RecordType

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Mapping

    from telecom_rules.expressions import Expression
    from telecom_rules.vocabulary import Field


T = TypeVar("T")

MOST_KEPT: Final = 5_000
"""Things that are kept; beyond them everything is forgotten and begun anew."""


class ExplanationCache:
    """Remembers what was worked out, by a key that says all it depends on.

    Threads may share it: two of them may work out the same, and either answer is right.

    Attributes:
        entries: what is remembered, by its key; never under `None`.
    """

    __slots__ = ("entries",)

    def __init__(self) -> None:
        self.entries: dict[Hashable, Any] = {}

    def recall(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what was made for `key`, or make it now."""
        try:
            known: T = self.entries[key]
        except KeyError:
            known = make()
            if len(self.entries) >= MOST_KEPT:
                self.entries.clear()
            self.entries[key] = known
        return known


def key_facts_of(
    tests: Iterable[Expression], fields: Mapping[str, Field]
) -> tuple[str, ...] | None:
    """Return the facts that conditions depend on; `None` where they depend on something else.

    Instants that are equal may be written with different offsets, and lists may be long: what
    depends on them is not remembered.
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
