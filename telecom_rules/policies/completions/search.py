"""The search over the ways to complete the facts: do all give one decision, does a fact matter?

Branch and prune: where the outcome is not known for all values of the missing facts together, one
fact is cut into pieces and each is searched. A search ends at once where two ways to complete the
facts, decided by the ordinary rules, differ. It has a budget; beyond it nothing is claimed.
"""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, TypeAlias

from telecom_rules.errors import TelecomRulesError
from telecom_rules.expressions.evaluation.abstract import known_reading
from telecom_rules.expressions.evaluation.interpret import interpret
from telecom_rules.expressions.evaluation.value_sets import (
    Between,
    Except,
    OneOf,
    find_interval,
    is_single,
)
from telecom_rules.policies.completions.outcomes import Budget, OutcomeJudge, TooMuchWork
from telecom_rules.policies.completions.pieces import (
    build_reading,
    example_of,
    examples_of,
    is_settled,
    may_be_absent,
    probes_of,
    settle,
    split,
    split_text,
    to_number,
)
from telecom_rules.policies.editions.table import TableEdition
from telecom_rules.vocabulary import Record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import date
    from fractions import Fraction

    from telecom_rules.expressions import Expression
    from telecom_rules.expressions.evaluation.abstract import AbstractInterpreter, Reading
    from telecom_rules.expressions.evaluation.value_sets import ValueSet
    from telecom_rules.expressions.typed import Typed
    from telecom_rules.policies.completions.dependencies import Dependencies
    from telecom_rules.policies.decision import Decision
    from telecom_rules.policies.editions.edition import Edition
    from telecom_rules.policies.rules import Row, Rule
    from telecom_rules.vocabulary import Field, Value


MOST_CONDITIONS: Final = 4_000
"""Conditions that one search evaluates."""
MOST_COMPARISONS: Final = 12
"""Comparisons by which one fact is cut at a time."""
MOST_PIECES: Final = 40
"""Pieces of one fact whose examples are decided."""


class CompletionsDiffer(Exception):
    """Two ways to complete the facts give different decisions, or one cannot be told."""


class NotDecided(Exception):
    """An example is neither found nor ruled out: facts are combined in a way not followed."""


