"""What the static proof of a table leaves undecided, put to the solver."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

import z3

from telecom_rules.checks.analysis.records import describe_record, tell_record
from telecom_rules.checks.analysis.table_proof import (
    Undecided,
    describe_rules,
    has_same_outputs,
    reported_day_of,
)
from telecom_rules.errors import NoRuleMatches, RulesDisagree, SeveralRulesMatch, TelecomRulesError
from telecom_rules.expressions.evaluation.interpret import interpret
from telecom_rules.findings import Finding
from telecom_rules.policies.policy import engine_of
from telecom_rules.proofs.counterexample import Counterexample
from telecom_rules.proofs.questions import NotProved, Questions, Shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from telecom_rules.findings import Span
    from telecom_rules.policies import Decision, Policy
    from telecom_rules.policies.rules import Row
    from telecom_rules.proofs.questions import Facts
    from telecom_rules.proofs.solver import Term


class Mistake(NamedTuple):
    """A mistake in a table.

    Attributes:
        finding: the finding on it.
        counterexample: the record that shows it; `None` where no record is what is wrong.
    """

    finding: Finding
    counterexample: Counterexample | None


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one question about a table.

    Attributes:
        mistakes: the mistakes; none if it was proved, or is still undecided.
        undecided: what is still undecided, and why.
    """

    mistakes: tuple[Mistake, ...] = ()
    undecided: Undecided | None = None


class TableQuestions:
    """Questions about one table on one day."""

    def __init__(self, policy: Policy, day: date) -> None:
        self.policy = policy
        self.day = day
        self.questions = Questions((policy.facts,), day)
        self.terms = self.questions.encode(policy)

    def settle(self, undecided: Undecided) -> Answer:
        """Return the answer to a question that is undecided."""
        ask = {
            "gap": self.find_gap,
            "overlap": self.find_overlaps,
            "dead": self.find_dead,
            "masked": self.find_masked,
        }[undecided.question]
        found: list[Mistake] = []
        try:
            found.extend(ask(frozenset(undecided.rules)))
        except NotProved as problem:
            left = Undecided(undecided.question, undecided.rules, problem.why)
            return Answer(tuple(found), left)
        return Answer(tuple(found))

    def find_gap(
        self,
        rules: frozenset[str],  # noqa: ARG002 - it is about all rules
    ) -> Iterator[Mistake]:
        """Yield the finding on a record that no rule matches."""
        shown = self.questions.find_record(
            z3.Not(z3.Or(list(self.terms.holds))),
            lambda *record: isinstance(self.decide(*record), NoRuleMatches),
        )
        if shown is not None:
            values = {"policy": self.policy.name, "facts": self.describe(shown)}
            finding = self.build_finding("TR401", self.policy.span, shown, values)
            yield Mistake(finding, Counterexample(self.policy, *shown))

    def find_overlaps(self, rules: frozenset[str]) -> Iterator[Mistake]:
        """Yield a finding for each two rules that hold together and must not."""
        pairs = combinations(zip(self.terms.rows, self.terms.holds, strict=True), 2)
        unanswered: NotProved | None = None
        for (one, one_holds), (other, other_holds) in pairs:
            if rules.isdisjoint({one.rule.id, other.rule.id}) or (
                self.policy.hit_policy == "any" and has_same_outputs(one, other)
            ):
                continue
            try:
                shown = self.questions.find_record(z3.And(one_holds, other_holds), self.is_clash)
            except NotProved as problem:
                unanswered = unanswered or problem
                continue
            if shown is not None:
                ids = {"one": one.rule.id, "other": other.rule.id, "facts": self.describe(shown)}
                finding = self.build_finding("TR402", other.span, shown, ids)
                yield Mistake(finding, Counterexample(self.policy, *shown))
        if unanswered is not None:
            raise unanswered

    def find_dead(self, rules: frozenset[str]) -> Iterator[Mistake]:
        """Yield a finding for each rule that no record meets."""
        for row, holds in zip(self.terms.rows, self.terms.holds, strict=True):
            if row.rule.id in rules and self.find_met(row, holds) is None:
                values = {"rule": row.rule.id}
                yield Mistake(self.build_finding("TR403", row.span, None, values), None)

    def find_masked(self, rules: frozenset[str]) -> Iterator[Mistake]:
        """Yield a finding for each rule whose records earlier rules decide, all of them."""
        for at, (row, holds) in enumerate(zip(self.terms.rows, self.terms.holds, strict=True)):
            name = row.rule.id
            if name not in rules or not at or self.find_decided(at) is not None:
                continue
            shown = self.find_met(row, holds)
            if shown is not None:  # otherwise no record meets it: another finding
                by = self.find_rule(*shown)
                said = describe_rules([str(by)])
                values = {"rule": name, "rules": said, "by": by, "facts": self.describe(shown)}
                finding = self.build_finding("TR404", row.span, shown, values)
                yield Mistake(finding, Counterexample(self.policy, *shown))

    def find_met(self, row: Row, holds: Term) -> Shown | None:
        """Return a record that meets the conditions of a rule, or `None`."""
        return self.questions.find_record(holds, lambda *record: self.meets(row, *record))

    def find_decided(self, at: int) -> Shown | None:
        """Return a record that a rule decides, because no earlier one does, or `None`."""
        name, before = self.terms.rows[at].rule.id, list(self.terms.holds[:at])
        reached = z3.And(self.terms.holds[at], z3.Not(z3.Or(before)))
        return self.questions.find_record(reached, lambda *record: self.find_rule(*record) == name)

    def build_finding(
        self, code: str, span: Span, shown: Shown | None, values: Mapping[str, object]
    ) -> Finding:
        """Return a finding on a record, or on none."""
        day = self.day if shown is None else shown.day
        told = {**values, "day": reported_day_of(self.policy, day)}
        notes = () if shown is None else tell_record(self.policy, shown.facts, self.list_read())
        return Finding(code, span, told, notes=notes)

    def list_read(self) -> list[str]:
        """Return the facts that the conditions read, in their order."""
        reads = {name for row in self.terms.rows for test in row.tests for name in test.reads}
        asked = {name for peer in self.terms.peers.values() for name in peer.policy.reads}
        return [name for name in self.policy.facts.fields if name in reads | asked]

    def decide(self, facts: Facts, day: date) -> Decision | TelecomRulesError:
        """Return the decision on a record, or the error that it ends in."""
        try:
            return self.policy.decide(facts, on=day)
        except TelecomRulesError as problem:
            return problem

    def is_clash(self, facts: Facts, day: date) -> bool:
        """Return whether rules match a record together that must not."""
        return isinstance(self.decide(facts, day), SeveralRulesMatch | RulesDisagree)

    def find_rule(self, facts: Facts, day: date) -> str | None:
        """Return the rule that decides a record."""
        decision = self.decide(facts, day)
        if isinstance(decision, TelecomRulesError) or not decision.rules:
            return None
        return decision.rules[0].id

    def meets(self, row: Row, facts: Facts, day: date) -> bool:
        """Return whether a record meets the conditions of a rule."""
        try:
            record = self.policy.facts.read(facts)
            context = engine_of(self.policy).build_context(record, day)
            return all(interpret(test.tree, record, context) for test in row.tests)
        except TelecomRulesError:
            return False

    def describe(self, shown: Shown) -> str:
        """Return a record for people: the facts that the conditions read."""
        return describe_record(shown.facts, self.list_read())
