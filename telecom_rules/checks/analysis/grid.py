"""Searches the space of a table for points that no rule covers and rules that intersect.

A box is a bit mask of samples per axis, and a set of boxes is a bit mask too, so that a step of a
search is one `&`. The search goes axis by axis; samples that leave the same boxes are searched
once.
"""

from __future__ import annotations

import operator
from bisect import bisect_left
from dataclasses import dataclass, field
from itertools import accumulate
from typing import TYPE_CHECKING, Final, TypeAlias

from telecom_rules.policies.completions.budget import SearchBudget

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from telecom_rules.checks.analysis.boxes import Box, TableSpace


GridPoint: TypeAlias = tuple[int, ...]
"""The index of a sample for each axis."""
MOST_SEARCH_STEPS: Final = 1_000_000
"""Bound on the steps of one search without a budget of its own."""
WIDE_MASK: Final = 10
"""Boxes, as a power of two, whose bits are combined in the time of one step."""


@dataclass(frozen=True, slots=True)
class Grid:
    """The boxes of a table with indexes for the search.

    Attributes:
        full_box: the box of the whole space.
        boxes: every box, in the order of the rules.
        owners: for each box, the index of its rule.
        boxes_at: for each axis and sample, the boxes that contain it, as bits.
        open_from: for each axis, the boxes that do not restrict it or any later one, as bits.
        touching: the boxes found to touch some samples of an axis.
    """

    full_box: Box
    boxes: tuple[Box, ...]
    owners: tuple[int, ...]
    boxes_at: tuple[tuple[int, ...], ...]
    open_from: tuple[int, ...]
    touching: dict[tuple[int, int], int] = field(default_factory=dict)

    @classmethod
    def of(cls, space: TableSpace) -> Grid:
        """Return the grid of a space."""
        whole = tuple(axis.full_mask for axis in space.axes)
        pairs = [(at, box) for at, each in enumerate(space.regions) for box in each.boxes]
        boxes = tuple(box for _, box in pairs)
        open_from = [0] * (len(whole) + 1)
        for number, box in enumerate(boxes):
            open_to = len(whole)
            while open_to and box[open_to - 1] == whole[open_to - 1]:
                open_to -= 1
            for axis in range(open_to, len(whole) + 1):
                open_from[axis] |= 1 << number
        return cls(
            full_box=whole,
            boxes=boxes,
            owners=tuple(at for at, _ in pairs),
            boxes_at=tuple(
                index_boxes([box[at] for box in boxes], mask) for at, mask in enumerate(whole)
            ),
            open_from=tuple(open_from),
        )

    @property
    def all_boxes(self) -> int:
        """Every box, as bits."""
        return (1 << len(self.boxes)) - 1

    def boxes_before(self, rule: int) -> int:
        """Return the boxes of all rules before one, as bits: boxes are in the order of rules."""
        return (1 << bisect_left(self.owners, rule)) - 1

    def boxes_of(self, rule: int) -> int:
        """Return the boxes of a rule, as bits."""
        return self.boxes_before(rule + 1) & ~self.boxes_before(rule)

    def find_uncovered(
        self, by: int, within: Box | None = None, budget: SearchBudget | None = None
    ) -> GridPoint | None:
        """Return a point inside `within` that none of the boxes `by` contains, or `None`.

        Args:
            by: the boxes, as bits.
            within: the box that is searched, or `None` for the whole space.
            budget: the steps that may be taken; `MOST_SEARCH_STEPS` unless said otherwise.

        Raises:
            TooMuchWork: it is not decided within the budget.
        """
        inside = self.full_box if within is None else within
        budget = budget or SearchBudget(MOST_SEARCH_STEPS)
        near = by if within is None else by & self.boxes_meeting(within, budget)
        seen: set[tuple[int, int]] = set()

        def search(axis: int, alive: int) -> list[int] | None:
            if not alive:  # no box is left: any sample of the later axes is uncovered
                return [lowest_bit(mask) for mask in inside[axis:]]
            if axis == len(inside) or alive & self.open_from[axis] or (axis, alive) in seen:
                return None
            seen.add((axis, alive))
            tried: set[int] = set()
            for sample in iter_bits(inside[axis]):
                budget.spend(1 + (len(self.boxes) >> WIDE_MASK))
                left = alive & self.boxes_at[axis][sample]
                if left in tried:
                    continue
                tried.add(left)
                rest = search(axis + 1, left)
                if rest is not None:
                    return [sample, *rest]
            return None

        found = search(0, near)
        return None if found is None else tuple(found)

    def boxes_meeting(self, box: Box, budget: SearchBudget) -> int:
        """Return the boxes that intersect a box, as bits."""
        found = self.all_boxes
        for axis, mask in enumerate(box):
            if mask != self.full_box[axis]:
                found &= self.boxes_touching(axis, mask, budget)
        return found

    def boxes_touching(self, axis: int, mask: int, budget: SearchBudget) -> int:
        """Return the boxes that contain one of some samples of an axis, as bits."""
        key = axis, mask
        if key not in self.touching:
            budget.spend(mask.bit_count() * (1 + (len(self.boxes) >> WIDE_MASK)))
            samples = iter_bits(mask)
            self.touching[key] = unite_masks(self.boxes_at[axis][each] for each in samples)
        return self.touching[key]

    def iter_intersections(self, budget: SearchBudget) -> Iterator[tuple[int, int, GridPoint]]:
        """Yield each pair of rules that intersect, the earlier first, with a common point.

        Raises:
            TooMuchWork: there are more than the budget allows.
        """
        reported: set[tuple[int, int]] = set()
        for number, box in enumerate(self.boxes):
            budget.spend(len(box) + (len(self.boxes) >> WIDE_MASK))
            later = self.boxes_meeting(box, budget) >> (number + 1) << (number + 1)
            for other in iter_bits(later):
                budget.spend()
                pair = (self.owners[number], self.owners[other])
                if pair[0] != pair[1] and pair not in reported:
                    reported.add(pair)
                    yield (*pair, find_common_point(box, self.boxes[other]))


def index_boxes(masks: Sequence[int], whole: int) -> tuple[int, ...]:
    """Return for each sample of one axis the boxes that contain it, as bits.

    Args:
        masks: for each box, its samples.
        whole: every sample.
    """
    starts_and_ends = [0] * (whole.bit_length() + 1)
    for number, mask in enumerate(masks):
        for start, end in iter_runs(mask):
            starts_and_ends[start] ^= 1 << number
            starts_and_ends[end] ^= 1 << number
    return tuple(accumulate(starts_and_ends[:-1], operator.xor))


def iter_runs(mask: int) -> Iterator[tuple[int, int]]:
    """Yield the runs of bits that are set, lowest first: the first bit, and the one behind."""
    while mask:
        low = mask & -mask
        run = mask & ~(mask + low)
        yield low.bit_length() - 1, run.bit_length()
        mask ^= run


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
