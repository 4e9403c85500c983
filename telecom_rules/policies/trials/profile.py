"""How often each rule of a policy is tried on records, how often it decides, and for how long.

A policy is measured by its exact evaluation, expression by expression, which ordinary decisions
share or are generated from: they know nothing of a profile and are not slowed by it.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from telecom_rules.expressions import Expression
from telecom_rules.frozen import Portable
from telecom_rules.policies.editions.checklist import ChecklistEdition
from telecom_rules.policies.editions.table import TableEdition
from telecom_rules.policies.engine import Engine
from telecom_rules.policies.rule_set import reach_policies

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from telecom_rules.expressions import Context
    from telecom_rules.policies.decision import Decision
    from telecom_rules.policies.editions.edition import Edition
    from telecom_rules.policies.policy import Policy
    from telecom_rules.policies.rule_set import RuleSet
    from telecom_rules.policies.rules import Check, Row
    from telecom_rules.vocabulary import Record, Value


Clock: TypeAlias = Callable[[], int]
"""Returns nanoseconds since some moment, such as `time.perf_counter_ns`."""
Part: TypeAlias = tuple[str, str | None]
"""A policy by its name, and one of its rules or checks by its id; `None` for the whole."""


@dataclass(slots=True)
class Tally:
    """What one part has taken so far.

    Attributes:
        tried: how often it was evaluated.
        decided: how often it decided; a check, how often it failed.
        total: the time that it took, in nanoseconds.
        own: the same without the time of the policies that it asked.
    """

    tried: int = 0
    decided: int = 0
    total: int = 0
    own: int = 0


@dataclass(slots=True)
class Stopwatch:
    """Measures parts that run inside one another.

    Attributes:
        clock: where the time is read.
        tallies: what each part has taken.
    """

    clock: Clock
    tallies: dict[Part, Tally] = field(default_factory=dict)
    _inside: list[int] = field(default_factory=list)

    def tally_of(self, part: Part) -> Tally:
        """Return what a part has taken so far, which can be added to."""
        return self.tallies.setdefault(part, Tally())

    @contextmanager
    def measure(self, part: Part, *, tries: bool = True) -> Iterator[None]:
        """Measure what runs inside, and count it as one try if it is."""
        self._inside.append(0)
        started = self.clock()
        try:
            yield
        finally:
            spent = self.clock() - started
            inside = self._inside.pop()
            tally = self.tally_of(part)
            tally.tried += tries
            tally.total += spent
            tally.own += spent - inside
            if self._inside:
                self._inside[-1] += spent


@dataclass(frozen=True)
class MeasuredExpression(Expression):
    """An expression of a rule that is measured whenever it is evaluated."""

    stopwatch: Stopwatch = field(kw_only=True, compare=False)
    part: Part = field(kw_only=True, compare=False)
    tries: bool = field(kw_only=True, compare=False)

    @cached_property
    def evaluate(self) -> Callable[[Record, Context], Value]:
        """The function that gives the value, measured."""
        run = Expression.evaluate.func(self)  # type: ignore[attr-defined]  # a cached property

        def measured(facts: Record, context: Context) -> Value:
            with self.stopwatch.measure(self.part, tries=self.tries):
                value: Value = run(facts, context)
            return value

        return measured


@dataclass(frozen=True, eq=False, repr=False)
class MeasuredEngine(Engine):
    """The engine of a policy that measures each of its rules, and always decides exactly."""

    stopwatch: Stopwatch = field(kw_only=True)

    def build_edition(self, on: date) -> Edition | None:
        """Return the rules in force on a day, each of them measured."""
        edition = super().build_edition(on)
        match edition:
            case TableEdition(ordered_rows=ordered):
                measured = {row.rule.id: self.measure_row(row) for row in ordered}
                return replace(
                    edition,
                    rows=tuple(measured[row.rule.id] for row in edition.rows),
                    ordered_rows=tuple(measured[row.rule.id] for row in ordered),
                )
            case ChecklistEdition(checks=checks):
                return replace(edition, checks=tuple(map(self.measure_check, checks)))
        return edition

    def measure_row(self, row: Row) -> Row:
        """Return a row whose tests and outputs are measured; its first test counts as a try."""
        part = self.policy.name, row.rule.id
        tests = tuple(
            self.measure_expression(each, part, tries=at == 0) for at, each in enumerate(row.tests)
        )
        outputs = {
            name: self.measure_expression(each, part, tries=not tests and at == 0)
            for at, (name, each) in enumerate(row.outputs.items())
        }
        return replace(row, tests=tests, outputs=outputs)

    def measure_check(self, check: Check) -> Check:
        """Return a check whose conditions are measured."""
        part = self.policy.name, check.id

        def measure(one: Expression | None, *, tries: bool) -> Expression | None:
            return None if one is None else self.measure_expression(one, part, tries=tries)

        return replace(
            check,
            when=measure(check.when, tries=True),
            measured=measure(check.measured, tries=False),
            require=self.measure_expression(check.require, part, tries=check.when is None),
        )

    def measure_expression(self, one: Expression, part: Part, *, tries: bool) -> MeasuredExpression:
        """Return an expression that is measured as a part."""
        given = {each.name: getattr(one, each.name) for each in fields(Expression)}
        made = MeasuredExpression(**given, stopwatch=self.stopwatch, part=part, tries=tries)
        _ = made.evaluate  # generated now, so that nothing is generated while time is measured
        return made

    def decide_by(self, edition: Edition, facts: Record, on: date) -> Decision:
        """Decide exactly, measured, and count the rules that decide."""
        name = self.policy.name
        with self.stopwatch.measure((name, None)):
            decision = self.decide_exactly(edition, facts, on)
        self.stopwatch.tally_of((name, None)).decided += decision.known
        failed = (each.id for each in decision.results if each.status == "fail")
        for id in (*(rule.id for rule in decision.rules), *failed):
            self.stopwatch.tally_of((name, id)).decided += 1
        return decision


@dataclass(frozen=True, slots=True)
class MeasuredPeer:
    """A policy that others ask, with a measured engine."""

    _engine: MeasuredEngine


@dataclass(frozen=True, slots=True)
class RuleProfile(Portable):
    """What one rule of a table, or one check of a checklist, took.

    Attributes:
        id: its name within the policy.
        tried: how often it was evaluated.
        decided: how often it decided; a check, how often it failed.
        total: the time that it took, in nanoseconds.
        own: the same without the time of the policies that it asked.
    """

    id: str
    tried: int
    decided: int
    total: int
    own: int


@dataclass(frozen=True, slots=True)
class PolicyProfile(Portable):
    """What one policy took, for the records or for policies that asked it.

    Attributes:
        name: its name.
        asked: how often it was to decide.
        known: how often the facts were enough to decide.
        total: the time that it took, in nanoseconds.
        own: the same without the time of the policies that it asked.
        rules: its rules or checks, in the order of the file.
    """

    name: str
    asked: int
    known: int
    total: int
    own: int
    rules: tuple[RuleProfile, ...]


class Profile:
    """Measures the decisions of a policy, with those of the policies that it asks.

    >>> profile = Profile(pack.policies["complaint_grade"], time.perf_counter_ns)
    >>> decision = profile.decide(facts, on=day)
    >>> profile.policies[0].rules
    """

    def __init__(self, policy: Policy, clock: Clock) -> None:
        """Prepare to measure.

        Args:
            policy: the policy.
            clock: a function that returns nanoseconds, such as `time.perf_counter_ns`. The library
                itself reads no clock.
        """
        self._policy = policy
        self._stopwatch = Stopwatch(clock)
        self._reached = reach_policies(policy)
        self._peers: dict[str, MeasuredPeer] = {}
        for name, each in self._reached.items():
            engine = MeasuredEngine(each, self._peers, stopwatch=self._stopwatch)
            self._peers[name] = MeasuredPeer(engine)

    def decide(self, facts: object, *, on: date) -> Decision:
        """Decide exactly and measure it.

        Raises:
            TelecomRulesError: as `Policy.decide` does.
        """
        record = self._policy.facts.read(facts)
        for each in self._peers.values():
            engine = each._engine  # noqa: SLF001 - ours
            _ = engine.edition_on(on), engine.needed_if_present  # made ready before it is measured
        return self._peers[self._policy.name]._engine.decide(record, on=on)  # noqa: SLF001 - ours

    @property
    def policies(self) -> tuple[PolicyProfile, ...]:
        """What each policy took: first the policy itself, then those that it asks."""
        return tuple(map(self.describe, self._reached.values()))

    def describe(self, policy: RuleSet) -> PolicyProfile:
        """Return what one policy took."""
        ids = [row.rule.id for row in policy.rows] + [check.id for check in policy.checks]
        tally = self._stopwatch.tally_of
        whole = tally((policy.name, None))
        rules = tuple(
            RuleProfile(id, one.tried, one.decided, one.total, one.own)
            for id, one in ((id, tally((policy.name, id))) for id in dict.fromkeys(ids))
        )
        return PolicyProfile(
            policy.name, whole.tried, whole.decided, whole.total, own_time(whole, rules), rules
        )


def own_time(whole: Tally, rules: tuple[RuleProfile, ...]) -> int:
    """Return the time of a policy with its rules, without the policies that it asked."""
    return whole.own + sum(each.own for each in rules)
