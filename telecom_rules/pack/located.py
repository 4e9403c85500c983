"""The workflows of a pack with the places of their files.

A chart knows no places and a definition no meaning: what is found in the one is reported at the
place it has in the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from telecom_rules.workflows import WorkflowDefinition, machine_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from telecom_rules.documents import Word
    from telecom_rules.findings import Span
    from telecom_rules.pack.linking import Reading
    from telecom_rules.workflows import State, Transition, Workflow
    from telecom_rules.workflows.chart import Chart
    from telecom_rules.workflows.definition import StateDefinition


class TransitionPlace(NamedTuple):
    """The place of a transition in its chart.

    Attributes:
        state: its source.
        event: its event; `always` without one, `onDone` once the states inside are done, `call`
            when a called case returns.
        number: its number among the transitions of the state on the event, from 0.
    """

    state: str
    event: str
    number: int

    def transition_in(self, chart: Chart) -> Transition:
        """Return the transition."""
        return transitions_on(chart.states[self.state], self.event)[self.number]

    def written_place(self, chart: Chart) -> TransitionPlace:
        """Return its place in the file: that of a transition by wildcard is under the wildcard."""
        group = transitions_on(chart.states[self.state], self.event)
        wildcard = group[self.number].wildcard
        before = sum(each.wildcard == wildcard for each in group[: self.number])
        return TransitionPlace(self.state, wildcard or self.event, before)


def transitions_on(state: State, event: str) -> Sequence[Transition]:
    """Return the transitions of a state on an event, in the words of `TransitionPlace`."""
    match event:
        case "always":
            return state.always
        case "onDone":
            return state.done
        case "call":
            return state.call.done if state.call is not None else ()
    return state.on[event]


def iter_transitions(chart: Chart) -> Iterator[tuple[TransitionPlace, Transition]]:
    """Yield every transition of a chart with its place."""
    for state in chart.states.values():
        for event in (*state.on, "always", "onDone", "call"):
            for number, transition in enumerate(transitions_on(state, event)):
                yield TransitionPlace(state.name, event, number), transition


@dataclass(frozen=True, slots=True)
class LocatedWorkflow:
    """A workflow as linked and as written.

    Attributes:
        workflow: the workflow.
        chart: its states, events and clocks.
        definition: what its file says.
        state_names: the name of every state where it is defined.
        state_definitions: what the file says of every state, by name.
    """

    workflow: Workflow
    chart: Chart
    definition: WorkflowDefinition
    state_names: Mapping[str, Word]
    state_definitions: Mapping[str, StateDefinition]

    def span_of_transition(self, place: TransitionPlace) -> Span:
        """Return the place of a transition in the file; that of its state where none is written."""
        state = self.state_definitions[place.state]
        written = place.written_place(self.chart)
        returns = state.call.done if state.call is not None else ()
        groups = {str(event): group for event, group in state.on.items()}
        groups |= {"always": state.always, "onDone": state.done, "call": returns}
        group = groups.get(written.event, ())
        return group[written.number].span if written.number < len(group) else state.span


def iter_workflows(reading: Reading) -> Iterator[LocatedWorkflow]:
    """Yield every workflow; none of a pack that does not load, whose mistakes come first."""
    if reading.pack is None:
        return
    for definition in reading.drafts.of(WorkflowDefinition):
        workflow = reading.pack.workflows[definition.workflow]
        yield LocatedWorkflow(
            workflow=workflow,
            chart=machine_of(workflow).chart,
            definition=definition,
            state_names={str(name): name for name, _ in definition.iter_states()},
            state_definitions={str(name): each for name, each in definition.iter_states()},
        )
