"""A workflow as the JSON of an XState 5 machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.findings.kinds import WORKFLOW
from telecom_rules.interop.expressible import (
    CHART_STATE_ATTRIBUTES,
    CHART_TRANSITION_ATTRIBUTES,
    NotExpressible,
    find_taken_names,
    find_uncarried,
    find_written_clocks,
)
from telecom_rules.values.arguments import read_instance
from telecom_rules.wording import read_language
from telecom_rules.workflows import Workflow, machine_of
from telecom_rules.workflows.chart import Assignment, Emission, Figures

if TYPE_CHECKING:
    from collections.abc import Iterable

    from telecom_rules.vocabulary import Clause, Json
    from telecom_rules.wording import Language, Wording
    from telecom_rules.workflows import Clock, State, Transition
    from telecom_rules.workflows.chart import Action, Invocation


OWN_EVENTS = "xstate"
"""The first part of the names of events that XState raises itself."""


def to_xstate(workflow: Workflow, language: str = "en") -> dict[str, Json]:
    """Return the configuration of an XState 5 machine, as JSON for `setup(...).createMachine`.

    Parts without a key in XState stay readable: the guard of a transition is named `permitted` and
    has the roles, the required facts and the condition in CEL as `params`; actions are named
    `set_fact`, `ask_effect` and `raise_event`; a call is an `invoke` of the workflow's name;
    clauses, both titles, maps and time limits are under `meta`.

    Args:
        workflow: the workflow.
        language: the language of the descriptions.

    Raises:
        ArgumentError: `workflow` is not a `Workflow`.
        NotExpressible: XState cannot express the workflow; it lists the parts.
    """
    workflow = read_instance("workflow", workflow, Workflow)
    chosen = read_language(language)
    own = [name for name in workflow.events if name.partition(".")[0] == OWN_EVENTS]
    against = (
        *find_uncarried(workflow, CHART_STATE_ATTRIBUTES | {"call"}, CHART_TRANSITION_ATTRIBUTES),
        *find_taken_names(workflow, own, states=False),
    )
    if against:
        raise NotExpressible(WORKFLOW, workflow.name, "XState", against)
    return {
        "id": workflow.name,
        "version": workflow.version,
        "description": workflow.title.say(chosen),
        "initial": workflow.initial,
        "states": {
            state.name: write_state(workflow, state, chosen)
            for state in machine_of(workflow).chart.outermost
        },
        "meta": {
            **write_meta(workflow.title, workflow.cites),
            "facts": workflow.facts.name,
            **({"outputs": list(workflow.outputs)} if workflow.outputs else {}),
            "clocks": {
                name: write_clock(clock) for name, clock in find_written_clocks(workflow).items()
            },
        },
    }


def write_meta(title: Wording, cites: Iterable[Clause]) -> dict[str, Json]:
    """Return the title and the clauses of a part."""
    return {"title": {"zh": title.zh, "en": title.en}, "cites": [str(each) for each in cites]}


def write_state(workflow: Workflow, state: State, language: Language) -> dict[str, Json]:
    """Return one state with its child states."""
    written: dict[str, Json] = {"description": state.title.say(language)}
    if state.history is not None:
        return {
            **written,
            **write_history(workflow, state),
            "meta": write_meta(state.title, state.cites),
        }
    if state.final or state.parallel:
        written["type"] = "final" if state.final else "parallel"
    if state.initial is not None:
        written["initial"] = state.initial
    written |= write_behaviour(workflow, state, language)
    inside = (*state.children, *state.histories)
    if inside:
        written["states"] = {
            name: write_state(workflow, workflow.states[name], language) for name in inside
        }
    if state.tags:
        written["tags"] = sort_names(state.tags)
    written["meta"] = {**write_meta(state.title, state.cites), "maps": dict(state.maps)}
    return written


def write_behaviour(workflow: Workflow, state: State, language: Language) -> dict[str, Json]:
    """Return the transitions of a state, its actions on entry and exit, and its call."""
    written: dict[str, Json] = {}
    if state.on:
        written["on"] = {
            event: write_transitions(workflow, group, language) for event, group in state.on.items()
        }
    for key, group in (("always", state.always), ("onDone", state.done)):
        if group:
            written[key] = write_transitions(workflow, group, language)
    for key, actions in (("entry", state.entry), ("exit", state.exit)):
        if actions:
            written[key] = write_actions(actions)
    if state.call is not None:
        written["invoke"] = write_call(workflow, state.call, language)
    return written


def write_call(workflow: Workflow, call: Invocation, language: Language) -> dict[str, Json]:
    """Return the case of another workflow that a state waits for; its input is in CEL.

    In its `onDone`, the name `event` of CEL is `event.output` in XState.
    """
    given: dict[str, Json] = {name: value.source if value else name for name, value in call.facts}
    return {
        "src": call.workflow,
        "input": given,
        "onDone": write_transitions(workflow, call.done, language),
    }


def write_history(workflow: Workflow, state: State) -> dict[str, Json]:
    """Return the keys of a history state."""
    return {
        "type": "history",
        "history": state.history,
        "target": write_targets(workflow, state.default),
    }


def write_targets(workflow: Workflow, states: Iterable[str]) -> Json:
    """Return the ids of target states: their paths from the root."""
    ids: list[Json] = [
        "#" + ".".join((workflow.name, *workflow.states[each].path)) for each in states
    ]
    return ids[0] if len(ids) == 1 else ids


def write_transitions(
    workflow: Workflow, group: Iterable[Transition], language: Language
) -> list[Json]:
    """Return the transitions of one event in the order in which they are tried."""
    return [write_transition(workflow, each, language) for each in group]


def write_transition(
    workflow: Workflow, transition: Transition, language: Language
) -> dict[str, Json]:
    """Return one transition; its target is a path from the root."""
    written: dict[str, Json] = {}
    if transition.targets:
        written["target"] = write_targets(workflow, transition.targets)
    if transition.reenter:
        written["reenter"] = True
    permitted = write_conditions(transition)
    if permitted:
        written["guard"] = {"type": "permitted", "params": permitted}
    actions = write_actions(transition.actions)
    if actions:
        written["actions"] = actions
    written["description"] = transition.title.say(language)
    written["meta"] = write_meta(transition.title, transition.cites)
    return written


def write_conditions(transition: Transition) -> dict[str, Json]:
    """Return the conditions of a transition: roles, required facts, guard."""
    written: dict[str, Json] = {}
    if transition.by:
        written["by"] = list(transition.by)
    if transition.requires:
        written["requires"] = list(transition.requires)
    if transition.guard is not None:
        written["cel"] = transition.guard.source
    return written


def write_actions(actions: Iterable[Action]) -> list[Json]:
    """Return actions in order."""
    return [write_action(each) for each in actions]


def write_action(action: Action) -> Json:
    """Return one action; XState itself raises the events of final states."""
    when = action.when.source if action.when else None
    if isinstance(action, Assignment):
        cel = action.value.source if action.value else None
        return name_action("set_fact", fact=action.fact, cel=cel, when=when)
    payload: dict[str, Json] = {name: value.source for name, value in action.payload}
    if isinstance(action, Emission):
        return name_action("ask_effect", effect=action.effect.name, payload=payload, when=when)
    return name_action("raise_event", event=action.event.name, payload=payload, when=when)


def name_action(kind: str, **params: Json) -> Json:
    """Return a named action; a fact without `cel` takes the field of the event of its name."""
    return {
        "type": kind,
        "params": {name: value for name, value in params.items() if value is not None},
    }


def sort_names(known: Iterable[str]) -> list[Json]:
    """Return names in a fixed order."""
    return [*sorted(known)]


def write_clock(clock: Clock) -> dict[str, Json]:
    """Return a time limit as data; the host has to keep it."""
    return {
        **write_meta(clock.title, clock.cites),
        "from": sort_names(clock.starts),
        "until": sort_names(clock.stops),
        "limit": clock.written_limit,
        **({} if clock.close is None else {"ends": "close_of_business"}),
        **({} if clock.figures is Figures.OF_START else {"figures": clock.figures.value}),
        "on_expiry": clock.on_expiry,
    }
