"""TR301: an unreachable state.

Only the sources of the unreachable part are reported, not the states after them; of a strongly
connected component only the first state.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.checks.analysis.reachability import (
    Reachability,
    default_children_of,
    find_sources,
)
from telecom_rules.findings import Finding
from telecom_rules.pack.located import iter_workflows

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from telecom_rules.pack import Reading
    from telecom_rules.workflows.chart import Chart


CODES = ("TR301",)


def check(reading: Reading) -> Iterator[Finding]:
    """Yield a finding for each unreachable state that no other unreachable state leads to."""
    for flow in iter_workflows(reading):
        for name in find_sources(find_unreachable(flow.chart)):
            yield Finding("TR301", flow.state_names[name].span, {"name": name})


def find_unreachable(chart: Chart) -> Mapping[str, frozenset[str]]:
    """Return the unreachable states as a graph, with their edges to one another."""
    reach = Reachability(chart)
    return {
        name: frozenset(default_children_of(state)).union(
            *(each.entered for each in reach.edges[name])
        )
        - reach.reachable
        for name, state in chart.states.items()
        if name not in reach.reachable and state.history is None
    }
