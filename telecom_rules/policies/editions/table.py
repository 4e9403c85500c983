"""The exact evaluation of a decision table: three-valued logic over its rows in force."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from telecom_rules.errors import EvaluationError
from telecom_rules.frozen import FrozenDict
from telecom_rules.policies.decision import Decision
from telecom_rules.policies.editions import brief, explain, trace
from telecom_rules.policies.editions.table_rows import RowResult, TableRows
from telecom_rules.policies.editions.three_valued import (
    deduplicate,
    evaluate_all,
    rank_missing_facts,
)
from telecom_rules.policies.explanation import undecidable
from telecom_rules.policies.hit_policies import (
    BY_PRIORITY,
    MULTIPLE_HIT,
    STOPS_AT_FIRST,
    aggregate_outputs,
    collect_outputs,
    is_unchanged,
    outputs_without_hits,
    sort_by_priority,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from telecom_rules.expressions import Context
    from telecom_rules.policies.editions.three_valued import Truth
    from telecom_rules.policies.explanation.parts import Explanation, Told
    from telecom_rules.policies.peers import Peer
    from telecom_rules.policies.rule_set import RuleSet
    from telecom_rules.policies.rules import Row, Rule
    from telecom_rules.vocabulary import Record, Value
    from telecom_rules.wording import Wording


NO_OUTPUTS: Mapping[str, Value] = FrozenDict({})


@dataclass(frozen=True, slots=True)
class RowTruths:
    """Which rows of a table hold for some facts, and which may hold.

    Attributes:
        certain: those that hold.
        rivals: those that are unknown and would matter, each with its truth value.
    """

    certain: tuple[Row, ...]
    rivals: tuple[tuple[Row, Truth], ...]


class TableEdition(TableRows):
    """A decision table as in force on some days, and its exact evaluation."""

    __slots__ = ()

    def combine_outputs(self, given: Sequence[Mapping[str, Value]]) -> Mapping[str, Value] | None:
        """Return the combined outputs of one or more rows that hold; `None` if they disagree.

        Raises:
            EvaluationError: an aggregate is out of range.
        """
        policy = self.policy
        if policy.aggregation is not None:
            return aggregate_outputs(policy.entry, policy.aggregation, given)
        if policy.hit_policy in MULTIPLE_HIT:
            return collect_outputs(policy.entry, given)
        return given[0] if all(each == given[0] for each in given) else None

    def build_decision(
        self,
        outputs: Mapping[str, Value],
        rules: tuple[Rule, ...],
        missing: tuple[str, ...],
        facts: Record,
        on: date,
    ) -> Decision:
        """Return a decision of this policy."""
        return Decision(self, on, facts, outputs, rules, (), missing)

    def decide(self, facts: Record, on: date) -> Decision:
        """Decide in three-valued logic.

        Missing facts do not matter if the decision is the same whichever of the unknown rows
        holds.
        """
        context = self.build_context(facts, on)
        truths = self.evaluate_rows(facts, context)
        certain, rivals = truths.certain, truths.rivals
        outcome = self.combine_rows(certain, facts, context)
        if not rivals:
            if outcome.error is not None:
                raise outcome.error from None
            if outcome.outputs is None and not outcome.missing:
                raise undecidable.build_no_rule_matches(self.policy, self.rows, facts, context)
        if outcome.outputs is not None and all(
            truth.error is None
            and self.is_unchanged_by(outcome.outputs, rival, facts, context, alone=not certain)
            for rival, truth in rivals
        ):
            rules = tuple(row.rule for row in certain)
            return self.build_decision(outcome.outputs, rules, (), facts, on)
        wanted = rank_missing_facts(truth.missing for _, truth in rivals)
        return self.build_decision(
            NO_OUTPUTS, (), deduplicate([*wanted, *outcome.missing]), facts, on
        )

    def evaluate_rows(self, facts: Record, context: Context) -> RowTruths:
        """Return the truth of the rows that matter: rows after the deciding one do not."""
        hit_policy, fields = self.policy.hit_policy, self.policy.facts.fields
        in_turn = hit_policy in STOPS_AT_FIRST
        certain: list[Row] = []
        rivals: list[tuple[Row, Truth]] = []
        for row in self.ordered_rows:
            truth = evaluate_all(row.tests, facts, context, fields)
            if truth.error is not None and not (in_turn and rivals):
                raise undecidable.build_rule_error(self.policy, row, truth.error) from None
            if truth.holds:
                certain.append(row)
                if in_turn:
                    break
            elif truth.holds is None:
                rivals.append((row, truth))
        if hit_policy == "unique" and len(certain) > 1:
            raise undecidable.build_several_rules_match(self.policy, certain, facts)
        return RowTruths(tuple(certain), tuple(rivals))

    def combine_rows(self, certain: Sequence[Row], facts: Record, context: Context) -> RowResult:
        """Return the outputs of the table if exactly the rows `certain` hold."""
        if not certain:
            return self.evaluate_default(facts, context)
        results = [self.evaluate_row(row, facts, context) for row in certain]
        missing = deduplicate(name for each in results for name in each.missing)
        error = next((each.error for each in results if each.error is not None), None)
        given = [each.outputs for each in results if each.outputs is not None]
        if missing or error is not None:
            return RowResult(None, missing, error)
        try:
            outputs = self.combine_outputs(given)
        except EvaluationError as problem:
            return RowResult(None, error=undecidable.build_aggregate_error(self.policy, problem))
        if outputs is None:
            raise undecidable.build_rules_disagree(self.policy, certain, given, facts)
        return RowResult(outputs)

    def evaluate_default(self, facts: Record, context: Context) -> RowResult:
        """Return the outputs of the table if no row holds; none without a default."""
        policy = self.policy
        if policy.default is None:
            return RowResult(
                outputs_without_hits(policy.entry, policy.aggregation)
                if policy.hit_policy in MULTIPLE_HIT
                else None
            )
        result = self.evaluate_row(None, facts, context)
        if (
            result.outputs is not None
            and policy.hit_policy in MULTIPLE_HIT
            and policy.aggregation is None
        ):
            return RowResult(collect_outputs(policy.entry, [result.outputs]))
        return result

    def is_unchanged_by(
        self,
        outcome: Mapping[str, Value],
        rival: Row,
        facts: Record,
        context: Context,
        *,
        alone: bool,
    ) -> bool:
        """Return whether `outcome` stays the same if `rival`, a row that may hold, holds."""
        policy = self.policy
        given = self.evaluate_row(rival, facts, context).outputs
        try:
            return given is not None and is_unchanged(
                outcome,
                given,
                policy.aggregation,
                listed=policy.hit_policy in MULTIPLE_HIT,
                alone=alone,
            )
        except EvaluationError:
            return False

    def explain(self, decision: Decision) -> Iterable[Wording]:
        """Return the lines that explain the decision."""
        return explain.explain_table(self, decision)

    def explain_briefly(self, decision: Decision) -> Explanation:
        """Return the deciding rule with its facts, and what would change the answer."""
        return brief.explain_table_briefly(self, decision)

    def tell_grounds(self, decision: Decision) -> tuple[Told, ...]:
        """Return the facts by which the rules that decided hold, or no earlier one does."""
        return brief.tell_grounds_of_table(self, decision)

    def trace(self, decision: Decision) -> Iterable[Wording]:
        """Return each condition as it was evaluated."""
        return trace.trace_table(self, decision)


def build_table_edition(
    policy: RuleSet,
    day: date,
    shared_context: Context | None,
    peers: Mapping[str, Peer],
    rows: tuple[Row, ...],
) -> TableEdition:
    """Return the edition of a table in which exactly `rows` are in force."""
    by_priority = policy.hit_policy in BY_PRIORITY
    ordered = sort_by_priority(rows, policy.priorities) if by_priority else rows
    positions = {row.rule.id: at for at, row in enumerate(ordered)}
    return TableEdition(policy, day, shared_context, peers, rows, ordered, positions)
