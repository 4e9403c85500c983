"""One policy in two packs on one day: their names told apart, records decided by both."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from itertools import chain, islice
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from telecom_rules.checks.analysis.records import describe_record, figures_on
from telecom_rules.checks.analysis.samples import to_host_value
from telecom_rules.checks.analysis.satisfiability import (
    candidate_values_of,
    conjoin_parts,
    find_clash,
)
from telecom_rules.checks.deviations.amounts import contradict
from telecom_rules.checks.deviations.conditions import Names
from telecom_rules.checks.strictness.made_records import (
    iter_arbitrary_records,
    iter_ordinary_records,
)
from telecom_rules.errors import NoRuleMatches, TelecomRulesError
from telecom_rules.expressions.evaluation.interpret import interpret
from telecom_rules.expressions.typed import Apply, Logic
from telecom_rules.policies.completions.budget import SearchBudget, TooMuchWork
from telecom_rules.policies.completions.dependencies import Dependencies
from telecom_rules.policies.completions.examples import ExampleSearch, NotDecided
from telecom_rules.policies.policy import engine_of
from telecom_rules.policies.rule_set import find_common_order
from telecom_rules.vocabulary import BOOLEAN, Record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from telecom_rules.checks.analysis.satisfiability import Conjunction
    from telecom_rules.expressions import Context, Expression
    from telecom_rules.expressions.typed import Typed
    from telecom_rules.policies import Decision, Policy
    from telecom_rules.policies.rules import Order
    from telecom_rules.vocabulary import Value


Facts: TypeAlias = "Mapping[str, object]"
TWIN: Final = "\1"
"""The last character of a name in the house of what differs; it sorts right behind the name."""
MOST_CONDITIONS: Final = 500
"""Conditions that a search over the facts evaluates for one question."""
MOST_SEARCHES: Final = 6
"""Searches over the facts for one policy on one day; each may be in vain."""
STEPS_OF_CONDITION: Final = 10
"""Steps of evaluating one condition."""
MOST_RECORDS_TRIED: Final = 40
"""Records that are tried for one question."""


class PeerValues(NamedTuple):
    """What an output of another policy is in both packs.

    Attributes:
        base: its possible values in the base.
        house: its possible values in the house.
        together: the pairs that it may have on one record, each with facts on which it has them;
            `None` where any pair may occur.
    """

    base: frozenset[Value]
    house: frozenset[Value]
    together: Mapping[tuple[Value, Value], Facts] | None


class Wanted(NamedTuple):
    """Conditions of one pack, all of which must hold, or not all.

    Attributes:
        tests: the conditions.
        holds: whether all must hold.
        of_house: whether they are of the house.
    """

    tests: tuple[Expression, ...]
    holds: bool
    of_house: bool


class Verdicts(NamedTuple):
    """What both packs decide on a record; `None` where no rule matches."""

    base: Decision | None
    house: Decision | None


@dataclass(frozen=True)
class Sides:
    """One policy in two packs on one day.

    Attributes:
        base: the policy of the base.
        house: the policy of the house.
        day: the day.
        peers: the outputs of other policies that differ between the packs, by path.
        known: the possible values of outputs of other policies, by path.
        budget: the steps that may be taken.
    """

    base: Policy
    house: Policy
    day: date
    peers: Mapping[str, PeerValues]
    known: Mapping[str, frozenset[Value]]
    budget: SearchBudget
    _kept: list[object] = field(default_factory=list)

    def order_of(self, output: str) -> Order | None:
        """Return which answers of an output are stricter."""
        return find_common_order(self.base, self.house, output)

    @cached_property
    def base_names(self) -> Names:
        """The names in the conditions of the base."""
        return Names(figures_on(self.base, self.day), {})

    @cached_property
    def house_names(self) -> Names:
        """The names in the conditions of the house."""
        figures = figures_on(self.house, self.day)
        other = self.base_names.figures
        changed = {path for path in figures if figures[path] != other.get(path, figures[path])}
        return Names(figures, {path: path + TWIN for path in (*changed, *self.peers)})

    @cached_property
    def changed_figures(self) -> frozenset[str]:
        """The parameters that have another value in the house on this day."""
        one, other = self.base_names.figures, self.house_names.figures
        paths = {path for path in {**one, **other} if one.get(path) != other.get(path)}
        return frozenset(path.partition(".")[2] for path in paths)

    @cached_property
    def known_values(self) -> Mapping[str, frozenset[Value]]:
        """The possible values of outputs of other policies, by the names of the conditions."""
        found = dict(self.known)
        for path, each in self.peers.items():
            found |= {path: each.base, path + TWIN: each.house}
        return found

    def restate(self, test: Expression, *, of_house: bool) -> Expression:
        """Return a condition with the names that tell the packs apart."""
        return (self.house_names if of_house else self.base_names).restate(test)

    def decide(self, facts: Facts) -> Verdicts | None:
        """Return what both packs decide on a record, or `None` if one of them does not.

        A record with codes or facts that the base does not know is no record of the base.
        """
        tests = len(self.base.rows) + len(self.base.checks) + len(self.house.rows)
        self.budget.spend(STEPS_OF_CONDITION * tests)
        own = self.base.facts.fields
        given = {name: each for name, each in facts.items() if name in own}
        try:
            return Verdicts(
                decide_whole(self.base, given, self.day), decide_whole(self.house, facts, self.day)
            )
        except (TelecomRulesError, Incomplete):
            return None

    def holds(self, facts: Facts, wanted: Sequence[Wanted]) -> bool:
        """Return whether a record is as wanted, by both packs."""
        try:
            contexts = [self.read(facts, of_house=each) for each in (False, True)]
            for each in wanted:
                record, context = contexts[each.of_house]
                self.budget.spend(STEPS_OF_CONDITION * len(each.tests))
                if all(interpret(one.tree, record, context) for one in each.tests) != each.holds:
                    return False
        except TelecomRulesError:
            return False
        return True

    def read(self, facts: Facts, *, of_house: bool) -> tuple[Record, Context]:
        """Return a record and the context of the conditions of one pack."""
        policy = self.house if of_house else self.base
        own = policy.facts.fields
        record = policy.facts.read({name: each for name, each in facts.items() if name in own})
        return record, engine_of(policy).build_context(record, self.day)

    def find_example(
        self, wanted: Sequence[Wanted], shows: Callable[[Facts], bool] | None = None
    ) -> Facts | None:
        """Return a record that is as wanted, or `None` if there is none.

        Args:
            wanted: the conditions.
            shows: what the record has to show besides; of `None`, nothing.

        Raises:
            NotDecided: neither is found, or none that is found shows it.
            TooMuchWork: the budget is spent.
        """
        possible = [
            each
            for each in self.expand(wanted)
            if find_clash(each, self.known_values) is None
            and not contradict((one.node, one.wanted) for one in each if one.node is not None)
        ]
        if not possible:
            return None
        likely = islice(self.iter_records(possible), MOST_RECORDS_TRIED)
        for facts in chain(likely, self.random_records):
            if self.holds(facts, wanted) and (shows is None or shows(facts)):
                return facts
        found = self.search(wanted)
        if found is None:
            return None
        if self.holds(found, wanted) and (shows is None or shows(found)):
            return found
        raise NotDecided

    def expand(self, wanted: Sequence[Wanted]) -> tuple[Conjunction, ...]:
        """Return what is wanted in disjunctive normal form."""
        parts: list[tuple[Typed, bool]] = []
        for each in wanted:
            trees = [self.restate(one, of_house=each.of_house).tree for one in each.tests]
            if each.holds:
                parts += [(tree, True) for tree in trees]
            else:
                parts.append((Logic(0, 0, BOOLEAN, every=True, operands=tuple(trees)), False))
        found = conjoin_parts(parts, "")
        self.budget.spend(len(found))
        return found

    def iter_records(self, possible: Sequence[Conjunction]) -> Iterator[Facts]:
        """Yield records on which one of some conjunctions is likely to hold."""
        for ordinary in self.ordinary_records:
            for conjunction in possible:
                facts = self.adapt(ordinary, conjunction)
                yield facts
                for peer in self.iter_peer_facts():
                    yield {**facts, **peer}

    def adapt(self, facts: Facts, conjunction: Conjunction) -> Facts:
        """Return a record with values that the literals of a conjunction allow."""
        found = dict(facts)
        for each in conjunction:
            if each.field is None and not each.wanted and each.subject.startswith("has("):
                found.pop(each.subject[len("has(") : -1], None)
        subjects = {each.subject for each in conjunction if each.field is not None}
        for subject in subjects & self.house.facts.fields.keys():
            literals = [each for each in conjunction if each.subject == subject]
            literals = [each for each in literals if each.field is not None]
            samples = (
                each
                for each in candidate_values_of(literals)
                if all(one.allows(each) for one in literals)
            )
            sample = next(samples, None)
            value = to_host_value(sample, self.house.facts.fields[subject])
            if value is not None:
                found[subject] = value
        return found

    @cached_property
    def ordinary_records(self) -> tuple[Facts, ...]:
        """Ordinary records, of which the first has the least in it."""
        return tuple(iter_ordinary_records(self.house.facts))

    @cached_property
    def random_records(self) -> tuple[Facts, ...]:
        """Records with arbitrary facts, the same ones on each run."""
        return tuple(iter_arbitrary_records(self.house.facts))

    def want_other(self, base: Expression, house: Expression, order: Order | None) -> Wanted:
        """Return the condition that an answer of the house is laxer, or other without an order."""
        one, other = self.base_names.put_in_figures(base), self.house_names.put_in_figures(house)
        overload = "not_equal"
        if order is not None and order.direction is not None:
            overload = "less" if order.direction == "lower" else "greater"
        tree = Apply(0, 0, BOOLEAN, overload, (one.tree, other.tree))
        test = replace(other, tree=tree, source="", reads=one.reads | other.reads)
        return Wanted((test,), holds=True, of_house=True)

    def iter_peer_facts(self) -> Iterator[Facts]:
        """Yield facts on which other policies differ between the packs."""
        for each in self.peers.values():
            for (base, house), facts in (each.together or {}).items():
                if base != house:
                    yield facts

    def search(self, wanted: Sequence[Wanted]) -> Facts | None:
        """Return a record that is as wanted, by the search over the facts; `None` if none is.

        Raises:
            NotDecided: neither is found.
            TooMuchWork: the budget is spent.
        """
        reads = {name for each in wanted for one in each.tests for name in one.reads}
        if not reads.isdisjoint(self.peers) or not self.house_knows(reads):
            raise NotDecided  # the search knows the facts and other policies of one pack only
        engine = engine_of(self.house)
        edition = engine.edition_on(self.day)
        if edition is None:
            raise NotDecided
        goal = tuple(
            (tuple(map(self.names_of(each).put_in_figures, each.tests)), each.holds)
            for each in wanted
        )
        self._kept.append(goal)  # what the search notes of a condition is noted by its identity
        optional = (name for name, each in self.house.facts.fields.items() if each.optional)
        if len(self._kept) > MOST_SEARCHES:
            raise NotDecided
        with self.budget.lend(MOST_CONDITIONS) as lent:
            try:
                return ExampleSearch(
                    edition=edition,
                    facts=Record(),
                    unasked=frozenset(optional),
                    on=self.day,
                    dependencies=self.dependencies,
                    edition_of=partial(engine.edition_named, self.day),
                    complete=True,
                    budget=lent,
                ).find_example(goal)
            except TooMuchWork:
                raise NotDecided from None

    def house_knows(self, reads: Iterable[str]) -> bool:
        """Return whether the house has the facts and other policies that conditions read."""
        parts = [each.split(".") for each in reads]
        asked = {each[1] for each in parts if each[0] == "policies"}
        gone = self.base.facts.fields.keys() - self.house.facts.fields.keys()
        return asked <= set(self.house.peers) and gone.isdisjoint(each[0] for each in parts)

    def names_of(self, wanted: Wanted) -> Names:
        """Return the names of the pack that conditions are of."""
        return self.house_names if wanted.of_house else self.base_names

    @cached_property
    def dependencies(self) -> Dependencies:
        """What the conditions depend on; apart from those of the policy, whose notes are kept."""
        engine = engine_of(self.house)
        return Dependencies(self.house, lambda name: engine.engine_of_peer(name).policy, self.base)

    def describe(self, facts: Facts) -> str:
        """Return a record for people: the facts that one of both policies reads, with the day."""
        reads = self.base.reads | self.house.reads
        for policies in (self.base, self.house):
            for name in policies.peers:
                reads |= engine_of(policies).engine_of_peer(name).policy.reads
        names = [name for name in self.house.facts.fields if name in reads]
        known = {"today": self.day.isoformat()} if "today" in reads else {}
        return describe_record({**facts, **known}, [*names, *known])


class Incomplete(Exception):
    """A record lacks facts that a decision needs."""


def decide_whole(policy: Policy, facts: Facts, day: date) -> Decision | None:
    """Return what a policy decides on a complete record, or `None` where no rule matches.

    Raises:
        TelecomRulesError: it does not decide.
        Incomplete: the record lacks a fact.
    """
    if engine_of(policy).edition_on(day) is None:
        return None
    try:
        decision = policy.decide(facts, on=day)
    except NoRuleMatches:
        return None
    if decision.missing and not policy.checks:  # a check may be known where others are not
        raise Incomplete
    return decision
