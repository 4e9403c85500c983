"""How many questions an interview takes in expectation, and how many the best one would take.

The facts of a policy get a few values each, around what its rules compare them with, all equally
likely. The best strategy is then found by dynamic programming over what is known: every state in
which all records that are still possible are decided alike needs no question; any other needs one,
and the rest by the best fact to ask for. The strategy of `Policy.ask` is followed through the same
values.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import prod
from typing import TYPE_CHECKING, TypeAlias

from telecom_rules.errors import TelecomRulesError
from telecom_rules.expressions.evaluation.number_line import to_number
from telecom_rules.policies.editions.three_valued import UnaskedRecord
from telecom_rules.policies.explanation.boundaries import iter_changes_of
from telecom_rules.policies.policy import engine_of
from telecom_rules.vocabulary import BOOLEAN
from telecom_rules.vocabulary.types import CodeType
from tests.rules.records import ON, records

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from random import Random

    from telecom_rules.policies import Policy

MOST_VALUES = 4
"""Values of one fact."""
MOST_STATES = 12_000
"""States of what is known: one more than its values for each fact, multiplied."""

State: TypeAlias = "tuple[int | None, ...]"
"""Of each fact the place of its value, `None` while it is not known."""


@dataclass
class Interview:
    """The facts of a policy with a few values each.

    Attributes:
        policy: the policy.
        values: the values of each fact that it reads.
    """

    policy: Policy
    values: Mapping[str, tuple[object, ...]]
    outcomes: dict[State, object] = field(default_factory=dict)
    best: dict[State, float] = field(default_factory=dict)
    sizes: dict[State, int] = field(default_factory=dict)
    asked: dict[State, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.names = tuple(self.values)
        self.counts = tuple(len(each) for each in self.values.values())

    def count_states(self) -> int:
        """Return how many states of what is known there are."""
        return prod(count + 1 for count in self.counts)

    @property
    def start(self) -> State:
        """The state in which nothing is known."""
        return (None,) * len(self.names)

    def record_of(self, state: State) -> dict[str, object]:
        """Return what is known."""
        known = zip(self.names, state, strict=True)
        return {name: self.values[name][at] for name, at in known if at is not None}

    def after(self, state: State, place: int) -> Iterator[State]:
        """Yield the states after the answers that a fact may have."""
        for at in range(self.counts[place]):
            state_after = (*state[:place], at, *state[place + 1 :])
            if self.size_of(state_after):
                yield state_after

    def outcome_of(self, state: State) -> object:
        """Return the one outcome of all records that are possible, `None` if there are several."""
        if state not in self.outcomes:
            self.outcomes[state] = self.find_outcome(state)
        return self.outcomes[state]

    def find_outcome(self, state: State) -> object:
        if None not in state:
            return self.decide(self.record_of(state))
        place = state.index(None)
        found = {self.outcome_of(each) for each in self.after(state, place)}
        return found.pop() if len(found) == 1 else None

    def decide(self, record: dict[str, object]) -> object:
        try:
            return str(self.policy.decide(record, on=ON).outputs)
        except TelecomRulesError as problem:
            return type(problem).__name__

    def size_of(self, state: State) -> int:
        """Return how many complete records are possible."""
        if state not in self.sizes:
            if None in state:
                place = state.index(None)
                each = (
                    (*state[:place], at, *state[place + 1 :]) for at in range(self.counts[place])
                )
                self.sizes[state] = sum(self.size_of(one) for one in each)
            else:
                given = {
                    name: value
                    for name, value in self.record_of(state).items()
                    if value is not None
                }
                facts = self.policy.facts
                self.sizes[state] = not facts.find_broken(facts.read_values(given))
        return self.sizes[state]

    def fewest(self, state: State) -> float:
        """Return the questions that the best strategy still asks in expectation."""
        if state not in self.best:
            ways = (
                self.ask_for(state, at, self.fewest)
                for at, each in enumerate(state)
                if each is None
            )
            self.best[state] = 0.0 if self.is_known(state) else min(ways, default=0.0)
        return self.best[state]

    def is_known(self, state: State) -> bool:
        """Return whether the decision is known, whatever values the other facts may have."""
        if self.outcome_of(state) is None:
            return False
        given = self.record_of(state)
        facts = self.policy.facts
        unasked = frozenset(name for name, each in facts.fields.items() if each.optional)
        record = UnaskedRecord(facts.read_values(given), unasked - given.keys())
        try:
            return engine_of(self.policy).decide(record, on=ON).known
        except TelecomRulesError:
            return True

    def ask_for(self, state: State, place: int, rest) -> float:  # type: ignore[no-untyped-def]  # itself a method
        """Return the questions after a fact is asked for, with this one."""
        whole = self.size_of(state)
        left: float = sum(self.size_of(one) / whole * rest(one) for one in self.after(state, place))
        return 1 + left

    def ours(self, state: State) -> float:
        """Return the questions that `Policy.ask` still asks in expectation."""
        if state not in self.asked:
            try:
                question = self.policy.ask(self.record_of(state), on=ON)
            except TelecomRulesError:
                question = None
            self.asked[state] = (
                0.0
                if question is None
                else self.ask_for(state, self.names.index(question.fact), self.ours)
            )
        return self.asked[state]


def build_interview(policy: Policy, chance: Random) -> Interview | None:
    """Return the interview of a policy, `None` where it has too many states."""
    engine = engine_of(policy)
    names = [name for name in policy.facts.fields if name in engine.dependencies.facts]
    values: dict[str, tuple[object, ...]] = {}
    samples = [record for record, _ in zip(records(policy, chance), range(40), strict=False)]
    for name in names:
        kind = policy.facts.fields[name]
        found = dict.fromkeys(around(policy, name, samples))
        if kind.type is BOOLEAN:
            found = dict.fromkeys((True, False))
        chosen = list(found)
        if not isinstance(kind.type, CodeType) and len(chosen) > MOST_VALUES:
            chosen = spread(chosen)
        chosen = chosen[:MOST_VALUES]
        if kind.optional:
            chosen = [*chosen[: MOST_VALUES - 1], None]
        values[name] = tuple(chosen)
    if not names or prod(len(each) + 1 for each in values.values()) > MOST_STATES:
        return None
    return Interview(policy, values) if all(values.values()) else None


def around(policy: Policy, name: str, samples: list[dict[str, object]]) -> Iterator[object]:
    """Yield values of a fact on both sides of what it is compared with."""
    engine = engine_of(policy)
    for sample in samples:
        facts = policy.facts.read_values({k: v for k, v in sample.items() if v is not None})
        context = engine.build_context(facts, ON)
        try:
            changes = [*iter_changes_of(engine.policy, name, facts, lambda _: context)]  # noqa: B023 - used at once
        except TelecomRulesError:
            continue
        found = [each.after for each in changes if each.after is not None]
        yield from ([facts[name]] if name in facts else [])
        yield from found


def spread(values: list[object]) -> list[object]:
    """Return a few of many values, from the least to the greatest."""
    try:
        ordered = sorted(values, key=to_number)
    except (TypeError, ValueError):
        return values[:MOST_VALUES]
    step = (len(ordered) - 1) / (MOST_VALUES - 1)
    return [ordered[round(step * at)] for at in range(MOST_VALUES)]
