"""TR311: eventless transitions, and first calls of a case, that certainly never come to rest.

Only what is certain is reported: where a condition may break the cycle, the bound on microsteps
stops a case instead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.findings import Finding
from telecom_rules.workflows.chart import EVENTLESS, Raising, Transition
from telecom_rules.workflows.engine.transition_sets import compute_entry_set

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from telecom_rules.workflows.chart import Chart
    from telecom_rules.workflows.engine.configuration import Configuration, Configurations, Move
    from telecom_rules.workflows.engine.machine import Machine
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
        move = None if configuration.final else find_certain_move(configurations, configuration)
        if move is None:
            return ()
        passed[names] = move
        names = move.reached_states
    return tuple(passed.values())[list(passed).index(names) :]


def find_certain_move(configurations: Configurations, configuration: Configuration) -> Move | None:
    """Return the move that certainly follows by itself from a configuration, or `None`."""
    chosen = tuple(dict.fromkeys(chain[0] for chain in configuration.eventless))
    unsure = any(is_conditional(move.transition) or move.history_targets for move in chosen)
    return None if unsure or not chosen else configurations.combine(configuration, chosen, {})


def find_first_calls(machine: Machine) -> Mapping[str, str]:
    """Return the workflows that the start of a case certainly calls, by the state that does.

    Only what is certain is told here, too: where a condition or an event of the chart's own may
    lead elsewhere, nothing is.
    """
    if not machine.chart.callers:
        return {}
    configurations = machine.configurations
    move: Move | None = configurations.initial_move
    passed: list[Move] = []
    while move is not None and move not in passed and not has_raising(move):
        passed.append(move)
        configuration = configurations.of(move.reached_states)
        if not configuration.eventless:
            states = (machine.chart.states[name] for name in configuration.states)
            return {state.name: state.call.workflow for state in states if state.call is not None}
        move = find_certain_move(configurations, configuration)
    return {}


def has_raising(move: Move) -> bool:
    """Return whether a move raises an event, which may lead on by itself."""
    return any(isinstance(action, Raising) for block in move.blocks for action in block.actions)
