"""Configurations: the states that are active together, with everything that can happen there.

A configuration is worked out the first time a case reaches it and then shared by every case of
the workflow. What an event may lead to (which states are left and entered, what is done on the
way, which clocks stop and start, which clauses are cited) is settled here once, so that an event
costs a look-up and its guards, however deep the chart is. Transitions that parallel regions take
together are combined the first time they meet.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from telecom_rules.wording import join_wordings, quote_title
from telecom_rules.workflows.chart import EVENTLESS, Raising, Transition, iter_expressions
from telecom_rules.workflows.engine.transition_sets import (
    NO_MEMORY,
    can_remember,
    compute_entry_set,
    compute_exit_set,
    is_in_final_state,
    is_legal_configuration,
    iter_history_values,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from telecom_rules.vocabulary import Clause
    from telecom_rules.wording import Wording
    from telecom_rules.workflows.chart import Action, Chart, Clock, State
    from telecom_rules.workflows.engine.transition_sets import Memory


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """What is done at one point of a move: on leaving a state, on the way, on entering one.

    Attributes:
        actions: what is done, in order.
        title: the transition or state that says so, for people.
        states: the states active at that point, or `None` where no action asks.
        cites: the clauses of the effects it asks for.
        grounds: the clauses it rests on.
    """

    actions: tuple[Action, ...]
    title: Wording
    states: frozenset[str] | None
    cites: tuple[Clause, ...]
    grounds: tuple[Clause, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Move:
    """One or several transitions taken together from one configuration: a microstep.

    Attributes:
        transition: the transition; of several, the first.
        transitions: all of them, in document order.
        left: the states it leaves, innermost first.
        entered: the states it enters, outermost first.
        reached_states: the names of the states active afterwards.
        blocks: what is done on the way: leaving, on the transitions, entering.
        starts: the clocks it starts, unless they run already.
        stops: the names of the clocks it stops, if they run.
        affects_pauses: whether a clock pauses in a state that is active before it or afterwards.
        ends_case: whether the case is over afterwards, so that every clock stops.
        evaluates: whether it has expressions.
        history_targets: the history states it leads to, whose memory decides what it enters.
        memory_update: what history states remember from now on.
        cites: the clauses of the transitions, their event, the states they join.
    """

    transition: Transition
    transitions: tuple[Transition, ...]
    left: tuple[str, ...]
    entered: tuple[str, ...]
    reached_states: frozenset[str]
    blocks: tuple[Block, ...]
    starts: tuple[Clock, ...]
    stops: frozenset[str]
    affects_pauses: bool
    ends_case: bool
    evaluates: bool
    history_targets: tuple[str, ...]
    memory_update: Memory
    cites: tuple[Clause, ...]


Chain = tuple[Move, ...]
"""What one innermost state and those around it have for an event, in the order tried."""


@dataclass(frozen=True, slots=True, repr=False)
class Configuration:
    """The states that are active together.

    Attributes:
        states: their names, in document order: each before those inside it.
        names: the same as a set.
        final: whether the case is over.
        leaves: the innermost states, in document order; more than one where some are parallel.
        chains: for each event, what each of the innermost states with those around it has for it,
            in the order tried: inner states first, in a state as written.
        external_moves: for each event a host may send, the moves of all its chains.
        internal_moves: the same for the events that only clocks and the chart itself raise.
        eventless: the chains of what needs no event.
        joint: the moves that several transitions make together, as far as they have met.
        cites: the clauses of the states.
    """

    states: tuple[str, ...]
    names: frozenset[str] = field(compare=False)
    final: bool = field(compare=False)
    leaves: tuple[State, ...] = field(compare=False)
    chains: Mapping[str, tuple[Chain, ...]] = field(compare=False)
    external_moves: Mapping[str, Chain] = field(compare=False)
    internal_moves: Mapping[str, Chain] = field(compare=False)
    eventless: tuple[Chain, ...] = field(compare=False)
    joint: dict[tuple[object, ...], Move] = field(compare=False)
    cites: tuple[Clause, ...] = field(compare=False)

    @property
    def name(self) -> str:
        """The name of the innermost state; of several, all, joined by `+` in document order."""
        return "+".join(leaf.name for leaf in self.leaves)

    @property
    def title(self) -> Wording:
        """The titles of the innermost states, for people."""
        return join_wordings(quote_title(leaf.title) for leaf in self.leaves)

    def __repr__(self) -> str:
        return f"<Configuration {' > '.join(self.states)}>"


class Configurations:
    """Every configuration of one chart that a case has reached so far.

    Reaching one twice, even from two threads at once, gives the same object.

    Attributes:
        not_started: that of a case which has not started.
        initial_move: the move that starts one.
    """

    __slots__ = ("_chart", "_known", "initial_move", "not_started")

    def __init__(self, chart: Chart) -> None:
        self._chart = chart
        self._known: dict[frozenset[str], Configuration] = {}
        self.not_started: Configuration = self.of(frozenset())
        first = Transition(EVENTLESS, "", (chart.initial,), EVENTLESS.title)
        self.initial_move: Move = plan_move(chart, (), (first,), NO_MEMORY)

    def of(self, names: frozenset[str]) -> Configuration:
        """Return the configuration of the states `names`."""
        known = self._known.get(names)
        if known is None:
            known = self._known.setdefault(names, build_configuration(self._chart, names))
        return known

    def initial(self) -> Configuration:
        """Return the configuration a case starts in."""
        return self.of(self.initial_move.reached_states)

    def can_be_active(self, names: frozenset[str]) -> bool:
        """Return whether the states `names` can be active together."""
        return is_legal_configuration(self._chart, names)

    def can_remember(self, name: str, states: tuple[str, ...]) -> bool:
        """Return whether `states` is something that a history state called `name` may remember."""
        return can_remember(self._chart, name, states)

    def combine(self, configuration: Configuration, chosen: Chain, memory: Memory) -> Move:
        """Return the move of those of `chosen` that do not get in each other's way."""
        if len(chosen) == 1 and not chosen[0].history_targets:
            return chosen[0]
        asked = (memory.get(name) for move in chosen for name in move.history_targets)
        key = (*chosen, *asked)
        known = configuration.joint.get(key)
        if known is None:
            active = [self._chart.states[name] for name in configuration.states]
            transitions = tuple(
                move.transition for move in remove_conflicting_transitions(self._chart, chosen)
            )
            move = plan_move(self._chart, active, transitions, memory)
            known = configuration.joint.setdefault(key, move)
        return known


