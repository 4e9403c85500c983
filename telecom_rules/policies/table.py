"""A decision table as it stands for a stretch of days, and how it decides."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from telecom_rules.errors import EvaluationError, MissingData, TelecomRulesError
from telecom_rules.expressions import FAILURES, Detour
from telecom_rules.policies import explain, failures
from telecom_rules.policies.compile import NONE, Match, Work, constantly, give_up, matcher, worker
from telecom_rules.policies.decision import Decision
from telecom_rules.policies.edition import Edition
from telecom_rules.policies.hits import (
    IN_TURN,
    RANKED,
    aggregated,
    collected,
    empty,
    ranked,
    unmoved,
)
from telecom_rules.policies.memory import Memory, facts_of
from telecom_rules.policies.standing import decisive, once, stand

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Mapping, Sequence
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
class Standings:
    """How the rows of a table stand for some facts.

    Attributes:
        certain: those that hold.
        rivals: those that may hold and would matter, with how they stand.
    """

    certain: tuple[Row, ...]
    rivals: tuple[tuple[Row, Standing], ...]


@dataclass(frozen=True, slots=True, eq=False)
class TableEdition(Edition):
    """The rows of a table that are in force together.

    Attributes:
        rows: the rows in the order of the file.
        tried: the same in the order in which they are tried: by priority where there is one.
        works: gives the outputs of each row; then gives up, for `SEVERAL`; then gives those of
            the default, for `NONE`. These two are negative and count from the end.
        rules: the rule of each row as a tuple, and no rule twice.
        places: at which place each rule is tried, by its id.
        memory: what was said of rows before.
    """

    rows: tuple[Row, ...]
    tried: tuple[Row, ...]
    works: tuple[Work, ...]
    rules: tuple[tuple[Rule, ...], ...]
    places: Mapping[str, int]
    memory: Memory = field(default_factory=Memory)
    _made: dict[str, Match] = field(default_factory=dict)
    _reads: dict[Hashable, tuple[str, ...] | None] = field(default_factory=dict)

    def facts_of(self, place: Hashable, tests: Sequence[Expression]) -> tuple[str, ...] | None:
        """Return the facts that `tests` depend on, which stand at `place`; `None`: and others."""
        if place not in self._reads:
            self._reads[place] = facts_of(tests, self.policy.facts.fields)
        return self._reads[place]

    @property
    def match(self) -> Match:
        """What finds the rows that decide, as indices into `tried`, `works` and `rules`.

        It is compiled when it is first needed; two threads may both do that.
        """
        made = self._made.get("match")
        if made is None:
            made = self._made["match"] = matcher(self.tried, self.policy.hit_policy or "first")
        return made

    def decide(self, facts: Record, on: date) -> Decision:
        """Decide on a record: by the compiled table, or row by row where that gives up."""
        context = self.context(facts, on)
        try:
            at = self.match(facts, context)
            if isinstance(at, int):
                return self.decision(self.works[at](facts, context), self.rules[at], (), facts, on)
            outputs = self.together(at, facts, context)
        except FAILURES:
            return self.weigh(facts, context, on)
        rules = tuple(self.tried[each].rule for each in at)
        return self.decision(outputs, rules, (), facts, on)

    def together(self, hits: list[int], facts: Record, context: Context) -> Mapping[str, Value]:
        """Return the outputs of a table of whose rows several may hold.

        Raises:
            Detour: it has none.
        """
        given = [self.works[at](facts, context) for at in hits]
        outputs = self.combined(given) if given else self.works[NONE](facts, context)
        if outputs is None:
            raise Detour
        return outputs

    def combined(self, given: Sequence[Mapping[str, Value]]) -> Mapping[str, Value] | None:
        """Return what rows that hold, at least one, decide together; `None` where they disagree.

        Raises:
            EvaluationError: an aggregate is out of range.
        """
        policy = self.policy
        if policy.aggregation is not None:
            return aggregated(policy.entry, policy.aggregation, given)
        if policy.listed:
            return collected(policy.entry, given)
        return given[0] if all(each == given[0] for each in given) else None

    def decision(
        self,
        outputs: Mapping[str, Value],
        rules: tuple[Rule, ...],
        missing: tuple[str, ...],
        facts: Record,
        on: date,
    ) -> Decision:
        """Return a decision of this policy."""
        return Decision(self, on, facts, outputs, rules, (), missing)

    def weigh(self, facts: Record, context: Context, on: date) -> Decision:
        """Decide in three-valued logic.

        Facts that are missing do not matter where the decision stays the same whichever of the
        rows that may still hold does.
        """
        standings = self.standings(facts, context)
        certain, rivals = standings.certain, standings.rivals
        outcome = self.outcome(certain, facts, context)
        if not rivals:
            if outcome.error is not None:
                raise outcome.error from None
            if outcome.outputs is None and not outcome.missing:
                raise failures.no_rule_matches(self.policy, self.rows, facts, context)
        if outcome.outputs is not None and all(
            standing.error is None
            and self.unmoved(outcome.outputs, rival, facts, context, alone=not certain)
            for rival, standing in rivals
        ):
            rules = tuple(row.rule for row in certain)
            return self.decision(outcome.outputs, rules, (), facts, on)
        wanted = decisive(standing.missing for _, standing in rivals)
        return self.decision(NOTHING, (), once([*wanted, *outcome.missing]), facts, on)

    def standings(self, facts: Record, context: Context) -> Standings:
        """Return how the rows stand that matter: of those that are tried in turn not all do."""
        hit_policy, fields = self.policy.hit_policy, self.policy.facts.fields
        in_turn = hit_policy in IN_TURN
        certain: list[Row] = []
        rivals: list[tuple[Row, Standing]] = []
        for row in self.tried:
            standing = stand(row.tests, facts, context, fields)
            if standing.error is not None and not (in_turn and rivals):
                raise failures.in_rule(self.policy, row, standing.error) from None
            if standing.holds:
                certain.append(row)
                if in_turn:
                    break
            elif standing.holds is None:
                rivals.append((row, standing))
        if hit_policy == "unique" and len(certain) > 1:
            raise failures.several_rules_match(self.policy, certain, facts)
        return Standings(tuple(certain), tuple(rivals))

    def outcome(self, certain: Sequence[Row], facts: Record, context: Context) -> Result:
        """Return what the table decides if exactly the rows `certain` hold."""
        if not certain:
            return self.otherwise(facts, context)
        results = [self.result(row, facts, context) for row in certain]
        missing = once(name for each in results for name in each.missing)
        error = next((each.error for each in results if each.error is not None), None)
        given = [each.outputs for each in results if each.outputs is not None]
        if missing or error is not None:
            return Result(None, missing, error)
        try:
            outputs = self.combined(given)
        except EvaluationError as problem:
            return Result(None, error=failures.in_aggregate(self.policy, problem))
        if outputs is None:
            raise failures.rules_disagree(self.policy, certain, given, facts)
        return Result(outputs)

    def otherwise(self, facts: Record, context: Context) -> Result:
        """Return what the table decides if no row holds; nothing where that is not said."""
        policy = self.policy
        if policy.default is None:
            return Result(empty(policy.entry, policy.aggregation) if policy.listed else None)
        result = self.result(None, facts, context)
        if result.outputs is not None and policy.listed and policy.aggregation is None:
            return Result(collected(policy.entry, [result.outputs]))
        return result

    def unmoved(
        self,
        outcome: Mapping[str, Value],
        rival: Row,
        facts: Record,
        context: Context,
        *,
        alone: bool,
    ) -> bool:
        """Return whether the decision stays `outcome` if a row that may hold does."""
        policy = self.policy
        given = self.result(rival, facts, context).outputs
        try:
            return given is not None and unmoved(
                outcome, given, policy.aggregation, listed=policy.listed, alone=alone
            )
        except EvaluationError:
            return False

    def result(self, row: Row | None, facts: Record, context: Context) -> Result:
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
                return Result(None, error=failures.in_rule(self.policy, row, problem))
        return Result(None, once(missing)) if missing else Result(MappingProxyType(values))

    def deciding(self, decision: Decision) -> tuple[Row, ...]:
        """Return the rows of the rules that decided, in the order in which they are tried."""
        rules = decision.rules
        if len(rules) == 1:
            at = self.places[rules[0].id]
            return self.tried[at : at + 1]
        return tuple(self.tried[self.places[rule.id]] for rule in rules)

    def tested(self, decision: Decision) -> Sequence[Row]:
        """Return the rows that were tested: of those tried in turn none behind one that held."""
        if not decision.rules or self.policy.hit_policy not in IN_TURN:
            return self.tried
        return self.tried[: self.places[decision.rules[0].id] + 1]

    def bearing(self, decision: Decision) -> Iterator[Expression]:
        """Yield the tests of the rows that were tested, and the outputs of those that decided."""
        for row in self.tested(decision):
            yield from row.tests
            if row.rule in decision.rules:
                yield from row.outputs.values()
        if not decision.rules and self.policy.default is not None:
            yield from self.policy.default.values()

    def explain(self, decision: Decision) -> Iterator[Wording]:
        """Yield the lines that say what was decided and why."""
        return explain.table(self, decision)


def table_edition(
    policy: Policy, rows: tuple[Row, ...], day: date, steady: Context | None
) -> TableEdition:
    """Return the edition of a table in which exactly `rows` are in force."""
    hit_policy = policy.hit_policy or "first"
    tried = ranked(rows, policy.priorities) if hit_policy in RANKED else rows
    return TableEdition(
        policy,
        day,
        steady,
        rows,
        tried,
        (*(worker(row.outputs) for row in tried), give_up, otherwise(policy)),
        (*((row.rule,) for row in tried), (), ()),
        {row.rule.id: at for at, row in enumerate(tried)},
    )


def otherwise(policy: Policy) -> Work:
    """Return what gives the outputs of a table no row of which holds."""
    if policy.default is None:
        nothing = empty(policy.entry, policy.aggregation) if policy.listed else None
        return give_up if nothing is None else constantly(nothing)
    given = worker(policy.default)
    if not policy.listed or policy.aggregation is not None:
        return given
    return lambda facts, context: collected(policy.entry, [given(facts, context)])
