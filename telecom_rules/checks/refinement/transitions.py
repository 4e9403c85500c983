"""The transitions of a workflow in two packs, compared state by state.

The states of the base are told by their names. In each innermost one, and for each event, what the
house may do is looked for in the base: a transition to the same states, for the same roles, with
the facts it requires, and under a guard that follows from that of the house. What the house adds
may delay a step of the base and not replace it: see `added`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple

from telecom_rules.checks.analysis.reasons import find_reason
from telecom_rules.checks.analysis.satisfiability import spell_tree
from telecom_rules.checks.deviations.deviation import Deviation, Direction, Part, combine
from telecom_rules.checks.refinement.guards import Implication
from telecom_rules.digests import describe_meaning
from telecom_rules.findings.kinds import STATE, TRANSITION, WORKFLOW
from telecom_rules.pack.located import TransitionPlace, transitions_on
from telecom_rules.wording import Wording
from telecom_rules.workflows.chart import EVENTLESS, Assignment, Raising

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from telecom_rules.checks.refinement.guards import Answer, Assumption, DatedFigures
    from telecom_rules.checks.refinement.runs import Runs
    from telecom_rules.vocabulary import Clause
    from telecom_rules.workflows.chart import Action, Chart, Emission, State, Transition


AUTOMATIC: Final = ("always", "onDone", "call")
ANYBODY = Wording("任何人", "anybody")
IN_STATE = Wording("处于 {state} 时：{what}", "in {state}: {what}")
MOST_STATES: Final = 3
"""States that a deviation names."""
NEW_WAY = Wording(
    "事件 `{event}` 可到 {house}；基础规则包不允许",
    "`{event}` leads to {house}, which the base does not allow",
)
ROLES = Wording(
    "事件 `{event}` 可由 {house} 发出；基础规则包：{base}",
    "`{event}` may be sent by {house}; by the base by {base}",
)
REQUIRES = Wording(
    "事件 `{event}` 不再要求已知 {facts}", "`{event}` no longer requires {facts} to be known"
)
GUARD = Wording(
    "事件 `{event}` 的条件为 {house}；基础规则包：{base}",
    "the guard of `{event}` is {house}; by the base {base}",
)
WHETHER_GUARD = Wording(
    "事件 `{event}` 的条件 {house} 是否不宽于基础规则包的 {base}",
    "whether the guard of `{event}`, {house}, is not weaker than {base} of the base",
)
EFFECTS = Wording(
    "事件 `{event}` 不再要求 {effects}", "`{event}` no longer asks the host for {effects}"
)
ASSIGNS = Wording(
    "事件 `{event}` 设置的数据或触发的事件与基础规则包不同",
    "`{event}` sets other facts or raises other events than in the base",
)
STRICTER = Wording("事件 `{event}` 的条件更严", "`{event}` is possible less often")
RIGHT_GONE = Wording(
    "客户的权利 `{event}` 不能行使；基础规则包可以",
    "the right `{event}` cannot be used; by the base it can",
)
RIGHT_LESS = Wording(
    "客户的权利 `{event}` 比基础规则包少：{what}",
    "the right `{event}` is less than in the base: {what}",
)
EXPIRY_GONE = Wording(
    "`{event}` 之后不再有基础规则包规定的处理", "what follows on `{event}` by the base is gone"
)
STEP_GONE = Wording("事件 `{event}` 的转换被取消", "the transition on `{event}` is gone")
NO_GUARD = Wording("（无）", "(none)")
STAYS = Wording("原状态", "the same state")


class Placed(NamedTuple):
    """A transition with its place."""

    place: TransitionPlace
    transition: Transition


class Local(NamedTuple):
    """A difference in one state.

    Attributes:
        part: the part of the house that differs.
        leaf: the state.
        found: the difference.
        cites: the clauses of the base.
    """

    part: Part
    leaf: str
    found: Finding
    cites: tuple[Clause, ...]


class Finding(NamedTuple):
    """A difference between a transition of the house and one of the base."""

    direction: Direction
    wording: Wording
    evidence: Wording | None = None
    event: str = ""


def list_chain(chart: Chart, leaf: str, event: str) -> list[Placed]:
    """Return the transitions of a state and those around it on an event, in the order tried."""
    found = []
    for name in reversed(chart.states[leaf].path):
        state = chart.states[name]
        if event in AUTOMATIC and name != leaf and event != "always":
            break  # `onDone` and `call` belong to one state
        for number, each in enumerate(group_of(state, event)):
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


def transition_part(workflow: str, chart: Chart, place: TransitionPlace) -> Part:
    """Return a transition as a part of a pack, as written."""
    written = place.written_place(chart)
    group = group_of(chart.states[place.state], place.event)
    same = sum(each.wildcard == group[place.number].wildcard for each in group)
    number = f"[{written.number + 1}]" if same > 1 else ""
    name = f"{path_of(workflow, place.state)}.{written.event}{number}"
    return Part(f"workflows.{workflow}", TRANSITION, name)


def path_of(workflow: str, state: str) -> str:
    """Return the name of a state in the pack."""
    return f"{workflow}.{state}"


def state_part(workflow: str, state: str) -> Part:
    """Return a state as a part of a pack."""
    return Part(f"workflows.{workflow}", STATE, path_of(workflow, state))


def workflow_part(workflow: str) -> Part:
    """Return a workflow as a part of a pack."""
    return Part(f"workflows.{workflow}", WORKFLOW, workflow)


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
        groups: dict[object, list[Local]] = {}
        for each in self.find_local():
            key = (each.part, each.found.direction, each.found.wording)
            groups.setdefault(key, []).append(each)
        for group in groups.values():
            yield self.build([each.leaf for each in group], group[0])

    def build(self, leaves: Sequence[str], first: Local) -> Deviation:
        """Return a deviation that is the same in some states."""
        shown = ", ".join(f"`{each}`" for each in leaves[:MOST_STATES])
        if len(leaves) > MOST_STATES:
            shown += ", …"
        found = first.found
        wording = IN_STATE.fill(state=shown, what=found.wording)
        evidence = found.evidence
        if found.direction in {Direction.LAXER, Direction.INCOMPARABLE}:
            evidence = self.runs.show(leaves[0], found.event, evidence)
        return Deviation((first.part,), found.direction, wording, evidence, first.cites)

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
        if [spell(each.transition) for each in base] == [spell(each.transition) for each in house]:
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
    ) -> tuple[int | None, list[Finding]]:
        """Return the transition of the base that allows one of the house, with what differs.

        The one with the fewest differences is taken, the strictest kind of these first.
        """
        best: tuple[int, list[Finding]] | None = None
        own = house[number]
        for at, each in enumerate(base):
            if not self.leads_alike(each.transition, own.transition):
                continue
            found = list(self.compare_pair(base, at, house, number))
            bad = [one for one in found if one.direction is not Direction.TIGHTER]
            if best is None or len(bad) < len(
                [one for one in best[1] if one.direction is not Direction.TIGHTER]
            ):
                best = at, found
            if not bad:
                break
        if best is not None:
            return best
        wording = NEW_WAY.fill(
            event=name_event(own.transition), house=show_targets(own.transition.targets)
        )
        return None, [Finding(Direction.LAXER, wording, event=name_event(own.transition))]

    def leads_alike(self, law: Transition, own: Transition) -> bool:
        """Return whether two transitions lead to the same states, or one into an added state."""
        if law.targets == own.targets:
            return law.reenter == own.reenter or not law.targets
        return bool(own.targets) and self.added.issuperset(own.targets) and bool(law.targets)

    def compare_pair(
        self, base: Sequence[Placed], at: int, house: Sequence[Placed], number: int
    ) -> Iterator[Finding]:
        """Yield how a transition of the house differs from one of the base."""
        law, own = base[at].transition, house[number].transition
        event = name_event(own)
        if law.by and (not own.by or set(own.by) - set(law.by)):
            said = {"house": show_roles(own.by), "base": show_roles(law.by)}
            yield Finding(Direction.LAXER, ROLES.fill(event=event, **said), event=event)
        elif set(own.by) != set(law.by):
            yield Finding(Direction.TIGHTER, STRICTER.fill(event=event))
        missing = [fact for fact in law.requires if fact not in own.requires]
        if missing:
            facts = ", ".join(f"`{each}`" for each in missing)
            yield Finding(Direction.LAXER, REQUIRES.fill(event=event, facts=facts), event=event)
        if set(own.requires) - set(law.requires):
            yield Finding(Direction.TIGHTER, STRICTER.fill(event=event))
        yield from self.compare_guards(base, at, house, number)
        dropped = missing_effects(law.emit, own.emit)
        if dropped:
            effects = ", ".join(f"`{each}`" for each in dropped)
            yield Finding(Direction.LAXER, EFFECTS.fill(event=event, effects=effects), event=event)
        changes = [self.list_changes(each.actions) for each in (law, own)]
        if spell_actions(changes[0]) != spell_actions(changes[1]):
            yield Finding(Direction.INCOMPARABLE, ASSIGNS.fill(event=event), event=event)

    def compare_guards(
        self, base: Sequence[Placed], at: int, house: Sequence[Placed], number: int
    ) -> Iterator[Finding]:
        """Yield whether the conditions of the house are weaker, or stronger."""
        law, own = base[at].transition, house[number].transition
        assumed, wanted = conditions_of(house, number), conditions_of(base, at)
        if spell_conditions(assumed) == spell_conditions(wanted):
            return
        said = {
            "event": name_event(own),
            "house": show_guard(own),
            "base": show_guard(law),
        }
        answer = self.figures.find_implication(assumed, wanted)
        if answer.implication is Implication.FAILS:
            yield Finding(
                Direction.LAXER, GUARD.fill(**said), show_situation(answer), name_event(own)
            )
        elif answer.implication is Implication.UNDECIDED:
            why = None if answer.node is None else find_reason(answer.node)
            yield Finding(Direction.UNDECIDED, WHETHER_GUARD.fill(**said), why)
        back = self.figures.find_implication(wanted, assumed, is_back=True)
        if back.implication is not Implication.HOLDS:
            yield Finding(Direction.TIGHTER, STRICTER.fill(event=name_event(own)))

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
                what = STEP_GONE.fill(event=name_event(law))
                yield self.build_gone(leaf, each, Direction.TIGHTER, what)

    def compare_duty(
        self, leaf: str, base: Sequence[Placed], at: int, house: Sequence[Placed]
    ) -> Iterator[Local]:
        """Yield a difference if a right, or what follows by itself, is not there or for less."""
        law = base[at].transition
        if law.event.right:
            yield from self.compare_right(leaf, base, at, house)
            return
        ways = [
            list(self.limits_of_right(law, each.transition, conditions_of(base, at), house, number))
            for number, each in enumerate(house)
        ]
        closest = min(ways, key=len, default=[])
        if closest or not ways:
            direction = combine(each.direction for each in closest) if ways else Direction.LAXER
            evidence = next((each.evidence for each in closest if each.evidence), None)
            what = EXPIRY_GONE.fill(event=name_event(law))
            yield self.build_gone(leaf, base[at], direction, what, evidence)

    def build_gone(
        self, leaf: str, gone: Placed, direction: Direction, what: Wording,
        evidence: Wording | None = None,
    ) -> Local:  # fmt: skip
        """Return a difference at a transition of the base, or that of the house in its place."""
        place = gone.place
        state = self.own.states.get(place.state)
        is_there = state is not None and place.number < len(group_of(state, place.event))
        part = transition_part(self.workflow, self.own if is_there else self.law, place)
        event = name_event(gone.transition)
        return Local(part, leaf, Finding(direction, what, evidence, event), gone.transition.cites)

    def compare_right(
        self, leaf: str, base: Sequence[Placed], at: int, house: Sequence[Placed]
    ) -> Iterator[Local]:
        """Yield a difference if a right of the base is not there, or only for less."""
        law = base[at].transition
        found: list[Finding] = []
        for number, each in enumerate(house):
            own = each.transition
            found = list(self.limits_of_right(law, own, conditions_of(base, at), house, number))
            if not found:
                return
        event = name_event(law)
        if not found or len(house) > 1:
            what = RIGHT_GONE.fill(event=event)
            yield self.build_gone(leaf, base[at], Direction.LAXER, what)
            return
        for one in found:
            what = RIGHT_LESS.fill(event=event, what=one.wording)
            yield self.build_gone(leaf, base[at], one.direction, what, one.evidence)

    def limits_of_right(
        self,
        law: Transition,
        own: Transition,
        assumed: Sequence[Assumption],
        house: Sequence[Placed],
        number: int,
    ) -> Iterator[Finding]:
        """Yield what makes a transition of the house less than a right of the base."""
        event = name_event(law)
        if not self.leads_alike(law, own):
            targets = show_targets(own.targets)
            yield Finding(Direction.LAXER, NEW_WAY.fill(event=event, house=targets), event=event)
        if own.by and (not law.by or set(law.by) - set(own.by)):
            said = {"house": show_roles(own.by), "base": show_roles(law.by)}
            yield Finding(Direction.LAXER, ROLES.fill(event=event, **said), event=event)
        if set(own.requires) - set(law.requires):
            yield Finding(Direction.LAXER, STRICTER.fill(event=event), event=event)
        follows = conditions_of(house, number)
        answer = self.figures.find_implication(assumed, follows, is_back=True)
        said = {"event": event, "house": show_guard(own), "base": show_guard(law)}
        if answer.implication is Implication.FAILS:
            yield Finding(
                Direction.LAXER, GUARD.fill(**said), show_situation(answer), name_event(own)
            )
        elif answer.implication is Implication.UNDECIDED:
            yield Finding(Direction.UNDECIDED, GUARD.fill(**said), None)


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


def spell_conditions(conditions: Sequence[Assumption]) -> list[tuple[str, bool]]:
    """Return conditions as text."""
    return [(spell_tree(each.tree), holds) for each, holds in conditions]


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


def spell(transition: Transition) -> str:
    """Return a transition as text, by its meaning."""
    return str(describe_meaning(transition))


def name_event(transition: Transition) -> str:
    """Return the name of the event of a transition."""
    return transition.event.name or "always"


def show_targets(targets: Sequence[str]) -> object:
    """Return the targets of a transition, for people."""
    return ", ".join(f"`{each}`" for each in targets) or STAYS


def show_roles(roles: Sequence[str]) -> object:
    """Return roles for people."""
    return ", ".join(f"`{each}`" for each in roles) or ANYBODY


def show_guard(transition: Transition) -> object:
    """Return a guard for people."""
    guard = transition.guard
    return NO_GUARD if guard is None else f"`{' '.join(guard.source.split())}`"


def show_situation(answer: Answer) -> Wording | None:
    """Return the situation of an answer for people."""
    return None if answer.situation is None else Wording.same(answer.situation)
