"""The rules of two tables that decide the same records, found where the tables differ.

The boxes of both tables are cut on the same axes. Only inside the boxes of rules that one of them
has and the other has not may they decide otherwise, so only these are searched.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple

from telecom_rules.checks.analysis.boxes import build_space
from telecom_rules.checks.analysis.grid import WIDE_MASK, Grid, iter_bits
from telecom_rules.checks.analysis.satisfiability import spell_tree
from telecom_rules.checks.strictness.sides import TWIN
from telecom_rules.policies.hit_policies import sort_by_priority

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from telecom_rules.checks.analysis.boxes import Box, TableSpace
    from telecom_rules.checks.analysis.grid import GridPoint
    from telecom_rules.checks.strictness.sides import Sides
    from telecom_rules.policies import Policy
    from telecom_rules.policies.rules import Row


SINGLE_HIT: Final = frozenset({"first", "unique", "any", "priority"})
"""Hit policies under which one rule decides."""
MOST_POINTS: Final = 3
"""Points that are kept for two rules; a search over the facts finds other records."""
DEFAULT_RULE: Final = "default"
"""The name of the default of a table among its rules."""


class TableSide(NamedTuple):
    """The rules of one pack on the day, in the order tried, the default last.

    Attributes:
        rows: the rules.
        restated: the rules with the names that tell the packs apart.
        written: what each says as written.
        meant: what each means on the day.
    """

    rows: tuple[Row, ...]
    restated: tuple[Row, ...]
    written: tuple[str, ...]
    meant: tuple[str, ...]


class Pair(NamedTuple):
    """The rules that decide a record, in each pack; under most hit policies one, or none.

    Attributes:
        base: the places of those of the base.
        house: the places of those of the house.
    """

    base: tuple[int, ...]
    house: tuple[int, ...]


def build_side(sides: Sides, policy: Policy, *, of_house: bool) -> TableSide:
    """Return the rules of one pack."""
    rows = [row for row in policy.rows if sides.day in row.in_force]
    if policy.hit_policy == "priority":
        rows = list(sort_by_priority(rows, policy.priorities))
    if policy.default is not None and rows:
        rule = replace(rows[-1].rule, id=DEFAULT_RULE, cites=policy.cites)
        rows.append(replace(rows[-1], rule=rule, tests=(), outputs=policy.default))
    names = sides.house_names if of_house else sides.base_names
    restated = tuple(
        replace(
            row,
            tests=tuple(map(names.restate, row.tests)),
            outputs={name: names.restate(each) for name, each in row.outputs.items()},
        )
        for row in rows
    )
    written, meant = (tuple(map(spell_row, each)) for each in (rows, restated))
    return TableSide(tuple(rows), restated, written, meant)


def spell_row(row: Row) -> str:
    """Return what a rule says, as text."""
    tests = " && ".join(spell_tree(each.tree) for each in row.tests)
    outputs = ", ".join(f"{name}: {spell_tree(each.tree)}" for name, each in row.outputs.items())
    return f"{tests} => {outputs}"


def find_unmatched(
    base: Sequence[str], house: Sequence[str]
) -> tuple[frozenset[int], frozenset[int]]:
    """Return the places of what only one of two lists has, or has elsewhere in its order."""
    matched = SequenceMatcher(None, base, house, autojunk=False).get_matching_blocks()
    kept = [(block.a + at, block.b + at) for block in matched for at in range(block.size)]
    ones, others = {one for one, _ in kept}, {other for _, other in kept}
    return frozenset(range(len(base))) - ones, frozenset(range(len(house))) - others


@dataclass
class TablePairs:
    """Both tables on one day, in one space.

    Attributes:
        sides: both policies.
    """

    sides: Sides

    @cached_property
    def base(self) -> TableSide:
        """The rules of the base."""
        return build_side(self.sides, self.sides.base, of_house=False)

    @cached_property
    def house(self) -> TableSide:
        """The rules of the house."""
        return build_side(self.sides, self.sides.house, of_house=True)

    @property
    def is_single(self) -> bool:
        """Whether one rule decides in both packs."""
        policies = (self.sides.base, self.sides.house)
        return all(each.hit_policy in SINGLE_HIT for each in policies)

    @property
    def is_same(self) -> bool:
        """Whether both tables say the same."""
        return self.base.meant == self.house.meant and self.has_same_hits

    @property
    def has_same_hits(self) -> bool:
        """Whether both tables combine the rules that hold in the same way."""
        one, other = self.sides.base, self.sides.house
        return (one.hit_policy, one.aggregation) == (other.hit_policy, other.aggregation)

    @cached_property
    def space(self) -> TableSpace:
        """The boxes of both tables, those of the base first."""
        rows = (*self.base.restated, *self.house.restated)
        return build_space(rows, {}, self.sides.known_values, self.sides.budget)

    @cached_property
    def grid(self) -> Grid:
        """The boxes with their indexes."""
        return Grid.of(self.space)

    @cached_property
    def base_boxes(self) -> int:
        """The boxes of the base, as bits."""
        return self.boxes_of(range(len(self.base.rows)))

    @cached_property
    def differing(self) -> int:
        """The boxes of the rules that one pack has and the other has not, as bits."""
        count = len(self.base.rows)
        if not self.has_same_hits:
            return self.grid.all_boxes
        base, house = find_unmatched(self.base.meant, self.house.meant)
        return self.boxes_of([*base, *(count + each for each in house)])

    def boxes_of(self, owners: Sequence[int]) -> int:
        """Return the boxes of some rules, as bits."""
        wanted = set(owners)
        return sum(1 << at for at, owner in enumerate(self.grid.owners) if owner in wanted)

    @cached_property
    def permitted(self) -> Box:
        """The points of the base: codes that only the house has are left out."""
        return tuple(map(self.permitted_of, range(len(self.space.axes))))

    def permitted_of(self, axis: int) -> int:
        """Return the samples of an axis that the base knows, as bits."""
        found = self.space.axes[axis]
        field = self.sides.base.facts.fields.get(found.name)
        codes = None if field is None else getattr(field.type, "codes", None)
        if codes is None:
            return found.full_mask
        house_only = getattr(self.sides.house.facts.fields[found.name].type, "codes", {})
        foreign = house_only.keys() - codes.keys()
        return sum(1 << at for at, each in enumerate(found.samples) if each not in foreign)

    @cached_property
    def twins(self) -> Mapping[int, int]:
        """The axes of outputs of the house, each with the axis of the same output in the base.

        An axis and its twin are neighbours: axes are sorted by name.
        """
        names = [axis.name for axis in self.space.axes]
        return {at: at - 1 for at, name in enumerate(names) if at and name == names[at - 1] + TWIN}

    def permitted_at(self, axis: int, sample: int) -> int:
        """Return the samples of an axis that occur together with a sample of its twin."""
        mask = self.permitted[axis]
        base = self.space.axes[axis - 1]
        peer = self.sides.peers.get(base.name)
        if axis not in self.twins or peer is None or peer.together is None:
            return mask
        one = base.samples[sample]
        return sum(
            1 << at
            for at, other in enumerate(self.space.axes[axis].samples)
            if mask >> at & 1 and (one, other) in peer.together
        )

    def find_pairs(self) -> Mapping[Pair, list[GridPoint]]:
        """Return the rules that decide together where the tables differ, each with some points.

        Raises:
            TooMuchWork: the budget is spent.
        """
        found: dict[Pair, list[GridPoint]] = {}
        seen: set[tuple[int, int, int]] = set()
        point: list[int] = []

        def search(axis: int, alive: int) -> None:
            alive = self.drop_later(axis, alive)
            key = (axis, alive, point[-1] if axis in self.twins else 0)
            if not alive & self.differing or key in seen:
                return
            seen.add(key)
            if axis == len(self.space.axes):
                points = found.setdefault(self.pair_of(alive), [])
                if len(points) < MOST_POINTS:
                    points.append(tuple(point))
                return
            for sample in iter_bits(self.permitted_at(axis, key[2])):
                self.sides.budget.spend(1 + (len(self.grid.boxes) >> WIDE_MASK))
                point.append(sample)
                search(axis + 1, alive & self.grid.boxes_at[axis][sample])
                point.pop()

        search(0, self.grid.all_boxes)
        return found

    def drop_later(self, axis: int, alive: int) -> int:
        """Return the boxes without those behind one that decides all that is left."""
        if not self.is_single:
            return alive
        kept = 0
        for mine in (alive & self.base_boxes, alive & ~self.base_boxes):
            certain = mine & self.grid.open_from[axis]
            first = certain & -certain
            kept |= mine & ((first << 1) - 1) if first else mine
        return kept

    def pair_of(self, alive: int) -> Pair:
        """Return the rules that decide a point that lies in some boxes."""
        owners, count = self.grid.owners, len(self.base.rows)
        base = dict.fromkeys(owners[each] for each in iter_bits(alive & self.base_boxes))
        house = dict.fromkeys(owners[each] - count for each in iter_bits(alive & ~self.base_boxes))
        if self.is_single:
            return Pair(tuple(base)[:1], tuple(house)[:1])
        return Pair(tuple(base), tuple(house))

    def find_rivals(self, place: int, *, of_house: bool) -> tuple[int, ...]:
        """Return the earlier rules of the same pack that may match a record of a rule."""
        offset = len(self.base.rows) if of_house else 0
        met = 0
        for box in self.space.regions[offset + place].boxes:
            met |= self.grid.boxes_meeting(box, self.sides.budget)
        owners = {self.grid.owners[each] for each in iter_bits(met)}
        return tuple(each - offset for each in sorted(owners) if offset <= each < offset + place)
