"""The YAML of a policy, one model per mapping, with the names of DMN."""

from __future__ import annotations

from typing import ClassVar

from telecom_rules.documents import (
    Choice,
    Definition,
    Flag,
    Identifier,
    Named,
    OneOrMany,
    Raw,
    RawOr,
    Reference,
    Title,
)
from telecom_rules.policies.rules import Aggregation, HitPolicy, Severity
from telecom_rules.vocabulary import PeriodDefinition


class OutputDefinition(Definition):
    """One output of a table. `grade: complaint_grade` is short for `grade: {type: ...}`.

    Attributes:
        values: the only values that rules may give, those of the highest priority first.
        stricter: which answer is stricter: `higher`, `lower`, or the codes, the strictest first.
    """

    shorthand: ClassVar[str | None] = "type"

    type: Reference
    title: Title | None = None
    values: OneOrMany[Raw] = ()
    stricter: OneOrMany[Raw] = ()


class RuleDefinition(Definition):
    """One row of a table.

    Attributes:
        when: a condition, or the test of each fact by its name.
        where: a condition besides the tests.
        then: the value of each output: a code, or an expression.
        interpretation: whether it is our reading of words that leave it open.
    """

    id: Identifier
    title: Title | None = None
    when: RawOr[Named[Raw]] | None = None
    where: Raw | None = None
    then: Named[Raw]
    in_force: PeriodDefinition | None = None
    note: Title | None = None
    interpretation: Flag = False
    cites: OneOrMany[Reference] = ()


class CheckDefinition(Definition):
    """One item of a checklist.

    Attributes:
        when: the condition under which the item applies at all.
        measured: the condition under which enough was measured to judge it; otherwise it is
            unknown.
        require: the condition that must hold.
        remedy: what to do when it does not.
        note: a remark on it, such as why it is for somebody to declare.
        interpretation: whether it is our reading of words that leave it open.
    """

    id: Identifier
    title: Title
    when: Raw | None = None
    measured: Raw | None = None
    require: Raw
    severity: Choice[Severity] = "error"
    remedy: Title
    note: Title | None = None
    interpretation: Flag = False
    in_force: PeriodDefinition | None = None
    cites: OneOrMany[Reference] = ()


class PolicyDefinition(Definition):
    """A decision table (`rules`) or a checklist (`checks`) over one kind of facts.

    Attributes:
        hit_policy: how the rules of a table that hold are combined.
        aggregation: how a `collect` table combines the values it has collected.
        default: the outputs of a table where no rule holds.
    """

    policy: Identifier
    title: Title
    facts: Reference
    hit_policy: Choice[HitPolicy] | None = None
    aggregation: Choice[Aggregation] | None = None
    in_force: PeriodDefinition | None = None
    outputs: Named[OutputDefinition] = {}
    default: Named[Raw] | None = None
    rules: tuple[RuleDefinition, ...] = ()
    checks: tuple[CheckDefinition, ...] = ()
    cites: OneOrMany[Reference] = ()
