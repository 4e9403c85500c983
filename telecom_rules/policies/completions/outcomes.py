"""What a policy may decide while facts are missing, by abstract interpretation of its rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from telecom_rules.errors import EvaluationError
from telecom_rules.expressions.evaluation.abstract import (
    ABSENT_READING,
    PRESENT,
    AbstractInterpreter,
    Reading,
    combine,
    known_reading,
)
from telecom_rules.expressions.evaluation.value_sets import (
    ANYTHING,
    EITHER,
    NO_VALUE,
    OneOf,
    is_single,
    join,
)
from telecom_rules.policies.editions.checklist import ChecklistEdition
from telecom_rules.policies.editions.table import TableEdition
from telecom_rules.policies.hit_policies import MULTIPLE_HIT, STOPS_AT_FIRST
from telecom_rules.policies.rules import VERDICT_BY_SEVERITY

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from telecom_rules.expressions import Expression
    from telecom_rules.expressions.evaluation.value_sets import Possible
    from telecom_rules.policies.completions.budget import SearchBudget
    from telecom_rules.policies.editions.edition import Edition
    from telecom_rules.policies.rules import Check, Row, Verdict
    from telecom_rules.vocabulary import Record, Value


FAILED_READING = Reading(NO_VALUE, NO_VALUE, fails=True)
UNKNOWN_READING = Reading(ANYTHING, EITHER, fails=True)


DEAREST: Final = 400
"""The cost of a condition beyond which it is not followed in parts: it goes through a list."""
COST_OF_STEP: Final = 10
"""The cost of the part of a condition that is one step."""


class Deciders(NamedTuple):
    """The rows of a table that may decide.

    Attributes:
        rows: those that may decide; `None` stands for the default.
        open: the rows that may hold or fail.
        kept: the rows that matter wherever more is known: the others fail.
        fails: whether there may be no decision: an error, or rules that contradict each other.
    """

    rows: tuple[Row | None, ...]
    open: tuple[Row, ...]
    kept: tuple[Row, ...]
    fails: bool


class Outcome(NamedTuple):
    """What a policy may decide.

    Attributes:
        outputs: the value of each output if it is the same whatever the missing facts are,
            without those that are absent; else `None`. That of a checklist may be `unknown`.
        rules: the rows that may decide then; `None` stands for the default.
        open: the conditions that may hold or fail and matter.
        kept: the rows that matter wherever more is known.
    """

    outputs: Mapping[str, Value] | None
    rules: tuple[Row | None, ...] = ()
    open: tuple[Expression, ...] = ()
    kept: tuple[Row, ...] = ()


class CheckOutcome(NamedTuple):
    """What the result of a check may be.

    Attributes:
        misses: whether it may fail.
        passes: whether it may pass, or not apply.
        lacks: whether too little may be measured for it, which more facts do not settle.
        errs: whether it may be an error.
    """

    misses: bool
    passes: bool
    lacks: bool
    errs: bool

    @property
    def has_rivals(self) -> bool:
        """Whether it may be something else than failed."""
        return self.passes or self.lacks or self.errs

    @property
    def is_open(self) -> bool:
        """Whether it may have one result or another that matters."""
        return (self.misses and self.has_rivals) or (self.lacks and (self.passes or self.errs))


class OutcomeJudge:
    """Judges the outcome of policies for some values of the missing facts.

    Attributes:
        facts: the known facts.
        missing: what reading each missing fact may give.
        on: the day.
        edition_of: the rules of a policy in force that day, by its name, or `None`.
        budget: the work that it may do.
    """

    def __init__(
        self,
        facts: Record,
        missing: Mapping[str, Reading],
        on: date,
        edition_of: Callable[[str], Edition | None],
        budget: SearchBudget,
    ) -> None:
        self.facts = facts
        self.missing = missing
        self.on = on
        self.edition_of = edition_of
        self.budget = budget
        self._deciders: dict[str, Deciders] = {}
        self._readings: dict[tuple[str, str], Reading] = {}

    def interpreter_of(self, edition: Edition) -> AbstractInterpreter:
        """Return the interpreter of the expressions of a policy."""
        context = edition.build_context(self.facts, self.on)
        return AbstractInterpreter(self.facts, context, self.missing, self.read_policy)

    def judge(self, edition: Edition, rows: Sequence[Row] | None = None) -> Outcome:
        """Return the outcome of a policy.

        Args:
            edition: its rules.
            rows: those that matter, if others are known to fail.
        """
        interpreter = self.interpreter_of(edition)
        if isinstance(edition, ChecklistEdition):
            return self.judge_checks(edition, interpreter)
        if not isinstance(edition, TableEdition):
            return Outcome(None)
        rows = edition.ordered_rows if rows is None else rows
        deciders = self.find_deciders(edition, rows, interpreter)
        outputs = None if deciders.fails else combine_outputs(edition, deciders, interpreter)
        tests = tuple(test for row in deciders.open for test in row.tests)
        if outputs is None and not tests:
            # Which rows decide is known, and not what they give.
            tests = tuple(
                each for row in deciders.rows if row is not None for each in row.outputs.values()
            )
        return Outcome(outputs, deciders.rows, tests, deciders.kept)

    # Tables

    def holds(self, tests: Sequence[Expression], interpreter: AbstractInterpreter) -> Possible:
        """Return whether conditions may hold together."""
        for each in tests:
            self.budget.spend(1 + min(each.cost, DEAREST) // COST_OF_STEP)
        return combine(interpreter.evaluate, [each.tree for each in tests], every=True)

    def find_deciders(
        self, edition: TableEdition, rows: Sequence[Row], interpreter: AbstractInterpreter
    ) -> Deciders:
        """Return the rows of a table that may decide."""
        hit_policy = edition.policy.hit_policy
        in_turn = hit_policy in STOPS_AT_FIRST
        open_rows: list[Row] = []
        certain: list[Row] = []
        kept: list[Row] = []
        fails = False
        for row in rows:
            truth = self.holds(row.tests, interpreter)
            fails = fails or truth.fails
            if not truth.may_hold and not truth.fails:
                continue
            kept.append(row)
            if truth.may_fail or truth.fails:
                open_rows.append(row)
            else:
                certain.append(row)
                if in_turn:
                    break
        hits: tuple[Row | None, ...] = tuple(kept)
        if not in_turn and hit_policy not in MULTIPLE_HIT:
            several = len(kept) > 1 and (bool(certain) or len(open_rows) > 1)
            fails = fails or (several and hit_policy == "unique")
        if not certain:
            hits = (*hits, None)
        return Deciders(hits, tuple(open_rows), tuple(kept), fails)

    # Checklists

    def judge_checks(self, edition: ChecklistEdition, interpreter: AbstractInterpreter) -> Outcome:
        """Return the outcome of a checklist; where too little is measured, it is `unknown`."""
        verdicts, fails, tests = self.find_verdicts(edition, interpreter)
        # An error is no decision either.
        known = len(verdicts) == 1 and (not fails or verdicts[0] == "unknown")
        return Outcome({"verdict": verdicts[0]} if known else None, (), tests)

    def find_verdicts(
        self, edition: ChecklistEdition, interpreter: AbstractInterpreter
    ) -> tuple[tuple[Verdict, ...], bool, tuple[Expression, ...]]:
        """Return the verdicts of a checklist, whether it may have none, and its open conditions."""
        judged = [(each, self.judge_check(each, interpreter)) for each in edition.checks]
        fails = any(found.errs for _, found in judged)
        verdicts: list[Verdict] = []
        tests: list[Expression] = []
        for severity, verdict in VERDICT_BY_SEVERITY.items():
            own = [(each, found) for each, found in judged if each.severity == severity]
            tests += (each for check, found in own if found.is_open for each in check.conditions)
            if any(found.misses for _, found in own):
                verdicts.append(verdict)
            if any(found.misses and not found.has_rivals for _, found in own):
                return tuple(verdicts), fails, tuple(tests)
            if any(found.lacks for _, found in own):
                verdicts.append("unknown")
            if not all(found.passes or found.errs for _, found in own):
                return tuple(dict.fromkeys(verdicts)), fails, tuple(tests)
        return (*dict.fromkeys(verdicts), "pass"), fails, tuple(tests)

    def judge_check(self, check: Check, interpreter: AbstractInterpreter) -> CheckOutcome:
        """Return what the result of a check may be."""
        applies = self.holds(check.tests, interpreter)
        if not applies.may_hold and not applies.fails:
            return CheckOutcome(misses=False, passes=True, lacks=False, errs=False)
        measured = self.holds(check.grounds, interpreter)
        holds = self.holds((check.require,), interpreter)
        judged = applies.may_hold and measured.may_hold
        return CheckOutcome(
            misses=judged and holds.may_fail,
            passes=applies.may_fail or (judged and holds.may_hold),
            lacks=applies.may_hold and measured.may_fail,
            errs=applies.fails or (applies.may_hold and measured.fails) or (judged and holds.fails),
        )

    # Other policies

    def read_policy(self, policy: str, output: str) -> Reading:
        """Return what reading an output of another policy may give."""
        key = policy, output
        if key not in self._readings:
            self._readings[key] = self.find_reading(policy, output)
        return self._readings[key]

    def find_reading(self, policy: str, output: str) -> Reading:
        """Return what reading an output of another policy may give."""
        edition = self.edition_of(policy)
        if edition is None:
            return FAILED_READING
        interpreter = self.interpreter_of(edition)
        if isinstance(edition, ChecklistEdition):
            verdicts, fails, _ = self.find_verdicts(edition, interpreter)
            known = tuple(each for each in verdicts if each != "unknown")
            return Reading(OneOf(known), PRESENT, fails or len(known) < len(verdicts))
        if not isinstance(edition, TableEdition):
            return UNKNOWN_READING
        if policy not in self._deciders:
            self._deciders[policy] = self.find_deciders(edition, edition.ordered_rows, interpreter)
        deciders = self._deciders[policy]
        if edition.policy.hit_policy in MULTIPLE_HIT:
            outputs = None if deciders.fails else combine_outputs(edition, deciders, interpreter)
            return UNKNOWN_READING if outputs is None else known_reading(outputs[output])
        found = [read_output(edition, row, output, interpreter) for row in deciders.rows]
        values = join(each.values for each in found)
        present = join(each.present for each in found)
        return Reading(values, present, deciders.fails or any(each.fails for each in found))


def read_output(
    edition: TableEdition, row: Row | None, output: str, interpreter: AbstractInterpreter
) -> Reading:
    """Return what an output is if a row decides, or the default for `None`."""
    outputs = edition.policy.default if row is None else row.outputs
    if outputs is None:
        return FAILED_READING
    expression = outputs.get(output)
    if expression is None:
        return ABSENT_READING
    found = interpreter.evaluate(expression.tree)
    return Reading(found.values, PRESENT, found.fails)


def combine_outputs(
    edition: TableEdition, deciders: Deciders, interpreter: AbstractInterpreter
) -> Mapping[str, Value] | None:
    """Return the outputs of a table if they are the same whichever rows decide, else `None`."""
    if edition.policy.hit_policy in MULTIPLE_HIT:
        if deciders.open:
            return None
        return combine_hits(edition, [row for row in deciders.rows if row], interpreter)
    first: Mapping[str, Value] | None = None
    for row in deciders.rows:
        outputs = read_outputs(edition, row, interpreter)
        if outputs is None or (first is not None and outputs != first):
            return None
        first = outputs
    return first


def combine_hits(
    edition: TableEdition, rows: Sequence[Row], interpreter: AbstractInterpreter
) -> Mapping[str, Value] | None:
    """Return the outputs of a table of which exactly `rows` hold, `None` if they are not known."""
    if not rows:
        return edition.evaluate_default(interpreter.facts, interpreter.context).outputs
    given = [read_outputs(edition, row, interpreter) for row in rows]
    known = [each for each in given if each is not None]
    try:
        return edition.combine_outputs(known) if len(known) == len(rows) else None
    except EvaluationError:
        return None


def read_outputs(
    edition: TableEdition, row: Row | None, interpreter: AbstractInterpreter
) -> Mapping[str, Value] | None:
    """Return the outputs if a row decides and each has one value, else `None`."""
    outputs = edition.policy.default if row is None else row.outputs
    if outputs is None:
        return None
    values: dict[str, Value] = {}
    for name, expression in outputs.items():
        found = interpreter.evaluate(expression.tree)
        if found.fails or not is_single(found.values):
            return None
        (values[name],) = found.values.values
    return values
