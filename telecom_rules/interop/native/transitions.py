"""A workflow as a machine of the library `transitions` (extra `transitions`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from telecom_rules.errors import MissingExtra
from telecom_rules.interop.expressible import (
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
from telecom_rules.wording import shorten
from telecom_rules.workflows import Workflow, machine_of

try:
    from transitions import Machine, MachineError
    from transitions.extensions import HierarchicalMachine
    from transitions.extensions.nesting import NestedState
except ImportError as problem:
    raise MissingExtra("transitions") from problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from transitions import EventData

    from telecom_rules.interop.native.transition import NativeTransition
    from telecom_rules.workflows import State


SEPARATOR = "."
MODEL_NAMES = ("state", "facts", "effects", "clocks", "trigger", "may_trigger", "to")
"""Attributes of a model, apart from the methods that the library adds per event and state."""


class DottedState(NestedState):
    """A state whose path is written with dots, because our names have underscores."""

    separator = SEPARATOR


class GuardedMachine(HierarchicalMachine):
    """A hierarchical machine without `to_state`, which would bypass every guard."""

    state_cls = DottedState

    def to_state(self, model: object, state_name: object, *_: object, **__: object) -> None:
        """Refuse to set a state directly."""
        raise MachineError(
            f"only events move a case, so {shorten(model)} cannot be put into {shorten(state_name)}"
        )


def to_transitions(workflow: Workflow, *, host_keeps_time: bool = False) -> Machine:
    """Return a machine without models that runs `workflow`.

    Give it models with `add_model`, a `Model` each or an object of the host's own like it, and
    send events with `model.trigger(event, at=..., by=..., payload=...)`. That returns `True` when
    a transition was taken and `False` when none was enabled; it raises `MachineError` when the
    state has none for the event, and a `TelecomRulesError` when a guard or an assignment cannot be
    evaluated.

    Args:
        workflow: the workflow.
        host_keeps_time: whether the host keeps the time limits itself, if there are any: it sends
            the events of those that expire and keeps `Model.clocks`.

    Raises:
        ArgumentError: `workflow` is not a `Workflow`.
        NotExpressible: the library cannot express the workflow; it lists the parts.
    """
    workflow = read_instance("workflow", workflow, Workflow)
    methods = [f"is_{name}" for name in workflow.states] + [f"may_{e}" for e in workflow.events]
    times = () if host_keeps_time else find_time_limits(workflow)
    names = find_taken_names(workflow, (*MODEL_NAMES, *methods), states=False)
    require_expressible(workflow, "transitions", times, names)
    nested = any(state.children for state in workflow.states.values())
    kind: type[Machine] = GuardedMachine if nested else Machine
    return kind(
        model=None,
        states=[define_state(workflow, state) for state in machine_of(workflow).chart.outermost],
        initial=workflow.initial,
        transitions=[
            define_transition(workflow, each)
            for state in workflow.states.values()
            for each in iter_native_transitions(workflow, state)
        ],
        send_event=True,
        auto_transitions=False,
        name=workflow.name,
    )


def define_state(workflow: Workflow, state: State) -> dict[str, Any]:
    """Return a state in the library's form."""
    written: dict[str, Any] = {"name": state.name, "final": state.final}
    if state.children:
        inside = [define_state(workflow, workflow.states[name]) for name in state.children]
        written |= {"children": inside, "initial": state.initial}
    return written


def define_transition(workflow: Workflow, native: NativeTransition) -> dict[str, Any]:
    """Return a transition in the library's form; callables only, never a name to import."""
    transition = native.transition
    to = destination_of(workflow, transition)
    return {
        "trigger": transition.event.name,
        "source": native_name_of(workflow, transition.source),
        "dest": None if to is None else native_name_of(workflow, to),
        "conditions": [build_condition(name, ask) for name, ask in native.conditions],
        "before": lambda data: native.take(read_event(data)),
    }


def native_name_of(workflow: Workflow, name: str) -> str:
    """Return the library's name of a state: its path, outermost state first."""
    return SEPARATOR.join(workflow.states[name].path)


def build_condition(name: str, ask: Callable[[SentEvent], bool]) -> Callable[[EventData], bool]:
    """Return a condition of the library; diagrams show it as `name`."""

    def condition(data: EventData) -> bool:
        return ask(read_event(data))

    condition.__name__ = name
    return condition


def read_event(data: EventData) -> SentEvent:
    """Return the event that the library is processing."""
    model: Any = data.model
    return SentEvent(model, frozenset(model.state.split(SEPARATOR)), **data.kwargs)
