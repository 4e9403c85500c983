"""TR304: a state that answers an event of a clock, and the clock never runs out there.

A clock raises its event only while it runs: from what starts it until what stops it, and not in the
states in which it pauses. An event that several clocks raise may come from any of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.checks.flows import flows, raised
from telecom_rules.checks.reachability import Reach, leaves
from telecom_rules.findings import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from telecom_rules.checks.flows import Flow
    from telecom_rules.documents import Word
    from telecom_rules.pack import Reading
    from telecom_rules.workflows import Clock

__all__ = ["check"]


def check(reading: Reading) -> Iterator[Finding]:
    """Yield a finding for each answer to an event of a clock that never comes."""
    for flow in flows(reading):
        reach = Reach(flow.chart)
        raising: dict[str, list[Clock]] = {}
        for clock in flow.chart.clocks.values():
            if clock.on_expiry is not None:
                raising.setdefault(clock.on_expiry, []).append(clock)
        # What the chart raises itself may come without a clock.
        for event in raised(flow.chart):
            raising.pop(event, None)
        places = {event: expiries(reach, clocks) for event, clocks in raising.items()}
        for state, event in answers(flow, reach):
            where = places.get(event)
            # Where no clock starts at all, that is what is reported.
            if where and where.isdisjoint(leaves(flow.chart, (state,))):
                names = ", ".join(each.name for each in raising[event])
                values = {"event": event, "state": state, "clocks": names}
                yield Finding("TR304", event.span, values)


def answers(flow: Flow, reach: Reach) -> Iterator[tuple[str, Word]]:
    """Yield the states that a case comes to with each event that they answer."""
    for name, written in flow.states.items():
        if name in reach.within:
            yield from ((name, event) for event in written.on)


def expiries(reach: Reach, clocks: list[Clock]) -> frozenset[str]:
    """Return the states without states inside in which one of `clocks` may run out."""
    states = reach.chart.states
    return frozenset(
        name
        for clock in clocks
        for name in reach.closure(reach.after(clock.starts), until=clock.stops)
        if clock.pauses.isdisjoint(states[name].path)
    )
