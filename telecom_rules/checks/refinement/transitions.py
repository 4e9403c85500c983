"""The transitions of a workflow in two packs, compared state by state.

The states of the base are told by their names. In each innermost one, and for each event, what the
house may do is looked for in the base: a transition to the same states, for the same roles, with
the facts it requires, and under a guard that follows from that of the house. What the house adds
may delay a step of the base and not replace it: see `added`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from telecom_rules.checks.analysis.reasons import find_reason
from telecom_rules.checks.deviations.deviation import Direction, combine
from telecom_rules.checks.refinement.chains import (
    conditions_of,
    events_of,
    find_counterpart,
    is_automatic,
    is_shadowed,
    list_chain,
    missing_effects,
    spell_actions,
    spell_chain,
    spell_conditions,
)
from telecom_rules.checks.refinement.discrepancies import (
    NEXT,
    Discrepancy,
    Local,
    gather,
    quote_names,
    transition_part,
)
from telecom_rules.checks.refinement.guards import Implication
from telecom_rules.wording import Wording, join_wordings
from telecom_rules.workflows.chart import EVENTLESS, Assignment, Raising

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from telecom_rules.checks.deviations.deviation import Deviation
    from telecom_rules.checks.refinement.chains import Placed
    from telecom_rules.checks.refinement.guards import Answer, Assumption, DatedFigures
    from telecom_rules.checks.refinement.runs import Runs
    from telecom_rules.workflows.chart import Action, Chart, Transition


ANYBODY = Wording("任何人", "anybody")
NEW_WAY = Wording(
    "事件 {event} 可到 {house}；基础规则包不允许",
    "on {event} a case goes to {house}, which the base does not allow",
)
ROLES = Wording(
    "事件 {event} 可由 {house} 发出；基础规则包：{base}",
    "{event} may be sent by {house}; by the base by {base}",
)
REQUIRES = Wording(
    "事件 {event} 不再要求已知 {facts}", "{facts} no longer has to be known on {event}"
)
GUARD = Wording(
    "事件 {event} 的条件为 {house}；基础规则包：{base}",
    "the guard of {event} is {house}; by the base {base}",
)
WHETHER_GUARD = Wording(
    "事件 {event} 的条件 {house} 是否不宽于基础规则包的 {base}",
    "whether the guard of {event}, {house}, is not weaker than {base} of the base",
)
EFFECTS = Wording(
    "事件 {event} 不再要求 {effects}", "on {event} the host is no longer asked for {effects}"
)
ASSIGNS = Wording(
    "事件 {event} 设置的数据或触发的事件与基础规则包不同",
    "on {event} other facts are set or other events raised than in the base",
)
REQUIRES_MORE = Wording(
    "事件 {event} 另要求已知 {facts}", "{facts} has to be known as well on {event}"
)
STRICTER = Wording("事件 {event} 的条件更严", "{event} is possible less often")
RIGHT_GONE = Wording(
    "客户的权利 {event} 不能行使；基础规则包可以",
    "the right {event} cannot be used; by the base it can",
)
RIGHT_LESS = Wording(
    "客户的权利 {event} 比基础规则包少：{what}",
    "the right {event} is less than in the base: {what}",
)
EXPIRY_GONE = Wording(
    "{event} 之后不再有基础规则包规定的处理", "what follows on {event} by the base is gone"
)
STEP_GONE = Wording("事件 {event} 的转换被取消", "the transition on {event} is gone")
NO_GUARD = Wording("（无）", "(none)")
STAYS = Wording("原状态", "the same state")


@dataclass
class TransitionComparison:
    """The transitions of one workflow in two packs.

    Attributes:
        workflow: its name.
        law: the chart of the base.
        own: the chart of the house.
        facts: the facts of the base.
        figures: the parameters of both packs.
        runs: the runs of the house.
    """

    workflow: str
    law: Chart
    own: Chart
    facts: frozenset[str]
    figures: DatedFigures
    runs: Runs

    @cached_property
    def rights(self) -> frozenset[str]:
        """The events that are rights in the base."""
        return frozenset(name for name, each in self.law.events.items() if each.right)

    @cached_property
    def added(self) -> frozenset[str]:
        """The states that only the house has."""
        return frozenset(self.own.states) - self.law.states.keys()

    def find_deviations(self) -> Iterator[Deviation]:
        """Yield the deviations in every innermost state of the base that the house has."""
        return gather(self.find_local(), self.runs)

    def find_local(self) -> Iterator[Local]:
        """Yield the differences in each state."""
        for name, state in self.law.states.items():
            kept = self.own.states.get(name)
            if kept is None or state.history is not None:
                continue
            if not state.children or state.done:
                for event in dict.fromkeys(
                    (*events_of(self.own, name), *events_of(self.law, name))
                ):
                    if not state.children or event == "onDone":
                        yield from self.compare_event(name, event)

    def compare_event(self, leaf: str, event: str) -> Iterator[Local]:
        """Yield the differences in what an event does in one state."""
        base, house = list_chain(self.law, leaf, event), list_chain(self.own, leaf, event)
        if spell_chain(base) == spell_chain(house):
            return
        matched: set[int] = set()
        for number, each in enumerate(house):
            if self.is_only_added(each.transition) or is_shadowed(house, number):
                continue
            at, findings = self.match(base, house, number)
            if at is not None:
                matched.add(at)
            part = transition_part(self.workflow, self.own, each.place)
            cites = () if at is None else base[at].transition.cites
            is_right = each.transition.event.name in self.rights
            for found in findings:
                # That a right can be used less often does not make the rules tighter.
                if found.direction is not Direction.TIGHTER or not is_right:
                    yield Local(part, leaf, found, cites)
        yield from self.compare_missing(leaf, base, house, matched)

    def is_only_added(self, transition: Transition) -> bool:
        """Return whether a transition of the house is on an event of its own and moves nothing."""
        name = transition.event.name
        is_own = name not in self.law.events and transition.event is not EVENTLESS
        stays = not transition.targets or self.added.issuperset(transition.targets)
        return is_own and stays and not self.list_changes(transition.actions)

    def list_changes(self, actions: Sequence[Action]) -> list[Action]:
        """Return what is done to the facts and with the events of the base, in order."""
        return [
            each
            for each in actions
            if (isinstance(each, Assignment) and each.fact in self.facts)
            or (isinstance(each, Raising) and each.event.name in self.law.events)
        ]

    def match(
        self, base: Sequence[Placed], house: Sequence[Placed], number: int
    ) -> tuple[int | None, list[Discrepancy]]:
        """Return the transition of the base that allows one of the house, with what differs.

        Of several, the first with the fewest differences that are not tighter is taken.
        """
        own = house[number].transition
        found = {
            at: list(self.compare_pair(base, at, house, number))
            for at, each in enumerate(base)
            if self.leads_alike(each.transition, own)
        }
        if not found:
            said = {"house": show_targets(own.targets)}
            return None, [Discrepancy(Direction.LAXER, NEW_WAY, said, name_event(own))]
        best = min(found, key=lambda at: len(leave_out_tighter(found[at])))
        return best, found[best]

    def leads_alike(self, law: Transition, own: Transition) -> bool:
        """Return whether two transitions lead to the same states, or one into an added state."""
        if law.targets == own.targets:
            return law.reenter == own.reenter or not law.targets
        return bool(own.targets) and self.added.issuperset(own.targets) and bool(law.targets)

    def compare_pair(
        self, base: Sequence[Placed], at: int, house: Sequence[Placed], number: int
    ) -> Iterator[Discrepancy]:
        """Yield how a transition of the house differs from one of the base."""
        law, own = base[at].transition, house[number].transition

        def tell(direction: Direction, form: Wording, **said: object) -> Discrepancy:
            return Discrepancy(direction, form, said, name_event(own))

        if law.by and (not own.by or set(own.by) - set(law.by)):
            said = {"house": show_roles(own.by), "base": show_roles(law.by)}
            yield tell(Direction.LAXER, ROLES, **said)
        elif set(own.by) != set(law.by):
            yield tell(Direction.TIGHTER, STRICTER)
        missing = [fact for fact in law.requires if fact not in own.requires]
        if missing:
            yield tell(Direction.LAXER, REQUIRES, facts=quote_names(missing))
        if set(own.requires) - set(law.requires):
            yield tell(Direction.TIGHTER, STRICTER)
        yield from self.compare_guards(base, at, house, number)
        dropped = missing_effects(law.emit, own.emit)
        if dropped:
            yield tell(Direction.LAXER, EFFECTS, effects=quote_names(dropped))
        changes = [self.list_changes(each.actions) for each in (law, own)]
        if spell_actions(changes[0]) != spell_actions(changes[1]):
            yield tell(Direction.INCOMPARABLE, ASSIGNS)

    def compare_guards(
        self, base: Sequence[Placed], at: int, house: Sequence[Placed], number: int
    ) -> Iterator[Discrepancy]:
        """Yield whether the conditions of the house are weaker, or stronger."""
        law, own = base[at].transition, house[number].transition
        assumed, wanted = conditions_of(house, number), conditions_of(base, at)
        if spell_conditions(assumed) == spell_conditions(wanted):
            return
        event, said = name_event(own), {"house": show_guard(own), "base": show_guard(law)}
        answer = self.figures.find_implication(assumed, wanted)
        if answer.implication is Implication.FAILS:
            yield Discrepancy(Direction.LAXER, GUARD, said, event, show_situation(answer))
        elif answer.implication is Implication.UNDECIDED:
            why = None if answer.node is None else find_reason(answer.node)
            yield Discrepancy(Direction.UNDECIDED, WHETHER_GUARD, said, event, why)
        back = self.figures.find_implication(wanted, assumed, is_back=True)
        if back.implication is not Implication.HOLDS:
            yield Discrepancy(Direction.TIGHTER, STRICTER, {}, event)

    def compare_missing(
        self,
        leaf: str,
        base: Sequence[Placed],
        house: Sequence[Placed],
        matched: set[int],
    ) -> Iterator[Local]:
        """Yield what the house no longer does."""
        for at, each in enumerate(base):
            law = each.transition
            if is_shadowed(base, at):
                continue
            if law.event.right or is_automatic(law):
                yield from self.compare_duty(leaf, base, at, house)
            elif at not in matched:
                found = Discrepancy(Direction.TIGHTER, STEP_GONE, {}, name_event(law))
                yield self.place(leaf, each, found)

    def compare_duty(
        self, leaf: str, base: Sequence[Placed], at: int, house: Sequence[Placed]
    ) -> Iterator[Local]:
        """Yield the differences if a right, or what follows by itself, is not there or for less."""
        law = base[at].transition
        assumed = conditions_of(base, at)
        ways = [
            list(self.limits_of_duty(law, assumed, house, number)) for number in range(len(house))
        ]
        closest = min(ways, key=len, default=None)
        if closest == []:
            return
        tell = self.tell_right if law.event.right else self.tell_duty
        for found in tell(law, closest):
            yield self.place(leaf, base[at], found)

    def tell_right(
        self, law: Transition, limits: Sequence[Discrepancy] | None
    ) -> Iterator[Discrepancy]:
        """Yield what is wrong with a right; `limits` are those of the closest transition."""
        event = name_event(law)
        if limits is None or any(each.form is NEW_WAY for each in limits):
            yield Discrepancy(Direction.LAXER, RIGHT_GONE, {}, event)
            return
        for direction in dict.fromkeys(each.direction for each in limits):
            alike = [each for each in limits if each.direction is direction]
            said = {"what": join_wordings((each.tell() for each in alike), NEXT)}
            shown = (each.evidence for each in alike if each.evidence is not None)
            yield Discrepancy(direction, RIGHT_LESS, said, event, next(shown, None))

    def tell_duty(
        self, law: Transition, limits: Sequence[Discrepancy] | None
    ) -> Iterator[Discrepancy]:
        """Yield what is wrong with what follows by itself, as `tell_right` does."""
        directions = [Direction.LAXER] if limits is None else [each.direction for each in limits]
        shown = (each.evidence for each in limits or () if each.evidence is not None)
        yield Discrepancy(combine(directions), EXPIRY_GONE, {}, name_event(law), next(shown, None))

    def place(self, leaf: str, gone: Placed, found: Discrepancy) -> Local:
        """Return a discrepancy at the transition of the house that one of the base has become."""
        place = find_counterpart(self.law, self.own, gone.place)
        chart = self.law if place is None else self.own
        part = transition_part(self.workflow, chart, place or gone.place)
        return Local(part, leaf, found, gone.transition.cites, is_gone=place is None)

    def limits_of_duty(
        self, law: Transition, assumed: Sequence[Assumption], house: Sequence[Placed], number: int
    ) -> Iterator[Discrepancy]:
        """Yield what makes a transition of the house less than one that the base promises.

        Args:
            law: the transition of the base.
            assumed: under which conditions it is taken.
            house: the transitions of the house in the order tried.
            number: the one of these that is compared.
        """
        event, own = name_event(law), house[number].transition
        if not self.leads_alike(law, own):
            said = {"house": show_targets(own.targets)}
            yield Discrepancy(Direction.LAXER, NEW_WAY, said, event)
        if own.by and (not law.by or set(law.by) - set(own.by)):
            said = {"house": show_roles(own.by), "base": show_roles(law.by)}
            yield Discrepancy(Direction.LAXER, ROLES, said, event)
        further = [fact for fact in own.requires if fact not in law.requires]
        if further:
            said = {"facts": quote_names(further)}
            yield Discrepancy(Direction.LAXER, REQUIRES_MORE, said, event)
        follows = conditions_of(house, number)
        answer = self.figures.find_implication(assumed, follows, is_back=True)
        said = {"house": show_guard(own), "base": show_guard(law)}
        if answer.implication is Implication.FAILS:
            yield Discrepancy(Direction.LAXER, GUARD, said, event, show_situation(answer))
        elif answer.implication is Implication.UNDECIDED:
            yield Discrepancy(Direction.UNDECIDED, GUARD, said, event)


def leave_out_tighter(found: Sequence[Discrepancy]) -> list[Discrepancy]:
    """Return the discrepancies that do not make the house tighter."""
    return [each for each in found if each.direction is not Direction.TIGHTER]


def name_event(transition: Transition) -> str:
    """Return the name of the event of a transition."""
    return transition.event.name or "always"


def show_targets(targets: Sequence[str]) -> object:
    """Return the targets of a transition, for people."""
    return quote_names(targets) if targets else STAYS


def show_roles(roles: Sequence[str]) -> object:
    """Return roles for people."""
    return quote_names(roles) if roles else ANYBODY


def show_guard(transition: Transition) -> object:
    """Return a guard for people."""
    guard = transition.guard
    return NO_GUARD if guard is None else f"`{' '.join(guard.source.split())}`"


def show_situation(answer: Answer) -> Wording | None:
    """Return the situation of an answer for people."""
    return None if answer.situation is None else Wording.same(answer.situation)
