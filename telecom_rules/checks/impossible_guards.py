"""TR306: an unsatisfiable guard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.checks.analysis.outputs import find_constant_outputs
from telecom_rules.checks.analysis.satisfiability import find_contradiction
from telecom_rules.findings import Finding
from telecom_rules.pack.located import iter_workflows
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from telecom_rules.pack import Reading


CODES = ("TR306",)
ALWAYS_FALSE = Wording("其值恒为假", "it is always false")
NO_VALUE = Wording("{names} 没有能使其成立的值", "no value of {names} satisfies it")


def check(reading: Reading) -> Iterator[Finding]:
    """Yield a finding for each guard that is false for all facts."""
    outputs = find_constant_outputs(reading.pack)
    for flow in iter_workflows(reading):
        for state in flow.chart.states.values():
            for each in state.transitions:
                if each.guard is None:
                    continue
                names = find_contradiction(each.guard, outputs)
                if names is not None:
                    yield Finding("TR306", each.guard.span, {"why": describe_contradiction(names)})


def describe_contradiction(names: Sequence[str]) -> Wording:
    """Return why a guard is unsatisfiable, for people."""
    return NO_VALUE.fill(names=", ".join(f"`{each}`" for each in names)) if names else ALWAYS_FALSE
