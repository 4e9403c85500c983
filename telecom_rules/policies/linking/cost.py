"""The steps of one decision in the worst case: those of its rules and of the policies they ask."""

from __future__ import annotations

from collections import Counter
from graphlib import TopologicalSorter
from typing import TYPE_CHECKING, Final

from telecom_rules.findings import Finding, Related
from telecom_rules.policies.rule_set import iter_expressions
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from telecom_rules.expressions import Expression
    from telecom_rules.findings import Span
    from telecom_rules.policies.rule_set import RuleSet


MOST_STEPS_OF_DECISION: Final = 10_000_000
"""Steps that a decision may take in the worst case: those of five of the dearest expressions."""
TIMES_MADE: Final = 2
"""A decision that the generated function does not complete is made again, exactly."""
MOST_SHOWN: Final = 3
"""Rules that a finding shows, the dearest."""

STEPS_HERE = Wording("至多 {steps} 步", "up to {steps} steps")


def sum_decision_costs(policies: Mapping[str, RuleSet]) -> Counter[str]:
    """Return the steps that a decision of each policy may take; no policy may ask itself.

    A policy that is not linked has a mistake that is reported, and counts as nothing.
    """
    costs = Counter[str]()
    asking = {name: policy.peers for name, policy in policies.items()}
    for name in TopologicalSorter(asking).static_order():
        if name in policies:
            own = sum_costs(iter_expressions(policies[name]))
            costs[name] = TIMES_MADE * (own + sum(costs[peer] for peer in asking[name]))
    return costs


def find_dear_decisions(policies: Mapping[str, RuleSet], costs: Counter[str]) -> Iterator[Finding]:
    """Yield TR127 for each policy that may take too long, unless one that it asks does already."""
    dear = {name for name, steps in costs.items() if steps > MOST_STEPS_OF_DECISION}
    for name in sorted(dear):
        if dear.isdisjoint(policies[name].peers):
            yield describe_dear_decision(policies[name], costs)


def describe_dear_decision(policy: RuleSet, costs: Counter[str]) -> Finding:
    """Return the finding of a policy that may take too long, with its dearest rules."""
    parts = sorted(iter_parts(policy), key=lambda part: -part[1])[:MOST_SHOWN]
    asked = sorted(((peer, costs[peer]) for peer in policy.peers), key=lambda at: -at[1])
    dearest = [f"`{name}` ({steps})" for name, steps, _ in parts]
    dearest += [f"`policies.{name}` ({steps})" for name, steps in asked[:1]]
    values = {
        "name": policy.name,
        "steps": costs[policy.name],
        "most": MOST_STEPS_OF_DECISION,
        "dearest": ", ".join(dearest),
    }
    related = tuple(Related(span, STEPS_HERE.fill(steps=steps)) for _, steps, span in parts)
    return Finding("TR127", policy.span, values, related=related)


def iter_parts(policy: RuleSet) -> Iterator[tuple[str, int, Span]]:
    """Yield each rule or check with the steps of its expressions and where it is written."""
    for row in policy.rows:
        yield row.rule.id, sum_costs((*row.tests, *row.outputs.values())), row.span
    for check in policy.checks:
        yield check.id, sum_costs(check.conditions), check.span
    for name, default in (policy.default or {}).items():
        yield f"default.{name}", default.cost, default.span


def sum_costs(expressions: Iterable[Expression]) -> int:
    """Return the steps of some expressions together."""
    return sum(each.cost for each in expressions)