Goal: TypeAlias = "tuple[tuple[tuple[Expression, ...], bool], ...]"
"""Conjunctions of conditions, each with the value that it should have."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """The one decision of all ways to complete the facts.

    Attributes:
        outputs: its outputs.
        rules: the rules that decide, in some cases or in all, in the order in which they are
            tried; none if the default decides in some.
    """

    outputs: Mapping[str, Value]
    rules: tuple[Rule, ...]


@dataclass(eq=False)
class Completions:
    """The ways to complete the facts of one record for one policy.

    Attributes:
        edition: the rules of the policy in force on the day.
        facts: the known facts.
        unasked: the optional facts that may still be given; the others are absent.
        on: the day.
        dependencies: what the conditions of the policy depend on.
        edition_of: the rules of a policy in force that day, by its name, or `None`.
        decide: decides on a record with every fact that matters.
        complete: whether facts that are not optional are certainly given in the end.
        budget: the work that may still be done.
    """

    edition: Edition
    facts: Record
    unasked: frozenset[str]
    on: date
    dependencies: Dependencies
    edition_of: Callable[[str], Edition | None]
    decide: Callable[[Record], Decision]
    complete: bool = False
    budget: Budget = field(default_factory=lambda: Budget(MOST_CONDITIONS))

    @property
    def fields(self) -> Mapping[str, Field]:
        """Every fact of the type."""
        return self.edition.policy.facts.fields

    @cached_property
    def missing(self) -> Mapping[str, Reading]:
        """What reading each missing fact may give that one of the policies reads."""
        return {
            name: build_reading(each, complete=self.complete)
            for name, each in self.fields.items()
            if name in self.dependencies.facts
            and name not in set(self.facts)
            and (not each.optional or name in self.unasked)
        }

    # Agreement

    def find_agreement(self) -> Agreement | None:
        """Return the decision of all ways to complete the facts, `None` unless it is proved."""
        agreed: list[dict[str, Value]] = []
        deciding: dict[Row | None, None] = {}
        self.budget = Budget(MOST_CONDITIONS)
        try:
            self.explore(self.missing, None, agreed, deciding)
        except (CompletionsDiffer, TooMuchWork):
            return None
        rows = self.edition.ordered_rows if isinstance(self.edition, TableEdition) else ()
        rules = () if None in deciding else tuple(row.rule for row in rows if row in deciding)
        return Agreement(MappingProxyType(agreed[0]), rules)

    def explore(
        self,
        missing: Mapping[str, Reading],
        rows: Sequence[Row] | None,
        agreed: list[dict[str, Value]],
        deciding: dict[Row | None, None],
    ) -> None:
        """Explore pieces of the missing facts until each has the outcome of the others.

        Args:
            missing: the pieces.
            rows: the rows that matter for them, or `None` for all.
            agreed: the outcome so far; the first is put into it.
            deciding: the rows that decide are put into it.

        Raises:
            CompletionsDiffer: two pieces have different outcomes, or one cannot be told.
            TooMuchWork: the budget is spent.
        """
        example = self.decide_example(missing)
        if not isinstance(example, dict) or (agreed and agreed[0] != example):
            raise CompletionsDiffer
        if not agreed:
            agreed.append(example)
        found = self.judge_of(missing).judge(self.edition, rows)
        if found.outputs is not None:
            if dict(found.outputs) != example:
                raise CompletionsDiffer
            deciding.update(dict.fromkeys(found.rules))
            return
        name, pieces = self.choose_split(missing, found.open)
        if not pieces:
            raise CompletionsDiffer
        for piece in pieces:
            self.explore({**missing, name: piece}, found.kept, agreed, deciding)

    def judge_of(self, missing: Mapping[str, Reading]) -> OutcomeJudge:
        """Return the judge of outcomes for some pieces."""
        return OutcomeJudge(self.facts, missing, self.on, self.edition_of, self.budget)

    def decide_example(self, missing: Mapping[str, Reading], **instead: Value) -> object:
        """Return the outputs for one example of the pieces; the type of the error if it fails."""
        self.budget.spend()
        try:
            decision = self.decide(self.build_example(missing, **instead))
        except TelecomRulesError as problem:
            return type(problem)
        return None if decision.missing else dict(decision.outputs)

    def build_example(self, missing: Mapping[str, Reading], **instead: Value) -> Record:
        """Return a record with one example of the pieces, and with other values for some facts."""
        values = {name: example_of(each, self.fields[name]) for name, each in missing.items()}
        given = {**self.facts, **values, **instead}
        return Record({name: value for name, value in given.items() if value is not None})

    # Relevance

    def choose_fact(self, wanted: Sequence[str]) -> str:
        """Return the missing fact to ask for: one that can change the decision.

        The one whose answers most often settle the decision comes first, among equals the first.

        Args:
            wanted: the facts that may be asked for, at least one.
        """
        if len(wanted) == 1:
            return wanted[0]
        ordered = sorted(wanted, key=lambda name: -self.share_settled(name))
        verdicts: dict[str, bool | None] = {}
        for name in ordered:
            verdicts[name] = self.matters(name)
            if verdicts[name]:
                return name
        return next((name for name in ordered if verdicts[name] is None), ordered[0])

    def matters(self, name: str) -> bool | None:
        """Return whether one missing fact can change the decision; `None` if that is not found.

        It can if two ways to complete the facts that differ in this fact alone are decided
        differently. It cannot if the outcome is known whichever value it has.
        """
        conclusive = True
        self.budget = Budget(MOST_CONDITIONS)
        pending: list[tuple[Mapping[str, Reading], Sequence[Row] | None]] = [(self.missing, None)]
        try:
            while pending:
                missing, rows = pending.pop()
                if self.differs_by(name, missing):
                    return True
                found = self.judge_of(missing).judge(self.edition, rows)
                if found.outputs is not None:
                    continue
                chosen, pieces = self.choose_split(missing, found.open, but=name)
                conclusive = conclusive and bool(pieces)
                pending += [({**missing, chosen: each}, found.kept) for each in reversed(pieces)]
        except TooMuchWork:
            return None
        return False if conclusive else None

    def differs_by(self, name: str, missing: Mapping[str, Reading]) -> bool:
        """Return whether an example of the pieces is decided differently for values of a fact."""
        settled = {
            each: reading if each == name else settle(reading, self.fields[each])
            for each, reading in missing.items()
        }
        first: list[object] = []
        for piece in self.split_fully(name, settled):
            texts = self.dependencies.texts_beside(name)
            for value in examples_of(piece, self.fields[name], texts):
                outcome = self.decide_example(settled, **{name: value})
                if first and outcome != first[0]:
                    return True
                first.append(outcome)
        return False

    def split_fully(self, name: str, missing: Mapping[str, Reading]) -> list[Reading]:
        """Return the pieces of a fact by all comparisons, where the other facts are settled."""
        done: list[Reading] = []
        pending = [missing[name]]
        while pending:
            piece = pending.pop()
            pieces = self.split_by(name, {**missing, name: piece}, self.dependencies.expressions)
            if len(pieces) > 1 and len(done) + len(pending) < MOST_PIECES:
                pending += pieces
            else:
                done.append(piece)
        return done

    def share_settled(self, name: str) -> float:
        """Return the share of the pieces of a missing fact for which the decision is known."""
        self.budget = Budget(MOST_CONDITIONS)
        try:
            return self.count_settled(name)
        except TooMuchWork:
            return 0.0

    def count_settled(self, name: str) -> float:
        """Return the same, or raise `TooMuchWork`."""
        found = self.judge_of(self.missing).judge(self.edition)
        whole = self.missing[name]
        parts = split(whole, self.fields[name], ()) if may_be_absent(whole) else [whole]
        pieces = [
            piece
            for part in parts
            for piece in self.split_by(name, {**self.missing, name: part}, found.open)
        ]
        outcomes = [
            self.judge_of({**self.missing, name: each}).judge(self.edition, found.kept)
            for each in pieces
        ]
        return sum(each.outputs is not None for each in outcomes) / len(outcomes)

    # Examples

    def find_example(self, goal: Goal) -> Record | None:
        """Return a way to complete the facts that meets a goal, `None` if there is none.

        Raises:
            NotDecided: neither is found.
            TooMuchWork: the budget is spent.
        """
        conclusive = True
        pending = [(self.missing, goal)]
        # The stretches around a point are searched last: a point settles more.
        later: deque[tuple[Mapping[str, Reading], Goal]] = deque()
        while pending or later:
            missing, left = pending.pop() if pending else later.popleft()
            for record in self.iter_examples(missing):
                if self.meets(record, goal):
                    return record
            possible, left = self.narrow(missing, left)
            if not possible:
                continue
            tests = [test for condition, _ in left for test in condition]
            chosen, pieces = self.choose_split(missing, tests)
            if pieces:
                pending += [({**missing, chosen: piece}, left) for piece in reversed(pieces)]
                continue
            chosen, pieces = self.choose_point(missing, tests)
            conclusive = conclusive and bool(pieces)
            for piece in pieces:
                is_point = isinstance(piece.values, OneOf)
                (pending if is_point else later).append(({**missing, chosen: piece}, left))
        if conclusive:
            return None
        raise NotDecided

    def iter_examples(self, missing: Mapping[str, Reading]) -> Iterator[Record]:
        """Yield records of the pieces: one, and others for lists."""
        yield self.build_example(missing)
        for name, reading in missing.items():
            texts = self.dependencies.texts_beside(name)
            for value in examples_of(reading, self.fields[name], texts)[1:]:
                yield self.build_example(missing, **{name: value})

    def narrow(self, missing: Mapping[str, Reading], goal: Goal) -> tuple[bool, Goal]:
        """Return whether a goal may be met by the pieces, and its conditions that are open."""
        judge = self.judge_of(missing)
        interpreter = judge.interpreter_of(self.edition)
        left: list[tuple[tuple[Expression, ...], bool]] = []
        for condition, wanted in goal:
            truth = judge.holds(condition, interpreter)
            met, missed = truth.may_hold, truth.may_fail
            if not wanted:
                met, missed = missed, met
            if not met:
                return False, ()
            if missed or truth.fails:
                left.append((condition, wanted))
        return True, tuple(left)

    def meets(self, record: Record, goal: Goal) -> bool:
        """Return whether a record meets a goal."""
        context = self.edition.build_context(record, self.on)
        for condition, wanted in goal:
            self.budget.spend(len(condition))
            try:
                holds = all(interpret(each.tree, record, context) for each in condition)
            except TelecomRulesError:
                return False
            if holds is not wanted:
                return False
        return True

    def choose_point(
        self, missing: Mapping[str, Reading], tests: Sequence[Expression]
    ) -> tuple[str, list[Reading]]:
        """Return a fact with its pieces around one of its values; no pieces if it has only one.

        The value is an ordinary one, or the middle of a stretch that has none inside.
        """
        names = dict.fromkeys(
            name for test in tests for name in sorted(self.dependencies.facts_behind(test))
        )
        for name in names:
            reading = missing.get(name)
            if reading is not None and isinstance(reading.values, Between):
                field = self.fields[name]
                ends = to_number(reading.values.low), to_number(reading.values.high)
                mark = to_number(example_of(reading, field))
                middle = (ends[0] + ends[1]) / 2
                pieces = split(reading, field, [middle if mark in ends else mark])
                if len(pieces) > 1:
                    return name, pieces
        return "", []

    # Splitting

    def choose_split(
        self,
        missing: Mapping[str, Reading],
        tests: Sequence[Expression],
        *,
        but: str | None = None,
    ) -> tuple[str, list[Reading]]:
        """Return the fact to cut next with its pieces; no pieces if nothing can be cut.

        The fact that most open conditions depend on comes first.

        Args:
            missing: the pieces so far.
            tests: the open conditions.
            but: a fact that is not cut.
        """
        often = Counter(name for test in tests for name in self.dependencies.facts_behind(test))
        for name in sorted(often.keys() & missing.keys(), key=lambda each: (-often[each], each)):
            if name != but and not is_settled(missing[name]):
                pieces = self.split_by(name, missing, tests)
                if len(pieces) > 1:
                    return name, pieces
        return "", []

    def split_by(
        self, name: str, missing: Mapping[str, Reading], tests: Sequence[Expression]
    ) -> list[Reading]:
        """Return the pieces of a fact by the comparisons of some conditions."""
        reading = missing[name]
        if isinstance(reading.values, Except) and not reading.fails:
            return split_text(reading, self.dependencies.texts_beside(name))
        ordered = find_interval(reading.values) is not None and not reading.fails
        cuts = set(self.iter_cuts(name, missing, tests)) if ordered else ()
        return split(reading, self.fields[name], cuts)

    def iter_cuts(
        self, name: str, missing: Mapping[str, Reading], tests: Sequence[Expression]
    ) -> Iterator[Fraction]:
        """Yield the numbers at which comparisons change that read a number, day or instant.

        A comparison changes where its sides are equal. Their difference is taken to be linear in
        the fact, and to have its extremes at the ends of what the other facts may be.
        """
        nodes = dict.fromkeys(
            each for test in tests for each in self.dependencies.comparisons_behind(test, name)
        )
        for policy, node in [*nodes][:MOST_COMPARISONS]:
            left, right = node.arguments
            yield from self.find_roots(name, missing, policy, (left, right))

    def find_roots(
        self,
        name: str,
        missing: Mapping[str, Reading],
        policy: str,
        sides: tuple[Typed, Typed],
    ) -> Iterator[Fraction]:
        """Yield the values of a fact at which two sides may be equal, by linear interpolation."""
        values = find_interval(missing[name].values)
        if values is None or values.low == values.high:
            return
        low, high = probes_of(values)
        starts = self.find_differences({**missing, name: known_reading(low)}, policy, sides)
        ends = self.find_differences({**missing, name: known_reading(high)}, policy, sides)
        first, last = to_number(low), to_number(high)
        for start, end in zip(starts, ends, strict=False):
            if start != end:
                yield first - start * (last - first) / (end - start)

    def find_differences(
        self, missing: Mapping[str, Reading], policy: str, sides: tuple[Typed, Typed]
    ) -> list[Fraction]:
        """Return the least and the greatest difference of two sides; none without an order.

        The right side may also be a list, of which every item is compared.
        """
        edition = self.edition_of(policy)
        if edition is None:
            return []
        self.budget.spend()
        interpreter: AbstractInterpreter = self.judge_of(missing).interpreter_of(edition)
        left = find_interval(interpreter.evaluate(sides[0]).values)
        found: list[Fraction] = []
        for values in iter_items(interpreter.evaluate(sides[1]).values):
            right = find_interval(values)
            if left is not None and right is not None:
                found.append(to_number(left.low) - to_number(right.high))
                found.append(to_number(left.high) - to_number(right.low))
        return found


def iter_items(values: ValueSet) -> Iterator[ValueSet]:
    """Yield a set of values, or of a known list each item as one."""
    if isinstance(values, OneOf) and is_single(values) and isinstance(values.values[0], tuple):
        yield from (OneOf((item,)) for item in values.values[0])
    else:
        yield values
