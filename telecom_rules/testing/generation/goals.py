"""What generated scenarios of a policy are to show: the marks of coverage, and those of MC/DC."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from telecom_rules.errors import TelecomRulesError
from telecom_rules.policies.policy import engine_of
from telecom_rules.scenarios.coverage.conditions import iter_conditions
from telecom_rules.scenarios.coverage.elements import iter_facts_items, iter_policy_items
from telecom_rules.scenarios.coverage.observe import Observer
from telecom_rules.testing.generation.independence import iter_deciding
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from telecom_rules.expressions import Expression
    from telecom_rules.pack import Pack
    from telecom_rules.policies import Policy
    from telecom_rules.scenarios.coverage.observe import CoverageMark
    from telecom_rules.vocabulary import Record

Outcome: TypeAlias = "tuple[str, Sequence[Expression]]"


TURNS = {
    True: Wording("仅由 `{text}`（成立）决定", "is decided by `{text}` alone, which is true"),
    False: Wording("仅由 `{text}`（不成立）决定", "is decided by `{text}` alone, which is false"),
}


class Goal(NamedTuple):
    """What is to be shown.

    Attributes:
        mark: the observation that shows it.
        name: the element that it belongs to, such as `late_installation/late`.
        what: the aspect, for people.
    """

    mark: CoverageMark
    name: str
    what: Wording


def list_goals(policy: Policy) -> tuple[Goal, ...]:
    """Return all that scenarios of a policy can show, as coverage counts it, then for MC/DC."""
    items = [*iter_policy_items(policy), *iter_facts_items(policy.facts)]
    found = [Goal(each.mark, each.name, each.what) for each in items]
    for name, tests in iter_outcomes(policy):
        sites = [site for test in tests for site in iter_conditions(test)]
        if len(sites) > 1:
            found += [
                Goal(("decides", name, *site.key, truth), name, said.fill(text=site.text))
                for site in sites
                for truth, said in TURNS.items()
            ]
    return tuple({each.mark: each for each in found}.values())


def iter_outcomes(policy: Policy, on: date | None = None) -> Iterator[Outcome]:
    """Yield what holds or does not: the rules with their tests, each condition of the checks.

    Args:
        policy: the policy.
        on: the day on which they are in force; all where it is `None`.
    """
    for row in policy.rows:
        if on is None or on in row.in_force:
            yield f"{policy.name}/{row.rule.id}", row.tests
    for check in policy.checks:
        if on is None or on in check.in_force:
            for condition in check.conditions:
                yield f"{policy.name}/{check.id}", (condition,)


class Watcher:
    """Says what a record shows of a policy.

    Args:
        pack: the pack that it is of.
        policy: the policy.
        goals: the marks that are wanted; others are left out.
    """

    def __init__(self, pack: Pack, policy: Policy, goals: Iterable[CoverageMark]) -> None:
        self._observer = Observer(pack)
        self._policy = policy
        self._goals = frozenset(goals)

    def watch(self, facts: Record, on: date) -> frozenset[CoverageMark]:
        """Return the marks of one question to the policy."""
        observer, policy = self._observer, self._policy
        observer.marks = set()
        observer.note_question(policy, facts, on)
        if not policy.facts.find_broken(facts):
            self._note_answer(facts, on)
        return self._goals & observer.marks

    def _note_answer(self, facts: Record, on: date) -> None:
        """Note the decision, and the conditions that alone decide a rule or a check."""
        context = engine_of(self._policy).build_context(facts, on)
        for name, tests in iter_outcomes(self._policy, on):
            self._observer.marks |= {
                ("decides", name, *site.key, truth)
                for site, truth in iter_deciding(tests, facts, context)
            }
        with suppress(TelecomRulesError):
            self._observer.note_decision(self._policy.decide(facts, on=on))
