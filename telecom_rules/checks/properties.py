"""TR704 to TR708: properties that are violated, undecided, too large to prove, or vacuous."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.checks.analysis.state_space import MOST_MOVES, StateSpace, StateSpaceTooLarge
from telecom_rules.checks.analysis.verdicts import (
    PropertyVerdict,
    describe_counterexample,
    prove_property,
)
from telecom_rules.findings import Finding
from telecom_rules.pack.located import iter_workflows
from telecom_rules.wording import Wording, join_wordings
from telecom_rules.workflows.properties.templates import Template

if TYPE_CHECKING:
    from collections.abc import Iterator

    from telecom_rules.checks.analysis.verdicts import PropertyProof
    from telecom_rules.findings import Span
    from telecom_rules.pack import Reading
    from telecom_rules.workflows import Property


CODES = ("TR704", "TR705", "TR706", "TR707", "TR708")
MOST_CONDITIONS = 6
"""Guards that a finding lists."""
DATA_CONDITIONS = Wording(
    "所需的数据、动作和时限能够相应成立", "the facts, actions and clocks on the path being feasible"
)
"""Shown instead of guards if the counterexample has none, but no example follows it."""


def check(reading: Reading) -> Iterator[Finding]:
    """Yield a finding for each property that is not proved, and each that holds vacuously."""
    for flow in iter_workflows(reading):
        space = StateSpace(flow.workflow)
        written = zip(flow.workflow.properties, flow.definition.properties, strict=True)
        for demand, definition in written:
            proof = prove_property(space, demand)
            if proof.verdict is PropertyVerdict.HOLDS:
                yield from find_vacuous(space, demand, definition.span)
            else:
                yield build_unproved_finding(space, proof, definition.span)


def build_unproved_finding(space: StateSpace, proof: PropertyProof, span: Span) -> Finding:
    """Return the finding for a property that is not proved."""
    title = proof.property.title
    if proof.verdict is PropertyVerdict.TOO_LARGE:
        return Finding("TR706", span, {"title": title, "limit": MOST_MOVES})
    trace = describe_counterexample(space.workflow, proof.counterexample)
    if proof.verdict is PropertyVerdict.VIOLATED:
        return Finding("TR704", span, {"title": title, "trace": trace})
    values = {"title": title, "trace": trace, "conditions": describe_conditions(proof)}
    return Finding("TR705", span, values)


def describe_conditions(proof: PropertyProof) -> Wording:
    """Return the conditions of a counterexample, for people."""
    sources = [Wording.same(f"`{each.source}`") for each in proof.conditions]
    if len(sources) > MOST_CONDITIONS:
        sources = [*sources[:MOST_CONDITIONS], Wording.same("…")]
    return join_wordings(sources) if sources else DATA_CONDITIONS


def find_vacuous(space: StateSpace, demand: Property, span: Span) -> Iterator[Finding]:
    """Yield a finding for a property that holds vacuously: its names never occur."""
    if demand.template is Template.ABSENCE:
        return
    try:
        space.explore()
    except StateSpaceTooLarge:
        yield Finding("TR708", span, {"title": demand.title, "limit": MOST_MOVES})
        return
    for side in (demand.first, demand.then):
        if side and space.occurrences.isdisjoint(side):
            names = ", ".join(f"`{name}`" for name in side)
            yield Finding("TR707", span, {"title": demand.title, "names": names})
