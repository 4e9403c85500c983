"""The arrows of a diagram and their captions, shared by all formats."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterator

    from telecom_rules.workflows import State, Transition, Workflow


@dataclass(frozen=True, slots=True)
class Arrow:
    """One arrow of a diagram.

    Attributes:
        source: the state it leaves.
        target: the state it leads to.
        transition: the transition it stands for.
    """

    source: State
    target: State
    transition: Transition


def iter_arrows(workflow: Workflow) -> Iterator[Arrow]:
    """Yield the arrows of every transition that leads to another state.

    The tools draw no arrow between a state and its ancestor. Such an arrow is drawn from each leaf
    instead; one that leads outwards ends at the leaf that is entered.
    """
    for transition, target in iter_aims(workflow):
        source = workflow.states[transition.source]
        outwards = target.name in source.ancestors
        split = source.children and (outwards or source.name in target.ancestors)
        for each in iter_innermost(workflow, source) if split else (source,):
            around = target.name in each.ancestors
            yield Arrow(each, landing_state(workflow, target) if around else target, transition)


def iter_aims(workflow: Workflow) -> Iterator[tuple[Transition, State]]:
    """Yield every transition with each target other than its source.

    A history state is not drawn; its parent stands for it.
    """
    states = workflow.states
    for state in states.values():
        for transition in state.written_transitions:
            for target in (states[name] for name in transition.targets):
                if target.history is not None and target.parent is not None:
                    yield transition, states[target.parent]
                elif target.name != state.name:
                    yield transition, target


def landing_state(workflow: Workflow, state: State) -> State:
    """Return the leaf that is entered with `state`; in a parallel state, the first."""
    while state.children:
        state = workflow.states[state.initial or state.children[0]]
    return state


def staying_transitions(state: State) -> tuple[Transition, ...]:
    """Return the transitions of a state that stay in it."""
    return tuple(each for each in state.written_transitions if each.target in {None, state.name})


def iter_innermost(workflow: Workflow, state: State) -> Iterator[State]:
    """Yield the leaves inside `state`."""
    for each in workflow.states.values():
        if state.name in each.ancestors and not each.children and each.history is None:
            yield each


def caption_of(workflow: Workflow, transition: Transition) -> Wording:
    """Return the caption of an arrow: title or wildcard, and the roles that may take it."""
    title = transition.title
    if transition.wildcard is not None and title == transition.event.title:
        title = Wording.same(transition.wildcard)
    if not transition.by:
        return title
    roles = [workflow.roles.get(name, Wording.same(name)) for name in transition.by]
    return Wording("{title}（{zh}）", "{title} ({en})").fill(
        title=title,
        zh="、".join(role.zh for role in roles),
        en=", ".join(role.en for role in roles),
    )
