"""TR302: a state that cannot reach a final state.

A workflow without final states is not checked. Of a strongly connected component without an exit,
only the first state is reported, and no state that leads into it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.checks.analysis.reachability import (
    Reachability,
    find_reachable,
    find_sources,
    is_case_end,
)
from telecom_rules.findings import Finding
from telecom_rules.pack.located import iter_workflows

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from telecom_rules.pack import Reading
    from telecom_rules.workflows.chart import Chart


CODES = ("TR302",)


def check(reading: Reading) -> Iterator[Finding]:
    """Yield a finding for each strongly connected component that a case can enter and not leave."""
    for flow in iter_workflows(reading):
        for name in find_sources(find_trapped(flow.chart)):
            yield Finding("TR302", flow.state_names[name].span, {"name": name})


def find_trapped(chart: Chart) -> Mapping[str, Collection[str]]:
    """Return the atomic states that cannot reach an end, as a graph of backward edges."""
    reach = Reachability(chart)
    backward: dict[str, set[str]] = {
        name: set()
        for name, state in chart.states.items()
        if name in reach.reachable and not state.children
    }
    for leaf in backward:
        for each in reach.edges_from(leaf):
            for name in each.leaves & backward.keys():
                backward[name].add(leaf)
    ends = [name for name in backward if is_case_end(chart.states[name])]
    if not ends:
        return {}
    trapped = backward.keys() - find_reachable(ends, backward)
    return {name: before & trapped for name, before in backward.items() if name in trapped}
