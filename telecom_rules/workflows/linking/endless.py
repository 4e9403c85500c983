"""TR311: cycles of eventless transitions, and of first calls, that certainly never end.

Only certain cycles are reported; if a condition may break one, the bound on microsteps stops the
case instead.
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
    """Yield a finding for each cycle of `always`, at the first of its transitions."""
    reported: set[frozenset[str]] = set()
    known: dict[frozenset[str], tuple[Move, ...]] = {}
    for state in chart.states.values():
        if not state.always or is_conditional(state.always[0]):
            continue
        opening = Transition(EVENTLESS, "", (state.name,), state.title)
        cycle = find_certain_cycle(
            configurations, frozenset(compute_entry_set(chart, [opening], {})), known
        )
        sources = list(dict.fromkeys(each.source for move in cycle for each in move.transitions))
        if state.name in sources and frozenset(sources) not in reported:
            reported.add(frozenset(sources))
            span = names.states[state.name].definition.always[0].span
            first = sources.index(state.name)
            path = " → ".join((*sources[first:], *sources[:first], state.name))
            yield Finding("TR311", span, {"path": path})


def is_conditional(transition: Transition) -> bool:
    """Return whether a transition may not be enabled."""
    return transition.guard is not None or bool(transition.requires)


def find_certain_cycle(
    configurations: Configurations,
    names: frozenset[str],
    known: dict[frozenset[str], tuple[Move, ...]],
) -> tuple[Move, ...]:
    """Return the moves of the cycle certainly reached from the states `names`, or none.

    Args:
        configurations: the configurations of the chart.
        names: the states from which it starts.
        known: the cycle reached from each configuration that was passed before; this adds to it,
            so that a chain with many beginnings is followed once.
    """
    passed: dict[frozenset[str], Move] = {}
    while names not in passed and names not in known:
        configuration = configurations.of(names)
        move = None if configuration.final else find_certain_move(configurations, configuration)
        if move is None:
            known[names] = ()
        else:
            passed[names] = move
            names = move.reached_states
    if names not in known:
        known[names] = tuple(passed.values())[list(passed).index(names) :]
    cycle = known[names]
    known |= dict.fromkeys(passed, cycle)
    return cycle


def find_certain_move(configurations: Configurations, configuration: Configuration) -> Move | None:
    """Return the eventless move certainly enabled in a configuration, or `None`."""
    chosen = tuple(dict.fromkeys(chain[0] for chain in configuration.eventless))
    uncertain = any(is_conditional(move.transition) or move.history_targets for move in chosen)
    return None if uncertain or not chosen else configurations.combine(configuration, chosen, {})


def find_first_calls(machine: Machine) -> Mapping[str, str]:
    """Return the workflows that the start of a case certainly calls, by calling state.

    If a condition or an internal event may lead elsewhere, nothing is certain.
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
    """Return whether a move raises an event, which may cause further moves."""
    return any(isinstance(action, Raising) for block in move.blocks for action in block.actions)
