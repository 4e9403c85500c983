"""TR704 to TR707: properties that do not hold, that depend on conditions, that nothing tests.

A property that holds is not mentioned.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.checks.flows import flows
from telecom_rules.checks.runs import MOST_MOVES, Runs, TooLarge
from telecom_rules.checks.verdicts import Verdict, prove, told
from telecom_rules.findings import Finding
from telecom_rules.wording import Wording
from telecom_rules.workflows.phrases import listed
from telecom_rules.workflows.templates import Template

if TYPE_CHECKING:
    from collections.abc import Iterator

    from telecom_rules.checks.verdicts import Proof
    from telecom_rules.findings import Span
    from telecom_rules.pack import Reading
    from telecom_rules.workflows import Property

__all__ = ["check"]

MOST_CONDITIONS = 6
"""Guards that a finding lists."""
WORKABLE = Wording(
    "所需事实、动作和时限都能如此", "the facts, actions and clocks on the way to work out so"
)
"""What is needed where there is no guard on the way and still no example goes it."""


def check(reading: Reading) -> Iterator[Finding]:
    """Yield a finding for each property that is not known to hold, and each that says nothing."""
    for flow in flows(reading):
        runs = Runs(flow.workflow)
        written = zip(flow.workflow.properties, flow.definition.properties, strict=True)
        for demand, definition in written:
            proof = prove(runs, demand)
            if proof.verdict is Verdict.HOLDS:
                yield from untested(runs, demand, definition.span)
            else:
                yield unproved(runs, proof, definition.span)


def unproved(runs: Runs, proof: Proof, span: Span) -> Finding:
    """Return the finding for a property that is not known to hold."""
    title = proof.property.title
    if proof.verdict is Verdict.TOO_LARGE:
        return Finding("TR706", span, {"title": title, "limit": MOST_MOVES})
    trace = told(runs.workflow, proof.trace)
    if proof.verdict is Verdict.VIOLATED:
        return Finding("TR704", span, {"title": title, "trace": trace})
    values = {"title": title, "trace": trace, "conditions": needed(proof)}
    return Finding("TR705", span, values)


def needed(proof: Proof) -> Wording:
    """Return what has to be so for the run that would break a property."""
    sources = [Wording.same(f"`{each.source}`") for each in proof.conditions]
    if len(sources) > MOST_CONDITIONS:
        sources = [*sources[:MOST_CONDITIONS], Wording.same("…")]
    return listed(sources) if sources else WORKABLE


def untested(runs: Runs, demand: Property, span: Span) -> Iterator[Finding]:
    """Yield a finding for a property that holds because what it speaks of never occurs."""
    if demand.template is Template.ABSENCE:
        return
    try:
        runs.explore()
    except TooLarge:
        return
    for side in (demand.first, demand.then):
        if side and runs.occurring.isdisjoint(side):
            names = ", ".join(f"`{name}`" for name in side)
            yield Finding("TR707", span, {"title": demand.title, "names": names})
