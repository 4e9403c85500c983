"""TR607: a check more severe than what it rests on allows.

A check of severity `error` fails its list, so it must rest on law that somebody has read. A figure
or clause of medium confidence warns, and so do a setting, which no law gives, and a reading of
ours; what is of low confidence advises. Every figure that a check reads counts, of the clauses that
it cites the surest: a second source makes nothing less sure. A clause without a confidence, such as
of the specification, does not count where others are cited.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from telecom_rules.findings import Finding
from telecom_rules.policies.rule_set import reach_policies
from telecom_rules.vocabulary import Confidence, ParameterKind
from telecom_rules.vocabulary.sources.sources import OUR_READING
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from telecom_rules.pack import Reading
    from telecom_rules.policies import Policy
    from telecom_rules.policies.rules import Check, Severity
    from telecom_rules.vocabulary import Clause, Parameter, ParameterValue


CODES = ("TR607",)
SEVERITIES: Final[tuple[Severity, ...]] = ("advice", "warning", "error")
"""From the mildest."""
MOST_SEVERE: Final[Mapping[Confidence | None, Severity]] = {
    Confidence.HIGH: "error",
    Confidence.MEDIUM: "warning",
    Confidence.LOW: "advice",
    None: "warning",
}
"""The most severe that a figure lets a check be, by its confidence; a setting has none."""
FIGURE = Wording("参数 `{name}`（{assurance}）", "the figure `{name}` ({assurance})")
CLAUSE = Wording("条款 `{name}`（{assurance}）", "the clause `{name}` ({assurance})")


class Ground(NamedTuple):
    """What a check rests on, in words, and the most severe that it lets the check be."""

    ground: Wording
    most: Severity


def check(reading: Reading) -> Iterator[Finding]:
    """Yield a finding for each check that is more severe than its weakest ground allows."""
    if reading.pack is None:
        return
    for policy in reading.pack.policies.values():
        for item in policy.checks:
            weakest = min(iter_grounds(policy, item), key=rank, default=None)
            if weakest is not None and rank(weakest) < SEVERITIES.index(item.severity):
                values = {"check": item.id, "severity": item.severity, **weakest._asdict()}
                yield Finding("TR607", item.span, values)


def rank(ground: Ground) -> int:
    """Return how severe a ground lets a check be, as a number."""
    return SEVERITIES.index(ground.most)


def iter_grounds(policy: Policy, item: Check) -> Iterator[Ground]:
    """Yield what a check rests on while it is in force."""
    if item.interpretation:
        yield Ground(OUR_READING, "warning")
    for parameter in read_parameters(policy, item):
        for value in parameter.values:
            if value.in_force.overlaps(item.in_force):
                yield ground_of_figure(parameter, value)
    clauses = [each for each in item.cites if each.confidence is not None]
    if clauses:
        yield max(map(ground_of_clause, clauses), key=rank)


def read_parameters(policy: Policy, item: Check) -> Iterable[Parameter]:
    """Return the parameters that a check reads, those of the policies it asks included."""
    reads = {name for each in item.conditions for name in each.reads}
    asked = {path.split(".")[1] for path in reads if path.startswith("policies.")}
    reached = reach_policies(policy)
    found = {
        name: each for name, each in policy.parameters.items() if f"parameters.{name}" in reads
    }
    for name in sorted(asked):
        for peer in reach_policies(reached[name]).values():
            found.update(peer.parameters)
    return found.values()


def ground_of_figure(parameter: Parameter, value: ParameterValue) -> Ground:
    """Return what a figure allows; a promise holds whoever has given it."""
    most = "error" if value.kind is ParameterKind.PROMISE else MOST_SEVERE[value.confidence]
    if value.interpretation:
        most = min(most, "warning", key=SEVERITIES.index)
    return Ground(FIGURE.fill(name=parameter.name, assurance=value.assurance), most)


def ground_of_clause(clause: Clause) -> Ground:
    """Return what a clause with a confidence allows."""
    confidence = clause.confidence or Confidence.HIGH
    text = CLAUSE.fill(name=str(clause), assurance=confidence.wording)
    return Ground(text, MOST_SEVERE[confidence])
