"""The shape of a policy: a table with a hit policy, or a checklist, and not both."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.policies import hit_policies
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from telecom_rules.findings import Findings
    from telecom_rules.policies.definition import PolicyDefinition
    from telecom_rules.vocabulary import RecordType


TABLE_AND_CHECKLIST = Wording(
    "策略只能是决策表（`rules`）或检查清单（`checks`）之一，不能同时包含两者",
    "a policy is either a table (`rules`) or a checklist (`checks`), not both",
)
AGGREGATION_NEEDS_COLLECT = Wording(
    "`aggregation` 只用于 `hit_policy: collect`", "only `hit_policy: collect` has an `aggregation`"
)
NOT_AGGREGABLE = Wording(
    "`aggregation: {aggregation}` 只能用于唯一的输出，且其类型应为 {types}",
    "`aggregation: {aggregation}` needs exactly one output, of type {types}",
)
AGGREGABLE_TYPES = {
    "sum": "integer / decimal / money",
    "min": "integer / decimal / money / date / instant / span",
    "max": "integer / decimal / money / date / instant / span",
    "count": "not optional",
}
COUNT_OF_NONE = Wording(
    "没有规则成立时 `count` 为 0，不能设置 `default`",
    "a `count` is 0 where no rule holds, so it cannot have a `default`",
)
TABLE_KEYS = ("hit_policy", "aggregation", "outputs", "default")
CHECKLIST_KEYS = ("policy", "title", "facts", "in_force", "checks", "cites")


def check_shape(definition: PolicyDefinition, findings: Findings) -> None:
    """Report a definition that is neither a table nor a checklist, or both."""
    if definition.rules and definition.checks:
        findings.misused(definition.span_of_key("checks"), TABLE_AND_CHECKLIST)
    elif definition.checks:
        for key in TABLE_KEYS:
            if key in definition.model_fields_set:
                known = ", ".join(CHECKLIST_KEYS)
                findings.add("TR102", definition.span_of_key(key), key=key, known=known)
    elif not definition.rules:
        findings.missing(definition.span, "rules")
    elif definition.hit_policy is None:
        findings.missing(definition.span, "hit_policy")


def check_hit_policy(
    definition: PolicyDefinition, entry: RecordType | None, findings: Findings
) -> None:
    """Report the parts of a table that do not fit its hit policy."""
    hit_policy, aggregation = definition.hit_policy, definition.aggregation
    if hit_policy in hit_policies.BY_PRIORITY and not any(
        each.values for each in definition.outputs.values()
    ):
        findings.missing(definition.span_of_key("outputs"), "values")
    if aggregation is None:
        return
    at = definition.span_of_key("aggregation")
    fields = () if entry is None else tuple(entry.fields.values())
    if hit_policy != "collect":
        findings.misused(at, AGGREGATION_NEEDS_COLLECT)
    elif fields and not (len(fields) == 1 and hit_policies.can_aggregate(fields[0], aggregation)):
        types = AGGREGABLE_TYPES[aggregation]
        findings.misused(at, NOT_AGGREGABLE, aggregation=aggregation, types=types)
    elif aggregation == "count" and definition.default is not None:
        findings.misused(definition.span_of_key("default"), COUNT_OF_NONE)
