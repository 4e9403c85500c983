"""TR311: transitions that need no event and certainly keep one another going for ever.

Only what is certain is told: where a condition may break the circle, the bound on microsteps does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.findings import Finding
from telecom_rules.workflows.chart import EVENTLESS, Transition
from telecom_rules.workflows.engine.transition_sets import compute_entry_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from telecom_rules.workflows.chart import Chart
    from telecom_rules.workflows.engine.configuration import Configurations, Move
    from telecom_rules.workflows.linking.names import Names


def check_endless(chart: Chart, configurations: Configurations, names: Names) -> Iterator[Finding]:
    """Yield a finding for each circle of `always`, at the first of its transitions."""
    told: set[frozenset[str]] = set()
    for state in chart.states.values():
        if not state.always or is_conditional(state.always[0]):
            continue
        opening = Transition(EVENTLESS, "", (state.name,), state.title)
        circle = find_certain_cycle(
            configurations, frozenset(compute_entry_set(chart, [opening], {}))
        )
        sources = list(dict.fromkeys(each.source for move in circle for each in move.transitions))
        if state.name in sources and frozenset(sources) not in told:
            told.add(frozenset(sources))
            span = names.states[state.name].definition.always[0].span
            path = " → ".join((*sources, sources[0]))
            yield Finding("TR311", span, {"path": path})


def is_conditional(transition: Transition) -> bool:
    """Return whether a transition may not be enabled."""
    return transition.guard is not None or bool(transition.requires)


def find_certain_cycle(configurations: Configurations, names: frozenset[str]) -> tuple[Move, ...]:
    """Return the moves that certainly go round and round from the states `names`, or nothing."""
    passed: dict[frozenset[str], Move] = {}
    while names not in passed:
        configuration = configurations.of(names)
        chosen = tuple(dict.fromkeys(chain[0] for chain in configuration.eventless))
        unsure = any(is_conditional(move.transition) or move.history_targets for move in chosen)
        if not chosen or unsure or configuration.final:
            return ()
        passed[names] = configurations.combine(configuration, chosen, {})
        names = passed[names].reached_states
    return tuple(passed.values())[list(passed).index(names) :]
