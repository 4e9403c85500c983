"""TR309: an effect that is declared and never emitted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.findings import Finding
from telecom_rules.pack.located import iter_workflows
from telecom_rules.workflows.chart import Emission

if TYPE_CHECKING:
    from collections.abc import Iterator

    from telecom_rules.pack import Reading


CODES = ("TR309",)


def check(reading: Reading) -> Iterator[Finding]:
    """Yield a finding for each effect that a workflow declares and never emits."""
    for flow in iter_workflows(reading):
        used = {
            action.effect.name
            for state in flow.chart.states.values()
            for action in state.actions
            if isinstance(action, Emission)
        }
        for name in flow.definition.effects:
            if name not in used:
                yield Finding("TR309", name.span, {"name": name})
