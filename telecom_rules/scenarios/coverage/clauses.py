"""Clauses covered by a scenario, and clauses that it cites without covering them."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, TypeAlias

from telecom_rules.findings import Finding
from telecom_rules.pack.located import iter_transitions
from telecom_rules.workflows import machine_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from telecom_rules.pack import Pack
    from telecom_rules.scenarios.coverage.observe import CoverageMark
    from telecom_rules.scenarios.run import ScenarioResult
    from telecom_rules.vocabulary import Clause


MarkClauses: TypeAlias = "tuple[CoverageMark, tuple[Clause, ...]]"
EXECUTED_MARKS = frozenset({"rule", "check", "transition", "guard", "clock", "cited"})
"""Marks of elements that execute; facts and states do not."""


def map_clauses(pack: Pack) -> Mapping[CoverageMark, tuple[str, ...]]:
    """Return the clauses behind marks, by the first parts of the mark."""
    pairs = chain(
        iter_policy_clauses(pack), iter_workflow_clauses(pack), iter_vocabulary_clauses(pack)
    )
    return {mark: tuple(map(str, clauses)) for mark, clauses in pairs}


def iter_policy_clauses(pack: Pack) -> Iterator[MarkClauses]:
    """Yield the clauses of policies, rules and checks."""
    for policy in pack.policies.values():
        yield ("asked", policy.name), policy.cites
        for row in policy.rows:
            yield ("rule", policy.name, row.rule.id), row.rule.cites
        for check in policy.checks:
            yield ("check", policy.name, check.id), check.cites


def iter_workflow_clauses(pack: Pack) -> Iterator[MarkClauses]:
    """Yield the clauses of transitions, states, clocks and properties."""
    for workflow in pack.workflows.values():
        name = workflow.name
        for key, transition in iter_transitions(machine_of(workflow).chart):
            yield ("transition", name, *key), (*transition.cites, *transition.event.cites)
            yield ("guard", name, *key), transition.cites
        for state in workflow.states.values():
            yield ("state", name, state.name), (*state.cites, *workflow.cites)
        for clock in workflow.clocks.values():
            yield ("clock", name, clock.name), clock.cites
        for demand in workflow.properties:
            yield ("property", name, demand.name), demand.cites


def iter_vocabulary_clauses(pack: Pack) -> Iterator[MarkClauses]:
    """Yield the clauses of figures, facts and codes."""
    for parameter in pack.parameters.values():
        for value in parameter.values:
            yield ("figure", parameter.name, value.since), value.cites
    for facts in pack.facts.values():
        for field, clauses in facts.field_cites.items():
            yield ("fact", facts.name, field), (*clauses, *facts.cites)
    for catalogue in pack.catalogues.values():
        for name, code in catalogue.codes.items():
            yield ("code", catalogue.name, name), (*code.cites, *catalogue.cites)


def iter_clauses_behind(
    marks: Iterable[CoverageMark], grounds: Mapping[CoverageMark, tuple[str, ...]]
) -> Iterator[str]:
    """Yield the clauses behind some marks."""
    for mark in marks:
        if mark[0] == "cited":
            yield str(mark[1])
        else:
            # The key of a mark may end with an aspect, such as the truth of a guard.
            yield from grounds.get(mark, ())
            yield from grounds.get(mark[:-1], ())


def iter_executed_clauses(
    marks: Iterable[CoverageMark], grounds: Mapping[CoverageMark, tuple[str, ...]]
) -> Iterator[str]:
    """Yield the clauses behind the marks of elements that were executed."""
    return iter_clauses_behind((mark for mark in marks if mark[0] in EXECUTED_MARKS), grounds)


def find_unsupported_cites(
    result: ScenarioResult, grounds: Mapping[CoverageMark, tuple[str, ...]]
) -> Iterator[Finding]:
    """Yield a finding for each clause that a scenario cites and does not cover."""
    found = set(iter_clauses_behind(result.marks, grounds))
    for each in result.scenario.cites:
        if str(each.value) not in found:
            yield Finding("TR740", each.span, {"clause": each.value})
