"""What the static comparison of a house with its base leaves undecided, put to the solver."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from telecom_rules.checks.laxer_than_base import CODE_OF
from telecom_rules.checks.refinement.workflows import compare_workflows
from telecom_rules.checks.strictness import Direction, find_deviations
from telecom_rules.checks.strictness.places import describe, find_place, index_parts
from telecom_rules.checks.strictness.policies import with_settings_of
from telecom_rules.findings import Finding
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
    from collections.abc import Iterator

    from telecom_rules.checks.analysis.state_space import StateSpace
    from telecom_rules.checks.analysis.verdicts import PropertyProof
    from telecom_rules.checks.strictness import Deviation
    from telecom_rules.findings import Span
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
        span: where the house has it.
        finding: the mistake, or that it is still undecided; `None` if it was proved.
        counterexample: the record that shows the mistake, or `None`.
        is_settled: whether it is decided now.
    """

    deviation: Deviation
    span: Span
    finding: Finding | None = None
    counterexample: Counterexample | None = None
    is_settled: bool = True


def settle_deviations(reading: Reading) -> Iterator[Settled]:
    """Yield each deviation from the base that was undecided, with what is known of it now."""
    base = reading.base
    if reading.pack is None or base is None or base.pack is None:
        return
    places = index_parts(reading)
    own = with_settings_of(base.pack, reading.pack)
    kept: dict[str, Comparison] = {}
    found = find_deviations(base.pack, reading.pack)
    told = {(each.parts, each.direction, each.wording) for each in found if each.is_refused}
    flows: list[Deviation] | None = None
    for each in found:
        if not each.is_law or each.direction is not Direction.UNDECIDED:
            continue
        span = find_place(each.parts[0], places, reading)
        if each.parts[0].within.startswith("workflows."):
            flows = compare_again(base.pack, reading.pack) if flows is None else flows
            left = [one for one in flows if one.parts == each.parts]
            left = [one for one in left if (one.parts, one.direction, one.wording) not in told]
            yield from settle_part(each, left, span)
            continue
        if each.policy is None:
            yield Settled(each, span, leave(each, span, NOT_POLICIES), is_settled=False)
            continue
        policies = base.pack.policies[each.policy], own[each.policy]
        if each.policy not in kept:
            kept[each.policy] = compare_policy(*policies, outputs=find_judged(*policies))
        yield settle(each, span, kept[each.policy])


def compare_again(base: Pack, house: Pack) -> list[Deviation]:
    """Return what is refused or undecided of workflows when the solver is asked as well."""

    def prove(space: StateSpace, demand: Property) -> PropertyProof:
        is_of_base = any(space.workflow is each for each in base.workflows.values())
        return prove_with_solver(space, demand, base if is_of_base else house)

    found = compare_workflows(base, house, figures=SolvedFigures, prove=prove)
    return [each for each in found if each.is_law and each.direction in {*CODE_OF}]


def settle_part(deviation: Deviation, left: list[Deviation], span: Span) -> Iterator[Settled]:
    """Yield what is now known of a part of a workflow that was undecided."""
    if not left:
        yield Settled(deviation, span)
    for each in left:
        finding = Finding(CODE_OF[each.direction], span, {"what": describe(each)})
        if each.direction is Direction.UNDECIDED and each.parts[0].what == CLOCK:
            finding = leave(each, span, NOT_POLICIES)
        is_settled = each.direction is not Direction.UNDECIDED
        yield Settled(each, span, finding, is_settled=is_settled)


def settle(deviation: Deviation, span: Span, found: Comparison) -> Settled:
    """Return what a comparison says of a deviation."""
    for way, direction in REFUSED_WAYS.items():
        if way in found.shown:
            shown = found.shown[way]
            values = {"policy": found.name, "facts": found.describe(shown), "day": shown.day}
            finding = Finding(CODE_OF[direction], span, {"what": SHOWN.fill(**values)})
            example = Counterexample(found.new, *shown)
            return Settled(deviation, span, finding, example)
    if found.relation is Relation.UNDECIDED and found.why is not None:
        return Settled(deviation, span, leave(deviation, span, found.why), is_settled=False)
    return Settled(deviation, span)


def leave(deviation: Deviation, span: Span, why: Wording) -> Finding:
    """Return the finding that a deviation is still undecided."""
    what = STILL.fill(what=describe(deviation), why=why)
    return Finding(CODE_OF[Direction.UNDECIDED], span, {"what": what})


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
