"""TR306: an unsatisfiable guard or condition of an action; TR317: one too large to decide."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.checks.analysis.outputs import find_constant_outputs
from telecom_rules.checks.analysis.satisfiability import (
    MOST_CONJUNCTIONS,
    find_contradiction,
    is_too_large,
)
from telecom_rules.findings import Finding
from telecom_rules.pack.located import iter_workflows
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from telecom_rules.expressions import Expression
    from telecom_rules.pack import Reading
    from telecom_rules.workflows.chart import Chart


CODES = ("TR306", "TR317")
ALWAYS_FALSE = Wording("其值恒为假", "it is always false")
NO_VALUE = Wording("{names} 没有能使其成立的值", "no value of {names} satisfies it")


def check(reading: Reading) -> Iterator[Finding]:
    """Yield a finding for each condition that is false for all facts."""
    outputs = find_constant_outputs(reading.pack)
    for flow in iter_workflows(reading):
        conditions = {each.span: each for each in iter_written_conditions(flow.chart)}
        for span, condition in conditions.items():
            names = find_contradiction(condition, outputs)
            if names is not None:
                yield Finding("TR306", span, {"why": describe_contradiction(names)})
            elif is_too_large(condition, outputs):
                yield Finding("TR317", span, {"limit": MOST_CONJUNCTIONS})


def iter_written_conditions(chart: Chart) -> Iterator[Expression]:
    """Yield the guards of transitions and the conditions of actions."""
    for state in chart.states.values():
        yield from (each.guard for each in state.transitions if each.guard is not None)
        yield from (each.when for each in state.actions if each.when is not None)


def describe_contradiction(names: Sequence[str]) -> Wording:
    """Return why a guard is unsatisfiable, for people."""
    return NO_VALUE.fill(names=", ".join(f"`{each}`" for each in names)) if names else ALWAYS_FALSE
