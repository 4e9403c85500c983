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
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from telecom_rules.expressions import Expression
    from telecom_rules.policies import Decision
    from telecom_rules.vocabulary import Record
    from telecom_rules.workflows import Workflow

Signature: TypeAlias = "tuple[object, ...]"

PASS = "pass"  # noqa: S105 - a status
MOST_RECORDS = 4_000
"""Records that are tried."""


def iter_telling_facts(
    workflow: Workflow,
    starts: Iterable[Record],
    values: Mapping[str, Sequence[object]],
    at: datetime,
) -> Iterator[Record]:
    """Yield records on which something decides otherwise than on those before.

    Args:
        workflow: the workflow.
        starts: the records to begin with.
        values: the values to try for each fact.
        at: the present.
    """
    kind = workflow.facts
    judge = Judge(workflow, at)
    order = count()
    seen: set[Signature] = set()
    queue: list[tuple[int, int, Record]] = []

    def is_new(record: Record) -> bool:
        distance, signature = judge.judge(record)
        if signature in seen:
            return False
        seen.add(signature)
        heappush(queue, (distance, next(order), record))
        return True

    yield from filter(is_new, starts)
    tried = 0
    while queue and tried < MOST_RECORDS:
        _, _, record = heappop(queue)
        for name, each in values.items():
            for value in each:
                if name in record and record[name] == value:
                    continue
                tried += 1
                changed = record | kind.read_fact(name, value)
                if not kind.find_broken(changed, {name}) and is_new(changed):
                    yield changed


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
            for group in state.on.values()
            for each in group
            if each.guard is not None
        )
        self._guards = tuple({each.source: each for each in guards}.values())

    def judge(self, record: Record) -> tuple[int, Signature]:
        """Return how many checks do not pass and facts are missing, and what has decided."""
        policies = self._machine.policy_outputs(record, self._day)
        context = Context(
            parameters=self._parameters, policies=policies, today=self._day, now=self._at
        )
        distance = 0
        signature: list[object] = [holds(each, record, context) for each in self._guards]
        for name in policies:
            try:
                decision: Decision = policies.decision_of(name)  # type: ignore[attr-defined]  # as expressions read them
            except TelecomRulesError as problem:
                signature.append(problem.code)
                continue
            failed = [each for each in decision.results if each.status != PASS]
            distance += len(failed) + len(decision.missing)
            signature += [
                tuple(each.id for each in decision.rules),
                tuple((each.id, each.status) for each in failed),
                decision.missing,
            ]
        return distance, tuple(signature)


def holds(guard: Expression, record: Record, context: Context) -> object:
    """Return the value of a guard, or `None` where it has none without an event."""
    try:
        return guard.evaluate(record, context)
    except TelecomRulesError:
        return None
