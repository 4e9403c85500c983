"""The rows of a table that are in force together, and their outputs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from telecom_rules.errors import EvaluationError, MissingData, TelecomRulesError
from telecom_rules.frozen import FrozenDict
from telecom_rules.policies.editions.edition import Edition
from telecom_rules.policies.editions.three_valued import deduplicate
from telecom_rules.policies.explanation import undecidable
from telecom_rules.policies.explanation.cache import ExplanationCache, key_facts_of
from telecom_rules.policies.hit_policies import STOPS_AT_FIRST

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Mapping, Sequence

    from telecom_rules.expressions import Context, Expression
    from telecom_rules.policies.decision import Decision
    from telecom_rules.policies.rules import Row
    from telecom_rules.vocabulary import Record, Value


@dataclass(frozen=True, slots=True)
class RowResult:
    """The outputs of a row that holds, or of a table for the rows that hold.

    Attributes:
        outputs: the value of each output, or `None` where they are unknown or not defined.
        missing: the facts that would determine them.
        error: why they have no value, where completing the facts would not help.
    """

    outputs: Mapping[str, Value] | None
    missing: tuple[str, ...] = ()
    error: TelecomRulesError | None = None


WHOLE = ("table",)
"""The place of all expressions of a table together."""


@dataclass(frozen=True, slots=True, eq=False)
class TableRows(Edition):
    """The rows of a table that are in force together.

    Attributes:
        rows: the rows in the order of the file.
        ordered_rows: the same in the order in which they are tried: by priority where there is one.
        positions: the index in `ordered_rows` of each rule, by its id.
        cache: lines of earlier explanations.
    """

    rows: tuple[Row, ...]
    ordered_rows: tuple[Row, ...]
    positions: Mapping[str, int]
    cache: ExplanationCache = field(default_factory=ExplanationCache)
    _reads: dict[Hashable, tuple[str, ...] | None] = field(default_factory=dict)

    def key_facts_of(self, place: Hashable, tests: Sequence[Expression]) -> tuple[str, ...] | None:
        """Return the facts that the `tests` at `place` depend on; see `cache.key_facts_of`."""
        if place not in self._reads:
            self._reads[place] = key_facts_of(tests, self.policy.facts.fields)
        return self._reads[place]

    def key_facts(self) -> tuple[str, ...] | None:
        """Return the facts that all tests and outputs depend on; see `cache.key_facts_of`."""
        if WHOLE not in self._reads:
            default = (self.policy.default or {}).values()
            rows = (each for row in self.rows for each in (*row.tests, *row.outputs.values()))
            self._reads[WHOLE] = key_facts_of((*rows, *default), self.policy.facts.fields)
        return self._reads[WHOLE]

    def facts_behind(self) -> tuple[str, ...] | None:
        """Return `key_facts` with those that the other facts of the record must agree with."""
        names = self.key_facts()
        if names is None:
            return None
        conditions = self.policy.facts.conditions
        return tuple(sorted({*names, *(name for each in conditions for name in each.reads)}))

    def evaluate_row(self, row: Row | None, facts: Record, context: Context) -> RowResult:
        """Return the outputs of `row`, or of the default for `None`."""
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
        return RowResult(None, deduplicate(missing)) if missing else RowResult(FrozenDict(values))

    def deciding_rows(self, decision: Decision) -> tuple[Row, ...]:
        """Return the rows of the rules that decided, in the order in which they are tried."""
        rules = decision.rules
        if len(rules) == 1:
            at = self.positions[rules[0].id]
            return self.ordered_rows[at : at + 1]
        return tuple(self.ordered_rows[self.positions[rule.id]] for rule in rules)

    def tested_rows(self, decision: Decision) -> Sequence[Row]:
        """Return the rows that were tested: none after the hit of a single-hit policy."""
        if not decision.rules or self.policy.hit_policy not in STOPS_AT_FIRST:
            return self.ordered_rows
        return self.ordered_rows[: self.positions[decision.rules[-1].id] + 1]

    def iter_asked_expressions(self, decision: Decision) -> Iterator[Expression]:
        """Yield the tests of the rows that were tested, and the outputs of those that decided."""
        for row in self.tested_rows(decision):
            yield from row.tests
            if row.rule in decision.rules:
                yield from row.outputs.values()
        if not decision.rules and self.policy.default is not None:
            yield from self.policy.default.values()
