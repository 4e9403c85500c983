"""A workflow as a class of the library `python-statemachine` (extra `statemachine`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from telecom_rules.interop.expressible import Element, demand, misnamed, prefixes, untimed
from telecom_rules.interop.extras import MissingExtra
from telecom_rules.interop.passage import Sent, destination, passages
from telecom_rules.wording import Wording

try:
    from statemachine import StateChart
    from statemachine.io import create_machine_class_from_definition
except ImportError as problem:
    raise MissingExtra("statemachine") from problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime

    from telecom_rules.interop.model import Model
    from telecom_rules.interop.passage import Passage
    from telecom_rules.workflows import State, Workflow

__all__ = ["to_statemachine"]

T = TypeVar("T")

BEHAVIOUR = {
    "allow_event_without_transition": False,  # an event that nothing takes is told, not ignored
    "catch_errors_as_events": False,  # and so is a guard that cannot be decided
    "atomic_configuration_update": True,
    "enable_self_transition_entries": True,  # else it leaves a state and enters nothing
    "validate_disconnected_states": False,  # our own checks have told all this, with the line
    "validate_trap_states": False,
    "validate_final_reachability": False,
}
OF_MACHINES = frozenset(dir(StateChart)) | {
    *("model", "state_field", "history_values", "prepare_event", "error", "done"),
    *("before_transition", "on_transition", "after_transition"),
    *("on_enter_state", "on_exit_state", "on_invoke_state"),
}
"""What a machine has, or looks for, besides its states and events."""
TWICE = Wording("状态与事件同名", "a state and an event have one name")


def to_statemachine(workflow: Workflow, *, host_keeps_time: bool = False) -> type[StateChart[Any]]:
    """Return a class of machines that run `workflow`, one instance a case.

    Make one with `cls(Model(workflow, facts))`, or with an object of the host's own like it, and
    send events with `machine.send(event, at=..., by=..., payload=...)`. It raises
    `TransitionNotAllowed` when nothing takes the event, and an error of ours when something cannot
    be decided or set.

    Args:
        workflow: the workflow.
        host_keeps_time: whether the host keeps the time limits itself, if there are any: it sends
            the events of those that expire and keeps `Model.clocks`.

    Raises:
        NotExpressible: the workflow lies outside what the library can do; it says which part.
    """
    times = () if host_keeps_time else untimed(workflow)
    names = misnamed(workflow, OF_MACHINES | callbacks(workflow), states=True)
    demand(workflow, "python-statemachine", times, names, twice(workflow), prefixes(workflow))
    return create_machine_class_from_definition(
        workflow.name.title().replace("_", ""),
        {
            state.name: described(workflow, state, first=state.name == workflow.chart.initial)
            for state in workflow.states.values()
            if not state.ancestors
        },
        **BEHAVIOUR,
    )


def callbacks(workflow: Workflow) -> frozenset[str]:
    """Return the names under which the library looks for methods to call."""
    of_events = (f"{when}_{e}" for e in workflow.events for when in ("before", "on", "after"))
    of_states = (f"on_{when}_{s}" for s in workflow.states for when in ("enter", "exit", "invoke"))
    return frozenset((*of_events, *of_states))


def twice(workflow: Workflow) -> Iterator[Element]:
    """Yield the states that are called like an event: both would be one attribute of the class."""
    return (Element(f"states.{name}", TWICE) for name in workflow.states if name in workflow.events)


def described(workflow: Workflow, state: State, *, first: bool) -> Any:
    """Return a state as the library takes it; `first` says whether it is the initial one."""
    inside = {
        name: described(workflow, workflow.states[name], first=name == state.initial)
        for name in state.children
    }
    on: dict[str, list[Mapping[str, Any]]] = {}
    for passage in passages(workflow, state):
        on.setdefault(passage.transition.event.name, []).append(transition(workflow, passage))
    return {
        "name": state.title.en,
        "initial": first,
        "final": state.final,
        "on": on,
        **({"states": inside} if inside else {}),
    }


def transition(workflow: Workflow, passage: Passage) -> Mapping[str, Any]:
    """Return a transition as the library takes it."""
    to = destination(workflow, passage.transition)
    inward = to is not None and passage.transition.source in workflow.states[to].ancestors
    return {
        "target": to,
        "internal": inward,
        "cond": [called(name, ask) for name, ask in passage.questions],
        "before": called("take", passage.take),
    }


def called(name: str, method: Callable[[Sent], T]) -> Callable[..., T]:
    """Return a callback that gives `method` the event; diagrams call it `name`.

    The library gives a callback the arguments that its parameters name.
    """

    def callback(
        machine: StateChart[Any],
        model: Model,
        at: datetime,
        payload: Mapping[str, object] | None = None,
        by: str | None = None,
    ) -> T:
        return method(Sent(model, frozenset(machine.configuration_values), at, payload, by))

    callback.__name__ = name
    return callback