def remove_conflicting_transitions(chart: Chart, chosen: Iterable[Move]) -> list[Move]:
    """Return the moves that are left when those go that others preempt.

    `removeConflictingTransitions`: of two that leave the same state, the one written further
    inside is taken, else the first in document order.
    """
    kept: list[Move] = []
    for move in chosen:
        rivals = [each for each in kept if not set(each.left).isdisjoint(move.left)]
        around = chart.states[move.transition.source].ancestors
        if all(each.transition.source in around for each in rivals):
            kept = [*(each for each in kept if each not in rivals), move]
    return kept


def build_configuration(chart: Chart, names: frozenset[str]) -> Configuration:
    """Work out one configuration."""
    active = tuple(sorted((chart.states[name] for name in names), key=lambda state: state.order))
    planned = {
        id(each): plan_move(chart, active, (each,), NO_MEMORY)
        for state in active
        for each in state.transitions
    }
    leaves = tuple(state for state in active if not state.children)
    chains: dict[str, list[Chain]] = {}
    for leaf in leaves:
        for event, transitions in group_by_event(chart, leaf).items():
            chains.setdefault(event, []).append(tuple(planned[id(each)] for each in transitions))
    eventless = chains.pop(EVENTLESS.name, [])
    return Configuration(
        states=tuple(state.name for state in active),
        names=names,
        final=is_over(chart, names),
        leaves=leaves,
        chains=MappingProxyType({event: tuple(each) for event, each in chains.items()}),
        external_moves=flatten_chains(chains, internal=False),
        internal_moves=flatten_chains(chains, internal=True),
        eventless=tuple(eventless),
        joint={},
        cites=merge_cites(*(state.cites for state in active)),
    )


def group_by_event(chart: Chart, leaf: State) -> Mapping[str, list[Transition]]:
    """Return the transitions of a state and those around it by event, inner states first."""
    transitions: dict[str, list[Transition]] = {}
    for name in reversed(leaf.path):
        for each in chart.states[name].transitions:
            transitions.setdefault(each.event.name, []).append(each)
    return transitions


def flatten_chains(chains: Mapping[str, list[Chain]], *, internal: bool) -> Mapping[str, Chain]:
    """Return the moves of the events that nobody sends, or of those that a host may."""
    return MappingProxyType(
        {
            event: tuple(dict.fromkeys(move for chain in each for move in chain))
            for event, each in chains.items()
            if each[0][0].transition.event.internal is internal
        }
    )


