"""Exit sets and entry sets: the procedures of SCXML 1.0, appendix D, under their names there.

They run once per transition and configuration, so they follow the appendix line by line and are
not optimised.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from telecom_rules.frozen import FrozenDict

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from telecom_rules.workflows.chart import Chart, State, Transition


Memory: TypeAlias = "Mapping[str, tuple[str, ...]]"
"""The value of each history state: names of states in document order."""
NO_MEMORY: Memory = FrozenDict()


def get_transition_domain(chart: Chart, transition: Transition) -> str | None:
    """Return the state inside which a transition moves, or `None` for the whole chart.

    `getTransitionDomain`, with two differences. A transition to its source or to states inside it
    does not exit the source unless it has `reenter` (XState 5; in SCXML only if `type="internal"`
    and the source is compound). A history state counts at its own place in the tree, wherever the
    states lie that it restores.
    """
    source = transition.source
    paths = [chart.states[name].path for name in transition.targets]
    if not transition.reenter and all(source in path for path in paths):
        return source
    ancestors = chart.states[source].ancestors if source else ()
    return next(
        (
            name
            for name in reversed(ancestors)
            if not chart.states[name].parallel and all(name in path[:-1] for path in paths)
        ),
        None,
    )


def compute_exit_set(
    chart: Chart, active: Iterable[State], transition: Transition
) -> frozenset[str]:
    """Return the active states that a transition leaves (`computeExitSet`)."""
    if not transition.targets:
        return frozenset()
    inside = get_transition_domain(chart, transition)
    return frozenset(state.name for state in active if inside is None or inside in state.ancestors)


def compute_entry_set(chart: Chart, transitions: Iterable[Transition], memory: Memory) -> set[str]:
    """Return the states that transitions enter together (`computeEntrySet`).

    A source that is its own target is not entered, because it is not exited.
    """
    states: set[str] = set()
    for transition in transitions:
        if not transition.targets:
            continue
        inside = get_transition_domain(chart, transition)
        for name in transition.targets:
            if name == inside:
                add_children_to_enter(chart, name, memory, states)
            else:
                add_descendant_states_to_enter(chart, name, memory, states)
        for name in transition.targets:
            for each in get_effective_target_states(chart, name, memory):
                add_ancestor_states_to_enter(chart, each, inside, memory, states)
        if inside is not None and chart.states[inside].parallel:
            add_regions_to_enter(chart, inside, memory, states)
    return states


def get_effective_target_states(chart: Chart, name: str, memory: Memory) -> tuple[str, ...]:
    """Return the states that a target resolves to (`getEffectiveTargetStates`)."""
    state = chart.states[name]
    return (name,) if state.history is None else memory.get(name, state.default)


def add_descendant_states_to_enter(
    chart: Chart, name: str, memory: Memory, states: set[str]
) -> None:
    """Add a state and its default descendants (`addDescendantStatesToEnter`)."""
    state = chart.states[name]
    if state.history is not None:
        targets = get_effective_target_states(chart, name, memory)
        for each in targets:
            add_descendant_states_to_enter(chart, each, memory, states)
        for each in targets:
            add_ancestor_states_to_enter(chart, each, state.parent, memory, states)
        return
    states.add(name)
    add_children_to_enter(chart, name, memory, states)


def add_children_to_enter(chart: Chart, name: str, memory: Memory, states: set[str]) -> None:
    """Add the initial child of a state, or the regions of a parallel one."""
    state = chart.states[name]
    if state.parallel:
        add_regions_to_enter(chart, name, memory, states)
    elif state.initial is not None:
        add_descendant_states_to_enter(chart, state.initial, memory, states)


def add_ancestor_states_to_enter(
    chart: Chart, name: str, inside: str | None, memory: Memory, states: set[str]
) -> None:
    """Add the ancestors of a state below `inside`, and regions (`addAncestorStatesToEnter`)."""
    for each in reversed(chart.states[name].path):
        if each == inside:
            return
        if each == name:
            continue
        states.add(each)
        if chart.states[each].parallel:
            add_regions_to_enter(chart, each, memory, states)


def add_regions_to_enter(chart: Chart, name: str, memory: Memory, states: set[str]) -> None:
    """Add the regions of a parallel state in which nothing is entered yet."""
    for region in chart.states[name].children:
        if not any(region in chart.states[each].path for each in states):
            add_descendant_states_to_enter(chart, region, memory, states)


def iter_history_values(
    chart: Chart, active: Sequence[State], leaving: Iterable[str]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the new value of each history state whose parent is among `leaving`."""
    for parent in leaving:
        for name in chart.states[parent].histories:
            deep = chart.states[name].history == "deep"
            yield (
                name,
                tuple(
                    state.name
                    for state in active
                    if (
                        not state.children and parent in state.ancestors
                        if deep
                        else state.parent == parent
                    )
                ),
            )


def can_remember(chart: Chart, name: str, states: tuple[str, ...]) -> bool:
    """Return whether `states` is a possible value of the history state `name`."""
    history = chart.states.get(name)
    if history is None or history.history is None or not chart.states.keys() >= {*states}:
        return False
    parent = chart.states[history.ancestors[-1]]
    if history.history == "shallow":
        if parent.parallel:
            return states == parent.children
        return len(states) == 1 and states[0] in parent.children
    members = [chart.states[each] for each in states]
    within = {name for each in members for name in each.path[len(parent.path) :]}
    return (
        all(parent.name in each.ancestors and not each.children for each in members)
        and tuple(sorted(states, key=lambda each: chart.states[each].order)) == states
        and is_legal_configuration(chart, frozenset(within), parent.name)
    )


def is_in_final_state(chart: Chart, name: str, active: Collection[str]) -> bool:
    """Return whether a state is done (`isInFinalState`)."""
    state = chart.states[name]
    if state.parallel:
        return all(is_in_final_state(chart, each, active) for each in state.children)
    return any(chart.states[each].final and each in active for each in state.children)


def is_legal_configuration(chart: Chart, names: frozenset[str], inside: str | None = None) -> bool:
    """Return whether the states `names` can be active together inside one, or at the top."""
    if not names <= chart.states.keys():
        return False
    if inside is None:
        members = [each.name for each in chart.states.values() if not each.ancestors]
    else:
        members = list(chart.states[inside].children)
    active = [name for name in members if name in names]
    parallel = inside is not None and chart.states[inside].parallel
    if members and len(active) != (len(members) if parallel else 1):
        return False
    within = {name for name in names if any(each in chart.states[name].path for each in active)}
    return within == names and all(
        is_legal_configuration(
            chart, frozenset(name for name in names if each in chart.states[name].ancestors), each
        )
        for each in active
    )
