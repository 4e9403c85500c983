"""Configurations: sets of states that are active together, with their transitions as moves.

A configuration is computed when a case first reaches it and then shared by all cases of the
workflow. Exit set, entry set, executable content, clocks and clauses of each move are computed here
once, so that an event costs a look-up and its guards, however deep the chart is. Transitions that
parallel regions take together are combined when they first occur together.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Protocol

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


BETWEEN_STATES = "+"
"""Joins the names of states that are active in parallel, as in `Case.state`."""
MOST_KEPT_MOVES = 10_000
"""Moves that the configurations of a workflow keep, one or two KiB each; then all are forgotten."""
MOST_JOINT_MOVES = 100
"""Moves of several transitions that one configuration keeps."""


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Executable content of one exit, transition or entry.

    Attributes:
        actions: the actions, in order.
        title: the title of the transition or state that has them.
        states: the states active at that point, or `None` if no action calls `in_state`.
        cites: the clauses cited by its effects.
        grounds: the clauses cited if it fails.
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
        blocks: the content: exits, transitions, entries.
        starts: the clocks it starts, unless they run already.
        stops: the names of the clocks it stops, if they run.
        affects_pauses: whether a clock pauses in a state that is active before it or afterwards.
        ends_case: whether the case is over afterwards, so that every clock stops.
        evaluates: whether it has expressions.
        history_targets: the history states it targets; their values decide which states it enters.
        memory_update: the new values of history states.
        cites: the clauses of the transitions, their event, their sources and targets.
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
"""The moves of one innermost state and its ancestors on an event, in the order tried."""


@dataclass(frozen=True, slots=True, repr=False)
class Configuration:
    """The states that are active together.

    Attributes:
        states: their names in document order, parents first.
        names: the same as a set.
        final: whether the case is over.
        leaves: the innermost states, in document order; more than one where some are parallel.
        chains: for each event, the chain of each leaf: inner states first, then as written.
        external_moves: for each event a host may send, the moves of all its chains.
        internal_moves: the same for the events that only clocks and the chart itself raise.
        eventless: the chains of eventless transitions.
        joint: cache of the moves of several transitions together.
        reach: cache of what each event may lead to; see `destinations.py`.
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
    reach: dict[str, Any] = field(compare=False)
    cites: tuple[Clause, ...] = field(compare=False)

    @property
    def name(self) -> str:
        """The name of the innermost state; of several, all, joined by `+` in document order."""
        return BETWEEN_STATES.join(leaf.name for leaf in self.leaves)

    @property
    def title(self) -> Wording:
        """The titles of the innermost states, for people."""
        return join_wordings(quote_title(leaf.title) for leaf in self.leaves)

    def __repr__(self) -> str:
        return f"<Configuration {' > '.join(self.states)}>"


class Table(Protocol):
    """What is kept about configurations elsewhere."""

    def clear(self) -> None:
        """Forget all of it."""


class Configurations:
    """The configurations of one chart that cases have reached, as many as are worth keeping.

    Parallel regions multiply them without end, so they are forgotten together once their moves
    are too many. Configurations are equal by their states: a case does not notice whether its own
    is kept. Each is one object, even if two threads reach it at once (`dict.setdefault` is atomic).

    Attributes:
        not_started: the empty configuration, before a case starts.
        initial_move: the move that starts a case.
    """

    __slots__ = ("_chart", "_kept_moves", "_known", "_tables", "initial_move", "not_started")

    def __init__(self, chart: Chart) -> None:
        self._chart = chart
        self._known: dict[frozenset[str], Configuration] = {}
        self._tables: list[Table] = []
        self._kept_moves = 0
        self.not_started: Configuration = self.of(frozenset())
        first = Transition(EVENTLESS, "", (chart.initial,), EVENTLESS.title)
        self.initial_move: Move = plan_move(chart, (), (first,), NO_MEMORY)

    def of(self, names: frozenset[str]) -> Configuration:
        """Return the configuration of the states `names`."""
        known = self._known.get(names)
        if known is None:
            built = build_configuration(self._chart, names)
            self._make_room(1 + sum(map(len, built.chains.values())) + len(built.eventless))
            known = self._known.setdefault(names, built)
        return known

    def forget_with(self, table: Table) -> None:
        """Clear `table`, which holds configurations, whenever they are forgotten here."""
        self._tables.append(table)

    def _make_room(self, moves: int) -> None:
        """Forget every configuration if `moves` more would be too many."""
        if self._kept_moves + moves > MOST_KEPT_MOVES:
            self._known.clear()
            self._kept_moves = 0
            for table in self._tables:
                table.clear()
        self._kept_moves += moves

    def can_be_active(self, names: frozenset[str]) -> bool:
        """Return whether the states `names` can be active together."""
        return is_legal_configuration(self._chart, names)

    def can_remember(self, name: str, states: tuple[str, ...]) -> bool:
        """Return whether `states` is a possible value of the history state `name`."""
        return can_remember(self._chart, name, states)

    def combine(self, configuration: Configuration, chosen: Chain, memory: Memory) -> Move:
        """Return the move of all of `chosen` that do not conflict."""
        if len(chosen) == 1 and not chosen[0].history_targets:
            return chosen[0]
        remembered = (memory.get(name) for move in chosen for name in move.history_targets)
        key = (*chosen, *remembered)
        known = configuration.joint.get(key)
        if known is None:
            active = [self._chart.states[name] for name in configuration.states]
            transitions = tuple(
                move.transition for move in remove_conflicting_transitions(self._chart, chosen)
            )
            move = plan_move(self._chart, active, transitions, memory)
            if len(configuration.joint) >= MOST_JOINT_MOVES:
                configuration.joint.clear()
            self._make_room(1)
            known = configuration.joint.setdefault(key, move)
        return known


