"""From the definition of a policy to the policy: every name resolved, every expression typed."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from telecom_rules.expressions import Scope
from telecom_rules.findings import Finding, Findings
from telecom_rules.findings.kinds import FACTS
from telecom_rules.policies import hit_policies
from telecom_rules.policies.linking.link_rules import Linker
from telecom_rules.policies.policy import Policy
from telecom_rules.policies.rule_set import iter_expressions
from telecom_rules.vocabulary import DATE, CodeType, Field, RecordType
from telecom_rules.vocabulary.time.periods import read_period
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from telecom_rules.policies.definition import OutputDefinition, PolicyDefinition
    from telecom_rules.vocabulary import FactType, Type, Vocabulary


VERDICT = Field(
    CodeType(
        "verdict",
        MappingProxyType({"pass": Wording("通过", "pass"), "fail": Wording("不通过", "fail")}),
    ),
    title=Wording("结论", "Verdict"),
)
"""What a checklist decides. While it is unknown, whoever reads it lacks the facts it lacks."""
OTHER_FACTS = Wording(
    "策略 `{policy}` 判断的是 `{theirs}`，不是 `{ours}`，此处不能引用",
    "the policy `{policy}` is about `{theirs}` and not `{ours}`, so it cannot be asked here",
)
TABLE_AND_CHECKLIST = Wording(
    "一个策略或为决策表（`rules`），或为检查表（`checks`），不能兼有",
    "a policy is either a table (`rules`) or a checklist (`checks`), not both",
)
AGGREGATION_NEEDS_COLLECT = Wording(
    "`aggregation` 只用于 `hit_policy: collect`", "only `hit_policy: collect` has an `aggregation`"
)
NOT_AGGREGABLE = Wording(
    "`aggregation: {aggregation}` 只能用于唯一的输出，且其类型应为 {types}",
    "`aggregation: {aggregation}` needs a table with one output, which is {types}",
)
AGGREGABLE_TYPES = {
    "sum": "integer / decimal / money",
    "min": "integer / decimal / money / date / instant / span",
    "max": "integer / decimal / money / date / instant / span",
    "count": "not optional",
}
COUNT_OF_NONE = Wording(
    "没有规则成立时 `count` 为 0，不能设置 `default`",
    "where no rule holds a `count` is 0, so it has no `default`",
)
TABLE_KEYS = ("hit_policy", "aggregation", "outputs", "default")
CHECKLIST_KEYS = ("policy", "title", "facts", "in_force", "checks", "cites")


def link_signature(
    definition: PolicyDefinition, vocabulary: Vocabulary, findings: Findings
) -> RecordType | None:
    """Return what a policy decides, or `None` after appending what is wrong with its outputs.

    It needs no other policy, so that policies and workflows can be linked in any order.
    """
    name = str(definition.policy)
    if definition.checks:
        return RecordType(name, MappingProxyType({"verdict": VERDICT}))
    if not definition.outputs:
        findings.missing(definition.span, "outputs")
        return None
    entry = link_outputs(definition, vocabulary, findings)
    if entry is None:
        return None
    return hit_policies.decision_type_of(entry, definition.hit_policy, definition.aggregation)


def link_outputs(
    definition: PolicyDefinition, vocabulary: Vocabulary, findings: Findings
) -> RecordType | None:
    """Return what each rule of a table gives, or `None` after appending what is wrong with it."""
    fields = {
        str(word): link_output(output, vocabulary, findings)
        for word, output in definition.outputs.items()
    }
    typed = {word: field for word, field in fields.items() if field is not None}
    if len(typed) < len(fields):
        return None
    return RecordType(str(definition.policy), MappingProxyType(typed))


def link_output(
    output: OutputDefinition, vocabulary: Vocabulary, findings: Findings
) -> Field | None:
    """Return the field of one output; without a title of its own it has that of its catalogue."""
    field = vocabulary.read_field(output.type, findings, output.title)
    if field is None or field.title is not None or not isinstance(field.type, CodeType):
        return field
    title = vocabulary.catalogues[field.type.catalogue].title
    return vocabulary.read_field(output.type, findings, title)


def link(
    definition: PolicyDefinition,
    vocabulary: Vocabulary,
    signatures: Mapping[str, RecordType],
    peers: Mapping[str, Policy],
    digest: str,
    findings: Findings,
) -> Policy | None:
    """Return the policy that `definition` says, or `None` after appending every mistake.

    Args:
        definition: the policy as written.
        vocabulary: what it may name.
        signatures: what each policy of the pack decides, this one included.
        peers: the policies of the pack. It may still be growing: it is read when they are asked.
        digest: the digest of the pack.
        findings: where mistakes are appended.
    """
    before = len(findings)
    findings.extend(check_shape(definition))
    facts = find_fact_type(definition, vocabulary, findings)
    days = read_period(definition.in_force, definition.policy, findings)
    cites = vocabulary.cite(definition.cites, findings)
    if facts is None:
        return None
    scope = scope_of(definition, facts, vocabulary, signatures)
    outputs = signatures.get(definition.policy)
    # What is wrong with its types is reported with the signature.
    entry = None if outputs is None else link_outputs(definition, vocabulary, Findings())
    linker = Linker(vocabulary, scope, entry, days, findings)
    linker = replace(linker, priorities=linker.link_priorities(definition.outputs))
    findings.extend(check_hit_policy(definition, entry))
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
        rows=rows,
        default=results,
        checks=checks,
        cites=cites,
        digest=digest,
        span=definition.policy.span,
        _figures=vocabulary.parameters,
        _policies=peers,
    )
    findings.extend(check_peer_facts(policy, peers))
    return policy


def check_shape(definition: PolicyDefinition) -> Iterator[Finding]:
    """Yield what makes a definition neither a table nor a checklist."""
    if definition.rules and definition.checks:
        yield Finding("TR120", definition.span_of_key("checks"), {"what": TABLE_AND_CHECKLIST})
    elif definition.checks:
        for key in TABLE_KEYS:
            if key in definition.model_fields_set:
                values = {"key": key, "known": ", ".join(CHECKLIST_KEYS)}
                yield Finding("TR102", definition.span_of_key(key), values)
    elif not definition.rules:
        yield Finding("TR101", definition.span, {"key": "rules"})
    elif definition.hit_policy is None:
        yield Finding("TR101", definition.span, {"key": "hit_policy"})


def check_hit_policy(definition: PolicyDefinition, entry: RecordType | None) -> Iterator[Finding]:
    """Yield what of a table does not go with its hit policy."""
    hit_policy, aggregation = definition.hit_policy, definition.aggregation
    if hit_policy in hit_policies.BY_PRIORITY and not any(
        each.values for each in definition.outputs.values()
    ):
        yield Finding("TR101", definition.span_of_key("outputs"), {"key": "values"})
    if aggregation is None:
        return
    at = definition.span_of_key("aggregation")
    fields = () if entry is None else tuple(entry.fields.values())
    if hit_policy != "collect":
        yield Finding("TR120", at, {"what": AGGREGATION_NEEDS_COLLECT})
    elif fields and not (len(fields) == 1 and hit_policies.can_aggregate(fields[0], aggregation)):
        what = NOT_AGGREGABLE.fill(aggregation=aggregation, types=AGGREGABLE_TYPES[aggregation])
        yield Finding("TR120", at, {"what": what})
    elif aggregation == "count" and definition.default is not None:
        yield Finding("TR120", definition.span_of_key("default"), {"what": COUNT_OF_NONE})


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
    signatures: Mapping[str, RecordType],
) -> Scope:
    """Return what the expressions of a policy may name: not the policy itself."""
    others = {name: Field(each) for name, each in signatures.items() if name != definition.policy}
    policies = RecordType("policies", MappingProxyType(others), vocabulary.lost)
    context: dict[str, Type] = {
        "parameters": vocabulary.parameters_type,
        "policies": policies,
        "today": DATE,
    }
    return Scope(facts.fields, context, lost=facts.record_type.lost)


def check_peer_facts(policy: Policy, peers: Mapping[str, Policy]) -> Iterator[Finding]:
    """Yield a finding where `policy` and another of `peers` ask each other about other facts."""
    for other in peers.values():
        yield from check_asked_facts(policy, other)
        yield from check_asked_facts(other, policy)


def check_asked_facts(asking: Policy, asked: Policy) -> Iterator[Finding]:
    """Yield a finding for each expression of `asking` that asks a policy about other facts."""
    if asked.name not in asking.peers or asked.facts is asking.facts:
        return
    values = {"policy": asked.name, "theirs": asked.facts.name, "ours": asking.facts.name}
    for expression in iter_expressions(asking):
        if any(name.startswith(f"policies.{asked.name}.") for name in expression.reads):
            yield Finding("TR120", expression.span, {"what": OTHER_FACTS.fill(**values)})
