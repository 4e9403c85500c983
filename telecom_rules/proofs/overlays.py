"""What the static comparison of a house with its base leaves undecided, put to the solver."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from telecom_rules.checks.laxer_than_base import CODE_OF
from telecom_rules.checks.strictness import Direction, find_deviations
from telecom_rules.checks.strictness.places import describe, find_place, index_parts
from telecom_rules.checks.strictness.policies import with_settings_of
from telecom_rules.findings import Finding
from telecom_rules.proofs.comparison import (
    Comparison,
    Relation,
    Way,
    compare_policy,
)
from telecom_rules.proofs.counterexample import Counterexample
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterator

    from telecom_rules.checks.strictness import Deviation
    from telecom_rules.findings import Span
    from telecom_rules.pack import Reading
    from telecom_rules.policies import Policy


REFUSED_WAYS: Final = {Way.LAXER: Direction.LAXER, Way.OTHER: Direction.INCOMPARABLE}
SHOWN = Wording("`{policy}`：{facts}（规则日期：{day}）", "`{policy}` on {facts} (rules of {day})")
STILL = Wording("{what}；求解器：{why}", "{what}; the solver: {why}")
NOT_POLICIES = Wording("求解器只比较策略", "only policies are put to the solver")


@dataclass(frozen=True, slots=True)
class Settled:
    """A deviation that was undecided, and what is known of it now.

    Attributes:
        deviation: the deviation.
        span: where the house has it.
        finding: the mistake, or that it is still undecided; `None` if it was proved.
        counterexample: the record that shows the mistake, or `None`.
    """

    deviation: Deviation
    span: Span
    finding: Finding | None = None
    counterexample: Counterexample | None = None


def settle_deviations(reading: Reading) -> Iterator[Settled]:
    """Yield each deviation from the base that was undecided, with what is known of it now."""
    base = reading.base
    if reading.pack is None or base is None or base.pack is None:
        return
    places = index_parts(reading)
    own = with_settings_of(base.pack, reading.pack)
    kept: dict[str, Comparison] = {}
    for each in find_deviations(base.pack, reading.pack):
        if not each.is_law or each.direction is not Direction.UNDECIDED:
            continue
        span = find_place(each.parts[0], places, reading)
        if each.policy is None:
            yield Settled(each, span, leave(each, span, NOT_POLICIES))
            continue
        policies = base.pack.policies[each.policy], own[each.policy]
        if each.policy not in kept:
            kept[each.policy] = compare_policy(*policies, outputs=find_judged(*policies))
        yield settle(each, span, kept[each.policy])


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
        return Settled(deviation, span, leave(deviation, span, found.why))
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
