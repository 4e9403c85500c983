"""The errors of a policy that cannot decide, each with its place, values and remedy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.errors import (
    EvaluationError,
    NoRuleMatches,
    RulesDisagree,
    SeveralRulesMatch,
    TelecomRulesError,
)
from telecom_rules.expressions import NOT_EXPLAINED, Budget
from telecom_rules.policies.explanation.causes import find_causes
from telecom_rules.policies.explanation.phrases import (
    describe_field_values,
    describe_known,
    full_name_of,
)
from telecom_rules.wording import Wording, join_wordings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from telecom_rules.expressions import Context
    from telecom_rules.policies.rule_set import RuleSet
    from telecom_rules.policies.rules import Check, Row
    from telecom_rules.vocabulary import Clause, Record, Value


def build_rule_error(
    policy: RuleSet, row: Row | None, problem: EvaluationError
) -> TelecomRulesError:
    """Return the error of an expression of a rule (`None`: of the default) with the place named."""
    place = Wording("默认结论", "the default") if row is None else full_name_of(row.rule)
    return add_place(policy, place, problem)


def build_aggregate_error(policy: RuleSet, problem: EvaluationError) -> TelecomRulesError:
    """Return the error of aggregating the outputs of rules, with the place named."""
    return add_place(policy, Wording("汇总", "the aggregation"), problem)


def build_check_error(policy: RuleSet, check: Check, problem: EvaluationError) -> TelecomRulesError:
    """Return the error of an expression of a check with the place named."""
    return add_place(policy, full_name_of(check), problem)


def add_place(policy: RuleSet, place: Wording, problem: EvaluationError) -> TelecomRulesError:
    """Return an error of an expression with the place it occurred in.

    The error of a figure not in force, or of another policy, already names its place.
    """
    if isinstance(problem.__cause__, TelecomRulesError):
        return problem.__cause__
    wording = Wording(
        "策略 `{policy}` 的 {place} 无法求值：{problem}",
        "in {place} of the policy `{policy}`: {problem}",
    )
    return EvaluationError(wording.fill(policy=policy.name, place=place, problem=problem.wording))


def build_no_rule_matches(
    policy: RuleSet, rows: Sequence[Row], facts: Record, context: Context
) -> NoRuleMatches:
    """Return the error for facts that no rule of a table without default covers.

    It names the nearest rule: the one with the fewest failed tests, of those that take no longer to
    explain than the budget allows.
    """
    budget = Budget()
    misses = [
        (row, find_causes(row.tests, facts, context, verdict=False, budget=budget)) for row in rows
    ]
    row, seen = min(misses, key=lambda miss: (NOT_EXPLAINED in miss[1], len(miss[1])))
    wording = Wording(
        "策略 `{policy}` 的规则都不适用于这些数据（{facts}）；"
        "最接近的是 {rule}，不符合之处：{why}。"
        "请补充规则，或设置 `default`",
        "no rule of the policy `{policy}` covers these facts ({facts}); the nearest is {rule},"
        " which fails on: {why}. Add a rule, or a `default`",
    ).fill(
        policy=policy.name,
        facts=describe_known(policy.facts.record_type, facts, policy.reads),
        rule=full_name_of(row.rule),
        why=join_wordings((each.wording for each in seen), ("；", "; ")),
    )
    return NoRuleMatches(policy.name, wording, [str(clause) for clause in row.rule.cites])


def build_several_rules_match(
    policy: RuleSet, rows: Sequence[Row], facts: Record
) -> SeveralRulesMatch:
    """Return the error for more than one rule of a `unique` table that holds."""
    wording = Wording(
        "策略 `{policy}` 至多只能有一条规则成立，现有 {count} 条成立：{rules}"
        "（数据：{facts}）。请修改条件使其互斥",
        "at most one rule of the policy `{policy}` may hold, and {count} hold at once: {rules}"
        " (facts: {facts}). Change their conditions so that they exclude each other",
    ).fill(
        policy=policy.name,
        count=len(rows),
        rules=join_wordings(name_with_clauses(row) for row in rows),
        facts=describe_known(policy.facts.record_type, facts, policy.reads),
    )
    return SeveralRulesMatch(policy.name, wording, *ids_and_clauses_of(rows))


def build_rules_disagree(
    policy: RuleSet, rows: Sequence[Row], given: Sequence[Mapping[str, Value]], facts: Record
) -> RulesDisagree:
    """Return the error for rules of an `any` table that hold and have different outputs."""
    line = Wording("{rule}：{outputs}", "{rule}: {outputs}")
    each = [
        line.fill(
            rule=name_with_clauses(row),
            outputs=join_wordings(describe_field_values(policy.entry, outputs)),
        )
        for row, outputs in zip(rows, given, strict=True)
    ]
    wording = Wording(
        "策略 `{policy}` 中同时成立的规则必须给出相同的结论，现不相同：{rules}"
        "（数据：{facts}）。请修改其条件或结论",
        "all rules of the policy `{policy}` that hold must have the same outputs: {rules}"
        " (facts: {facts}). Change their conditions or their outputs",
    ).fill(
        policy=policy.name,
        rules=join_wordings(each, ("；", "; ")),
        facts=describe_known(policy.facts.record_type, facts, policy.reads),
    )
    return RulesDisagree(policy.name, wording, *ids_and_clauses_of(rows))


def ids_and_clauses_of(rows: Sequence[Row]) -> tuple[list[str], list[str]]:
    """Return the ids and the clauses of the rules of rows."""
    clauses: list[Clause] = [clause for row in rows for clause in row.rule.cites]
    return [row.rule.id for row in rows], [str(clause) for clause in clauses]


def name_with_clauses(row: Row) -> Wording:
    """Return the name of a row's rule with its clauses."""
    clauses = ", ".join(map(str, row.rule.cites))
    name = full_name_of(row.rule)
    return Wording(f"{name.zh} [{clauses}]", f"{name.en} [{clauses}]") if clauses else name
