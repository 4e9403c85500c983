"""Makes what scenarios of a policy are missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from telecom_rules.errors import FactsError
from telecom_rules.frozen import Immutable
from telecom_rules.scenarios import PolicyScenario, Runner
from telecom_rules.scenarios.coverage.observe import change_days_of
from telecom_rules.testing.generation.goals import Watcher, list_goals
from telecom_rules.testing.generation.search import Search, build_starts
from telecom_rules.vocabulary.time.periods import ONE_DAY

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from telecom_rules.pack import Pack
    from telecom_rules.policies import Policy
    from telecom_rules.scenarios import Scenario
    from telecom_rules.scenarios.coverage.observe import CoverageMark
    from telecom_rules.testing.generation.goals import Goal
    from telecom_rules.testing.generation.search import Shown
    from telecom_rules.vocabulary import Record


@dataclass(frozen=True, slots=True)
class Generated(Immutable):
    """What was made for a policy.

    Attributes:
        policy: the policy.
        goals: what was wanted: all that no scenario shows.
        shown: the records that were made.
        unreached: what none of them shows. It proves nothing: other records may.
    """

    policy: Policy
    goals: tuple[Goal, ...]
    shown: tuple[Shown, ...]
    unreached: tuple[Goal, ...]


def generate(
    pack: Pack, policy: Policy, known: Iterable[Scenario], day: date, *, anew: bool = False
) -> Generated:
    """Return records that show of a policy what no scenario shows.

    Args:
        pack: the pack.
        policy: a policy of it.
        known: the scenarios of the pack. What those of policies show that pass is not wanted any
            more, and the search begins with their records.
        day: the day of records that begin a search where no scenario gives one.
        anew: whether what scenarios show is wanted as well.
    """
    goals = list_goals(policy)
    marks = frozenset(each.mark for each in goals)
    passed = tuple(iter_passed(pack, known))
    records = tuple(iter_records(policy, (each for each, _ in passed)))
    done: set[CoverageMark] = set()
    if not anew:
        watcher = Watcher(pack, policy, marks)
        done = {mark for _, shown in passed for mark in shown}
        done.update(mark for facts, on in records for mark in watcher.watch(facts, on))
    wanted = marks - done
    found: tuple[Shown, ...] = ()
    if wanted:
        starts = (*records, *build_starts(policy, day))
        search = Search(pack, policy, marks, wanted)
        found = search.run(starts, tuple(iter_days(policy, records, day)))
    reached = {mark for each in found for mark in each.marks}
    return Generated(
        policy=policy,
        goals=tuple(each for each in goals if each.mark in wanted),
        shown=found,
        unreached=tuple(each for each in goals if each.mark in wanted - reached),
    )


def iter_passed(
    pack: Pack, known: Iterable[Scenario]
) -> Iterator[tuple[PolicyScenario, frozenset[CoverageMark]]]:
    """Yield the scenarios of policies that pass, each with what it shows."""
    runner = Runner(pack, observe=True)
    for each in known:
        if isinstance(each, PolicyScenario) and (result := runner.run(each)).passed:
            yield each, result.marks


def iter_records(policy: Policy, known: Iterable[PolicyScenario]) -> Iterator[tuple[Record, date]]:
    """Yield the records of the scenarios of a policy that it can read, each with its day."""
    for each in known:
        if each.policy is policy:
            for example in each.examples:
                try:
                    yield policy.facts.read(example.facts), example.on
                except FactsError:
                    continue


def iter_days(policy: Policy, records: Iterable[tuple[Record, date]], day: date) -> Iterator[date]:
    """Yield the days to try: the usual one, and those around each change of the law."""
    yield from dict.fromkeys((next((on for _, on in records), day), day))
    for each in change_days_of(policy):
        yield from (each - ONE_DAY, each)
