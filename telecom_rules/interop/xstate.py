"""A workflow as the JSON of an XState 5 machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.interop.expressible import (
    OF_CHART_STATES,
    OF_CHART_TRANSITIONS,
    NotExpressible,
    uncarried,
)
from telecom_rules.vocabulary import Duration
from telecom_rules.workflows.chart import Assignment, Emission

if TYPE_CHECKING:
    from collections.abc import Iterable

    from telecom_rules.vocabulary import Clause, Json
    from telecom_rules.wording import Language, Wording
    from telecom_rules.workflows import Clock, State, Transition, Workflow
    from telecom_rules.workflows.chart import Action, Calling

__all__ = ["to_xstate"]


def to_xstate(workflow: Workflow, language: Language = "en") -> dict[str, Json]:
    """Return the configuration of an XState 5 machine, as JSON for `setup(...).createMachine`.

    What XState has no key for stays readable: the guard of a transition is named `permitted` and
    has the roles, the required facts and the condition in CEL as `params`; actions are named
    `set_fact`, `ask_effect` and `raise_event`; a call is an `invoke` of the workflow's name;
    clauses, both titles, maps and time limits stand under `meta`.

    Args:
        workflow: the workflow.
        language: the language of the descriptions.

    Raises:
        NotExpressible: the workflow has something that is not carried over; it says what.
    """
    against = tuple(uncarried(workflow, OF_CHART_STATES | {"call"}, OF_CHART_TRANSITIONS))
    if against:
        raise NotExpressible(workflow.name, "XState", against)
    tops = [state for state in workflow.states.values() if not state.ancestors]
    return {
        "id": workflow.name,
        "version": workflow.version,
        "description": workflow.title.say(language),
        "initial": workflow.chart.initial,
        "states": {state.name: of_state(workflow, state, language) for state in tops},
        "meta": {
            **said(workflow.title, workflow.cites),
            "facts": workflow.facts.name,
            **({"outputs": list(workflow.outputs)} if workflow.outputs else {}),
            "clocks": {name: of_clock(clock) for name, clock in workflow.clocks.items()},
        },
    }


def said(title: Wording, cites: Iterable[Clause]) -> dict[str, Json]:
    """Return what every part says of itself."""
    return {"title": {"zh": title.zh, "en": title.en}, "cites": [str(each) for each in cites]}


def of_state(workflow: Workflow, state: State, language: Language) -> dict[str, Json]:
    """Return one state with those inside it."""
    written: dict[str, Json] = {"description": state.title.say(language)}
    if state.history is not None:
        return {**written, **of_history(workflow, state), "meta": said(state.title, state.cites)}
    if state.final or state.parallel:
        written["type"] = "final" if state.final else "parallel"
    if state.initial is not None:
        written["initial"] = state.initial
    written |= of_behaviour(workflow, state, language)
    inside = (*state.children, *state.histories)
    if inside:
        written["states"] = {
            name: of_state(workflow, workflow.states[name], language) for name in inside
        }
    if state.tags:
        written["tags"] = names(state.tags)
    written["meta"] = {**said(state.title, state.cites), "maps": dict(state.maps)}
    return written


def of_behaviour(workflow: Workflow, state: State, language: Language) -> dict[str, Json]:
    """Return what can happen in a state, and what is done on entering and leaving it."""
    written: dict[str, Json] = {}
    if state.on:
        written["on"] = {
            event: of_transitions(workflow, group, language) for event, group in state.on.items()
        }
    for key, group in (("always", state.always), ("onDone", state.done)):
        if group:
            written[key] = of_transitions(workflow, group, language)
    for key, actions in (("entry", state.entry), ("exit", state.exit)):
        if actions:
            written[key] = of_actions(actions)
    if state.call is not None:
        written["invoke"] = of_call(workflow, state.call, language)
    return written


def of_call(workflow: Workflow, call: Calling, language: Language) -> dict[str, Json]:
    """Return the case of another workflow that a state waits for; its input is in CEL.

    What CEL calls `event` in its `onDone`, XState calls `event.output`.
    """
    given: dict[str, Json] = {name: value.source if value else name for name, value in call.facts}
    return {
        "src": call.workflow,
        "input": given,
        "onDone": of_transitions(workflow, call.done, language),
    }


def of_history(workflow: Workflow, state: State) -> dict[str, Json]:
    """Return what is peculiar to a history state."""
    return {
        "type": "history",
        "history": state.history,
        "target": targets(workflow, state.default),
    }


def targets(workflow: Workflow, states: Iterable[str]) -> Json:
    """Return the ids of the states led to, which are those of the paths from the root."""
    ids: list[Json] = [
        "#" + ".".join((workflow.name, *workflow.states[each].path)) for each in states
    ]
    return ids[0] if len(ids) == 1 else ids


def of_transitions(
    workflow: Workflow, group: Iterable[Transition], language: Language
) -> list[Json]:
    """Return the transitions of one event in the order in which they are tried."""
    return [of_transition(workflow, each, language) for each in group]


def of_transition(
    workflow: Workflow, transition: Transition, language: Language
) -> dict[str, Json]:
    """Return one transition; the target is named from the root, so that it needs no context."""
    written: dict[str, Json] = {}
    if transition.targets:
        written["target"] = targets(workflow, transition.targets)
    if transition.reenter:
        written["reenter"] = True
    permitted = conditions(transition)
    if permitted:
        written["guard"] = {"type": "permitted", "params": permitted}
    actions = of_actions(transition.actions)
    if actions:
        written["actions"] = actions
    written["description"] = transition.title.say(language)
    written["meta"] = said(transition.title, transition.cites)
    return written


def conditions(transition: Transition) -> dict[str, Json]:
    """Return what must be so for a transition."""
    written: dict[str, Json] = {}
    if transition.by:
        written["by"] = list(transition.by)
    if transition.requires:
        written["requires"] = list(transition.requires)
    if transition.guard is not None:
        written["cel"] = transition.guard.source
    return written


def of_actions(actions: Iterable[Action]) -> list[Json]:
    """Return what is done on the way, in order."""
    return [of_action(each) for each in actions]


def of_action(done: Action) -> Json:
    """Return one thing that is done on the way; events that a final state raises are XState's."""
    if isinstance(done, Assignment):
        return action("set_fact", fact=done.fact, cel=done.value.source if done.value else None)
    payload: dict[str, Json] = {name: value.source for name, value in done.payload}
    if isinstance(done, Emission):
        return action("ask_effect", effect=done.effect.name, payload=payload)
    return action("raise_event", event=done.event.name, payload=payload)


def action(kind: str, **params: Json) -> Json:
    """Return a named action; a fact without `cel` takes the field of the event of its name."""
    return {
        "type": kind,
        "params": {name: value for name, value in params.items() if value is not None},
    }


def names(known: Iterable[str]) -> list[Json]:
    """Return names in an order that is always the same."""
    return [*sorted(known)]


def of_clock(clock: Clock) -> dict[str, Json]:
    """Return what there is to know of a time limit; who keeps it is for the host to say."""
    limit = clock.limit
    return {
        **said(clock.title, clock.cites),
        "from": names(clock.starts),
        "until": names(clock.stops),
        "limit": limit.wording.en if isinstance(limit, Duration) else f"parameters.{limit.name}",
        "on_expiry": clock.on_expiry,
    }
