"""A policy as it stands for a stretch of days."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from telecom_rules.expressions import Context, Expression
    from telecom_rules.policies.decision import Decision
    from telecom_rules.policies.policy import Policy
    from telecom_rules.vocabulary import ParameterValue, Record
    from telecom_rules.wording import Wording


@dataclass(frozen=True, slots=True, eq=False)
class Edition(ABC):
    """The rules of a policy that are in force together, compiled.

    Attributes:
        policy: the policy.
        day: a day on which it stands.
        shared_context: what its expressions see besides the facts, where that is the same for
            every record and day of this edition; else `None`.
    """

    policy: Policy
    day: date
    shared_context: Context | None

    def build_context(self, facts: Record, on: date) -> Context:
        """Return what the expressions see besides `facts` on that day."""
        return self.shared_context or self.policy.build_context(facts, on)

    @abstractmethod
    def decide(self, facts: Record, on: date) -> Decision:
        """Decide on a record as of a day for which this edition stands."""

    @abstractmethod
    def iter_asked_expressions(self, decision: Decision) -> Iterable[Expression]:
        """Yield the expressions that were asked on the way to `decision`."""

    @abstractmethod
    def explain(self, decision: Decision) -> Iterator[Wording]:
        """Yield the lines that say what was decided and why."""

    def names_read(self, decision: Decision) -> frozenset[str]:
        """Return the names that were read on the way to `decision`."""
        return frozenset(
            name for each in self.iter_asked_expressions(decision) for name in each.reads
        )

    def iter_figures(self, decision: Decision) -> Iterator[tuple[str, ParameterValue]]:
        """Yield the figures named on the way to `decision`, with their values in force."""
        reads = self.names_read(decision) if self.policy.parameters else frozenset()
        for name, parameter in self.policy.parameters.items():
            value = parameter.find_on(decision.on)
            if f"parameters.{name}" in reads and value is not None:
                yield name, value

    def iter_peer_decisions(self, decision: Decision) -> Iterator[Decision]:
        """Yield what those policies decided that were asked on the way to `decision`."""
        reads = self.names_read(decision) if self.policy.peers else frozenset()
        answers = self.policy.ask_peers(decision.facts, decision.on)
        for name in self.policy.peers:
            if any(path.startswith(f"policies.{name}.") for path in reads):
                yield answers.decision_of(name)
