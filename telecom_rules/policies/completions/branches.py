"""The branches of a search over missing facts: how they are cut, and an example of each.

A fact is cut where a comparison of the rules changes. Where that is, is worked out from the
difference of its sides, taken to be linear; a wrong cut costs effort and no truth.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Final

from telecom_rules.expressions.evaluation.abstract import PRESENT, known_reading
from telecom_rules.expressions.evaluation.number_line import to_number
from telecom_rules.expressions.evaluation.value_sets import (
    Except,
    OneOf,
    find_interval,
    is_single,
)
from telecom_rules.policies.completions.budget import SearchBudget
from telecom_rules.policies.completions.outcomes import OutcomeJudge
from telecom_rules.policies.completions.pieces import (
    build_reading,
    example_of,
    is_settled,
    probes_of,
    split,
    split_text,
)
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
    from telecom_rules.policies.editions.edition import Edition
    from telecom_rules.vocabulary import Field, Value


MOST_CONDITIONS: Final = 4_000
"""Conditions that one search evaluates."""
MOST_COMPARISONS: Final = 12
"""Comparisons by which one fact is cut at a time."""
MOST_PIECES: Final = 40
"""Pieces of one fact whose examples are decided."""


@dataclass(eq=False, kw_only=True)
class Branches:
    """The missing facts of one record for one policy, and how they are cut.

    Attributes:
        edition: the rules of the policy in force on the day.
        facts: the known facts.
        unasked: the optional facts that may still be given; the others are absent.
        on: the day.
        dependencies: what the conditions of the policy depend on.
        edition_of: the rules of a policy in force that day, by its name, or `None`.
        complete: whether facts that are not optional are certainly given in the end.
        budget: the work that may still be done.
    """

    edition: Edition
    facts: Record
    unasked: frozenset[str]
    on: date
    dependencies: Dependencies
    edition_of: Callable[[str], Edition | None]
    complete: bool = False
    budget: SearchBudget = field(default_factory=lambda: SearchBudget(MOST_CONDITIONS))

    @property
    def fields(self) -> Mapping[str, Field]:
        """Every fact of the type."""
        return self.edition.policy.facts.fields

    @cached_property
    def missing(self) -> Mapping[str, Reading]:
        """What reading each missing fact may give that one of the policies reads.

        A complete record also has those that may contradict others.
        """
        wanted = self.dependencies.facts
        if self.complete:
            wanted |= self.dependencies.conditioned
        return {
            name: build_reading(each, complete=self.complete)
            for name, each in self.fields.items()
            if name in wanted
            and name not in set(self.facts)
            and (not each.optional or name in self.unasked)
        }

    def judge_of(self, missing: Mapping[str, Reading]) -> OutcomeJudge:
        """Return the judge of outcomes for some pieces."""
        return OutcomeJudge(self.facts, missing, self.on, self.edition_of, self.budget)

    def is_contradictory(self, missing: Mapping[str, Reading]) -> bool:
        """Return whether all records of the pieces contradict themselves: nobody can give one."""
        contradictions = self.dependencies.contradictions
        if not contradictions:
            return False
        # Complete facts have every one that is not optional.
        given = {
            name: each if each.fails else each._replace(present=PRESENT)
            for name, each in missing.items()
        }
        judge = self.judge_of(given)
        interpreter = judge.interpreter_of(self.edition)
        truths = (judge.holds((each,), interpreter) for each in contradictions)
        return any(truth.may_hold and not (truth.may_fail or truth.fails) for truth in truths)

    def build_example(self, missing: Mapping[str, Reading], **instead: Value) -> Record:
        """Return a record with one example of the pieces, and with other values for some facts."""
        values = {name: example_of(each, self.fields[name]) for name, each in missing.items()}
        given = {**self.facts, **values, **instead}
        return Record({name: value for name, value in given.items() if value is not None})

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
            return split_text(reading, self.dependencies.constants_beside(name))
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


def iter_items(values: ValueSet) -> Iterator[ValueSet]:
    """Yield a set of values, or of a known list each item as one."""
    if is_single(values) and isinstance(values.values[0], tuple):
        yield from (OneOf((item,)) for item in values.values[0])
    else:
        yield values
