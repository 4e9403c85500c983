"""Chance that falls the same way every time."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

T = TypeVar("T")


class Dice:
    """Chance from one seed, by `random()` alone: every Python gives the same numbers for it."""

    def __init__(self, seed: int) -> None:
        self._roll = random.Random(seed).random

    def below(self, limit: int) -> int:
        """Return a whole number from 0 up to but not including `limit`."""
        return int(self._roll() * limit)

    def pick(self, items: Sequence[T]) -> T:
        """Return one of `items`."""
        return items[self.below(len(items))]

    def chance(self, percent: int) -> bool:
        """Return true in `percent` of a hundred cases."""
        return self.below(100) < percent


def flag(value: bool) -> str:  # noqa: FBT001 - the value itself
    """Return a boolean as a spreadsheet cell that every reader understands."""
    return "true" if value else "false"
