"""Facts that tell apart the ways in which the policies and guards of a workflow decide.

A search led by what it meets: a record is kept if the policies decide on it by other rules or
checks than on those before, or if another guard holds; then each of its facts is changed in turn.
So a refusal that has ten causes is left cause by cause, where sampling at random would need all ten
to be right at once. A check that reads several facts, as a statement and its document, may need
them changed together: while it fails, they are.

The record nearest to passing is always the one whose facts are changed next, and one that comes
nearer has its turn at once: what the number of facts costs is a sum, not a product.
"""

from __future__ import annotations

from heapq import heappop, heappush
from itertools import count, product
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from telecom_rules.errors import TelecomRulesError
from telecom_rules.expressions import Context
from telecom_rules.policies.rules import Check
from telecom_rules.workflows import machine_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from telecom_rules.expressions import Expression
    from telecom_rules.policies import Decision
    from telecom_rules.vocabulary import FactType, Record
    from telecom_rules.workflows import Workflow

Signature: TypeAlias = "tuple[object, ...]"

FAILED = frozenset({"fail", "unknown"})
MOST_RECORDS = 1_000
"""Records that are tried."""
MOST_TOGETHER = 3
"""Facts that are changed together because one check reads them, and values of each."""


def find_telling_facts(
    workflow: Workflow,
    starts: Iterable[Record],
    values: Mapping[str, Sequence[object]],
    at: datetime,
    most: int,
) -> tuple[Record, ...]:
    """Return records each of which something decides otherwise on.

    Args:
        workflow: the workflow.
        starts: the records to begin with.
        values: the values to try for each fact.
        at: the present.
        most: how many to return. Those come first by which other guards hold, then those with the
            fewest checks that fail.
    """
    judge = Judge(workflow, at)
    order = count()
    seen: set[Signature] = set()
    patterns: set[Signature] = set()
    found: list[tuple[bool, int, int, Record]] = []
    queue: list[tuple[int, int, Iterator[Record]]] = []

    def keep(record: Record) -> bool:
        judged = judge.judge(record)
        if judged.signature in seen:
            return False
        seen.add(judged.signature)
        place = judged.distance, next(order)
        heappush(queue, (*place, iter_changed(workflow.facts, record, values, judged.failed)))
        found.append((judged.guards in patterns, *place, record))
        patterns.add(judged.guards)
        return True

    for each in starts:
        keep(each)
    tried = 0
    while queue and tried < MOST_RECORDS:
        distance, place, changed = heappop(queue)
        for record in changed:
            tried += 1
            if keep(record) and queue[0] < (distance, place):
                heappush(queue, (distance, place, changed))
                break
            if tried >= MOST_RECORDS:
                break
    return tuple(record for *_, record in sorted(found)[:most])


def iter_changed(
    kind: FactType,
    record: Record,
    values: Mapping[str, Sequence[object]],
    failed: Iterable[frozenset[str]],
) -> Iterator[Record]:
    """Yield a record with each fact changed in turn, before that with those of a failed check."""
    together = {
        tuple(name for name in values if name in reads)
        for reads in failed
        if 1 < len(reads & values.keys()) <= MOST_TOGETHER
    }
    for names in (*sorted(together), *((name,) for name in values)):
        samples = (values[name][: MOST_TOGETHER if len(names) > 1 else None] for name in names)
        for chosen in product(*samples):
            changed = record
            for name, value in zip(names, chosen, strict=True):
                changed = changed | kind.read_fact(name, value)
            if changed != record and not kind.find_broken(changed, {*names}):
                yield changed


class Judged(NamedTuple):
    """How the policies and guards decide on a record.

    Attributes:
        distance: how many checks fail and facts are missing.
        guards: which guards hold.
        decisions: the rules and checks that decided.
        failed: what each check that fails reads.
    """

    distance: int
    guards: Signature
    decisions: Signature
    failed: tuple[frozenset[str], ...]

    @property
    def signature(self) -> Signature:
        """What tells it apart from others."""
        return self.guards, self.decisions


class Judge:
    """Says how the policies and guards of a workflow decide on records."""

    def __init__(self, workflow: Workflow, at: datetime) -> None:
        self._machine = machine_of(workflow)
        self._at = at
        self._day = at.date()
        self._parameters = self._machine.parameters_on(self._day)
        guards = (
            each.guard
            for state in self._machine.chart.states.values()
            for group in (*state.on.values(), state.always)
            for each in group
            if each.guard is not None
        )
        self._guards = tuple({each.source: each for each in guards}.values())

    def judge(self, record: Record) -> Judged:
        """Return how they decide on a record."""
        policies = self._machine.policy_outputs(record, self._day)
        context = Context(
            parameters=self._parameters, policies=policies, today=self._day, now=self._at
        )
        distance = 0
        guards = tuple(holds(each, record, context) for each in self._guards)
        decisions: list[object] = []
        reads: list[frozenset[str]] = []
        for name in policies:
            try:
                decision: Decision = policies.decision_of(name)  # type: ignore[attr-defined]  # as expressions read them
            except TelecomRulesError as problem:
                decisions.append(problem.code)
                continue
            failed = [each for each in decision.results if each.status in FAILED]
            checks = (each._check for each in failed)  # noqa: SLF001 - hidden from hosts only
            reads += [each.require.reads for each in checks if isinstance(each, Check)]
            distance += len(failed) + len(decision.missing)
            decisions += [
                tuple(each.id for each in decision.rules),
                tuple((each.id, each.status) for each in failed),
                decision.missing,
            ]
        return Judged(distance, guards, tuple(decisions), tuple(reads))


def holds(guard: Expression, record: Record, context: Context) -> object:
    """Return the value of a guard, or `None` where it has none without an event."""
    try:
        return guard.evaluate(record, context)
    except TelecomRulesError:
        return None
