"""TR308: a clock that never starts.

A clock that starts in an unreachable state is not reported: TR301 reports the state.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.findings import Finding
from telecom_rules.pack.located import iter_workflows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from telecom_rules.pack import Reading


CODES = ("TR308",)


def check(reading: Reading) -> Iterator[Finding]:
    """Yield a finding for each clock that starts only on events that no state handles."""
    for flow in iter_workflows(reading):
        chart = flow.chart
        handled = {event for state in chart.states.values() for event in state.on}
        for name, clock in flow.definition.clocks.items():
            if chart.clocks[name].starts.isdisjoint(handled | chart.states.keys()):
                events = ", ".join(clock.starts)
                yield Finding("TR308", name.span, {"name": name, "events": events})
