"""The transitions of a state on an event, in the order tried: its own, then those around it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from telecom_rules.checks.analysis.satisfiability import spell_tree
from telecom_rules.digests import describe_meaning
from telecom_rules.pack.located import TransitionPlace, transitions_on

if TYPE_CHECKING:
    from collections.abc import Sequence

    from telecom_rules.checks.refinement.guards import Assumption
    from telecom_rules.workflows.chart import Chart, Emission, State, Transition


AUTOMATIC: Final = ("always", "onDone", "call")
"""What stands for the event of a transition that no event triggers."""


class Placed(NamedTuple):
    """A transition with its place."""

    place: TransitionPlace
    transition: Transition


def list_chain(chart: Chart, leaf: str, event: str) -> list[Placed]:
    """Return the transitions of a state and those around it on an event, in the order tried."""
    found = []
    for name in reversed(chart.states[leaf].path):
        if event in AUTOMATIC and name != leaf and event != "always":
            break  # `onDone` and `call` belong to one state
        for number, each in enumerate(group_of(chart.states[name], event)):
            found.append(Placed(TransitionPlace(name, event, number), each))
    return found


def group_of(state: State, event: str) -> Sequence[Transition]:
    """Return the transitions of one state on an event, in the words of `TransitionPlace`."""
    return transitions_on(state, event) if event in AUTOMATIC or event in state.on else ()


def events_of(chart: Chart, leaf: str) -> tuple[str, ...]:
    """Return the events on which a state or one around it has transitions."""
    found: dict[str, None] = {}
    for name in reversed(chart.states[leaf].path):
        found.update(dict.fromkeys(chart.states[name].on))
    own = chart.states[leaf]
    found.update({each: None for each in AUTOMATIC if group_of(own, each)})
    if any(chart.states[name].always for name in own.path):
        found["always"] = None
    return tuple(found)


def is_automatic(transition: Transition) -> bool:
    """Return whether a transition follows by itself, and not because somebody sends an event."""
    return transition.event.internal or transition.event.name in {*AUTOMATIC, ""}


def is_shadowed(chain: Sequence[Placed], number: int) -> bool:
    """Return whether a transition is never taken, because an earlier one always is."""
    own = chain[number].transition
    return any(
        each.transition.guard is None
        and not each.transition.requires
        and (not each.transition.by or (own.by and set(own.by) <= set(each.transition.by)))
        for each in chain[:number]
    )


def conditions_of(chain: Sequence[Placed], number: int) -> list[Assumption]:
    """Return under which conditions a transition is taken: its guard, and no earlier one.

    An earlier transition that another role takes, or that requires further facts, may be passed
    over without its guard being false.
    """
    own = chain[number].transition
    found: list[Assumption] = []
    for each in chain[:number]:
        before = each.transition
        for_others = bool(before.by and own.by) and set(before.by).isdisjoint(own.by)
        if (
            before.guard is not None
            and not for_others
            and set(before.requires) <= set(own.requires)
        ):
            found.append((before.guard, False))
    if own.guard is not None:
        found.append((own.guard, True))
    return found


def find_counterpart(law: Chart, own: Chart, place: TransitionPlace) -> TransitionPlace | None:
    """Return the place of a transition of the base in the house; `None` where it is gone.

    It is the one that leads to the same states, and otherwise the one with the same number.
    """
    if place.state not in own.states:
        return None
    group = group_of(law.states[place.state], place.event)
    others = group_of(own.states[place.state], place.event)
    gone = group[place.number]
    alike = [at for at, each in enumerate(group) if leads_to(each, gone)]
    kept = [at for at, each in enumerate(others) if leads_to(each, gone)]
    if len(alike) != len(kept):
        alike = [at for at, each in enumerate(group) if each.wildcard == gone.wildcard]
        kept = [at for at, each in enumerate(others) if each.wildcard == gone.wildcard]
    number = alike.index(place.number)
    return place._replace(number=kept[number]) if len(alike) == len(kept) else None


def leads_to(one: Transition, other: Transition) -> bool:
    """Return whether two transitions are under the same key and lead to the same states."""
    return (one.wildcard, one.targets) == (other.wildcard, other.targets)


def missing_effects(law: Sequence[Emission], own: Sequence[Emission]) -> list[str]:
    """Return the effects of the base that the house does not request in the same way."""
    kept = [spell_actions((each,)) for each in own]
    plain = [each.effect.name for each in own if each.when is None]
    return [
        each.effect.name
        for each in law
        if spell_actions((each,)) not in kept and (each.payload or each.effect.name not in plain)
    ]


def spell_actions(actions: Sequence[object]) -> str:
    """Return executable content as text, by its meaning."""
    return str([describe_meaning(each) for each in actions])


def spell_chain(chain: Sequence[Placed]) -> list[str]:
    """Return transitions as text, by their meaning."""
    return [str(describe_meaning(each.transition)) for each in chain]


def spell_conditions(conditions: Sequence[Assumption]) -> list[tuple[str, bool]]:
    """Return conditions as text."""
    return [(spell_tree(each.tree), holds) for each, holds in conditions]
