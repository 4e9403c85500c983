"""A brute-force judge of answers from incomplete facts, over the policies that ship.

It knows nothing of how answers are found. It completes facts with values around every constant and
figure of the policy and of those it asks, at random and then in a directed search, and compares
decisions on complete facts with what was said on incomplete ones.

    python -m tests.rules.answers --records 40 --seed 1
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from random import Random
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeAlias, TypeGuard, TypeVar, cast

import telecom_rules
from telecom_rules.errors import EvaluationError, TelecomRulesError
from telecom_rules.expressions.evaluation.interpret import interpret
from telecom_rules.expressions.typed import Apply, Constant, Logic, walk
from telecom_rules.policies.policy import engine_of, peer_of
from telecom_rules.policies.rule_set import iter_expressions
from telecom_rules.vocabulary import (
    BOOLEAN,
    DATE,
    DECIMAL,
    INSTANT,
    INTEGER,
    MONEY,
    CodeType,
    Duration,
    ListType,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from telecom_rules import Policy
    from telecom_rules.expressions import Context, Expression
    from telecom_rules.expressions.typed import Typed
    from telecom_rules.vocabulary import Field, Record

T = TypeVar("T")
Target: TypeAlias = "tuple[tuple[Policy, tuple[Typed, ...], bool], ...]"
"""Conjunctions of conditions, each with its policy and the value that it should have."""

DAY = date(2026, 3, 2)
FEW, MANY, CLIMB_EVERY = 150, 4000, 20
"""Ways to complete the facts that are tried first, and for a suspect; of these each twentieth is
directed at a rule or a check."""
TRIES = 40
"""Values of a fact that are tried beside those of the facts before it."""
MOST_RECALLED = 20_000
"""Decisions and scores that are remembered of one policy."""
MOST_DAYS = 9_000
"""Days that lie apart in business, and within what calendars say of working days."""
LIFE = 40_000
"""More than the days of a life, for policies that count years."""
ENDS = frozenset({date.min, date.max})
HOURS = (-10_000, -300, -30, -1, 0, 1, 30, 300, 10_000)
"""Hours from one instant to others that are tried."""
MOST_NUMBER = 10**15
"""More than any number of the rules, and within what money can be."""
UNKNOWN = "unknown"
"""What is said where facts are missing, or where too little is measured."""
NO_VALUE = EvaluationError.__name__
"""What a formula without a value gives: a sum too large, a year without a calendar. That is not
another decision than the one which was told before that fact came."""
GRAINS = {INTEGER: Decimal(1), MONEY: Decimal("0.01"), DECIMAL: Decimal("0.0001")}


@dataclass
class Judge:
    """Judges the answers of one policy.

    Attributes:
        policy: the policy.
        random: the source of records.
    """

    policy: Policy
    random: Random
    known: dict[object, Any] = field(default_factory=dict)
    """What was found of facts before: most facts have few values, and come again and again."""

    def recall(self, about: object, facts: Mapping[str, object], find: Callable[[], T]) -> T:
        """Return what was found of some facts before, or find it."""
        key = about, frozenset(facts.items())
        if key not in self.known:
            if len(self.known) >= MOST_RECALLED:
                self.known.clear()
            self.known[key] = find()
        return cast("T", self.known[key])

    @cached_property
    def policies(self) -> tuple[Policy, ...]:
        """The policy and those that it asks."""
        found = {self.policy.name: self.policy}
        for name in (pending := [*self.policy.peers]):
            if name not in found:
                found[name] = peer_of(self.policy, name)
                pending += found[name].peers
        return tuple(found.values())

    @cached_property
    def fields(self) -> Mapping[str, Field]:
        """The facts that the policies read."""
        reads = {name for each in self.policies for name in each.reads}
        return {name: each for name, each in self.policy.facts.fields.items() if name in reads}

    @cached_property
    def marks(self) -> frozenset[object]:
        """Every constant and figure of the policies."""
        found: list[object] = []
        for policy in self.policies:
            for expression in iter_expressions(policy):
                found += [n.value for n in walk(expression.tree) if isinstance(n, Constant)]
            for parameter in policy.parameters.values():
                value = parameter.find_on(DAY)
                figure = None if value is None else value.value
                found.append(figure.amount if isinstance(figure, Duration) else figure)
        items = [one for each in found for one in (each if isinstance(each, tuple) else (each,))]
        return frozenset(items)

    @cached_property
    def numbers(self) -> tuple[Decimal, ...]:
        """The numbers among them, and ratios of a hundred."""
        plain = {
            Decimal(each)
            for each in self.marks
            if isinstance(each, int | Decimal) and not isinstance(each, bool)
        }
        return tuple(sorted(plain | {Decimal(0), Decimal(1), Decimal(100)}))

    def values_of(self, name: str) -> list[object]:
        """Return values of a fact around every constant and figure."""
        field = self.fields[name]
        kind = field.type
        found: list[object]
        if kind is BOOLEAN:
            found = [True, False]
        elif isinstance(kind, CodeType):
            found = list(kind.codes)
        elif isinstance(kind, ListType) and isinstance(kind.item, CodeType):
            codes = list(kind.item.codes)
            found = [(), *((each,) for each in codes), tuple(codes[:2]), tuple(codes)]
        elif kind in GRAINS:
            near = {each + step * GRAINS[kind] for each in self.numbers for step in (-1, 0, 1)} | {
                Decimal(7),
                Decimal(60),
                Decimal(99),
                Decimal(1000),
                Decimal(10**9),
                *(Decimal(str(each)) for each in (field.least, field.most) if each is not None),
            }
            found = [
                int(each) if kind is INTEGER else each
                for each in sorted(near)
                if (field.least is None or each >= field.least)
                and (field.most is None or each <= field.most)
                and (kind is not INTEGER or each == int(each))
            ]
            if kind is MONEY:
                found = [each for each in found if each == round(each, 2)]  # type: ignore[call-overload]
        elif kind is DATE:
            found = [date.min, *(DAY - timedelta(days=each) for each in self.steps), date.max]
        elif kind is INSTANT:
            # What is compared may come before or after, by less than a limit or by more.
            first = datetime.fromisoformat("2026-03-01T09:00:00+08:00")
            found = [first + timedelta(hours=each) for each in HOURS]
        else:
            found = ["", "x", *sorted(each for each in self.marks if isinstance(each, str))]
        return found

    @cached_property
    def choices(self) -> Mapping[str, list[object]]:
        """The values of each fact that are tried; `None` for absence."""
        return {
            name: [*self.values_of(name), *([None] if each.optional else [])]
            for name, each in self.fields.items()
        }

    @cached_property
    def steps(self) -> tuple[int, ...]:
        """Lengths of time in days, by which days may lie apart."""
        amounts = {int(each) for each in self.numbers if 0 <= each < 2000}
        near = {s * k + e for s in amounts for k in (1, 30, 365, 366) for e in (-1, 0, 1)}
        most = LIFE if self.counts_years else MOST_DAYS
        return tuple(sorted(each * sign for each in near for sign in (1, -1) if each < most))

    @cached_property
    def counts_years(self) -> bool:
        """Whether the policies add years to a day, as for the age of somebody."""
        return any(
            isinstance(node, Apply) and node.overload.startswith("add_years")
            for policy in self.policies
            for expression in iter_expressions(policy)
            for node in walk(expression.tree)
        )

    def pick(self, name: str, known: Mapping[str, object] = MappingProxyType({})) -> object:
        """Return a value of a fact, for a day often one that lies near a known day."""
        field, choices = self.fields[name], self.choices[name]
        days = [each for each in known.values() if type(each) is date]
        if field.type is DATE and days and self.random.random() < 0.5:
            far = int(10 ** self.random.uniform(0, 3.3)) * self.random.choice((1, -1))
            by = self.random.choice((self.random.choice(self.steps), far))
            near = self.random.choice(days).toordinal() + by
            return date.fromordinal(min(max(near, 1), date.max.toordinal()))
        instants = [each for each in known.values() if isinstance(each, datetime)]
        if field.type is INSTANT and instants and self.random.random() < 0.5:
            return self.random.choice(instants) + timedelta(hours=self.random.choice(HOURS))
        if field.type in GRAINS and self.random.random() < 0.5:
            number = self.pick_near(field, [each for each in known.values() if is_number(each)])
            if number is not None:
                return number
        if field.optional and self.random.random() < 0.3:
            return None
        if field.type in GRAINS and self.random.random() < 0.3:
            low, high = Decimal(str(choices[0])), Decimal(str(choices[-1 - field.optional]))
            share = Decimal(self.random.random() ** 3)
            return fit(low + (high - low) * share, field)
        return self.random.choice(choices)

    def pick_near(self, field: Field, known: Sequence[int | Decimal]) -> int | Decimal | None:
        """Return a number at a share of known ones or of their sum, `None` if it is out of bounds.

        What counts or measures is compared with a whole, a part of it, or a balance.
        """
        few = self.random.sample(known, self.random.randint(1, min(3, len(known)))) if known else []
        found = sum((Decimal(each) * self.random.choice((1, 1, -1)) for each in few), Decimal(0))
        if self.random.random() < 0.5:
            found *= self.random.choice(self.numbers) / self.random.choice((1, 100))
        return fit(found + self.random.choice((-1, 0, 0, 1)) * GRAINS[field.type], field)

    def sample(self, name: str, most: int) -> list[object]:
        """Return some of the values of a fact."""
        values = self.choices[name]
        return values if len(values) <= most else self.random.sample(values, most)

    def complete(self, known: Mapping[str, object]) -> dict[str, object]:
        """Return facts with every other one chosen at random, that do not contradict each other.

        Each fact is chosen anew until it agrees with those before it, and all of them where none
        does: of many conditions together a whole record by chance meets hardly ever all.
        """
        while True:
            full = dict(known)
            for name in self.fields:
                if name not in known and not self.add(full, name, known):
                    break
            else:
                return {name: full[name] for name in self.fields}

    def tell_record(self) -> dict[str, object]:
        """Return facts that somebody might tell: no day of them is the first or last there is."""
        while not ENDS.isdisjoint((full := self.complete({})).values()):
            pass
        return full

    def add(self, full: dict[str, object], name: str, known: Mapping[str, object]) -> bool:
        """Add a fact that contradicts none before it; return whether one was found."""
        for _ in range(TRIES):
            full[name] = self.pick(name, known)
            if name not in self.conditioned or self.is_possible(full):
                return True
        return False

    @cached_property
    def conditioned(self) -> frozenset[str]:
        """The facts that may contradict one another."""
        return frozenset(name for each in self.policy.facts.conditions for name in each.reads)

    def is_possible(self, facts: Mapping[str, object]) -> bool:
        """Return whether facts do not contradict one another."""
        kind = self.policy.facts
        return not kind.conditions or not kind.find_broken(kind.read_values(facts))

    def decide(self, facts: Mapping[str, object]) -> object:
        """Return the decision on facts: its outputs, or the kind of its error."""
        return self.recall("decision", facts, lambda: self.find_decision(facts))

    def find_decision(self, facts: Mapping[str, object]) -> object:
        """Decide on facts."""
        try:
            decision = self.policy.decide(facts, on=DAY)
        except TelecomRulesError as problem:
            return type(problem).__name__
        return dict(decision.outputs) if decision.known else UNKNOWN

    def ask(self, known: Mapping[str, object]) -> str | None:
        """Return the fact that is asked for, `None` once there is none or an error instead."""
        try:
            question = self.policy.ask(known, on=DAY)
        except TelecomRulesError:
            return None
        return None if question is None else question.fact

    def iter_completions(
        self, known: Mapping[str, object], count: int
    ) -> Iterator[dict[str, object]]:
        """Yield ways to complete facts: at random, and by changing one fact of an earlier one."""
        base = peak = self.complete(known)
        open_names = [name for name in self.fields if name not in known]
        for number in range(count):
            yield base
            if count == MANY and number % CLIMB_EVERY == 0:
                base = peak = self.climb(known)
            elif open_names and (count == MANY or self.random.random() < 0.7):
                name = self.random.choice(open_names)
                changed = {**peak, name: self.pick(name, peak)}
                base = changed if self.is_possible(changed) else peak
            else:
                base = peak = self.complete(known)

    @cached_property
    def targets(self) -> tuple[Target, ...]:
        """One rule of a table and no other, none of them; all checks, and all of them but one."""
        found: list[Target] = []
        for policy in self.policies:
            rows = [tuple(each.tree for each in row.tests) for row in policy.rows if row.tests]
            found += [
                tuple((policy, trees, trees is chosen) for trees in rows)
                for chosen in (None, *rows)
            ]
            kept = [each for check in policy.checks for each in iter_conjuncts([check.require])]
            for check in (None, *policy.checks):
                missed = {*iter_conjuncts([] if check is None else [check.require])}
                found.append(tuple((policy, (each,), each not in missed) for each in kept))
        return tuple(each for each in found if each)

    def climb(self, known: Mapping[str, object]) -> dict[str, object]:
        """Return a way to complete facts that makes most of one target true."""
        target = self.random.choice(self.targets)
        base = self.complete(known)
        score = self.score(base, target)
        open_names = [name for name in self.fields if name not in known]
        for _ in range(2):
            for name in self.random.sample(open_names, len(open_names)):
                near = [self.pick(name, base) for _ in range(10)]
                for value in (*near, *self.sample(name, 60)):
                    if not self.is_possible({**base, name: value}):
                        continue
                    better = self.score({**base, name: value}, target)
                    if better > score or (better == score and self.random.random() < 0.1):
                        base, score = {**base, name: value}, better
        return base

    def score(self, facts: Mapping[str, object], target: Target) -> float:
        """Return how much of a target is met."""
        return self.recall(id(target), facts, lambda: self.find_score(facts, target))

    def find_score(self, facts: Mapping[str, object], target: Target) -> float:
        """Find how much of a target is met."""
        record = self.policy.facts.read_values(facts)
        found = 0.0
        for policy, trees, wanted in target:
            context = engine_of(policy).build_context(record, DAY)
            degrees = [measure(each, record, context, wanted=wanted) for each in trees]
            found += sum(degrees) / len(degrees) if wanted else max(degrees)
        return found

    def changes_with(self, name: str, known: Mapping[str, object], count: int) -> bool:
        """Return whether some completion is decided differently for another value of a fact."""
        for base in self.iter_completions(known, count):
            outcome = self.decide(base)
            near = [self.pick(name, base) for _ in range(3)]
            others = ({**base, name: each} for each in (*self.sample(name, 12), *near))
            if any(self.is_possible(each) and self.decide(each) != outcome for each in others):
                return True
        return False

    def differ(self, known: Mapping[str, object], count: int) -> bool:
        """Return whether completions are decided differently, or none has an answer."""
        completions = self.iter_completions(known, count)
        first = self.decide(next(completions))
        if first in (UNKNOWN, NO_VALUE):
            return True
        return any(self.decide(each) != first for each in completions)


def is_number(value: object) -> TypeGuard[int | Decimal]:
    """Return whether a value counts or measures something."""
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def fit(number: Decimal, field: Field) -> int | Decimal | None:
    """Return a number as the type of a fact has it, `None` if it is out of its bounds."""
    number = number.quantize(GRAINS[field.type])
    least = -MOST_NUMBER if field.least is None else field.least
    most = MOST_NUMBER if field.most is None else field.most
    if not least <= number <= most:
        return None
    return int(number) if field.type is INTEGER else number


def measure(tree: Typed, record: Record, context: Context, *, wanted: bool) -> float:
    """Return how nearly a condition has a value: by the operands of its `&&` and `||`."""
    match tree:
        case Logic(every=every, operands=operands):
            degrees = [measure(each, record, context, wanted=wanted) for each in operands]
            return sum(degrees) / len(degrees) if every is wanted else max(degrees)
        case Apply(overload="not", arguments=(operand,)):
            return measure(operand, record, context, wanted=not wanted)
    try:
        return float(interpret(tree, record, context) is wanted)
    except TelecomRulesError:
        return 0.0


def iter_conjuncts(tests: Iterable[Expression]) -> Iterator[Typed]:
    """Yield the conjuncts of conditions."""
    for test in tests:
        if isinstance(test.tree, Logic) and test.tree.every:
            yield from test.tree.operands
        else:
            yield test.tree


@dataclass
class Figures:
    """What was found for one policy."""

    records: int = 0
    questions: int = 0
    needless: list[str] = field(default_factory=list)
    contradicted: list[str] = field(default_factory=list)
    known: int = 0
    unknown: int = 0
    cautious: list[str] = field(default_factory=list)

    def add(self, other: Figures) -> None:
        """Add the figures of another policy."""
        self.records += other.records
        self.questions += other.questions
        self.known += other.known
        self.unknown += other.unknown
        self.needless += other.needless
        self.contradicted += other.contradicted
        self.cautious += other.cautious


def judge(policy: Policy, seed: int, records: int) -> Figures:
    """Judge interviews and incomplete records of one policy."""
    judge = Judge(policy, Random(f"{policy.name}/{seed}"))  # noqa: S311 -- not for secrets
    found = Figures()
    for _ in range(records):
        full = judge.tell_record()
        found.records += 1
        judge_interview(judge, full, found)
        judge_partial(judge, full, found)
    return found


def judge_interview(judge: Judge, full: dict[str, object], found: Figures) -> None:
    """Judge one interview whose answers are those of a complete record."""
    known: dict[str, object] = {}
    wanted = judge.decide(full)
    while name := judge.ask(known):
        found.questions += 1
        if not judge.changes_with(name, known, FEW) and not judge.changes_with(name, known, MANY):
            found.needless.append(f"{judge.policy.name}: {name} after {known}")
        known[name] = full[name]
    outcome = judge.decide(known)
    if wanted not in (outcome, NO_VALUE):
        found.contradicted.append(f"{judge.policy.name}: {known} {outcome} / {full} {wanted}")


def judge_partial(judge: Judge, full: dict[str, object], found: Figures) -> None:
    """Judge the decision on a part of a record; optional facts left out are absent."""
    share = judge.random.random()
    known = {
        name: value
        for name, value in full.items()
        if judge.fields[name].optional or judge.random.random() < share
    }
    said = judge.decide(known)
    if said == UNKNOWN:
        found.unknown += 1
        if not judge.differ(known, FEW) and not judge.differ(known, MANY):
            found.cautious.append(f"{judge.policy.name}: {known}")
        return
    found.known += 1
    for each in judge.iter_completions(known, FEW):
        if judge.decide(each) not in (said, NO_VALUE):
            found.contradicted.append(f"{judge.policy.name}: {known} {said} / {each}")
            return


def main() -> int:
    """Judge every policy that ships and print the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--records", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("policies", nargs="*")
    options = parser.parse_args()
    total = Figures()
    for name, policy in telecom_rules.load().policies.items():
        if not options.policies or name in options.policies:
            found = judge(policy, options.seed, options.records)
            total.add(found)
            for kind in ("contradicted", "needless", "cautious"):
                cases = getattr(found, kind)
                if cases:
                    sys.stdout.write(f"{name}: {len(cases)} {kind}, such as {cases[0][:300]}\n")
    needless = Counter(each.partition(":")[0] for each in total.needless)
    sys.stdout.write(
        f"{total.records} interviews, {total.questions} questions, {len(total.needless)} needless"
        f" {dict(needless)}; {total.known} known, {total.unknown} unknown, {len(total.cautious)}"
        f" although completions agree; {len(total.contradicted)} contradicted\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
