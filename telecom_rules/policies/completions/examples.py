"""The search for a complete record that meets some conditions and misses others."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from telecom_rules.errors import TelecomRulesError
from telecom_rules.expressions.evaluation.interpret import interpret
from telecom_rules.expressions.evaluation.number_line import to_number
from telecom_rules.expressions.evaluation.value_sets import Between, OneOf
from telecom_rules.policies.completions.branches import Branches
from telecom_rules.policies.completions.pieces import example_of, examples_of, split

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from telecom_rules.expressions import Expression
    from telecom_rules.expressions.evaluation.abstract import Reading
    from telecom_rules.vocabulary import Record


class NotDecided(Exception):
    """An example is neither found nor ruled out: facts are combined in a way not followed."""


Goal: TypeAlias = "tuple[tuple[tuple[Expression, ...], bool], ...]"
"""Conjunctions of conditions, each with the value that it should have."""


@dataclass(eq=False, kw_only=True)
class ExampleSearch(Branches):
    """The search for an example among the ways to complete the facts."""

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
            constants = self.dependencies.constants_beside(name)
            for value in examples_of(reading, self.fields[name], constants)[1:]:
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
