"""The rules of a policy that are in force together: abstract, for tables and checklists."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from telecom_rules.errors import TelecomRulesError
from telecom_rules.expressions import Context
from telecom_rules.policies.peers import PeerDecisions
from telecom_rules.policies.rule_set import reach_policies
from telecom_rules.vocabulary.vocabulary import ParametersOn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import date

    from telecom_rules.expressions import Expression
    from telecom_rules.policies.decision import Decision
    from telecom_rules.policies.explanation.parts import Explanation, Told
    from telecom_rules.policies.peers import Peer
    from telecom_rules.policies.rule_set import RuleSet
    from telecom_rules.vocabulary import ParameterValue, Record
    from telecom_rules.wording import Wording


@dataclass(frozen=True, slots=True, eq=False)
class Edition(ABC):
    """The rules of a policy that are in force together.

    Attributes:
        policy: the policy.
        day: a day on which they are in force.
        shared_context: the activation of the expressions apart from the facts, if it is the same
            for every record and day of this edition; else `None`.
        peers: the policies that the expressions may read, by name.
    """

    policy: RuleSet
    day: date
    shared_context: Context | None
    peers: Mapping[str, Peer]

    def build_context(self, facts: Record, on: date) -> Context:
        """Return the activation of the expressions on that day, apart from `facts`."""
        return self.shared_context or build_context(self.policy, self.peers, facts, on)

    @abstractmethod
    def decide(self, facts: Record, on: date) -> Decision:
        """Decide exactly on a record, as of a day on which this edition is in force."""

    @abstractmethod
    def iter_asked_expressions(self, decision: Decision) -> Iterable[Expression]:
        """Yield the expressions that were evaluated for `decision`."""

    @abstractmethod
    def explain(self, decision: Decision) -> Iterable[Wording]:
        """Return the lines that explain the decision."""

    @abstractmethod
    def explain_briefly(self, decision: Decision) -> Explanation:
        """Return the short explanation of the decision."""

    def tell_grounds(self, decision: Decision) -> tuple[Told, ...]:  # noqa: ARG002 - of a table
        """Return the facts by which it was decided so; none where each check has its own."""
        return ()

    @abstractmethod
    def trace(self, decision: Decision) -> Iterable[Wording]:
        """Return the lines that tell each condition as it was evaluated for the decision."""

    def names_read(self, decision: Decision) -> frozenset[str]:
        """Return the names that were read for `decision`."""
        return frozenset(
            name for each in self.iter_asked_expressions(decision) for name in each.reads
        )

    def iter_figures(self, decision: Decision) -> Iterator[tuple[str, ParameterValue]]:
        """Yield the figures read for `decision`, with their values in force."""
        reads = self.names_read(decision) if self.policy.parameters else frozenset()
        for name, parameter in self.policy.parameters.items():
            value = parameter.find_on(decision.on)
            if f"parameters.{name}" in reads and value is not None:
                yield name, value

    def iter_peer_decisions(
        self, decision: Decision
    ) -> Iterator[tuple[str, Decision | TelecomRulesError]]:
        """Yield the policies asked for `decision`, each with its decision or why it has none."""
        reads = self.names_read(decision) if self.policy.peers else frozenset()
        answers = PeerDecisions(self.peers, decision.facts, decision.on)
        for name in self.policy.peers:
            if any(path.startswith(f"policies.{name}.") for path in reads):
                try:
                    yield name, answers.decision_of(name)
                except TelecomRulesError as problem:  # it made no difference to this decision
                    yield name, problem


def build_context(policy: RuleSet, peers: Mapping[str, Peer], facts: Record, on: date) -> Context:
    """Return the activation of a policy's expressions on a day, apart from `facts`."""
    parameters = ParametersOn(policy.parameters, on)
    return Context(parameters=parameters, policies=PeerDecisions(peers, facts, on), today=on)


def keep_contexts(
    policy: RuleSet, peers: Mapping[str, Peer], facts: Record, on: date
) -> Callable[[str], Context]:
    """Return what gives the activations of a policy and of those it asks, by name, each made once.

    Args:
        policy: the policy.
        peers: the policies of the pack, by name.
        facts: the record on which all of them decide.
        on: the day.
    """
    reached = reach_policies(policy)
    return cache(lambda name: build_context(reached[name], peers, facts, on))
