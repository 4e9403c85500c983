"""TR304: a state handles the event of a clock, but the clock cannot expire there.

A clock raises its event only while it runs: between start and stop, and not while paused. An event
that several clocks raise may come from any of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.checks.analysis.reachability import Reachability, find_raised_events, iter_leaves
from telecom_rules.findings import Finding
from telecom_rules.pack.located import iter_workflows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from telecom_rules.documents import Word
    from telecom_rules.pack import Reading
    from telecom_rules.pack.located import LocatedWorkflow
    from telecom_rules.workflows import Clock


CODES = ("TR304",)


def check(reading: Reading) -> Iterator[Finding]:
    """Yield a finding for each state that handles the event of a clock in vain."""
    for flow in iter_workflows(reading):
        reach = Reachability(flow.chart)
        raising: dict[str, list[Clock]] = {}
        for clock in flow.chart.clocks.values():
            if clock.on_expiry is not None:
                raising.setdefault(clock.on_expiry, []).append(clock)
        # An event that the chart also raises may come without a clock.
        for event in find_raised_events(flow.chart):
            raising.pop(event, None)
        places = {event: find_expiry_states(reach, clocks) for event, clocks in raising.items()}
        for state, event in iter_handled_events(flow, reach):
            expiring = places.get(event)
            # A clock that never starts is reported as TR308 only.
            if expiring and expiring.isdisjoint(iter_leaves(flow.chart, (state,))):
                names = ", ".join(each.name for each in raising[event])
                values = {"event": event, "state": state, "clocks": names}
                yield Finding("TR304", event.span, values)


def iter_handled_events(flow: LocatedWorkflow, reach: Reachability) -> Iterator[tuple[str, Word]]:
    """Yield the reachable states with each event that they handle."""
    for name, written in flow.state_definitions.items():
        if name in reach.reachable:
            yield from ((name, event) for event in written.on)


def find_expiry_states(reach: Reachability, clocks: list[Clock]) -> frozenset[str]:
    """Return the atomic states in which one of `clocks` may expire."""
    states = reach.chart.states
    return frozenset(
        name
        for clock in clocks
        for name in reach.leaves_reachable_from(reach.leaves_after(clock.starts), until=clock.stops)
        if clock.pauses.isdisjoint(states[name].path)
    )
