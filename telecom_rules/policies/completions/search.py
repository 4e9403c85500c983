"""The search over the ways to complete the facts: do all give one decision, does a fact matter?

Branch and prune: where the outcome is not known for all values of the missing facts together, one
fact is cut into pieces and each is searched. A search ends at once where two ways to complete the
facts, decided by the ordinary rules, differ. It has a budget; beyond it nothing is claimed.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from itertools import product
from math import prod
from random import Random
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from telecom_rules.errors import TelecomRulesError
from telecom_rules.expressions.evaluation.number_line import GRAINS, to_number
from telecom_rules.policies.completions.branches import MOST_CONDITIONS, Branches
from telecom_rules.policies.completions.budget import SearchBudget, TooMuchWork
from telecom_rules.policies.completions.expectation import Ending, Expectation
from telecom_rules.policies.completions.pieces import (
    examples_of,
    may_be_absent,
    settle,
    split,
)
from telecom_rules.policies.editions.checklist import ChecklistEdition
from telecom_rules.policies.editions.table import TableEdition
from telecom_rules.vocabulary.types import CodeType

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from telecom_rules.expressions import Expression
    from telecom_rules.expressions.evaluation.abstract import Reading
    from telecom_rules.policies.completions.outcomes import Outcome
    from telecom_rules.policies.decision import Decision
    from telecom_rules.policies.rules import Row, Rule
    from telecom_rules.vocabulary import Field, Record, Value


CONDITIONS_OF_QUESTION: Final = 12_000
"""Conditions that are evaluated to choose a question."""


MOST_ENDINGS: Final = 250
"""Complete records that are decided to choose a question."""
MOST_VALUES: Final = 8
"""Values of one fact in them."""


IMPOSSIBLE: Final = object()
"""The outcome of an example that contradicts itself."""


UNDECIDED: Final = {"verdict": "unknown"}
"""The outcome of complete facts without a decision: too little measured, or no value."""


class CompletionsDiffer(Exception):
    """Two ways to complete the facts give different decisions, or one cannot be told."""


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


@dataclass(eq=False, kw_only=True)
class Completions(Branches):
    """The ways to complete the facts of one record for one policy.

    Attributes:
        decide: decides on a record with every fact that matters.
    """

    decide: Callable[[Record], Decision]

    # Agreement

    def find_agreement(self) -> Agreement | None:
        """Return the decision of all ways to complete the facts, `None` unless it is proved."""
        found = self.find_common_outcome()
        return None if found is None or found.outputs == UNDECIDED else found

    def is_undecided(self) -> bool:
        """Return whether there is no decision for want of measures, whatever is still given."""
        edition = self.edition
        if not isinstance(edition, ChecklistEdition) or not any(c.grounds for c in edition.checks):
            return False
        found = self.find_common_outcome()
        return found is not None and found.outputs == UNDECIDED

    def find_common_outcome(self) -> Agreement | None:
        """Return the outcome of all ways to complete the facts, which may be `UNDECIDED`."""
        agreed: list[dict[str, Value]] = []
        deciding: dict[Row | None, None] = {}
        self.budget = SearchBudget(MOST_CONDITIONS)
        try:
            self.explore(self.missing, None, agreed, deciding)
        except (CompletionsDiffer, TooMuchWork):
            return None
        if not agreed:
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
        if self.is_contradictory(missing):
            return
        example = self.decide_example(missing)
        if example is not IMPOSSIBLE:
            agree_on(example, agreed)
        found = self.judge_of(missing).judge(self.edition, rows)
        if found.outputs is not None:
            agree_on(dict(found.outputs), agreed)
            deciding.update(dict.fromkeys(found.rules))
            return
        name, pieces = self.choose_split(missing, self.list_open(found))
        if not pieces:
            raise CompletionsDiffer
        for piece in pieces:
            self.explore({**missing, name: piece}, found.kept, agreed, deciding)

    def list_open(self, found: Outcome) -> tuple[Expression, ...]:
        """Return the conditions to cut by: those that are open, and the contradictions."""
        return (*found.open, *self.dependencies.contradictions)

    def decide_example(self, missing: Mapping[str, Reading], **instead: Value) -> object:
        """Return the outputs for one example of the pieces, `UNDECIDED` if there are none.

        An example that contradicts itself is `IMPOSSIBLE`.
        """
        self.budget.spend()
        record = self.build_example(missing, **instead)
        if self.edition.policy.facts.find_broken(record):
            return IMPOSSIBLE
        try:
            decision = self.decide(record)
        except TelecomRulesError:
            return UNDECIDED
        return UNDECIDED if decision.missing else dict(decision.outputs)

    # Relevance

    def choose_fact(self, wanted: Sequence[str]) -> str | None:
        """Return the missing fact to ask for: one that can change the decision.

        The one after which the least is left to ask in expectation comes first, among equals the
        first. There is none if too little is measured for a decision, whatever they are.

        Args:
            wanted: the facts that may be asked for, at least one.
        """
        if self.is_undecided():
            return None
        if len(wanted) == 1:
            return wanted[0]
        whole = self.budget = SearchBudget(CONDITIONS_OF_QUESTION)
        ordered = sorted(wanted, key=self.expect().of)
        verdicts: dict[str, bool | None] = {}
        for at, name in enumerate(ordered):
            # One about which nothing is found leaves the others their part.
            with whole.lend(whole.left // (len(ordered) - at)) as self.budget:
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
        pending: list[tuple[Mapping[str, Reading], Sequence[Row] | None]] = [(self.missing, None)]
        try:
            while pending:
                missing, rows = pending.pop()
                if self.is_contradictory(missing):
                    continue
                if self.differs_by(name, missing):
                    return True
                found = self.judge_of(missing).judge(self.edition, rows)
                if found.outputs is not None:
                    continue
                chosen, pieces = self.choose_split(missing, self.list_open(found), but=name)
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
            constants = self.dependencies.constants_beside(name)
            for value in examples_of(piece, self.fields[name], constants):
                outcome = self.decide_example(settled, **{name: value})
                if outcome is IMPOSSIBLE:
                    continue
                if first and outcome != first[0]:
                    return True
                first.append(outcome)
        return False

    # Expectation

    def expect(self) -> Expectation:
        """Return what a sample of complete records says about the questions ahead.

        Each value of a sample stands for those that the rules do not distinguish from it.
        """
        values = self.list_values()
        names = [*values]
        endings: list[Ending] = []
        with suppress(TooMuchWork):
            for answers in draw([len(each) for each in values.values()]):
                given = {name: values[name][at] for name, at in zip(names, answers, strict=True)}
                outcome = self.decide_example({}, **given)
                if outcome is not IMPOSSIBLE:
                    endings.append(Ending(answers, str(outcome)))
        places = {name: at for at, name in enumerate(names)}
        return Expectation(endings, places, {name: self.fields[name].effort for name in names})

    def list_values(self) -> dict[str, list[Value | None]]:
        """Return some values of each missing fact, one of each piece, and absence where it may be.

        It is cut by what the rules compare it with, and where that is another missing fact, by an
        example of that.
        """
        examples = {name: settle(each, self.fields[name]) for name, each in self.missing.items()}
        found: dict[str, list[Value | None]] = {}
        for name in self.missing:
            field = self.fields[name]
            values = self.list_present(name, examples)
            absent = [None] if field.optional else []
            found[name] = [*absent, *select_some(values)]
        return found

    def list_present(self, name: str, examples: Mapping[str, Reading]) -> list[Value]:
        """Return some values of one missing fact: every code, else one of each piece."""
        whole, field = self.missing[name], self.fields[name]
        if isinstance(field.type, CodeType):
            return list(field.type.codes)
        present = split(whole, field, ())[-1] if may_be_absent(whole) else whole
        pieces = [present]
        with suppress(TooMuchWork):
            for others in (self.missing, examples):
                missing = {**others, name: present}
                pieces += self.split_by(name, missing, self.dependencies.expressions)
        constants = self.dependencies.constants_beside(name)
        values = (value for each in pieces for value in examples_of(each, field, constants))
        return order_values(dict.fromkeys(values), field)


def order_values(values: Iterable[Value], field: Field) -> list[Value]:
    """Return values of a fact, numbers and days in their order."""
    return sorted(values, key=to_number) if field.type in GRAINS else list(values)


def select_some(values: Sequence[Value]) -> list[Value]:
    """Return at most `MOST_VALUES` of some values, evenly."""
    if len(values) <= MOST_VALUES:
        return list(values)
    step = (len(values) - 1) / (MOST_VALUES - 1)
    return [values[round(step * at)] for at in range(MOST_VALUES)]


def draw(counts: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """Yield combinations of places: all if they are few, else some by chance, always the same."""
    if prod(counts) <= MOST_ENDINGS:
        yield from product(*map(range, counts))
        return
    chance = Random(0)  # noqa: S311 - not for secrets
    for _ in range(MOST_ENDINGS):
        yield tuple(chance.randrange(count) for count in counts)


def agree_on(outputs: object, agreed: list[dict[str, Value]]) -> None:
    """Put the first outputs of a search into `agreed`.

    Raises:
        CompletionsDiffer: they are others than before, or none at all.
    """
    if not isinstance(outputs, dict) or (agreed and agreed[0] != outputs):
        raise CompletionsDiffer
    if not agreed:
        agreed.append(outputs)
