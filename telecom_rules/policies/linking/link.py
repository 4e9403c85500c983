"""Links a policy definition: resolves its names and types its expressions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from telecom_rules.expressions import Scope
from telecom_rules.findings import Finding, Findings
from telecom_rules.findings.kinds import FACTS
from telecom_rules.policies.linking.link_rules import Linker
from telecom_rules.policies.linking.orders import link_orders
from telecom_rules.policies.linking.shape import check_hit_policy, check_shape
from telecom_rules.policies.policy import Policy
from telecom_rules.policies.rule_set import iter_expressions
from telecom_rules.vocabulary import DATE, Field, RecordType
from telecom_rules.vocabulary.time.periods import read_period
from telecom_rules.wording import Wording

if TYPE_CHECKING:
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
    return Policy(
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


class Others(Mapping[str, Field]):
    """The outputs of all policies but one: a view, because each of a thousand policies has one."""

    __slots__ = ("_own", "_signatures")

    def __init__(self, signatures: Mapping[str, PolicySignature], own: str) -> None:
        self._signatures = signatures
        self._own = own

    def __getitem__(self, name: str) -> Field:
        if name == self._own:
            raise KeyError(name)
        return self._signatures[name].field

    def __iter__(self) -> Iterator[str]:
        return (name for name in self._signatures if name != self._own)

    def __len__(self) -> int:
        return len(self._signatures) - (self._own in self._signatures)


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
    policies = RecordType("policies", Others(signatures, definition.policy), vocabulary.lost)
    context: dict[str, Type] = {
        "parameters": vocabulary.parameters_type,
        "policies": policies,
        "today": DATE,
    }
    return Scope(facts.fields, context, lost=facts.record_type.lost)


def check_asked_policies(policies: Mapping[str, Policy]) -> Iterator[Finding]:
    """Yield a finding for each expression that reads a policy over other facts."""
    for asking in policies.values():
        for name in asking.peers:
            if name in policies:  # one that is not linked has a mistake of its own
                yield from check_asked_facts(asking, policies[name])


def check_asked_facts(asking: Policy, asked: Policy) -> Iterator[Finding]:
    """Yield a finding for each expression of `asking` that reads a policy over other facts."""
    if asked.facts is asking.facts:
        return
    values = {"policy": asked.name, "theirs": asked.facts.name, "ours": asking.facts.name}
    for expression in iter_expressions(asking):
        if asked.name in expression.policies:
            yield Finding("TR120", expression.span, {"what": OTHER_FACTS.fill(**values)})
