"""TR302: a state from which a case can never be brought to an end.

A workflow without final states promises no end, and so has no traps. Where several states only
lead to one another, the first is named; states that lead into them are not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.checks.flows import flows
from telecom_rules.checks.reachability import Reach, over, sources, spread
from telecom_rules.findings import Finding

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from telecom_rules.pack import Reading
    from telecom_rules.workflows.chart import Chart

__all__ = ["check"]


def check(reading: Reading) -> Iterator[Finding]:
    """Yield a finding for each group of states that a case can come to and never leave."""
    for flow in flows(reading):
        for name in sources(trapped(flow.chart)):
            yield Finding("TR302", flow.names[name].span, {"name": name})


def trapped(chart: Chart) -> Mapping[str, Collection[str]]:
    """Return the states without an end within reach, each with those of them that lead to it."""
    reach = Reach(chart)
    backward: dict[str, set[str]] = {
        name: set()
        for name, state in chart.states.items()
        if name in reach.within and not state.children
    }
    for leaf in backward:
        for each in reach.onward(leaf):
            for name in each.arrives & backward.keys():
                backward[name].add(leaf)
    ends = [name for name in backward if over(chart.states[name])]
    if not ends:
        return {}
    lost = backward.keys() - spread(ends, backward)
    return {name: before & lost for name, before in backward.items() if name in lost}