def is_over(chart: Chart, names: Iterable[str]) -> bool:
    """Return whether a case in the states `names` is over."""
    return any(chart.states[name].final and not chart.states[name].ancestors for name in names)


def plan_move(
    chart: Chart, active: Sequence[State], transitions: tuple[Transition, ...], memory: Memory
) -> Move:
    """Work out what taking `transitions` together from the states `active` does."""
    states = chart.states
    before = frozenset(state.name for state in active)
    leaving = frozenset[str]().union(
        *(compute_exit_set(chart, active, each) for each in transitions)
    )
    keeps = MappingProxyType(dict(iter_history_values(chart, active, leaving)))
    entering = compute_entry_set(chart, transitions, {**memory, **keeps})
    order = sorted(entering, key=lambda name: states[name].order)
    gone = tuple(state.name for state in reversed(active) if state.name in leaving)
    reaches = before.difference(leaving).union(entering)
    blocks = tuple(iter_blocks(chart, before, gone, transitions, order))
    causes = entering.union(each.event.name for each in transitions)
    return Move(
        transition=transitions[0],
        transitions=transitions,
        left=gone,
        entered=tuple(order),
        reached_states=reaches,
        blocks=blocks,
        starts=tuple(clock for clock in chart.clocks.values() if clock.starts & causes),
        stops=frozenset(name for name, clock in chart.clocks.items() if clock.stops & causes),
        affects_pauses=any(each.pauses & (before | reaches) for each in chart.clocks.values()),
        ends_case=is_over(chart, reaches),
        evaluates=bool(blocks) or any(each.guard is not None for each in transitions),
        history_targets=tuple(
            name
            for each in transitions
            for name in each.targets
            if states[name].history is not None
        ),
        memory_update=keeps,
        cites=merge_cites(*(collect_cites(chart, each) for each in transitions)),
    )


def collect_cites(chart: Chart, transition: Transition) -> tuple[Clause, ...]:
    """Return the clauses of a transition, its event and the states it joins."""
    joined = (name for name in (transition.source, *transition.targets) if name)
    return merge_cites(
        transition.cites, transition.event.cites, *(chart.states[name].cites for name in joined)
    )


def iter_blocks(
    chart: Chart,
    before: frozenset[str],
    gone: Sequence[str],
    transitions: Iterable[Transition],
    order: Sequence[str],
) -> Iterator[Block]:
    """Yield what is done on the way, in SCXML's order: leaving, on the transitions, entering.

    A state is active while what it does on leaving and on entering is done.
    """
    active = set(before)
    for name in gone:
        yield from iter_state_block(chart.states[name], chart.states[name].exit, active)
        active.discard(name)
    for each in transitions:
        if each.actions:
            grounds = each.cites or (chart.states[each.source].cites if each.source else ())
            yield Block(
                each.actions,
                each.title,
                freeze_active_states(each.actions, active),
                collect_cites(chart, each),
                grounds,
            )
    for name in order:
        active.add(name)
        yield from iter_state_block(chart.states[name], chart.states[name].entry, active)
        yield from iter_state_block(
            chart.states[name], tuple(iter_done_events(chart, name, active)), active
        )


def iter_state_block(
    state: State, actions: tuple[Action, ...], active: set[str]
) -> Iterator[Block]:
    """Yield what is done on leaving or entering a state, if anything is."""
    if actions:
        yield Block(
            actions, state.title, freeze_active_states(actions, active), state.cites, state.cites
        )


def freeze_active_states(actions: tuple[Action, ...], active: set[str]) -> frozenset[str] | None:
    """Return the active states, if one of `actions` asks which those are."""
    asking = any("in_state" in each.source for each in iter_expressions(actions))
    return frozenset(active) if asking else None


def iter_done_events(chart: Chart, name: str, active: set[str]) -> Iterator[Raising]:
    """Yield the events that entering a final state raises, if somebody waits for them.

    The state around it is done; so is a parallel state when that was the last of its regions, and
    likewise further out.
    """
    state = chart.states[name]
    if not state.final:
        return
    for around in reversed(state.ancestors):
        if around != state.parent and not chart.states[around].parallel:
            return
        if not is_in_final_state(chart, around, active):
            return
        waiting = chart.states[around].done
        if waiting:
            yield Raising(waiting[0].event)


def merge_cites(*groups: tuple[Clause, ...]) -> tuple[Clause, ...]:
    """Return the clauses of all `groups`, each once, in order."""
    return tuple(dict.fromkeys(clause for group in groups for clause in group))
