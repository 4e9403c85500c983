"""A workflow as a class of the library `python-statemachine` (extra `statemachine`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from telecom_rules.errors import MissingExtra
from telecom_rules.interop.expressible import (
    Element,
    find_prefix_events,
    find_taken_names,
    find_time_limits,
    require_expressible,
)
from telecom_rules.interop.native.transition import (
    SentEvent,
    destination_of,
    iter_native_transitions,
)
from telecom_rules.values.arguments import read_instance
from telecom_rules.wording import Wording
from telecom_rules.workflows import Workflow, machine_of

try:
    from statemachine import StateChart
    from statemachine.io import create_machine_class_from_definition
except ImportError as problem:
    raise MissingExtra("statemachine") from problem

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping
    from datetime import datetime

    from telecom_rules.interop.native.model import Model
    from telecom_rules.interop.native.transition import NativeTransition
    from telecom_rules.workflows import State


T = TypeVar("T")

BEHAVIOUR = {
    "allow_event_without_transition": False,  # an event that no transition takes raises
    "catch_errors_as_events": False,  # and so does a guard that cannot be evaluated
    "atomic_configuration_update": True,
    "enable_self_transition_entries": True,  # else a self-transition exits without entry
    "validate_disconnected_states": False,  # our own checks report these with places
    "validate_trap_states": False,
    "validate_final_reachability": False,
}
MACHINE_NAMES = frozenset(dir(StateChart)) | {
    *("model", "state_field", "history_values", "prepare_event", "error", "done"),
    *("before_transition", "on_transition", "after_transition"),
    *("on_enter_state", "on_exit_state", "on_invoke_state"),
}
"""Attributes that a machine has or looks up besides its states and events."""
SAME_NAME = Wording("状态与事件同名", "a state and an event have the same name")


def to_statemachine(workflow: Workflow, *, host_keeps_time: bool = False) -> type[StateChart[Any]]:
    """Return a class of machines that run `workflow`, one instance a case.

    Make one with `cls(Model(workflow, facts))`, or with an object of the host's own like it, and
    send events with `machine.send(event, at=..., by=..., payload=...)`. It raises
    `TransitionNotAllowed` when no transition is enabled, and a `TelecomRulesError` if a guard or an
    assignment cannot be evaluated.

    Args:
        workflow: the workflow.
        host_keeps_time: whether the host keeps the time limits itself, if there are any: it sends
            the events of those that expire and keeps `Model.clocks`.

    Raises:
        ArgumentError: `workflow` is not a `Workflow`.
        NotExpressible: the library cannot express the workflow; it lists the parts.
    """
    workflow = read_instance("workflow", workflow, Workflow)
    times = () if host_keeps_time else find_time_limits(workflow)
    names = find_taken_names(workflow, MACHINE_NAMES | callback_names_of(workflow), states=True)
    require_expressible(
        workflow,
        "python-statemachine",
        times,
        names,
        find_same_names(workflow),
        find_prefix_events(workflow),
    )
    return create_machine_class_from_definition(
        workflow.name.title().replace("_", ""),
        {
            state.name: define_state(workflow, state, first=state.name == workflow.initial)
            for state in machine_of(workflow).chart.outermost
        },
        **BEHAVIOUR,
    )


def callback_names_of(workflow: Workflow) -> frozenset[str]:
    """Return the names under which the library looks for methods to call."""
    of_events = (f"{when}_{e}" for e in workflow.events for when in ("before", "on", "after"))
    of_states = (f"on_{when}_{s}" for s in workflow.states for when in ("enter", "exit", "invoke"))
    return frozenset((*of_events, *of_states))


def find_same_names(workflow: Workflow) -> Iterator[Element]:
    """Yield the states named like an event: both would be the same attribute of the class."""
    return (
        Element(f"states.{name}", SAME_NAME) for name in workflow.states if name in workflow.events
    )


def define_state(workflow: Workflow, state: State, *, first: bool) -> Any:
    """Return a state in the library's form; `first` tells whether it is the initial one."""
    inside = {
        name: define_state(workflow, workflow.states[name], first=name == state.initial)
        for name in state.children
    }
    on: dict[str, list[Mapping[str, Any]]] = {}
    for each in iter_native_transitions(workflow, state):
        on.setdefault(each.transition.event.name, []).append(define_transition(workflow, each))
    return {
        "name": state.title.en,
        "initial": first,
        "final": state.final,
        "on": on,
        **({"states": inside} if inside else {}),
    }


def define_transition(workflow: Workflow, native: NativeTransition) -> Mapping[str, Any]:
    """Return a transition in the library's form."""
    to = destination_of(workflow, native.transition)
    inward = to is not None and native.transition.source in workflow.states[to].ancestors
    return {
        "target": to,
        "internal": inward,
        "cond": [build_callback(name, ask) for name, ask in native.conditions],
        "before": build_callback("take", native.take),
    }


def build_callback(name: str, method: Callable[[SentEvent], T]) -> Callable[..., T]:
    """Return a callback that passes the event to `method`; diagrams show it as `name`.

    The library passes arguments by the names of the callback's parameters.
    """

    def callback(
        machine: StateChart[Any],
        model: Model,
        at: datetime,
        payload: Mapping[str, object] | None = None,
        by: str | Collection[str] | None = None,
    ) -> T:
        return method(SentEvent(model, frozenset(machine.configuration_values), at, payload, by))

    callback.__name__ = name
    return callback
