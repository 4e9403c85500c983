"""The linked parts of a policy: the rows of a table and the items of a checklist."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, TypeAlias

from telecom_rules.frozen import Immutable
from telecom_rules.vocabulary import clauses_on

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from telecom_rules.expressions import Expression
    from telecom_rules.findings import Span
    from telecom_rules.vocabulary import Clause, Period
    from telecom_rules.wording import Wording


HitPolicy: TypeAlias = Literal[
    "unique", "first", "any", "priority", "collect", "rule_order", "output_order"
]
"""How a table combines the rules that hold; see `hit_policies` for each."""
Aggregation: TypeAlias = Literal["sum", "min", "max", "count"]
"""How a `collect` table combines the values it has collected."""
Severity: TypeAlias = Literal["error", "warning", "advice"]
"""The severity of a failed check; only an error decides the verdict."""


@dataclass(frozen=True, slots=True)
class Rule(Immutable):
    """A rule of a table, for people.

    Attributes:
        id: its name within the policy.
        title: its name for people, or `None`.
        note: a remark on it, or `None`.
        cites: the clauses it comes from.
        interpretation: whether it is our reading of words that leave it open.
    """

    id: str
    title: Wording | None = None
    note: Wording | None = None
    cites: tuple[Clause, ...] = ()
    interpretation: bool = False


# Compared by identity (`row in rows`): comparing expression trees by value would be slow.
@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """A rule of a table, linked and ready to be evaluated.

    Attributes:
        rule: the rule.
        tests: the conditions, all of which must hold; none means that it always holds.
        outputs: the value of each output by its name.
        in_force: the days on which it is in force.
        span: where it is written.
    """

    rule: Rule
    tests: tuple[Expression, ...]
    outputs: Mapping[str, Expression]
    in_force: Period
    span: Span

    @property
    def cites(self) -> tuple[Clause, ...]:
        """The clauses it comes from."""
        return self.rule.cites

    def on(self, day: date) -> Row:
        """Return the row with its clauses numbered by the texts of `day`."""
        cites = clauses_on(self.cites, day)
        return self if cites is self.cites else replace(self, rule=replace(self.rule, cites=cites))


@dataclass(frozen=True, slots=True, eq=False)
class Check:
    """An item of a checklist.

    Attributes:
        id: its name within the policy.
        title: its name for people.
        when: the condition under which it applies, or `None` for always.
        require: the condition that must hold.
        severity: how serious its failure is.
        remedy: what to do when it fails.
        cites: the clauses it comes from.
        in_force: the days on which it is in force.
        span: where it is written.
        interpretation: whether it is our reading of words that leave it open.
    """

    id: str
    title: Wording
    when: Expression | None
    require: Expression
    severity: Severity
    remedy: Wording
    cites: tuple[Clause, ...]
    in_force: Period
    span: Span
    interpretation: bool = False

    @property
    def tests(self) -> tuple[Expression, ...]:
        """The condition under which it applies, if it has one."""
        return () if self.when is None else (self.when,)

    def on(self, day: date) -> Check:
        """Return the check with its clauses numbered by the texts of `day`."""
        cites = clauses_on(self.cites, day)
        return self if cites is self.cites else replace(self, cites=cites)
