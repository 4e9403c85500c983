"""The decisions of other policies on one record and day, made when an expression asks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Protocol

from telecom_rules.errors import MissingData, TelecomRulesError
from telecom_rules.vocabulary import Record

if TYPE_CHECKING:
    from datetime import date

    from telecom_rules.policies.decision import Decision
    from telecom_rules.vocabulary import Value


class RecordDecider(Protocol):
    """Decides on records: the engine of a policy."""

    def decide(self, facts: Record, *, on: date) -> Decision:
        """Decide on a record."""


class Peer(Protocol):
    """A policy as seen by the expressions of other policies."""

    @property
    def _engine(self) -> RecordDecider: ...


class PeerDecisions(Mapping[str, "Mapping[str, Value]"]):
    """The outputs of policies by their names: what expressions call `policies`.

    Each policy decides once, on first access. Reading one whose decision is unknown raises
    `MissingData` with the first fact it lacks; its other errors propagate.
    """

    __slots__ = ("_day", "_decisions", "_facts", "_outputs", "_policies")

    def __init__(self, policies: Mapping[str, Peer], facts: Record, day: date) -> None:
        """Prepare decisions of `policies` on `facts`, a record with the facts all of them read."""
        self._policies = policies
        self._facts = facts
        self._day = day
        self._decisions: dict[str, Decision | TelecomRulesError] = {}
        self._outputs: dict[str, Record] = {}

    def decision_of(self, name: str) -> Decision:
        """Return the decision of the policy `name`, known or not."""
        decision = self._decisions.get(name)
        if decision is None:
            engine = self._policies[name]._engine  # noqa: SLF001 - hidden from hosts only
            try:
                decision = engine.decide(self._facts, on=self._day)
            except TelecomRulesError as problem:
                # Kept as well: an expression that reads it four times does not decide four times.
                decision = problem
            self._decisions[name] = decision
        if isinstance(decision, TelecomRulesError):
            raise decision
        return decision

    def __getitem__(self, name: str) -> Mapping[str, Value]:
        outputs = self._outputs.get(name)
        if outputs is None:
            decision = self.decision_of(name)
            if decision.missing:
                raise MissingData(decision.missing[0])
            outputs = self._outputs[name] = Record(decision.outputs)
        return outputs

    def __iter__(self) -> Iterator[str]:
        return iter(self._policies)

    def __len__(self) -> int:
        return len(self._policies)
