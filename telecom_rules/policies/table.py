"""A decision table as it stands for a stretch of days, and how it decides."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from telecom_rules.errors import EvaluationError, MissingData
from telecom_rules.expressions import FAILURES
from telecom_rules.policies import explain, failures
from telecom_rules.policies.compile import Match, Work, give_up, matcher, worker
from telecom_rules.policies.decision import Decision
from telecom_rules.policies.edition import Edition
from telecom_rules.policies.standing import once, stand

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from telecom_rules.expressions import Context, Expression
    from telecom_rules.policies.policy import Policy
    from telecom_rules.policies.row import Row, Rule
    from telecom_rules.policies.standing import Standing
    from telecom_rules.vocabulary import Record, Value
    from telecom_rules.wording import Wording

__all__ = ["TableEdition", "table_edition"]

NOTHING: Mapping[str, Value] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Result:
    """What a row gives if it decides.

    Attributes:
        outputs: the value of each output, or `None` where it cannot be told.
        missing: the facts that would tell.
        error: why it has no value, where completing the facts would not help.
    """

    outputs: Mapping[str, Value] | None
    missing: tuple[str, ...] = ()
    error: EvaluationError | None = None


@dataclass(frozen=True, slots=True, eq=False)
class TableEdition(Edition):
    """The rows of a table that are in force together.

    Attributes:
        rows: the rows in order.
        match: finds the row that decides, as an index into `works` and `rules`.
        works: gives the outputs of each row; then gives up, for `SEVERAL`; then gives those of
            the default, for `NONE`. These two are negative and count from the end.
        rules: the rule of each row, and `None` twice.
    """

    rows: tuple[Row, ...]
    match: Match
    works: tuple[Work, ...]
    rules: tuple[Rule | None, ...]

    def decide(self, facts: Record, on: date) -> Decision:
        """Decide on a record: by the compiled table, or row by row where that gives up."""
        context = self.context(facts, on)
        try:
            at = self.match(facts, context)
            outputs = self.works[at](facts, context)
        except FAILURES:
            return self.weigh(facts, context, on)
        return self.decision(outputs, self.rules[at], (), facts, on)

    def decision(
        self,
        outputs: Mapping[str, Value],
        rule: Rule | None,
        missing: tuple[str, ...],
        facts: Record,
        on: date,
    ) -> Decision:
        """Return a decision of this policy."""
        policy = self.policy
        return Decision(policy.name, on, policy.digest, outputs, rule, (), missing, facts, self)

    def weigh(self, facts: Record, context: Context, on: date) -> Decision:
        """Decide in three-valued logic.

        Facts that are missing do not matter where every row that may still decide gives the same.
        """
        row, rivals = self.candidates(facts, context)
        result = self.result(row, facts, context)
        if not rivals:
            if result.error is not None:
                raise failures.in_rule(self.policy, row, result.error) from None
            if result.outputs is None and not result.missing:
                raise failures.no_rule_matches(self.policy, self.rows, facts, context)
        rule = None if row is None else row.rule
        if result.outputs is not None and all(
            standing.error is None and self.result(rival, facts, context).outputs == result.outputs
            for rival, standing in rivals
        ):
            return self.decision(result.outputs, rule, (), facts, on)
        wanted = (name for _, standing in rivals for name in standing.missing)
        return self.decision(NOTHING, None, once([*wanted, *result.missing]), facts, on)

    def candidates(
        self, facts: Record, context: Context
    ) -> tuple[Row | None, list[tuple[Row, Standing]]]:
        """Return the row that decides for sure, if there is one, and the rows that may instead."""
        first, fields = self.policy.hit_policy == "first", self.policy.facts.fields
        certain: list[Row] = []
        rivals: list[tuple[Row, Standing]] = []
        for row in self.rows:
            standing = stand(row.tests, facts, context, fields)
            if standing.error is not None and not (first and rivals):
                raise failures.in_rule(self.policy, row, standing.error) from None
            if standing.holds:
                certain.append(row)
                if first:
                    break
            elif standing.holds is None:
                rivals.append((row, standing))
        if len(certain) > 1:
            raise failures.several_rules_match(self.policy, certain, facts)
        return (certain[0] if certain else None), rivals

    def result(self, row: Row | None, facts: Record, context: Context) -> Result:
        """Return what `row` gives, or the default; nothing at all where there is no default."""
        outputs = self.policy.default if row is None else row.outputs
        if outputs is None:
            return Result(None)
        values: dict[str, Value] = {}
        missing: list[str] = []
        for name, expression in outputs.items():
            try:
                values[name] = expression.evaluate(facts, context)
            except MissingData as problem:
                missing.append(problem.path)
            except EvaluationError as problem:
                return Result(None, error=problem)
        return Result(None, once(missing)) if missing else Result(MappingProxyType(values))

    def tested(self, decision: Decision) -> Iterator[Row]:
        """Yield the rows that were tested: of `first` none behind the one that decided."""
        for row in self.rows:
            yield row
            if row.rule is decision.rule and self.policy.hit_policy == "first":
                return

    def bearing(self, decision: Decision) -> Iterator[Expression]:
        """Yield the tests of the rows that were tested, and the outputs of the one that decided."""
        for row in self.tested(decision):
            yield from row.tests
            if row.rule is decision.rule:
                yield from row.outputs.values()
        if decision.rule is None and self.policy.default is not None:
            yield from self.policy.default.values()

    def explain(self, decision: Decision) -> Iterator[Wording]:
        """Yield the lines that say what was decided and why."""
        return explain.table(self, decision)


def table_edition(policy: Policy, rows: tuple[Row, ...], steady: Context | None) -> TableEdition:
    """Return the edition of a table in which exactly `rows` are in force."""
    works = [worker(row.outputs) for row in rows]
    default = give_up if policy.default is None else worker(policy.default)
    return TableEdition(
        policy,
        steady,
        rows,
        matcher(rows, policy.hit_policy or "first"),
        (*works, give_up, default),
        (*(row.rule for row in rows), None, None),
    )
