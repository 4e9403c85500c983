"""Deciding by one pack and, in its shadow, by another, to hear where the other would differ."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from telecom_rules.errors import TelecomRulesError
from telecom_rules.frozen import Immutable
from telecom_rules.policies.trials.changes import DecisionChange, find_change, keep_common_facts
from telecom_rules.values.arguments import read_day

if TYPE_CHECKING:
    from datetime import date

    from telecom_rules.policies.decision import Decision
    from telecom_rules.policies.policy import Policy
    from telecom_rules.policies.trials.changes import Answer
    from telecom_rules.values.named import NamedMapping


Report: TypeAlias = Callable[[DecisionChange], object]
"""What a host does with a difference: write it to a log, count it."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class ShadowedPolicy(Immutable):
    """A policy that decides as ever, and has another pack decide the same beside it."""

    _policy: Policy
    _others: Mapping[str, Policy]
    _report: Report

    @property
    def policy(self) -> Policy:
        """The policy whose decisions are returned."""
        return self._policy

    def __repr__(self) -> str:
        return f"<ShadowedPolicy {self._policy.name}>"

    def decide(self, facts: object, *, on: date) -> Decision:
        """Decide as `Policy.decide` does; report it where the other pack decides otherwise.

        Args:
            facts: as `Policy.decide` takes them. The other pack does not get those that only this
                one has.
            on: the day.

        Raises:
            TelecomRulesError: as `Policy.decide` does. An error of the other pack, whatever it is,
                is reported and never raised.
        """
        day = read_day("on", on)
        answer: Answer
        try:
            answer = self._policy.decide(facts, on=day)
        except TelecomRulesError as problem:
            answer = problem
        change = find_change(self._policy.name, day, answer, self.ask_other(facts, day))
        if change is not None:
            self._report(change)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def ask_other(self, facts: object, day: date) -> Answer:
        """Return what the other pack decides, or why it does not."""
        try:
            other = self._others[self._policy.name]
            given = keep_common_facts(facts, other.facts, self._policy.facts)
            return other.decide(given, on=day)
        except MemoryError:
            raise
        except Exception as problem:  # also a defect of the other pack is no matter of the host
            return problem.with_traceback(None)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Shadow(Immutable):
    """A pack that decides in front of another one; see `Pack.shadow`.

    Attributes:
        policies: the policies of the pack by name, each with the other pack in its shadow.
    """

    policies: NamedMapping[ShadowedPolicy]

    def __repr__(self) -> str:
        return f"<Shadow of {len(self.policies)} policies>"
