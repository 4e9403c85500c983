"""States that only the house has: they may delay a step of the base and not replace it.

While a case of the house is in such a state, the base is either where the case came from, or where
the step leads that brought it there. From there the case may only go on as the base may from one
of these, and what is a right in all of them is a right here.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from telecom_rules.checks.deviations.deviation import Deviation, Direction
from telecom_rules.checks.refinement.chains import events_of, is_shadowed, list_chain
from telecom_rules.checks.refinement.discrepancies import (
    Discrepancy,
    Local,
    gather,
    state_part,
    transition_part,
)
from telecom_rules.checks.refinement.transitions import (
    NEW_WAY,
    leave_out_tighter,
    name_event,
    show_targets,
)
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from telecom_rules.checks.refinement.chains import Placed
    from telecom_rules.checks.refinement.transitions import TransitionComparison
    from telecom_rules.vocabulary import Clause
    from telecom_rules.workflows.chart import Chart


ENDS_IN = Wording(
    "新状态 `{state}` 结束办理；基础规则包：继续办理",
    "the new state `{state}` ends what goes on by the base",
)
SETS = Wording(
    "新状态 `{state}` 的 `{key}` 改变基础规则包的数据或触发其事件",
    "`{key}` of the new state `{state}` sets facts or raises events of the base",
)
ENDS = Wording(
    "事件 {event} 以新状态 {house} 结束个案", "{event} ends the case in the new state {house}"
)


class Hold(NamedTuple):
    """Where the base may be while a case of the house is in an added state.

    Attributes:
        leaf: the state of the base from which the case came, or `None` at the beginning.
        allowed: the targets to which the step of the base leads that brought it there.
        cites: the clauses of that step.
    """

    leaf: str | None
    allowed: frozenset[tuple[str, ...]]
    cites: tuple[Clause, ...]


@dataclass
class AddedStates:
    """The states that only the house has.

    Attributes:
        transitions: the transitions of both packs.
    """

    transitions: TransitionComparison

    @property
    def law(self) -> Chart:
        """The chart of the base."""
        return self.transitions.law

    @property
    def own(self) -> Chart:
        """The chart of the house."""
        return self.transitions.own

    @property
    def leaves(self) -> tuple[str, ...]:
        """The innermost added states."""
        return tuple(
            name
            for name in self.own.states
            if name in self.transitions.added and not self.own.states[name].children
        )

    @cached_property
    def holds(self) -> dict[str, set[Hold]]:
        """Where the base may be, by added state."""
        found: dict[str, set[Hold]] = {name: set() for name in self.leaves}
        for entered, hold in (*self.iter_entries(), *self.iter_initial()):
            found[entered].add(hold)
        grows = True
        while grows:
            grows = False
            for name in self.leaves:
                for onward in self.iter_onward(name):
                    if not found[name] <= found[onward]:
                        found[onward] |= found[name]
                        grows = True
        return found

    def leaves_in(self, targets: tuple[str, ...]) -> Iterator[str]:
        """Yield the innermost added states that may be entered with some targets."""
        for name in self.leaves:
            if any(target in self.own.states[name].path for target in targets):
                yield name

    def iter_entries(self) -> Iterator[tuple[str, Hold]]:
        """Yield each added state that is entered from a state of the base, with the hold."""
        for leaf, state in self.law.states.items():
            if state.children or leaf not in self.own.states:
                continue
            for event in events_of(self.own, leaf):
                house = list_chain(self.own, leaf, event)
                for number, each in enumerate(house):
                    if self.transitions.added.intersection(each.transition.targets):
                        hold = self.hold_after(leaf, event, house, number)
                        for entered in self.leaves_in(each.transition.targets):
                            yield entered, hold

    def hold_after(self, leaf: str, event: str, house: list[Placed], number: int) -> Hold:
        """Return where the base may be after a transition from one of its states to an added one.

        Only the step counts that allows the transition: of two branches on one event, the house may
        not begin with one and end with the other.
        """
        base = list_chain(self.law, leaf, event)
        at, _ = self.transitions.match(base, house, number)
        if at is None:
            return Hold(leaf, frozenset({(leaf,)}), ())
        step = base[at].transition
        return Hold(leaf, frozenset({step.targets or (leaf,)}), step.cites)

    def iter_initial(self) -> Iterator[tuple[str, Hold]]:
        """Yield each added state in which the house begins, or with which it enters a state."""
        begins: list[tuple[str | None, str | None]] = [(self.law.initial, self.own.initial)]
        begins += [
            (state.initial, self.own.states[name].initial)
            for name, state in self.law.states.items()
            if name in self.own.states
        ]
        for base, house in begins:
            if base is not None and house is not None and base != house:
                for entered in self.leaves_in((house,)):
                    yield entered, Hold(None, frozenset({(base,)}), ())

    def iter_onward(self, name: str) -> Iterator[str]:
        """Yield the added states to which an added state leads."""
        for event in events_of(self.own, name):
            for each in list_chain(self.own, name, event):
                yield from self.leaves_in(each.transition.targets)

    def find_deviations(self) -> Iterator[Deviation]:
        """Yield the deviations in added states."""
        several: list[Local] = []
        for name, holds in self.holds.items():
            for hold in sorted(holds, key=lambda each: (each.leaf or "", sorted(each.allowed))):
                yield from self.compare_end(name, hold)
                several += self.compare_ways(name, hold)
                several += self.compare_duties(name, hold)
        yield from gather(several, self.transitions.runs)
        for name in self.own.states:
            if name in self.transitions.added:
                yield from self.compare_entry(name)

    def compare_end(self, name: str, hold: Hold) -> Iterator[Deviation]:
        """Yield a deviation if a case, or a state around, ends where the base goes on."""
        state = self.own.states[name]
        if not state.final or state.parent in self.transitions.added:
            return
        ends = [self.law.states[each] for targets in hold.allowed for each in targets]
        if not all(each.final and each.parent == state.parent for each in ends):
            part = state_part(self.transitions.workflow, name)
            run = self.transitions.runs.show(name, "", None)
            what = ENDS_IN.fill(state=name)
            yield Deviation((part,), Direction.LAXER, what, run, hold.cites)

    def compare_entry(self, name: str) -> Iterator[Deviation]:
        """Yield a deviation if entering or leaving an added state changes facts of the base."""
        state = self.own.states[name]
        for key, actions in (("entry", state.entry), ("exit", state.exit)):
            if self.transitions.list_changes(actions):
                part = state_part(self.transitions.workflow, name)
                what = SETS.fill(state=name, key=key)
                yield Deviation((part,), Direction.INCOMPARABLE, what, None, self.cites_of(name))

    def cites_of(self, name: str) -> tuple[Clause, ...]:
        """Return the clauses of the steps of the base by which a case is in an added state."""
        holds = self.holds.get(name, ())
        return tuple(dict.fromkeys(clause for each in holds for clause in each.cites))

    def compare_ways(self, name: str, hold: Hold) -> Iterator[Local]:
        """Yield the discrepancies of where an added state leads."""
        for event in events_of(self.own, name):
            house = list_chain(self.own, name, event)
            for number, each in enumerate(house):
                if each.place.state not in self.transitions.added:
                    continue  # that of a state of the base is compared there
                part = transition_part(self.transitions.workflow, self.own, each.place)
                for found in self.compare_way(name, hold, house, number):
                    yield Local(part, name, found, hold.cites)

    def compare_way(
        self, name: str, hold: Hold, house: list[Placed], number: int
    ) -> Iterator[Discrepancy]:
        """Yield what is wrong with one transition from an added state."""
        own = house[number].transition
        event, targets = name_event(own), own.targets
        said = {"house": show_targets(targets)}
        changes = self.transitions.list_changes(own.actions)
        if self.transitions.added.issuperset(targets):
            top = [self.own.states[each] for each in targets]
            if any(each.final and not each.ancestors for each in top):
                yield Discrepancy(Direction.LAXER, ENDS, said, event)
            is_law = own.event.name in self.law.events
            if not changes and (not is_law or (targets and targets != (name,))):
                return  # an event of its own, or a step further inside
        elif not changes and (targets in hold.allowed or targets == (hold.leaf,)):
            return
        ways: list[list[Discrepancy]] = []
        for leaf in self.positions_of(hold):
            base = list_chain(self.law, leaf, house[number].place.event)
            at, found = self.transitions.match(base, house, number)
            ways += [] if at is None else [leave_out_tighter(found)]
        nowhere = [Discrepancy(Direction.LAXER, NEW_WAY, said, event)]
        yield from min(ways, key=len, default=nowhere)

    def positions_of(self, hold: Hold) -> Iterator[str]:
        """Yield the innermost states in which the base may be."""
        if hold.leaf is not None:
            yield hold.leaf
        for targets in sorted(hold.allowed):
            for name in targets:
                state = self.law.states[name]
                while state.initial is not None:
                    state = self.law.states[state.initial]
                yield state.name

    def compare_duties(self, name: str, hold: Hold) -> Iterator[Local]:
        """Yield the discrepancies of rights, and of what follows by itself, such as on an expiry.

        What the base has of these wherever it may be, the added state has as well.
        """
        places = list(dict.fromkeys(self.positions_of(hold)))
        alive = [each for each in places if not self.law.states[each].final]
        duties = self.duties_in(alive, is_right=True) | self.duties_in(places, is_right=False)
        for event in sorted(duties):
            house = list_chain(self.own, name, event)
            lacking = [self.find_lacking(name, each, event, house) for each in alive]
            if not all(lacking):
                continue
            is_own = bool(house) and house[0].place.state in self.transitions.added
            part = (
                transition_part(self.transitions.workflow, self.own, house[0].place)
                if is_own
                else state_part(self.transitions.workflow, name)
            )
            yield from (Local(part, name, each.found, each.cites) for each in lacking[0])

    def find_lacking(
        self, name: str, leaf: str, event: str, house: Sequence[Placed]
    ) -> list[Local]:
        """Return what of an event of a state of the base an added state does not have.

        What is lacking because a state around both has lost it is told there.
        """
        base = list_chain(self.law, leaf, event)
        kept = list_chain(self.own, leaf, event) if leaf in self.own.states else []
        around = self.own.states[name].path
        return [
            found
            for at, each in enumerate(base)
            if not is_shadowed(base, at)
            if each.place.state not in around
            or not any(self.transitions.compare_duty(leaf, base, at, kept))
            for found in self.transitions.compare_duty(leaf, base, at, house)
        ]

    def duties_in(self, leaves: Sequence[str], *, is_right: bool) -> frozenset[str]:
        """Return the rights that the base has in all of some states, or what follows by itself."""
        events = self.law.events
        groups = [
            frozenset(
                each
                for each in events_of(self.law, leaf)
                if each in events and (events[each].right if is_right else events[each].internal)
            )
            for leaf in leaves
        ]
        return frozenset[str].intersection(*groups) if groups else frozenset()
