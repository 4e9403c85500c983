"""How much of a pack works something out, and how much only repeats what somebody declares."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING

from telecom_rules.checks.analysis.matrix import ClauseStanding, is_required
from telecom_rules.checks.analysis.ways import ACTING, Way, act_of_check

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from telecom_rules.checks.analysis.matrix import TracedClause
    from telecom_rules.pack import Pack
    from telecom_rules.policies.rules import Check
    from telecom_rules.vocabulary import Clause
    from telecom_rules.wording import Wording

WEAK = frozenset({Way.DECLARATION, Way.NAME})
"""The ways in which the rules find out nothing themselves."""


class WeakKind(StrEnum):
    """What it is that works nothing out."""

    CLAUSE = "clause"
    CHECK = "check"


@dataclass(frozen=True, slots=True)
class WeakAnswer:
    """A clause or a check that works nothing out.

    Attributes:
        kind: which of the two.
        name: its name: a citation, or the policy and the check.
        title: its title.
        way: how it is answered.
        reason: why, as the rules say it, or `None`.
    """

    kind: WeakKind
    name: str
    title: Wording
    way: Way
    reason: Wording | None


@dataclass(frozen=True, slots=True)
class Tally:
    """The counts of a matrix, and what of it is weak.

    Attributes:
        standings: the clauses by how they are accounted for.
        clauses: the answered clauses by way.
        checks: the checks by way.
        executable: the answered clauses of specifications that do more than name kinds.
        worked_out: those of them that the rules work out.
        weak: the clauses of specifications and the checks that work nothing out.
    """

    standings: Mapping[ClauseStanding, int]
    clauses: Mapping[Way, int]
    checks: Mapping[Way, int]
    executable: int
    worked_out: int
    weak: tuple[WeakAnswer, ...]

    @property
    def declared_share(self) -> Fraction | None:
        """The share of the checks that are declarations, or `None` without checks."""
        total = sum(self.checks.values())
        return Fraction(self.checks.get(Way.DECLARATION, 0), total) if total else None

    @property
    def worked_out_share(self) -> Fraction | None:
        """The share of the executable clauses that is worked out, or `None` without any."""
        return Fraction(self.worked_out, self.executable) if self.executable else None


def build_tally(pack: Pack, rows: Sequence[TracedClause]) -> Tally:
    """Return the counts of some clauses, and of the checks that cite one of them.

    Args:
        pack: the pack.
        rows: its matrix, or the part of it that is looked at.
    """
    looked_at = {row.clause for row in rows}
    checks = {
        f"{policy.name}.{check.id}": check
        for policy in pack.policies.values()
        for check in policy.checks
        if not looked_at.isdisjoint(present_of(check.cites or policy.cites))
    }
    ways = {name: act_of_check(check).way for name, check in checks.items()}
    executable = [row for row in rows if is_executable(row)]
    return Tally(
        standings=Counter(row.standing for row in rows),
        clauses=Counter(row.way for row in rows if row.way is not None),
        checks=Counter(ways.values()),
        executable=len(executable),
        worked_out=sum(row.way in ACTING for row in executable),
        weak=(*find_weak_clauses(executable, checks), *find_weak_checks(checks, ways)),
    )


def is_executable(row: TracedClause) -> bool:
    """Return whether a clause of a specification is answered by more than names of kinds."""
    return is_required(row.clause.source) and row.way not in {None, Way.VOCABULARY}


def present_of(clauses: Iterable[Clause]) -> Iterator[Clause]:
    """Yield clauses as the present texts number them."""
    return (clause.present for clause in clauses)


def find_weak_clauses(
    rows: Iterable[TracedClause], checks: Mapping[str, Check]
) -> Iterator[WeakAnswer]:
    """Yield the weak ones of some clauses, each with the remark on a citing check or its own."""
    for row in rows:
        if row.way is not None and row.way in WEAK:
            citing = (each for each in checks.values() if row.clause in present_of(each.cites))
            told = (each.note for each in citing if each.note is not None)
            reason = next(told, row.reason)
            clause = row.clause
            yield WeakAnswer(WeakKind.CLAUSE, str(clause), clause.title, row.way, reason)


def find_weak_checks(checks: Mapping[str, Check], ways: Mapping[str, Way]) -> Iterator[WeakAnswer]:
    """Yield the checks that only repeat what is declared, each with the remark on it."""
    for name, check in checks.items():
        if ways[name] in WEAK:
            yield WeakAnswer(WeakKind.CHECK, name, check.title, ways[name], check.note)
