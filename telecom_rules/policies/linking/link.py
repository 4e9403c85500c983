"""Links a policy definition: resolves its names and types its expressions."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from telecom_rules.expressions import Scope
from telecom_rules.findings import Finding, Findings
from telecom_rules.findings.kinds import FACTS
from telecom_rules.frozen import FrozenDict
from telecom_rules.policies.linking.link_rules import Linker
from telecom_rules.policies.linking.orders import link_orders
from telecom_rules.policies.linking.shape import check_hit_policy, check_shape
from telecom_rules.policies.policy import Policy
from telecom_rules.policies.rule_set import iter_expressions
from telecom_rules.vocabulary import DATE, RecordType
from telecom_rules.vocabulary.time.periods import read_period
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from telecom_rules.policies.definition import PolicyDefinition
    from telecom_rules.policies.linking.signature import PolicySignature
    from telecom_rules.vocabulary import FactType, Type, Vocabulary


OTHER_FACTS = Wording(
    "策略 `{policy}` 适用于 `{theirs}`，而不是 `{ours}`，此处不能引用",
    "the policy `{policy}` is about `{theirs}` and not `{ours}`, so it cannot be asked here",
)


def link(
    definition: PolicyDefinition,
    vocabulary: Vocabulary,
    signatures: Mapping[str, PolicySignature],
    peers: Mapping[str, Policy],
    findings: Findings,
) -> Policy | None:
    """Return the policy of `definition`, or `None` after reporting every mistake.

    Args:
        definition: the policy as written.
        vocabulary: the names it may use.
        signatures: the signature of each policy of the pack, this one included.
        peers: the policies of the pack; policies linked later may be added, as it is read lazily.
        findings: collects the mistakes.
    """
    before = len(findings)
    check_shape(definition, findings)
    facts = find_fact_type(definition, vocabulary, findings)
    days = read_period(definition.in_force, definition.policy, findings)
    cites = vocabulary.cite(definition.cites, findings)
    if facts is None:
        return None
    scope = scope_of(definition, facts, vocabulary, signatures)
    outputs, entry, _ = signatures.get(definition.policy, (None, None, None))
    linker = Linker(vocabulary, scope, entry, days, findings)
    linker = replace(linker, priorities=linker.link_priorities(definition.outputs))
    orders = link_orders(definition.outputs, entry, findings)
    check_hit_policy(definition, entry, findings)
    rows, checks = linker.link_rows(definition.rules), linker.link_checks(definition.checks)
    default = definition.default
    results = (
        None if default is None else linker.link_results(default, definition.span_of_key("default"))
    )
    if rows is None or checks is None or outputs is None or entry is None or len(findings) > before:
        return None
    policy = Policy(
        name=str(definition.policy),
        title=definition.title,
        facts=facts,
        outputs=outputs,
        entry=entry,
        hit_policy=definition.hit_policy,
        aggregation=definition.aggregation,
        priorities=linker.priorities,
        orders=orders,
        rows=rows,
        default=results,
        checks=checks,
        cites=cites,
        span=definition.policy.span,
        _figures=vocabulary.parameters,
        _policies=peers,
    )
    findings.extend(check_peer_facts(policy, peers))
    return policy


def find_fact_type(
    definition: PolicyDefinition, vocabulary: Vocabulary, findings: Findings
) -> FactType | None:
    """Return the facts a policy is about, or `None` after reporting TR113."""
    name = definition.facts
    return None if name in vocabulary.lost else findings.find(name, FACTS, vocabulary.facts)


def scope_of(
    definition: PolicyDefinition,
    facts: FactType,
    vocabulary: Vocabulary,
    signatures: Mapping[str, PolicySignature],
) -> Scope:
    """Return the scope of the expressions of a policy, which cannot name the policy itself."""
    others = {name: each.field for name, each in signatures.items() if name != definition.policy}
    policies = RecordType("policies", FrozenDict(others), vocabulary.lost)
    context: dict[str, Type] = {
        "parameters": vocabulary.parameters_type,
        "policies": policies,
        "today": DATE,
    }
    return Scope(facts.fields, context, lost=facts.record_type.lost)


def check_peer_facts(policy: Policy, peers: Mapping[str, Policy]) -> Iterator[Finding]:
    """Yield a finding where `policy` and one of `peers` read each other despite other facts."""
    for other in peers.values():
        if other.facts is policy.facts:
            continue
        yield from check_asked_facts(policy, other)
        yield from check_asked_facts(other, policy)


def check_asked_facts(asking: Policy, asked: Policy) -> Iterator[Finding]:
    """Yield a finding for each expression of `asking` that reads a policy over other facts."""
    if asked.name not in asking.peers or asked.facts is asking.facts:
        return
    values = {"policy": asked.name, "theirs": asked.facts.name, "ours": asking.facts.name}
    for expression in iter_expressions(asking):
        if any(name.startswith(f"policies.{asked.name}.") for name in expression.reads):
            yield Finding("TR120", expression.span, {"what": OTHER_FACTS.fill(**values)})
