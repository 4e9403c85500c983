"""TR307 and TR310: clocks that cannot stop, and names in `until` that cannot occur.

A clock stops on a state or event of its `until` and at the end of the case. In a workflow without
final states it may be unable to stop: TR307. If it can stop, a name in `until` that cannot occur
while it runs is TR310.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.checks.analysis.reachability import Reachability, is_case_end
from telecom_rules.findings import Finding
from telecom_rules.pack.located import iter_workflows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from telecom_rules.documents import Word
    from telecom_rules.pack import Reading
    from telecom_rules.pack.located import LocatedWorkflow


CODES = ("TR307", "TR310")


def check(reading: Reading) -> Iterator[Finding]:
    """Yield the findings about the stops of the clocks of each workflow."""
    for flow in iter_workflows(reading):
        reach = Reachability(flow.chart)
        endless = not any(is_case_end(state) for state in flow.chart.states.values())
        for name in flow.definition.clocks:
            yield from check_clock(flow, reach, name, endless=endless)


def check_clock(
    flow: LocatedWorkflow, reach: Reachability, name: Word, *, endless: bool
) -> Iterator[Finding]:
    """Yield the findings about the stops of one clock."""
    clock = flow.chart.clocks[name]
    start = reach.leaves_after(clock.starts)
    if not start:
        return
    possible = frozenset(iter_occurrences(reach, start))
    never = [each for each in flow.definition.clocks[name].until if each not in possible]
    if endless and possible.isdisjoint(clock.stops):
        yield Finding("TR307", name.span, {"name": name, "until": ", ".join(never)})
        return
    for each in never:
        if not has_unreachable_cause(reach, each):
            yield Finding("TR310", each.span, {"name": each, "clock": name})


def iter_occurrences(reach: Reachability, start: frozenset[str]) -> Iterator[str]:
    """Yield the events and states that may occur from the atomic states `start` on."""
    for leaf in reach.leaves_reachable_from(start):
        for each in reach.edges_from(leaf):
            yield each.event
            yield from each.entered


def has_unreachable_cause(reach: Reachability, name: str) -> bool:
    """Return whether an unreachable state (TR301) is why a state or event cannot occur."""
    states = reach.chart.states
    if name in states:
        return name not in reach.reachable
    handling = {state.name for state in states.values() if name in state.on}
    return bool(handling) and reach.reachable.isdisjoint(handling)
