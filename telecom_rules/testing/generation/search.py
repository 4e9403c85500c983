"""Searches records that show what is wanted of a policy: from known ones, fact by fact.

New values are those at and beside the boundaries of the policy and of those that it asks, so that
a condition is met from either side. A record from which the policy goes another way than from all
before is searched on; one that shows something wanted is kept.
"""

from __future__ import annotations

from datetime import UTC, datetime, time
from functools import reduce
from heapq import heappop, heappush
from itertools import count, islice, product
from operator import or_
from typing import TYPE_CHECKING, NamedTuple

from telecom_rules.errors import TelecomRulesError
from telecom_rules.policies.editions.edition import keep_contexts
from telecom_rules.policies.explanation.boundaries import find_comparisons, iter_changes
from telecom_rules.policies.policy import engine_of
from telecom_rules.testing.facts import build_facts, iter_values
from telecom_rules.testing.generation.goals import Watcher

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from collections.abc import Set as AbstractSet
    from datetime import date

    from telecom_rules.pack import Pack
    from telecom_rules.policies import Policy
    from telecom_rules.scenarios.coverage.observe import CoverageMark
    from telecom_rules.vocabulary import FactType, Record


MOST_TRIED = 4_000
"""Questions that are put to the policy."""
MOST_JUDGED = 100_000
"""Rules and checks that are judged, all questions together."""
MOST_IN_VAIN = 1_000
"""Questions one after another that show nothing that is wanted."""
MOST_BROKEN = 200
"""Records that are tried for one condition of consistency."""
MOST_VALUES = 6
"""Values tried for a fact that is not known."""


class Shown(NamedTuple):
    """A record that shows something.

    Attributes:
        facts: the record; it may contradict itself, where that is what it shows.
        on: the day.
        marks: what it shows of what is wanted.
    """

    facts: Record
    on: date
    marks: frozenset[CoverageMark]


class Search:
    """One search.

    Args:
        pack: the pack.
        policy: the policy.
        goals: all marks that a record of it may show.
        wanted: those of them that are wanted.
    """

    def __init__(
        self,
        pack: Pack,
        policy: Policy,
        goals: AbstractSet[CoverageMark],
        wanted: AbstractSet[CoverageMark],
    ) -> None:
        self._policy = policy
        self._watcher = Watcher(pack, policy, goals)
        self._missing = set(wanted)
        self._wanted = frozenset(wanted)
        self._found: list[Shown] = []
        self._ways: set[frozenset[CoverageMark]] = set()
        self._asked: set[tuple[date, Record]] = set()
        parts = len(policy.rows) + len(policy.checks)
        self._most = min(MOST_TRIED, MOST_JUDGED // max(parts, 1))
        self._in_vain = 0
        self._order = count()
        self._queue: list[tuple[bool, int, int, Record, date]] = []

    def run(self, starts: Iterable[tuple[Record, date]], days: Sequence[date]) -> tuple[Shown, ...]:
        """Return records that show what is wanted, none of which the others make needless.

        Args:
            starts: the records to begin with, each with a day.
            days: the days to try.
        """
        for facts, on in starts:
            self._ask(facts, on, 0)
        self._break_conditions()
        self._in_vain = 0
        while self._queue and self._missing and self._in_vain < MOST_IN_VAIN:
            _, depth, _, facts, on = heappop(self._queue)
            for changed, day in self._iter_near(facts, on, days):
                self._ask(changed, day, depth + 1)
        return drop_needless(self._found)

    def _ask(self, facts: Record, on: date, depth: int) -> None:
        """Put a record to the policy; keep it if it shows something, and if it goes a new way."""
        if (on, facts) in self._asked or len(self._asked) >= self._most:
            self._in_vain += 1
            return
        self._asked.add((on, facts))
        self._in_vain += 1
        marks = self._watcher.watch(facts, on)
        shows = marks & self._missing
        if shows:
            self._in_vain = 0
            self._missing -= shows
            self._found.append(Shown(facts, on, marks & self._wanted))
        if marks not in self._ways and not self._policy.facts.find_broken(facts):
            self._ways.add(marks)
            heappush(self._queue, (not shows, depth, next(self._order), facts, on))

    def _break_conditions(self) -> None:
        """Put records to the policy that contradict themselves, one condition after the other."""
        kind = self._policy.facts
        if not self._queue:
            return
        *_, facts, on = self._queue[0]
        for condition in kind.conditions:
            mark = ("inconsistent", kind.name, condition.id)
            names = sorted(condition.reads & kind.fields.keys())
            values = [tuple(islice(iter_samples(kind, name, on), MOST_VALUES)) for name in names]
            for each in islice(product(*values), MOST_BROKEN):
                if mark not in self._missing:
                    break
                changed = reduce(or_, each, facts)
                if condition.is_broken_by(changed):
                    self._ask(changed, on, 0)

    def _iter_near(
        self, facts: Record, on: date, days: Iterable[date]
    ) -> Iterator[tuple[Record, date]]:
        """Yield records that differ in one fact, and the record on other days."""
        contexts = keep_contexts(self._policy, engine_of(self._policy).peers, facts, on)
        for change in iter_changes(self._policy, facts, contexts, with_fixed=True):
            yield change.apply(facts), on
        kind = self._policy.facts
        compared = find_comparisons(self._policy)
        for name in compared.keys() - facts.keys():
            for each in islice(iter_samples(kind, name, on), MOST_VALUES):
                yield facts | each, on
        yield from ((facts, day) for day in days if day != on)


def iter_samples(kind: FactType, name: str, on: date) -> Iterator[Record]:
    """Yield values of one fact that are usual on a day."""
    noon = datetime.combine(on, time(12), UTC)
    for value in iter_values(kind.fields[name], noon):
        yield kind.read_fact(name, value)


def build_starts(policy: Policy, day: date) -> Iterator[tuple[Record, date]]:
    """Yield records with what must be known, with nothing, and with all, where such fit."""
    kind = policy.facts
    yield kind.read({}), day
    for whole in (False, True):
        try:
            yield kind.read(build_facts(kind, whole=whole)), day
        except TelecomRulesError:
            continue


def drop_needless(found: Sequence[Shown]) -> tuple[Shown, ...]:
    """Return the records without those all of whose marks others show, the latest kept first."""
    kept = list(found)
    for each in found:
        others = frozenset().union(*(one.marks for one in kept if one is not each))
        if each.marks <= others:
            kept.remove(each)
    return tuple(kept)
