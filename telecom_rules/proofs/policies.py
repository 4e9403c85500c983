"""What a policy decides on a day, as terms: which rule, and each output."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Final

import z3

from telecom_rules.expressions import Context
from telecom_rules.policies.hit_policies import MULTIPLE_HIT, sort_by_priority
from telecom_rules.policies.policy import peer_of
from telecom_rules.policies.rules import VERDICT_BY_SEVERITY
from telecom_rules.proofs.encoding import TRUE, Encoder, Space
from telecom_rules.proofs.symbols import Symbol, make_sort
from telecom_rules.vocabulary.vocabulary import ParametersOn

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from telecom_rules.expressions import Expression
    from telecom_rules.expressions.typed import Typed
    from telecom_rules.policies import Policy
    from telecom_rules.policies.rules import Row
    from telecom_rules.proofs.solver import Term
    from telecom_rules.vocabulary import Field


FALSE = z3.BoolVal(val=False)
UNKNOWN: Final = "unknown"
"""The verdict of a checklist while something that matters is not known."""


@dataclass
class PolicyTerms:
    """The terms of one policy on one day, and of those that it asks.

    Attributes:
        policy: the policy.
        day: a day on which it is in force.
        space: the records.
    """

    policy: Policy
    day: date
    space: Space
    peers: dict[str, PolicyTerms] = field(default_factory=dict)

    @cached_property
    def encoder(self) -> Encoder:
        """What encodes its expressions."""
        figures = ParametersOn(self.policy.parameters, self.day)
        return Encoder(self.space, Context(parameters=figures), self.output_of_peer, self.side)

    @cached_property
    def side(self) -> str:
        """The rules and figures of the day; where they agree, what is unknown of them agrees."""
        return f"|{self.policy.name} {self.policy.digest_on(self.day)}{self.space.step}"

    @property
    def opaque(self) -> list[Typed]:
        """The parts that have no exact term, of the policies that it asks too."""
        asked = (node for each in self.peers.values() for node in each.opaque)
        return [*self.encoder.opaque, *asked]

    def output_of_peer(self, policy: str, output: str) -> Symbol:
        """Return an output of another policy."""
        if policy not in self.peers:
            peer = peer_of(self.policy, policy)
            self.peers[policy] = PolicyTerms(peer, self.day, self.space)
        return self.peers[policy].output(output)

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """The rules in force, those first that decide before others."""
        rows = [row for row in self.policy.rows if self.day in row.in_force]
        if self.policy.hit_policy == "priority":
            return sort_by_priority(rows, self.policy.priorities)
        return tuple(rows)

    @cached_property
    def holds(self) -> tuple[Term, ...]:
        """Whether each rule holds."""
        return tuple(self.all_of(row.tests) for row in self.rows)

    @cached_property
    def decides(self) -> Term:
        """Whether there is a decision."""
        if self.policy.checks or self.policy.default is not None:
            return TRUE
        return TRUE if self.policy.hit_policy in MULTIPLE_HIT else z3.Or([FALSE, *self.holds])

    def all_of(self, tests: Sequence[Expression]) -> Term:
        """Return the term of all of some conditions."""
        return self.encoder.conjoin([each.tree for each in tests])

    def output(self, name: str) -> Symbol:
        """Return an output; any value where nothing is decided."""
        field = self.policy.outputs.fields[name]
        sort = make_sort(field.type)
        term = None if sort is None else self.unknown(name)
        if self.policy.checks:
            return Symbol(self.verdict, TRUE)
        if self.policy.hit_policy in MULTIPLE_HIT or term is None:
            return Symbol(term, z3.Bool(f"has.{name}{self.side}"))
        found = Symbol(term, FALSE)
        if self.policy.default is not None:
            found = self.output_of_row(self.policy.default, name, field, found)
        for row, holds in zip(reversed(self.rows), reversed(self.holds), strict=True):
            own = self.output_of_row(row.outputs, name, field, Symbol(term, FALSE))
            found = Symbol(
                z3.If(holds, own.term, found.term), z3.If(holds, own.present, found.present)
            )
        return found

    def output_of_row(
        self, outputs: Mapping[str, Expression], name: str, field: Field, absent: Symbol
    ) -> Symbol:
        """Return an output that a rule gives, or `absent`."""
        if name not in outputs:
            return Symbol(absent.term, FALSE)
        term = self.encoder.convert(outputs[name].tree, field.type)
        return Symbol(absent.term if term is None else term, TRUE)

    def unknown(self, name: str) -> Term:
        """Return an unknown value of an output."""
        field = self.policy.outputs.fields[name]
        term = z3.Const(f"{name}{self.side}", make_sort(field.type))
        self.space.laws += self.space.records.iter_bounds_of(term, field)
        return term

    @cached_property
    def failures(self) -> Mapping[str, Term]:
        """Whether each check fails, by id."""
        return {
            each.id: z3.And(
                self.all_of((*each.tests, *each.grounds)), z3.Not(self.all_of((each.require,)))
            )
            for each in self.policy.checks
            if self.day in each.in_force
        }

    @cached_property
    def verdict(self) -> Term:
        """The verdict of a checklist; `unknown` where a graver check is not measured."""
        number_of = self.space.texts.number_of
        found: Term = z3.IntVal(number_of("pass"))
        for severity, verdict in reversed([*VERDICT_BY_SEVERITY.items()]):
            checks = [each for each in self.policy.checks if each.id in self.failures]
            own = [each for each in checks if each.severity == severity]
            unmeasured = [
                z3.And(self.all_of(each.tests), z3.Not(self.all_of(each.grounds)))
                for each in own
                if each.grounds
            ]
            found = z3.If(z3.Or([FALSE, *unmeasured]), z3.IntVal(number_of(UNKNOWN)), found)
            fails = z3.Or([FALSE, *(self.failures[each.id] for each in own)])
            found = z3.If(fails, z3.IntVal(number_of(verdict)), found)
        return found
