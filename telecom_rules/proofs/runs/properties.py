"""Properties of workflows with their guards weighed."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Final

from telecom_rules.checks.analysis.reasons import TOO_MANY_STEPS
from telecom_rules.checks.analysis.state_space import StateSpaceTooLarge
from telecom_rules.checks.analysis.verdicts import (
    PropertyProof,
    PropertyVerdict,
    conditions_of,
    iter_counterexamples,
    prove_property,
)
from telecom_rules.checks.analysis.witness import EXAMPLE_DAY
from telecom_rules.proofs.runs.paths import PathTerms
from telecom_rules.proofs.runs.search import WeighedSpace
from telecom_rules.proofs.runs.walks import iter_runs
from telecom_rules.proofs.solver import NotSolved
from telecom_rules.wording import Wording
from telecom_rules.workflows import Standpoint, machine_of
from telecom_rules.workflows.properties.properties import judge_property

if TYPE_CHECKING:
    from collections.abc import Sequence

    from telecom_rules.checks.analysis.state_space import GraphEdge, StateSpace
    from telecom_rules.pack import Pack
    from telecom_rules.proofs.runs.walks import CaseRun
    from telecom_rules.workflows import Property, Workflow


MOST_PATHS: Final = 12
"""Paths that are tried with the engine before a property is left undecided."""
CALLS = Wording("须先返回被调用的个案", "a called case would have to return first")
CLOCKS = Wording("取决于时限的到期时间", "it depends on when time limits end")
NOT_BUILT = Wording("试行的个案未走到这一步", "no case that was run got that far")


@dataclass(frozen=True, slots=True)
class WeighedProof:
    """The verdict on a property with its guards weighed.

    Attributes:
        proof: the verdict with its path.
        run: a run of the engine that violates the property, or `None`.
        why: why it is undecided, or `None`.
    """

    proof: PropertyProof
    run: CaseRun | None = None
    why: Wording | None = None


def weigh_property(
    workflow: Workflow, pack: Pack, demand: Property, space: WeighedSpace | None = None
) -> WeighedProof:
    """Return the verdict on a property, with the guards along each path put to the solver.

    Args:
        workflow: the workflow.
        pack: its pack.
        demand: the property.
        space: the state space of the workflow, if it is at hand.
    """
    space = WeighedSpace(workflow, pack) if space is None else space
    first: WeighedProof | None = None
    try:
        for path in islice(iter_counterexamples(space, demand), MOST_PATHS):
            verdict = PropertyVerdict.UNDECIDED
            proof = PropertyProof(demand, verdict, path, conditions_of(path))
            try:
                run = find_violation(space, path, demand)
            except NotSolved:
                first = first or WeighedProof(proof, None, TOO_MANY_STEPS)
                continue
            if run is not None:
                proof = proof._replace(verdict=PropertyVerdict.VIOLATED, entries=run.entries)
                return WeighedProof(proof, run)
            first = first or WeighedProof(proof, None, explain(workflow, path))
    except StateSpaceTooLarge:
        none = PropertyProof(demand, PropertyVerdict.TOO_LARGE)
        return first or WeighedProof(none, None, TOO_MANY_STEPS)
    return first or WeighedProof(PropertyProof(demand, PropertyVerdict.HOLDS))


def find_violation(
    space: WeighedSpace, path: Sequence[GraphEdge], demand: Property
) -> CaseRun | None:
    """Return a run of the engine along a path that violates a property, or `None`.

    Raises:
        NotSolved: whether a case can go along the path is not decided.
    """
    chart = machine_of(space.workflow).chart
    for run, _ in iter_runs(PathTerms(space, path, EXAMPLE_DAY), path):
        if judge_property(chart, demand, run.entries).standpoint is Standpoint.VIOLATED:
            return run
    return None


def explain(workflow: Workflow, path: Sequence[GraphEdge]) -> Wording:
    """Return why no case was run along a path."""
    events = [each.event for each in path if each.external and each.event is not None]
    known = [workflow.events.get(each) for each in events]
    if None in known:
        return CALLS
    if any(each is not None and each.internal for each in known):
        return CLOCKS
    return NOT_BUILT


def prove_with_solver(space: StateSpace, demand: Property, pack: Pack) -> PropertyProof:
    """Return the verdict on a property: the static one, and where that has none the solver's."""
    proof = prove_property(space, demand)
    if proof.verdict in {PropertyVerdict.HOLDS, PropertyVerdict.VIOLATED}:
        return proof
    return weigh_property(space.workflow, pack, demand).proof
