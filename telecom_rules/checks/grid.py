"""Searches in the space of a table: what no rule covers, which rules meet, which are never reached.

Boxes are sets of bits, and so is a set of boxes, so that a step of a search is an `&`. Axes are cut
one after the other; stretches of an axis in which the same boxes go on are looked at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from telecom_rules.checks.boxes import Box, Space

__all__ = ["Grid", "Point", "TooLarge", "common"]

Point: TypeAlias = tuple[int, ...]
"""For each axis, the number of a sample."""
MOST_STEPS = 200_000
"""Steps of one search; one that needs more is given up."""


class TooLarge(Exception):
    """A search needs more than `MOST_STEPS` steps."""


@dataclass(frozen=True, slots=True)
class Grid:
    """The boxes of a table, ready to be searched.

    Attributes:
        whole: for each axis, all its samples as bits.
        boxes: every box, those of a rule in a row.
        owner: for each box, the number of its rule.
        holds: for each axis and sample, the boxes that contain it, as bits.
        free: for each axis, the boxes that leave it and all later ones open, as bits.
    """

    whole: Box
    boxes: tuple[Box, ...]
    owner: tuple[int, ...]
    holds: tuple[tuple[int, ...], ...]
    free: tuple[int, ...]

    @classmethod
    def of(cls, space: Space) -> Grid:
        """Return the grid of a space."""
        whole = tuple(axis.whole for axis in space.axes)
        pairs = [(at, box) for at, each in enumerate(space.regions) for box in each.boxes]
        boxes = tuple(box for _, box in pairs)
        holds = [[0] * len(axis.samples) for axis in space.axes]
        free = [0] * (len(whole) + 1)
        for number, box in enumerate(boxes):
            for axis, mask in enumerate(box):
                for sample in bits(mask):
                    holds[axis][sample] |= 1 << number
            open_to = len(whole)
            while open_to and box[open_to - 1] == whole[open_to - 1]:
                open_to -= 1
            for axis in range(open_to, len(whole) + 1):
                free[axis] |= 1 << number
        return cls(
            whole, boxes, tuple(at for at, _ in pairs), tuple(map(tuple, holds)), tuple(free)
        )

    def by_rule(self) -> dict[int, int]:
        """Return the boxes of each rule that has any, as bits."""
        found: dict[int, int] = {}
        for at, owner in enumerate(self.owner):
            found[owner] = found.get(owner, 0) | 1 << at
        return found

    def of_rules(self, numbers: Iterable[int]) -> int:
        """Return the boxes of some rules, as bits."""
        mine = self.by_rule()
        return either(mine.get(each, 0) for each in numbers)

    def uncovered(self, by: int, within: Box | None = None) -> Point | None:
        """Return a point inside `within` that none of the boxes `by` contains, or `None`.

        Raises:
            TooLarge: there is no telling within `MOST_STEPS` steps.
        """
        inside = self.whole if within is None else within
        whole = within is None
        seen: set[tuple[int, int]] = set()

        def search(axis: int, alive: int) -> list[int] | None:
            if not alive:
                return [first(mask) for mask in inside[axis:]]
            if axis == len(inside) or (whole and alive & self.free[axis]):
                return None
            if (axis, alive) in seen:
                return None
            if len(seen) == MOST_STEPS:
                raise TooLarge
            seen.add((axis, alive))
            tried: set[int] = set()
            for sample in bits(inside[axis]):
                left = alive & self.holds[axis][sample]
                if left in tried:
                    continue
                tried.add(left)
                rest = search(axis + 1, left)
                if rest is not None:
                    return [sample, *rest]
            return None

        found = search(0, by)
        return None if found is None else tuple(found)

    def meetings(self) -> Iterator[tuple[int, int, Point]]:
        """Yield the rules that meet, earlier one first, each pair once, with a point of both."""
        told: set[tuple[int, int]] = set()
        for number, box in enumerate(self.boxes):
            later = ((1 << len(self.boxes)) - 1) & ~((1 << (number + 1)) - 1)
            for axis, mask in enumerate(box):
                later &= either(self.holds[axis][sample] for sample in bits(mask))
            for other in bits(later):
                pair = (self.owner[number], self.owner[other])
                if pair[0] != pair[1] and pair not in told:
                    told.add(pair)
                    yield (*pair, common(box, self.boxes[other]))


def bits(mask: int) -> Iterator[int]:
    """Yield the numbers of the bits that are set, lowest first."""
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


def first(mask: int) -> int:
    """Return the number of the lowest bit that is set."""
    return (mask & -mask).bit_length() - 1


def either(masks: Iterable[int]) -> int:
    """Return all bits of `masks`."""
    found = 0
    for each in masks:
        found |= each
    return found


def common(one: Sequence[int], other: Sequence[int]) -> Point:
    """Return a point of two boxes that meet."""
    return tuple(first(a & b) for a, b in zip(one, other, strict=True))
