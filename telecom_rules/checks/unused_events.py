"""TR303: a declared event that no state handles or raises and no clock names.

An event raised by a clock need not be handled: the breach is recorded anyway.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.checks.analysis.reachability import find_raised_events
from telecom_rules.findings import Finding
from telecom_rules.pack.located import iter_workflows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from telecom_rules.pack import Reading
    from telecom_rules.workflows.chart import Chart


CODES = ("TR303",)


def check(reading: Reading) -> Iterator[Finding]:
    """Yield a finding for each event that a workflow declares and never uses."""
    for flow in iter_workflows(reading):
        used = frozenset(iter_used_events(flow.chart))
        for name in flow.definition.events:
            if name not in used:
                yield Finding("TR303", name.span, {"name": name})


def iter_used_events(chart: Chart) -> Iterator[str]:
    """Yield the names of the events that states handle or raise, or clocks name."""
    yield from find_raised_events(chart)
    for state in chart.states.values():
        yield from state.on
    for clock in chart.clocks.values():
        yield from clock.starts | clock.stops
        if clock.on_expiry is not None:
            yield clock.on_expiry
