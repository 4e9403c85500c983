"""Which workflows a case certainly calls as it begins, before anything happens to it.

Only what is certain is told: where a condition or an event of the chart's own may lead elsewhere,
nothing is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.workflows.chart import Raising
from telecom_rules.workflows.linking.endless import is_conditional

if TYPE_CHECKING:
    from collections.abc import Mapping

    from telecom_rules.workflows.engine.configuration import Move
    from telecom_rules.workflows.workflow import Workflow


def find_first_calls(workflow: Workflow) -> Mapping[str, str]:
    """Return the workflows that the start of a case certainly calls, by the state that does."""
    if not workflow.chart.callers:
        return {}
    configurations, move = workflow.configurations, workflow.configurations.initial_move
    passed: list[Move] = []
    while move not in passed and not has_raising(move):
        passed.append(move)
        configuration = configurations.of(move.reached_states)
        chosen = tuple(dict.fromkeys(chain[0] for chain in configuration.eventless))
        if not chosen:
            states = (workflow.chart.states[name] for name in configuration.states)
            return {state.name: state.call.workflow for state in states if state.call is not None}
        if any(is_conditional(each.transition) or each.history_targets for each in chosen):
            return {}
        move = configurations.combine(configuration, chosen, {})
    return {}


def has_raising(move: Move) -> bool:
    """Return whether a move raises an event, which may lead on by itself."""
    return any(isinstance(action, Raising) for block in move.blocks for action in block.actions)
