"""Searches the space of a table for points that no rule covers and rules that intersect.

A box is a bit mask of samples per axis, and a set of boxes is a bit mask too, so that a step of a
search is one `&`. The search goes axis by axis; samples that leave the same boxes are searched
once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from telecom_rules.checks.analysis.boxes import Box, TableSpace


GridPoint: TypeAlias = tuple[int, ...]
"""The index of a sample for each axis."""
MOST_SEARCH_STEPS = 200_000
"""Bound on the steps of one search."""


class SearchTooLarge(Exception):
    """A search takes more than `MOST_SEARCH_STEPS` steps."""


@dataclass(frozen=True, slots=True)
class Grid:
    """The boxes of a table with indexes for the search.

    Attributes:
        full_box: the box of the whole space.
        boxes: every box, in the order of the rules.
        owners: for each box, the index of its rule.
        boxes_at: for each axis and sample, the boxes that contain it, as bits.
        open_from: for each axis, the boxes that do not restrict it or any later one, as bits.
    """

    full_box: Box
    boxes: tuple[Box, ...]
    owners: tuple[int, ...]
    boxes_at: tuple[tuple[int, ...], ...]
    open_from: tuple[int, ...]

    @classmethod
    def of(cls, space: TableSpace) -> Grid:
        """Return the grid of a space."""
        whole = tuple(axis.full_mask for axis in space.axes)
        pairs = [(at, box) for at, each in enumerate(space.regions) for box in each.boxes]
        boxes = tuple(box for _, box in pairs)
        boxes_at = [[0] * len(axis.samples) for axis in space.axes]
        open_from = [0] * (len(whole) + 1)
        for number, box in enumerate(boxes):
            for axis, mask in enumerate(box):
                for sample in iter_bits(mask):
                    boxes_at[axis][sample] |= 1 << number
            open_to = len(whole)
            while open_to and box[open_to - 1] == whole[open_to - 1]:
                open_to -= 1
            for axis in range(open_to, len(whole) + 1):
                open_from[axis] |= 1 << number
        return cls(
            full_box=whole,
            boxes=boxes,
            owners=tuple(at for at, _ in pairs),
            boxes_at=tuple(map(tuple, boxes_at)),
            open_from=tuple(open_from),
        )

    def boxes_by_rule(self) -> dict[int, int]:
        """Return the boxes of each rule, as bits; rules without boxes are left out."""
        found: dict[int, int] = {}
        for at, owner in enumerate(self.owners):
            found[owner] = found.get(owner, 0) | 1 << at
        return found

    def boxes_of_rules(self, numbers: Iterable[int]) -> int:
        """Return the boxes of some rules, as bits."""
        by_rule = self.boxes_by_rule()
        return unite_masks(by_rule.get(each, 0) for each in numbers)

    def find_uncovered(self, by: int, within: Box | None = None) -> GridPoint | None:
        """Return a point inside `within` that none of the boxes `by` contains, or `None`.

        Raises:
            SearchTooLarge: it is not decided within `MOST_SEARCH_STEPS` steps.
        """
        inside = self.full_box if within is None else within
        whole = within is None
        seen: set[tuple[int, int]] = set()

        def search(axis: int, alive: int) -> list[int] | None:
            if not alive:  # no box is left: any sample of the later axes is uncovered
                return [lowest_bit(mask) for mask in inside[axis:]]
            if axis == len(inside) or (whole and alive & self.open_from[axis]):
                return None
            if (axis, alive) in seen:
                return None
            if len(seen) == MOST_SEARCH_STEPS:
                raise SearchTooLarge
            seen.add((axis, alive))
            tried: set[int] = set()
            for sample in iter_bits(inside[axis]):
                left = alive & self.boxes_at[axis][sample]
                if left in tried:
                    continue
                tried.add(left)
                rest = search(axis + 1, left)
                if rest is not None:
                    return [sample, *rest]
            return None

        found = search(0, by)
        return None if found is None else tuple(found)

    def iter_intersections(self) -> Iterator[tuple[int, int, GridPoint]]:
        """Yield each pair of rules that intersect, the earlier first, with a common point."""
        reported: set[tuple[int, int]] = set()
        for number, box in enumerate(self.boxes):
            later = ((1 << len(self.boxes)) - 1) & ~((1 << (number + 1)) - 1)
            for axis, mask in enumerate(box):
                later &= unite_masks(self.boxes_at[axis][sample] for sample in iter_bits(mask))
            for other in iter_bits(later):
                pair = (self.owners[number], self.owners[other])
                if pair[0] != pair[1] and pair not in reported:
                    reported.add(pair)
                    yield (*pair, find_common_point(box, self.boxes[other]))


def iter_bits(mask: int) -> Iterator[int]:
    """Yield the numbers of the bits that are set, lowest first."""
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


def lowest_bit(mask: int) -> int:
    """Return the number of the lowest bit that is set."""
    return (mask & -mask).bit_length() - 1


def unite_masks(masks: Iterable[int]) -> int:
    """Return the union of `masks`."""
    found = 0
    for each in masks:
        found |= each
    return found


def find_common_point(one: Sequence[int], other: Sequence[int]) -> GridPoint:
    """Return a point of two boxes that intersect."""
    return tuple(lowest_bit(a & b) for a, b in zip(one, other, strict=True))
