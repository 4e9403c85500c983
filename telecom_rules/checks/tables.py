"""TR401 to TR408: decision tables with gaps, overlaps, rules that never decide, days without rules.

Rules and figures change on few days, so one day represents each period between changes. The table
on such a day is proved by `analysis.table_proof`, which reports TR401 to TR404, what it leaves
undecided (TR407) and how many overlaps it does not list (TR408).
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from telecom_rules.checks.analysis.outputs import find_constant_outputs
from telecom_rules.checks.analysis.table_proof import prove_table
from telecom_rules.findings import Finding
from telecom_rules.policies.completions.budget import SearchBudget
from telecom_rules.policies.policy import engine_of
from telecom_rules.vocabulary.time.periods import ONE_DAY

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from telecom_rules.pack import Reading
    from telecom_rules.policies import Policy


CODES = ("TR401", "TR402", "TR403", "TR404", "TR405", "TR406", "TR407", "TR408")
USELESS = frozenset({"TR403", "TR404"})
"""Codes of rules that never decide."""
MOST_STEPS = 2_000_000
"""Steps of the proofs of all tables of a pack together."""
ANY_DAY = date(2000, 1, 1)
"""Represents every day if a table does not depend on dates."""


def check(reading: Reading) -> Iterator[Finding]:
    """Yield the findings on every table of a pack, each once, for the first day it occurs."""
    if reading.pack is None:
        return
    outputs = find_constant_outputs(reading.pack)
    budget = SearchBudget(MOST_STEPS)
    for policy in reading.pack.policies.values():
        if not policy.rows:
            continue
        yield from find_holes(policy)
        reported: set[object] = set()
        proved: dict[date, tuple[Finding, ...]] = {}
        for day in iter_days(policy):
            if has_all_figures(policy, day):
                proved[day] = prove_table(policy, day, outputs, budget).findings
            else:
                yield from find_missing_figures(policy, day, reported)
        for finding in iter_lasting(policy, proved):
            key = (finding.id, *(v for k, v in finding.values.items() if k != "day"))
            if key not in reported:
                reported.add(key)
                yield finding


def iter_lasting(policy: Policy, found: Mapping[date, Sequence[Finding]]) -> Iterator[Finding]:
    """Yield the findings of all days without those on rules that decide on another day.

    A rule that others cover for some days is not useless: it has to decide again on a later day or,
    if it has an end, on any. One that is useless is so for one reason, that of the first day.
    """
    told: set[str] = set()
    periods = {row.rule.id: row.in_force for row in policy.rows}
    useless = {day: find_useless(findings) for day, findings in found.items()}
    for day, findings in found.items():
        passing = {
            rule
            for rule in useless[day]
            for other in found
            if other in periods[rule] and (other > day or periods[rule].until is not None)
            if rule not in useless[other]
        }
        for each in findings:
            if each.id not in USELESS or each.values["rule"] not in passing | told:
                yield each
        told |= useless[day] - passing


def find_useless(findings: Iterable[Finding]) -> frozenset[str]:
    """Return the rules that are said never to decide."""
    return frozenset(str(each.values["rule"]) for each in findings if each.id in USELESS)


def iter_days(policy: Policy) -> Iterator[date]:
    """Yield a day of each period in which the same rules and figures are in force."""
    changes = engine_of(policy).change_days
    for day in (changes[0] - ONE_DAY, *changes) if changes else (ANY_DAY,):
        if any(day in row.in_force for row in policy.rows):
            yield day


def has_all_figures(policy: Policy, day: date) -> bool:
    """Return whether every figure that a policy reads is in force on a day."""
    return all(each.find_on(day) is not None for each in policy.parameters.values())


def find_holes(policy: Policy) -> Iterator[Finding]:
    """Yield a finding for each period between rules in which none is in force."""
    changes = engine_of(policy).change_days
    covered = [any(day in row.in_force for row in policy.rows) for day in changes]
    for at, day in enumerate(changes[:-1]):
        before = any(day - ONE_DAY in row.in_force for row in policy.rows)
        if not covered[at] and before and any(covered[at:]):
            until = changes[at + covered[at:].index(True)]
            values = {"policy": policy.name, "first": day, "last": until - ONE_DAY}
            yield Finding("TR406", policy.span, values)


def find_missing_figures(policy: Policy, day: date, reported: set[object]) -> Iterator[Finding]:
    """Yield a finding for each figure not in force on a day on which rules in force read it.

    A rule without a first day is in force before any figure; that is not a mistake.
    """
    rows = [row for row in policy.rows if day in row.in_force and row.in_force.since is not None]
    reads = {path for row in rows for test in row.tests for path in test.reads}
    for name, parameter in policy.parameters.items():
        if (
            f"parameters.{name}" in reads
            and parameter.find_on(day) is None
            and name not in reported
        ):
            reported.add(name)
            yield Finding("TR405", policy.span, {"policy": policy.name, "day": day, "name": name})