def remove_conflicting_transitions(chart: Chart, chosen: Iterable[Move]) -> list[Move]:
    """Return the moves that no other one preempts (`removeConflictingTransitions`).

    Of two that leave the same state, the one with the inner source is taken, else the first in
    document order.
    """
    kept: list[Move] = []
    for move in chosen:
        rivals = [each for each in kept if not set(each.left).isdisjoint(move.left)]
        ancestors = chart.states[move.transition.source].ancestors
        if all(each.transition.source in ancestors for each in rivals):
            kept = [*(each for each in kept if each not in rivals), move]
    return kept


def build_configuration(chart: Chart, names: frozenset[str]) -> Configuration:
    """Compute one configuration."""
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
        reach={},
        cites=merge_cites(*(state.cites for state in active)),
    )


def group_by_event(chart: Chart, leaf: State) -> Mapping[str, list[Transition]]:
    """Return the transitions of a state and its ancestors by event, inner states first."""
    transitions: dict[str, list[Transition]] = {}
    for name in reversed(leaf.path):
        for each in chart.states[name].transitions:
            transitions.setdefault(each.event.name, []).append(each)
    return transitions


def flatten_chains(chains: Mapping[str, list[Chain]], *, internal: bool) -> Mapping[str, Chain]:
    """Return the moves of the internal events, or of those that a host may send."""
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
    """Compute the move that takes `transitions` together from the states `active`."""
    states = chart.states
    before = frozenset(state.name for state in active)
    exit_set = frozenset[str]().union(
        *(compute_exit_set(chart, active, each) for each in transitions)
    )
    history = MappingProxyType(dict(iter_history_values(chart, active, exit_set)))
    # The new values count at once: a transition may leave a state and target its history.
    entry_set = compute_entry_set(chart, transitions, {**memory, **history})
    entered = sorted(entry_set, key=lambda name: states[name].order)
    left = tuple(state.name for state in reversed(active) if state.name in exit_set)
    reached = before.difference(exit_set).union(entry_set)
    blocks = tuple(iter_blocks(chart, before, left, transitions, entered))
    causes = entry_set.union(each.event.name for each in transitions)
    return Move(
        transition=transitions[0],
        transitions=transitions,
        left=left,
        entered=tuple(entered),
        reached_states=reached,
        blocks=blocks,
        # A promise starts with the clock that it runs beside.
        starts=tuple(
            clock
            for clock in chart.clocks.values()
            if clock.beside is None and clock.starts & causes
        ),
        stops=frozenset(name for name, clock in chart.clocks.items() if clock.stops & causes),
        affects_pauses=any(each.pauses & (before | reached) for each in chart.clocks.values()),
        ends_case=is_over(chart, reached),
        evaluates=bool(blocks) or any(each.guard is not None for each in transitions),
        history_targets=tuple(
            name
            for each in transitions
            for name in each.targets
            if states[name].history is not None
        ),
        memory_update=history,
        cites=merge_cites(*(collect_cites(chart, each) for each in transitions)),
    )


def collect_cites(chart: Chart, transition: Transition) -> tuple[Clause, ...]:
    """Return the clauses of a transition, its event, its source and its targets."""
    ends = (name for name in (transition.source, *transition.targets) if name)
    return merge_cites(
        transition.cites, transition.event.cites, *(chart.states[name].cites for name in ends)
    )


def iter_blocks(
    chart: Chart,
    before: frozenset[str],
    left: Sequence[str],
    transitions: Iterable[Transition],
    entered: Sequence[str],
) -> Iterator[Block]:
    """Yield the content of a move in SCXML's order: exits, transitions, entries.

    A state is active during its own exit and entry content.
    """
    active = set(before)
    for name in left:
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
    for name in entered:
        active.add(name)
        yield from iter_state_block(chart.states[name], chart.states[name].entry, active)
        yield from iter_state_block(
            chart.states[name], tuple(iter_done_events(chart, name, active)), active
        )


def iter_state_block(
    state: State, actions: tuple[Action, ...], active: set[str]
) -> Iterator[Block]:
    """Yield the entry or exit content of a state, if it has any."""
    if actions:
        yield Block(
            actions, state.title, freeze_active_states(actions, active), state.cites, state.cites
        )


def freeze_active_states(actions: tuple[Action, ...], active: set[str]) -> frozenset[str] | None:
    """Return the active states, or `None` if none of `actions` calls `in_state`."""
    asking = any("in_state" in each.source for each in iter_expressions(actions))
    return frozenset(active) if asking else None


def iter_done_events(chart: Chart, name: str, active: set[str]) -> Iterator[Raising]:
    """Yield the `done.state` events that entering a final state raises, if one has `onDone`.

    Its parent is done; so is a parallel state around that once all its regions are, and so on.
    """
    state = chart.states[name]
    if not state.final:
        return
    for ancestor in reversed(state.ancestors):
        if ancestor != state.parent and not chart.states[ancestor].parallel:
            return
        if not is_in_final_state(chart, ancestor, active):
            return
        done = chart.states[ancestor].done
        if done:
            yield Raising(done[0].event)


def merge_cites(*groups: tuple[Clause, ...]) -> tuple[Clause, ...]:
    """Return the clauses of all `groups`, each once, in order."""
    return tuple(dict.fromkeys(clause for group in groups for clause in group))
