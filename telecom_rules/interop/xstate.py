"""A workflow as the JSON of an XState 5 machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.interop.expressible import demand
from telecom_rules.vocabulary import Duration

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from telecom_rules.vocabulary import Clause, Json
    from telecom_rules.wording import Language, Wording
    from telecom_rules.workflows import Clock, State, Transition, Workflow

__all__ = ["to_xstate"]


def to_xstate(workflow: Workflow, language: Language = "en") -> dict[str, Json]:
    """Return the configuration of an XState 5 machine, as JSON for `setup(...).createMachine`.

    What XState has no key for stays readable: the guard of a transition is named `permitted` and
    has the roles, the required facts and the condition in CEL as `params`; its actions are named
    `set_fact` and `ask_effect`; clauses, both titles, maps and time limits stand under `meta`.

    Args:
        workflow: the workflow.
        language: the language of the descriptions.

    Raises:
        NotExpressible: the workflow has something that is not carried over; it says what.
    """
    demand(workflow, "XState")
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
            "clocks": {name: of_clock(clock) for name, clock in workflow.clocks.items()},
        },
    }


def said(title: Wording, cites: Iterable[Clause]) -> dict[str, Json]:
    """Return what every part says of itself."""
    return {"title": {"zh": title.zh, "en": title.en}, "cites": [str(each) for each in cites]}


def of_state(workflow: Workflow, state: State, language: Language) -> dict[str, Json]:
    """Return one state with those inside it."""
    written: dict[str, Json] = {"description": state.title.say(language)}
    if state.final:
        written["type"] = "final"
    if state.initial is not None:
        written["initial"] = state.initial
    if state.on:
        written["on"] = {
            event: [of_transition(workflow, each, language) for each in group]
            for event, group in state.on.items()
        }
    if state.children:
        written["states"] = {
            name: of_state(workflow, workflow.states[name], language) for name in state.children
        }
    if state.tags:
        written["tags"] = names(state.tags)
    written["meta"] = {**said(state.title, state.cites), "maps": dict(state.maps)}
    return written


def of_transition(
    workflow: Workflow, transition: Transition, language: Language
) -> dict[str, Json]:
    """Return one transition; the target is named from the root, so that it needs no context."""
    written: dict[str, Json] = {}
    if transition.target is not None:
        path = workflow.states[transition.target].path
        written["target"] = "#" + ".".join((workflow.name, *path))
    permitted = conditions(transition)
    if permitted:
        written["guard"] = {"type": "permitted", "params": permitted}
    actions = of_actions(transition)
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


def of_actions(transition: Transition) -> list[Json]:
    """Return what a transition does besides moving, in order."""
    sets: Sequence[Json] = [
        action("set_fact", fact=each.fact, cel=each.value.source if each.value else None)
        for each in transition.assign
    ]
    asks: Sequence[Json] = [
        action(
            "ask_effect",
            effect=each.effect.name,
            payload={name: value.source for name, value in each.payload},
        )
        for each in transition.emit
    ]
    return [*sets, *asks]


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
