"""Destinations: the configurations that an event may lead to, whatever its data and the facts are.

Guards are not evaluated here: a transition may be taken unless one without conditions comes before
it. So nothing that can happen is missing, and some of what is found cannot.
"""

from __future__ import annotations

from itertools import islice, product
from typing import TYPE_CHECKING, NamedTuple

from telecom_rules.workflows.chart import Raising

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from telecom_rules.workflows.engine.case_state import CaseState
    from telecom_rules.workflows.engine.configuration import Chain, Configuration, Move
    from telecom_rules.workflows.engine.machine import Machine


MOST_CHOICES = 100
"""Combinations of transitions in parallel regions that are looked at."""
MOST_STEPS = 500
"""Configurations passed through in one run to completion that are looked at."""


class Destination(NamedTuple):
    """A configuration that an event may lead to.

    Attributes:
        moves: the moves of the event itself that are taken together.
        configuration: the states that are active once it has run to completion.
        entered: the states entered on the way, some of which may have been left again.
    """

    moves: Chain
    configuration: Configuration
    entered: frozenset[str]

    @property
    def targets(self) -> tuple[str, ...]:
        """The innermost states that are active and were entered, in document order."""
        leaves = (leaf.name for leaf in self.configuration.leaves)
        return tuple(name for name in leaves if name in self.entered)


class Standstill(NamedTuple):
    """A place on the way: the active states, what was entered and which events were raised."""

    names: frozenset[str]
    entered: frozenset[str]
    raised: frozenset[str]


class Reach(NamedTuple):
    """All that an event may lead to.

    Attributes:
        destinations: every destination.
        targets: the innermost states that may be entered, in document order.
    """

    destinations: tuple[Destination, ...]
    targets: tuple[str, ...]


def find_reach(machine: Machine, case_state: CaseState, event: str) -> Reach:
    """Return all that an event of the active states may lead to."""
    configuration = case_state.configuration
    known = configuration.reach.get(event)
    if known is None:
        states = machine.chart.states
        found = tuple(iter_destinations(machine, case_state, configuration.chains[event]))
        targets = {name for each in found for name in each.targets}
        known = Reach(found, tuple(sorted(targets, key=lambda name: states[name].order)))
        if not any(each.history is not None for each in states.values()):  # else the case decides
            configuration.reach[event] = known
    return known


def iter_destinations(
    machine: Machine, case_state: CaseState, chains: Sequence[Chain]
) -> Iterator[Destination]:
    """Yield the destinations of the event of `chains`, each once."""
    seen: set[Destination] = set()
    for chosen in dict.fromkeys(iter_choices(chains)):
        for place in run_on(machine, case_state, chosen):
            reached = Destination(chosen, machine.configurations.of(place.names), place.entered)
            if reached not in seen:
                seen.add(reached)
                yield reached


def iter_choices(chains: Sequence[Chain]) -> Iterator[Chain]:
    """Yield the moves that may be taken together: one of each chain, or none of some."""
    for chain in chains:
        yield from ((move,) for move in chain)
    if len(chains) > 1:
        for each in islice(product(*chains), MOST_CHOICES):
            yield tuple(dict.fromkeys(each))


def run_on(machine: Machine, case_state: CaseState, chosen: Chain) -> Iterator[Standstill]:
    """Yield where a step that begins with the moves `chosen` may come to rest."""
    first = follow(
        machine,
        case_state,
        Standstill(case_state.configuration.names, frozenset(), frozenset()),
        chosen,
    )
    waiting, seen = [first], {first}
    while waiting and len(seen) <= MOST_STEPS:
        place = waiting.pop()
        configuration = machine.configurations.of(place.names)
        groups = [*configuration.eventless]
        for event in sorted(place.raised):
            groups += configuration.chains.get(event, ())
        if configuration.final or not any(is_certain(group) for group in groups):
            yield place
        if configuration.final:
            continue
        for group in groups:
            for move in group:
                then = follow(machine, case_state, place, (move,))
                if then not in seen:
                    seen.add(then)
                    waiting.append(then)


def follow(machine: Machine, case_state: CaseState, place: Standstill, chosen: Chain) -> Standstill:
    """Return the place that some moves lead to."""
    configuration = machine.configurations.of(place.names)
    move = machine.configurations.combine(configuration, chosen, case_state.memory)
    raised = (
        action.event.name
        for block in move.blocks
        for action in block.actions
        if isinstance(action, Raising)
    )
    return Standstill(
        move.reached_states, place.entered.union(move.entered), place.raised.union(raised)
    )


def is_certain(chain: Sequence[Move]) -> bool:
    """Return whether one of the moves is always taken, so that the case does not stay here."""
    return any(each.transition.guard is None and not each.transition.requires for each in chain)
