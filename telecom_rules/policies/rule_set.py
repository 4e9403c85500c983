"""The rules of one policy as linked data, read by the engine, explanations and checks."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Any

from telecom_rules.frozen import FrozenDict, Immutable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from telecom_rules.expressions import Expression
    from telecom_rules.findings import Span
    from telecom_rules.policies.rules import Aggregation, Check, HitPolicy, Order, Row
    from telecom_rules.vocabulary import Clause, FactType, Parameter, RecordType, Value
    from telecom_rules.wording import Wording


def find_common_order(base: RuleSet, house: RuleSet, output: str) -> Order | None:
    """Return by which order an output of two policies is compared; `None` where the base has none.

    It is that of the base, with the places that the house gives to codes of its own.
    """
    order, own = base.orders.get(output), house.orders.get(output)
    if order is None or own is None:
        return order
    return own if own.agrees_with(order) and own.knows(*order.codes) else order


# Compared by identity: the engine keeps what it compiles for one policy, not for equal ones.
@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class RuleSet(Immutable):
    """The rules of a decision table or the checks of a checklist, on all days.

    Attributes:
        name: its name.
        title: its name for people.
        facts: the type of the records it decides on.
        outputs: the record type of a decision; a checklist has the one output `verdict`.
        entry: the record type of the outputs of one rule. It differs from `outputs` under a hit
            policy that returns every matching rule, whose decision has lists or aggregates.
        hit_policy: how the rules that hold are combined; `None` for a checklist.
        aggregation: how a `collect` table combines the values it has collected, or `None`.
        priorities: the allowed values of some outputs, by output, the highest priority first.
        orders: which answers are stricter, by output, where that is declared.
        rows: the rules of a table, in the order of the file.
        default: the outputs of a table where no rule holds, or `None`.
        checks: the items of a checklist, in the order of the file.
        cites: the clauses it comes from.
        span: where its name is written.
    """

    name: str
    title: Wording
    facts: FactType
    outputs: RecordType
    entry: RecordType
    hit_policy: HitPolicy | None
    aggregation: Aggregation | None
    priorities: Mapping[str, tuple[Value, ...]]
    orders: Mapping[str, Order]
    rows: tuple[Row, ...]
    default: Mapping[str, Expression] | None
    checks: tuple[Check, ...]
    cites: tuple[Clause, ...]
    span: Span
    _policies: Mapping[str, RuleSet]
    _figures: Mapping[str, Parameter]

    @cached_property
    def reads(self) -> frozenset[str]:
        """The names its expressions read: `gain`, `parameters.x`, `policies.p.out`, `today`."""
        return frozenset(name for each in iter_expressions(self) for name in each.reads)

    @cached_property
    def parameters(self) -> Mapping[str, Parameter]:
        """The figures its expressions name, by name."""
        names = sorted(path.split(".")[1] for path in self.reads if path.startswith("parameters."))
        return FrozenDict({name: self._figures[name] for name in names})

    @cached_property
    def _derived(self) -> dict[object, Any]:
        """What the rooms above have worked out from it; see `digest_policy`."""
        return {}

    @cached_property
    def peers(self) -> tuple[str, ...]:
        """The names of the policies that its expressions ask."""
        names = {name for each in iter_expressions(self) for name in each.policies}
        return tuple(sorted(names))


def iter_expressions(policy: RuleSet) -> Iterator[Expression]:
    """Yield every expression of a policy."""
    for row in policy.rows:
        yield from chain(row.tests, row.outputs.values())
    yield from (policy.default or {}).values()
    for check in policy.checks:
        yield from check.conditions


def reach_policies(policy: RuleSet) -> dict[str, RuleSet]:
    """Return a policy with those that it asks, and those that these ask, by name."""
    reached = {policy.name: policy}
    ahead = [*policy.peers]
    while ahead:
        name = ahead.pop()
        if name not in reached:
            reached[name] = policy._policies[name]  # noqa: SLF001 - hidden from hosts only
            ahead += reached[name].peers
    return reached


def find_change_days(policy: RuleSet) -> tuple[date, ...]:
    """Return the days on which a rule or figure begins or ends, or an article is renumbered."""
    periods = [row.in_force for row in policy.rows] + [each.in_force for each in policy.checks]
    periods += [value.in_force for each in policy.parameters.values() for value in each.values]
    days = {each.since for each in periods} | {each.until for each in periods}
    cites = [row.cites for row in policy.rows] + [each.cites for each in policy.checks]
    days |= {day for clauses in cites for clause in clauses for day in clause.renumbering_days}
    return tuple(sorted(day for day in days if day is not None))
