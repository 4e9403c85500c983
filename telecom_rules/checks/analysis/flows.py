"""The workflows of a pack that loads, each with the definition it was linked from.

A chart knows no places and a definition no meaning; what a check finds in the one it reports at
the place it has in the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from telecom_rules.expressions.typed import Constant
from telecom_rules.vocabulary.types import CodeType
from telecom_rules.workflows import WorkflowDefinition
from telecom_rules.workflows.chart import Raising

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from telecom_rules.documents import Word
    from telecom_rules.pack import Pack, Reading
    from telecom_rules.vocabulary import Value
    from telecom_rules.workflows import Workflow
    from telecom_rules.workflows.chart import Chart
    from telecom_rules.workflows.definition import StateDefinition


@dataclass(frozen=True, slots=True)
class LocatedWorkflow:
    """A workflow as it was linked and as it was written.

    Attributes:
        workflow: the workflow.
        chart: its states, events and clocks.
        definition: what its file says.
        state_names: the name of every state where it is defined.
        state_definitions: what the file says of every state, by name.
        outputs: the values that the policies can decide on, by path, where they are written out.
    """

    workflow: Workflow
    chart: Chart
    definition: WorkflowDefinition
    state_names: Mapping[str, Word]
    state_definitions: Mapping[str, StateDefinition]
    outputs: Mapping[str, frozenset[Value]]


def iter_workflows(reading: Reading) -> Iterator[LocatedWorkflow]:
    """Yield every workflow; none of a pack that does not load, whose mistakes come first."""
    if reading.pack is None:
        return
    outputs = dict(iter_constant_outputs(reading.pack))
    for definition in reading.drafts.of(WorkflowDefinition):
        states = dict(iter_states(definition.states))
        workflow = reading.pack.workflows[definition.workflow]
        yield LocatedWorkflow(
            workflow=workflow,
            chart=workflow.chart,
            definition=definition,
            state_names={str(name): name for name in states},
            state_definitions={str(name): each for name, each in states.items()},
            outputs=outputs,
        )


def find_raised_events(chart: Chart) -> frozenset[str]:
    """Return the events that the chart raises itself."""
    return frozenset(
        action.event.name
        for state in chart.states.values()
        for action in state.actions
        if isinstance(action, Raising)
    )


def iter_states(members: Mapping[Word, StateDefinition]) -> Iterator[tuple[Word, StateDefinition]]:
    """Yield every state below one level of a statechart, each before those inside it."""
    for name, definition in members.items():
        yield name, definition
        yield from iter_states(definition.states)


def iter_constant_outputs(pack: Pack) -> Iterator[tuple[str, frozenset[Value]]]:
    """Yield each output of a table whose every rule writes a code out, with these codes."""
    for policy in pack.policies.values():
        rows = [row.outputs for row in policy.rows]
        ways = rows if policy.default is None else [*rows, policy.default]
        for name, field in policy.outputs.fields.items():
            trees = [way[name].tree for way in ways if name in way]
            codes = frozenset(tree.value for tree in trees if isinstance(tree, Constant))
            if (
                rows
                and isinstance(field.type, CodeType)
                and all(isinstance(tree, Constant) for tree in trees)
            ):
                yield f"policies.{policy.name}.{name}", codes
