"""What the static comparison of a house with its base leaves undecided, put to the solver."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Final

from telecom_rules.checks.laxer_than_base import CODE_OF
from telecom_rules.checks.refinement.workflows import compare_workflows
from telecom_rules.checks.strictness import Direction
from telecom_rules.checks.strictness.places import describe, find_placed
from telecom_rules.checks.strictness.policies import with_settings_of
from telecom_rules.findings.kinds import CLOCK
from telecom_rules.proofs.comparison import (
    Comparison,
    Relation,
    Way,
    compare_policy,
)
from telecom_rules.proofs.counterexample import Counterexample
from telecom_rules.proofs.implications import SolvedFigures
from telecom_rules.proofs.runs.properties import prove_with_solver
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from telecom_rules.checks.analysis.state_space import StateSpace
    from telecom_rules.checks.analysis.verdicts import PropertyProof
    from telecom_rules.checks.strictness import Deviation
    from telecom_rules.checks.strictness.places import Placed
    from telecom_rules.findings import Finding
    from telecom_rules.pack import Pack, Reading
    from telecom_rules.policies import Policy
    from telecom_rules.workflows import Property


REFUSED_WAYS: Final = {Way.LAXER: Direction.LAXER, Way.OTHER: Direction.INCOMPARABLE}
SHOWN = Wording("`{policy}`：{facts}（规则日期：{day}）", "`{policy}` on {facts} (rules of {day})")
STILL = Wording("{what}；求解器：{why}", "{what}; the solver: {why}")
NOT_POLICIES = Wording(
    "求解器只判断策略、条件和流程约束", "only policies, guards and properties are put to it"
)


@dataclass(frozen=True, slots=True)
class Settled:
    """A deviation that was undecided, and what is known of it now.

    Attributes:
        deviation: the deviation.
        finding: the mistake, or that it is still undecided; `None` if it was proved.
        counterexample: the record that shows the mistake, or `None`.
        is_settled: whether it is decided now.
    """

    deviation: Deviation
    finding: Finding | None = None
    counterexample: Counterexample | None = None
    is_settled: bool = True


def settle_deviations(reading: Reading) -> Iterator[Settled]:
    """Yield each deviation from a base that was undecided, with what is known of it now."""
    if reading.pack is None:
        return
    found = list(find_placed(reading, CODE_OF))
    told = [each.deviation for each in found if each.deviation.is_refused]
    by_base = {id(each.base): OneBase(each.base, reading.pack, told) for each in found}
    for each in found:
        if each.deviation.direction is Direction.UNDECIDED:
            yield from by_base[id(each.base)].settle(each)


@dataclass
class OneBase:
    """What the solver makes of a house and one of its bases, each policy once.

    Attributes:
        base: the base.
        house: the house.
        told: the deviations that are refused already.
    """

    base: Pack
    house: Pack
    told: Sequence[Deviation]
    kept: dict[str, Comparison] = field(default_factory=dict)

    @cached_property
    def own(self) -> Mapping[str, Policy]:
        """The policies of the house, with the settings of the base."""
        return with_settings_of(self.base, self.house)

    @cached_property
    def flows(self) -> list[Deviation]:
        """What is refused or undecided of workflows when the solver is asked as well."""
        told = {(each.parts, each.direction, each.wording) for each in self.told}
        return [
            each
            for each in compare_again(self.base, self.house)
            if (each.parts, each.direction, each.wording) not in told
        ]

    def settle(self, placed: Placed) -> Iterator[Settled]:
        """Yield what is now known of a deviation."""
        deviation = placed.deviation
        if deviation.parts[0].within.startswith("workflows."):
            yield from settle_part(placed, [e for e in self.flows if e.parts == deviation.parts])
        elif deviation.policy is None:
            yield Settled(deviation, leave(placed, deviation, NOT_POLICIES), is_settled=False)
        else:
            name = deviation.policy
            if name not in self.kept:
                pair = self.base.policies[name], self.own[name]
                self.kept[name] = compare_policy(*pair, outputs=find_judged(*pair))
            yield settle(placed, self.kept[name])


def compare_again(base: Pack, house: Pack) -> list[Deviation]:
    """Return what is refused or undecided of workflows when the solver is asked as well."""

    def prove(space: StateSpace, demand: Property) -> PropertyProof:
        is_of_base = any(space.workflow is each for each in base.workflows.values())
        return prove_with_solver(space, demand, base if is_of_base else house)

    found = compare_workflows(base, house, figures=SolvedFigures, prove=prove)
    return [each for each in found if each.is_law and each.direction in {*CODE_OF}]


def settle_part(placed: Placed, left: Sequence[Deviation]) -> Iterator[Settled]:
    """Yield what is now known of a part of a workflow that was undecided."""
    if not left:
        yield Settled(placed.deviation)
    for each in left:
        is_settled = each.direction is not Direction.UNDECIDED
        if not is_settled and each.parts[0].what == CLOCK:
            finding = leave(placed, each, NOT_POLICIES)
        else:
            finding = placed.build_finding(CODE_OF[each.direction], describe(each))
        yield Settled(each, finding, is_settled=is_settled)


def settle(placed: Placed, found: Comparison) -> Settled:
    """Return what a comparison says of a deviation."""
    deviation = placed.deviation
    for way, direction in REFUSED_WAYS.items():
        if way in found.shown:
            shown = found.shown[way]
            values = {"policy": found.name, "facts": found.describe(shown), "day": shown.day}
            finding = placed.build_finding(CODE_OF[direction], SHOWN.fill(**values))
            return Settled(deviation, finding, Counterexample(found.new, *shown))
    if found.relation is Relation.UNDECIDED and found.why is not None:
        return Settled(deviation, leave(placed, deviation, found.why), is_settled=False)
    return Settled(deviation)


def leave(placed: Placed, deviation: Deviation, why: Wording) -> Finding:
    """Return the finding that a deviation is still undecided."""
    what = STILL.fill(what=describe(deviation), why=why)
    return placed.build_finding(CODE_OF[Direction.UNDECIDED], what)


def find_judged(base: Policy, house: Policy) -> frozenset[str] | None:
    """Return the outputs that are judged; `None` for all, because rules of the house differ.

    Where only figures differ, they are judged by themselves, and answers without an order follow.
    """
    return frozenset(base.orders) if write_rules(base) == write_rules(house) else None


def write_rules(policy: Policy) -> list[object]:
    """Return the rules of a policy as written."""
    rows = [
        (
            row.rule.id,
            [each.source for each in row.tests],
            {name: each.source for name, each in row.outputs.items()},
        )
        for row in policy.rows
    ]
    checks = [(each.id, [one.source for one in each.conditions]) for each in policy.checks]
    default = {name: each.source for name, each in (policy.default or {}).items()}
    return [rows, checks, default]
