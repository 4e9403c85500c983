"""A decision table as it stands for a stretch of days, and how it decides."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from telecom_rules.errors import EvaluationError, MissingData, TelecomRulesError
from telecom_rules.expressions import FAILURES, Detour
from telecom_rules.policies.decision import Decision
from telecom_rules.policies.edition import Edition
from telecom_rules.policies.explanation import explain, undecidable
from telecom_rules.policies.explanation.cache import ExplanationCache, key_facts_of
from telecom_rules.policies.fast.compile import (
    NO_ROW_HOLDS,
    Matcher,
    OutputsFunction,
    always_return,
    build_matcher,
    build_outputs_function,
    give_up,
)
from telecom_rules.policies.hit_policies import (
    BY_PRIORITY,
    STOPS_AT_FIRST,
    aggregate_outputs,
    collect_outputs,
    is_unchanged,
    outputs_without_hits,
    sort_by_priority,
)
from telecom_rules.policies.three_valued import deduplicate, evaluate_all, rank_missing_facts

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Mapping, Sequence
    from datetime import date

    from telecom_rules.expressions import Context, Expression
    from telecom_rules.policies.policy import Policy
    from telecom_rules.policies.rules import Row, Rule
    from telecom_rules.policies.three_valued import Truth
    from telecom_rules.vocabulary import Record, Value
    from telecom_rules.wording import Wording


NO_OUTPUTS: Mapping[str, Value] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class RowResult:
    """What a row gives if it holds, or a table if certain rows do.

    Attributes:
        outputs: the value of each output, or `None` where it cannot be told or there is none.
        missing: the facts that would tell.
        error: why it has no value, where completing the facts would not help.
    """

    outputs: Mapping[str, Value] | None
    missing: tuple[str, ...] = ()
    error: TelecomRulesError | None = None


@dataclass(frozen=True, slots=True)
class RowTruths:
    """How the rows of a table stand for some facts.

    Attributes:
        certain: those that hold.
        rivals: those that may hold and would matter, with how they stand.
    """

    certain: tuple[Row, ...]
    rivals: tuple[tuple[Row, Truth], ...]


@dataclass(frozen=True, slots=True, eq=False)
class TableEdition(Edition):
    """The rows of a table that are in force together.

    Attributes:
        rows: the rows in the order of the file.
        ordered_rows: the same in the order in which they are tried: by priority where there is one.
        output_functions: gives the outputs of each row; then gives up, for `SEVERAL`; then gives
            those of the default, for `NONE`. These two are negative and count from the end.
        rules: the rule of each row as a tuple, and no rule twice.
        positions: at which place each rule is tried, by its id.
        cache: what was said of rows before.
    """

    rows: tuple[Row, ...]
    ordered_rows: tuple[Row, ...]
    output_functions: tuple[OutputsFunction, ...]
    rules: tuple[tuple[Rule, ...], ...]
    positions: Mapping[str, int]
    cache: ExplanationCache = field(default_factory=ExplanationCache)
    _made: dict[str, Matcher] = field(default_factory=dict)
    _reads: dict[Hashable, tuple[str, ...] | None] = field(default_factory=dict)

    def key_facts_of(self, place: Hashable, tests: Sequence[Expression]) -> tuple[str, ...] | None:
        """Return the facts that `tests` depend on, which stand at `place`; `None`: and others."""
        if place not in self._reads:
            self._reads[place] = key_facts_of(tests, self.policy.facts.fields)
        return self._reads[place]

    @property
    def match(self) -> Matcher:
        """What finds the rows that decide, as indices into `ordered_rows`.

        It is compiled when it is first needed; two threads may both do that.
        """
        made = self._made.get("match")
        if made is None:
            made = self._made["match"] = build_matcher(
                self.ordered_rows, self.policy.hit_policy or "first"
            )
        return made

    def decide(self, facts: Record, on: date) -> Decision:
        """Decide on a record: by the compiled table, or row by row where that gives up."""
        context = self.build_context(facts, on)
        try:
            at = self.match(facts, context)
            if isinstance(at, int):
                return self.build_decision(
                    self.output_functions[at](facts, context), self.rules[at], (), facts, on
                )
            outputs = self.combine_hits(at, facts, context)
        except FAILURES:
            return self.decide_three_valued(facts, context, on)
        rules = tuple(self.ordered_rows[each].rule for each in at)
        return self.build_decision(outputs, rules, (), facts, on)

    def combine_hits(self, hits: list[int], facts: Record, context: Context) -> Mapping[str, Value]:
        """Return the outputs of a table of whose rows several may hold.

        Raises:
            Detour: it has none.
        """
        given = [self.output_functions[at](facts, context) for at in hits]
        outputs = (
            self.combine_outputs(given)
            if given
            else self.output_functions[NO_ROW_HOLDS](facts, context)
        )
        if outputs is None:
            raise Detour
        return outputs

    def combine_outputs(self, given: Sequence[Mapping[str, Value]]) -> Mapping[str, Value] | None:
        """Return what rows that hold, at least one, decide together; `None` where they disagree.

        Raises:
            EvaluationError: an aggregate is out of range.
        """
        policy = self.policy
        if policy.aggregation is not None:
            return aggregate_outputs(policy.entry, policy.aggregation, given)
        if policy.is_multiple_hit:
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

    def decide_three_valued(self, facts: Record, context: Context, on: date) -> Decision:
        """Decide in three-valued logic.

        Facts that are missing do not matter where the decision stays the same whichever of the
        rows that may still hold does.
        """
        standings = self.evaluate_rows(facts, context)
        certain, rivals = standings.certain, standings.rivals
        outcome = self.combine_rows(certain, facts, context)
        if not rivals:
            if outcome.error is not None:
                raise outcome.error from None
            if outcome.outputs is None and not outcome.missing:
                raise undecidable.build_no_rule_matches(self.policy, self.rows, facts, context)
        if outcome.outputs is not None and all(
            standing.error is None
            and self.is_unchanged_by(outcome.outputs, rival, facts, context, alone=not certain)
            for rival, standing in rivals
        ):
            rules = tuple(row.rule for row in certain)
            return self.build_decision(outcome.outputs, rules, (), facts, on)
        wanted = rank_missing_facts(standing.missing for _, standing in rivals)
        return self.build_decision(
            NO_OUTPUTS, (), deduplicate([*wanted, *outcome.missing]), facts, on
        )

    def evaluate_rows(self, facts: Record, context: Context) -> RowTruths:
        """Return how the rows stand that matter: of those that are tried in turn not all do."""
        hit_policy, fields = self.policy.hit_policy, self.policy.facts.fields
        in_turn = hit_policy in STOPS_AT_FIRST
        certain: list[Row] = []
        rivals: list[tuple[Row, Truth]] = []
        for row in self.ordered_rows:
            standing = evaluate_all(row.tests, facts, context, fields)
            if standing.error is not None and not (in_turn and rivals):
                raise undecidable.build_rule_error(self.policy, row, standing.error) from None
            if standing.holds:
                certain.append(row)
                if in_turn:
                    break
            elif standing.holds is None:
                rivals.append((row, standing))
        if hit_policy == "unique" and len(certain) > 1:
            raise undecidable.build_several_rules_match(self.policy, certain, facts)
        return RowTruths(tuple(certain), tuple(rivals))

    def combine_rows(self, certain: Sequence[Row], facts: Record, context: Context) -> RowResult:
        """Return what the table decides if exactly the rows `certain` hold."""
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
        """Return what the table decides if no row holds; nothing where that is not said."""
        policy = self.policy
        if policy.default is None:
            return RowResult(
                outputs_without_hits(policy.entry, policy.aggregation)
                if policy.is_multiple_hit
                else None
            )
        result = self.evaluate_row(None, facts, context)
        if result.outputs is not None and policy.is_multiple_hit and policy.aggregation is None:
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
        """Return whether the decision stays `combine_rows` if a row that may hold does."""
        policy = self.policy
        given = self.evaluate_row(rival, facts, context).outputs
        try:
            return given is not None and is_unchanged(
                outcome, given, policy.aggregation, listed=policy.is_multiple_hit, alone=alone
            )
        except EvaluationError:
            return False

    def evaluate_row(self, row: Row | None, facts: Record, context: Context) -> RowResult:
        """Return what `row` gives, or the default."""
        outputs = self.policy.default or {} if row is None else row.outputs
        values: dict[str, Value] = {}
        missing: list[str] = []
        for name, expression in outputs.items():
            try:
                values[name] = expression.evaluate(facts, context)
            except MissingData as problem:
                missing.append(problem.path)
            except EvaluationError as problem:
                return RowResult(
                    None, error=undecidable.build_rule_error(self.policy, row, problem)
                )
        return (
            RowResult(None, deduplicate(missing))
            if missing
            else RowResult(MappingProxyType(values))
        )

    def deciding_rows(self, decision: Decision) -> tuple[Row, ...]:
        """Return the rows of the rules that decided, in the order in which they are tried."""
        rules = decision.rules
        if len(rules) == 1:
            at = self.positions[rules[0].id]
            return self.ordered_rows[at : at + 1]
        return tuple(self.ordered_rows[self.positions[rule.id]] for rule in rules)

    def tested_rows(self, decision: Decision) -> Sequence[Row]:
        """Return the rows that were tested: of those tried in turn none behind one that held."""
        if not decision.rules or self.policy.hit_policy not in STOPS_AT_FIRST:
            return self.ordered_rows
        return self.ordered_rows[: self.positions[decision.rules[0].id] + 1]

    def iter_asked_expressions(self, decision: Decision) -> Iterator[Expression]:
        """Yield the tests of the rows that were tested, and the outputs of those that decided."""
        for row in self.tested_rows(decision):
            yield from row.tests
            if row.rule in decision.rules:
                yield from row.outputs.values()
        if not decision.rules and self.policy.default is not None:
            yield from self.policy.default.values()

    def explain(self, decision: Decision) -> Iterator[Wording]:
        """Yield the lines that say what was decided and why."""
        return explain.explain_table(self, decision)


def build_table_edition(
    policy: Policy, rows: tuple[Row, ...], day: date, steady: Context | None
) -> TableEdition:
    """Return the edition of a table in which exactly `rows` are in force."""
    hit_policy = policy.hit_policy or "first"
    tried = sort_by_priority(rows, policy.priorities) if hit_policy in BY_PRIORITY else rows
    return TableEdition(
        policy,
        day,
        steady,
        rows,
        tried,
        (
            *(build_outputs_function(row.outputs) for row in tried),
            give_up,
            build_default_function(policy),
        ),
        (*((row.rule,) for row in tried), (), ()),
        {row.rule.id: at for at, row in enumerate(tried)},
    )


def build_default_function(policy: Policy) -> OutputsFunction:
    """Return what gives the outputs of a table no row of which holds."""
    if policy.default is None:
        nothing = (
            outputs_without_hits(policy.entry, policy.aggregation)
            if policy.is_multiple_hit
            else None
        )
        return give_up if nothing is None else always_return(nothing)
    given = build_outputs_function(policy.default)
    if not policy.is_multiple_hit or policy.aggregation is not None:
        return given
    return lambda facts, context: collect_outputs(policy.entry, [given(facts, context)])
