"""Facts that tell apart the ways in which the policies and guards of a workflow decide.

A search led by what it meets: a record is kept if the policies decide on it by other rules or
checks than on those before, or if another guard holds; then each of its facts is changed in turn.
So a refusal that has ten causes is left cause by cause, where sampling at random would need all ten
to be right at once.
"""

from __future__ import annotations

from heapq import heappop, heappush
from itertools import count
from typing import TYPE_CHECKING, TypeAlias

from telecom_rules.errors import TelecomRulesError
from telecom_rules.expressions import Context
from telecom_rules.workflows import machine_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from telecom_rules.expressions import Expression
    from telecom_rules.policies import Decision
    from telecom_rules.vocabulary import Record
    from telecom_rules.workflows import Workflow

Signature: TypeAlias = "tuple[object, ...]"

FAILED = frozenset({"fail", "unknown"})
MOST_RECORDS = 3_000
"""Records that are tried."""


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
    kind = workflow.facts
    judge = Judge(workflow, at)
    order = count()
    seen: set[Signature] = set()
    patterns: set[Signature] = set()
    found: list[tuple[bool, int, int, Record]] = []
    queue: list[tuple[int, int, Record]] = []

    def keep(record: Record) -> None:
        distance, guards, decisions = judge.judge(record)
        if (guards, decisions) not in seen:
            seen.add((guards, decisions))
            place = distance, next(order), record
            heappush(queue, place)
            found.append((guards in patterns, *place))
            patterns.add(guards)

    for each in starts:
        keep(each)
    tried = 0
    while queue and tried < MOST_RECORDS:
        _, _, record = heappop(queue)
        for name, samples in values.items():
            for value in samples:
                if name not in record or record[name] != value:
                    tried += 1
                    changed = record | kind.read_fact(name, value)
                    if not kind.find_broken(changed, {name}):
                        keep(changed)
    return tuple(record for *_, record in sorted(found)[:most])


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

    def judge(self, record: Record) -> tuple[int, Signature, Signature]:
        """Return how many checks fail and facts are missing, which guards hold, what decided."""
        policies = self._machine.policy_outputs(record, self._day)
        context = Context(
            parameters=self._parameters, policies=policies, today=self._day, now=self._at
        )
        distance = 0
        guards = tuple(holds(each, record, context) for each in self._guards)
        decisions: list[object] = []
        for name in policies:
            try:
                decision: Decision = policies.decision_of(name)  # type: ignore[attr-defined]  # as expressions read them
            except TelecomRulesError as problem:
                decisions.append(problem.code)
                continue
            failed = [each for each in decision.results if each.status in FAILED]
            distance += len(failed) + len(decision.missing)
            decisions += [
                tuple(each.id for each in decision.rules),
                tuple((each.id, each.status) for each in failed),
                decision.missing,
            ]
        return distance, guards, tuple(decisions)


def holds(guard: Expression, record: Record, context: Context) -> object:
    """Return the value of a guard, or `None` where it has none without an event."""
    try:
        return guard.evaluate(record, context)
    except TelecomRulesError:
        return None
