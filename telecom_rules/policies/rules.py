"""The linked parts of a policy: the rows of a table and the items of a checklist."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from telecom_rules.frozen import Immutable
from telecom_rules.vocabulary import clauses_on

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from telecom_rules.expressions import Expression
    from telecom_rules.findings import Span
    from telecom_rules.vocabulary import Clause, Period, Value
    from telecom_rules.wording import Wording


HitPolicy: TypeAlias = Literal[
    "unique", "first", "any", "priority", "collect", "rule_order", "output_order"
]
"""How a table combines the rules that hold; see `hit_policies` for each."""
Aggregation: TypeAlias = Literal["sum", "min", "max", "count"]
"""How a `collect` table combines the values it has collected."""
Direction: TypeAlias = Literal["higher", "lower"]
"""The direction in which the answers of an output are stricter."""
Severity: TypeAlias = Literal["error", "warning", "advice"]
"""The severity of a failed check: an error fails its list, a warning warns, advice does neither."""
Verdict: TypeAlias = Literal["pass", "warn", "fail", "unknown"]
"""The verdict of a checklist, from the mildest; `unknown` while facts may change it."""
VERDICT_BY_SEVERITY: Final[Mapping[Severity, Verdict]] = {"error": "fail", "warning": "warn"}
"""The verdict that a failed check makes, the gravest first."""


@dataclass(frozen=True, slots=True)
class Order(Immutable):
    """Which of two values of an output is stricter; `true` is higher than `false`.

    Attributes:
        direction: whether the higher or the lower is; of codes, `None`.
        codes: the codes, the strictest first; of anything else, none.
    """

    direction: Direction | None
    codes: tuple[Value, ...] = ()

    def compare(self, one: Value, other: Value) -> int:
        """Return 1 if `other` is stricter than `one`, -1 if it is laxer, 0 if neither is.

        A value that is absent is laxer than any other.
        """
        if one == other:
            return 0
        if one is None or other is None:
            return 1 if one is None else -1
        if self.direction is None:
            return 1 if self.codes.index(other) < self.codes.index(one) else -1
        is_higher = other > one  # type: ignore[operator]  # linking admits ordered types only
        return 1 if is_higher is (self.direction == "higher") else -1

    def knows(self, *values: Value) -> bool:
        """Return whether values can be compared: codes that it does not list cannot."""
        return not self.codes or all(each is None or each in self.codes for each in values)

    def agrees_with(self, other: Order) -> bool:
        """Return whether both put in the same order what both know."""
        mine = [each for each in self.codes if each in other.codes]
        theirs = [each for each in other.codes if each in self.codes]
        return self.direction == other.direction and mine == theirs

    def __str__(self) -> str:
        """Return the order as it may be written."""
        return self.direction or f"[{', '.join(map(str, self.codes))}]"


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
        measured: the condition under which enough was measured to judge it, or `None`.
        note: a remark on it, such as why it is for somebody to declare, or `None`.
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
    measured: Expression | None = None
    note: Wording | None = None

    @property
    def tests(self) -> tuple[Expression, ...]:
        """The condition under which it applies, if it has one."""
        return () if self.when is None else (self.when,)

    @property
    def grounds(self) -> tuple[Expression, ...]:
        """The condition under which enough was measured to judge it, if it has one."""
        return () if self.measured is None else (self.measured,)

    @property
    def conditions(self) -> tuple[Expression, ...]:
        """All its conditions, in the order in which they are asked."""
        return (*self.tests, *self.grounds, self.require)

    def on(self, day: date) -> Check:
        """Return the check with its clauses numbered by the texts of `day`."""
        cites = clauses_on(self.cites, day)
        return self if cites is self.cites else replace(self, cites=cites)
