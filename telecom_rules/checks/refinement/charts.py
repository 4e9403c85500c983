"""The states, events and properties of a workflow in two packs, compared as they are declared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from telecom_rules.checks.analysis.state_space import StateSpace
from telecom_rules.checks.analysis.verdicts import (
    PropertyVerdict,
    describe_counterexample,
    prove_property,
)
from telecom_rules.checks.deviations.deviation import Deviation, Direction, Part
from telecom_rules.checks.deviations.fields import is_at_least_as_wide
from telecom_rules.checks.refinement.chains import missing_effects, spell_actions
from telecom_rules.checks.refinement.discrepancies import quote_names, state_part, workflow_part
from telecom_rules.digests import describe_meaning
from telecom_rules.findings.kinds import EVENT, PROPERTY
from telecom_rules.wording import Wording
from telecom_rules.workflows import machine_of
from telecom_rules.workflows.chart import Assignment, Emission, Raising

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from telecom_rules.checks.analysis.verdicts import PropertyProof
    from telecom_rules.workflows import Property, Workflow
    from telecom_rules.workflows.chart import Action, Chart, Event, State


BEGINS = Wording(
    "从 `{house}` 开始；基础规则包：`{base}`", "it begins in `{house}`; by the base in `{base}`"
)
OTHER_STATE = Wording(
    "状态 `{state}` 的 `{key}` 与基础规则包不同",
    "`{key}` of the state `{state}` is not that of the base",
)
ENDS_EARLY = Wording("个案在 `{state}` 就结束", "a case is over in `{state}`")
EFFECTS_GONE = Wording(
    "状态 `{state}` 不再要求 {effects}", "the state `{state}` no longer asks the host for {effects}"
)
NO_RIGHT = Wording("`{event}` 不再是客户的权利", "`{event}` is no longer a right")
FIELD_GONE = Wording(
    "事件 `{event}` 不再须附 `{field}`", "`{event}` no longer has to come with `{field}`"
)
FIELD_NEW = Wording("事件 `{event}` 须另附 `{field}`", "`{event}` has to come with `{field}`, too")
FIELD_OTHER = Wording(
    "事件 `{event}` 的 `{field}` 类型不同", "`{field}` of `{event}` has another type"
)
PROPERTY_GONE = Wording("性质“{title}”被取消", "the property “{title}” is gone")
PROPERTY_BROKEN = Wording("性质“{title}”不再成立", "the property “{title}” no longer holds")
PROPERTY_OPEN = Wording("性质“{title}”是否仍成立", "whether the property “{title}” still holds")
OTHER_KEY = Wording(
    "流程的 `{key}` 与基础规则包不同", "`{key}` of the workflow is not that of the base"
)


class Prover(Protocol):
    """What says whether a property holds in a state space."""

    def __call__(self, space: StateSpace, demand: Property, /) -> PropertyProof:
        """Return the verdict on a property."""


@dataclass(frozen=True, slots=True)
class ChartComparison:
    """One workflow in two packs.

    Attributes:
        law: the workflow of the base.
        own: that of the house.
        prove: what says whether a property holds.
    """

    law: Workflow
    own: Workflow
    prove: Prover = prove_property

    def find_deviations(self) -> Iterator[Deviation]:
        """Yield the deviations of what is declared."""
        law, own = (machine_of(each).chart for each in (self.law, self.own))
        yield from self.compare_beginning(law, own)
        for name, state in law.states.items():
            if name in own.states:
                yield from self.compare_state(state, own.states[name])
        for name, event in law.events.items():
            if name in own.events and not event.internal:
                yield from self.compare_event(event, own.events[name])

    def compare_beginning(self, law: Chart, own: Chart) -> Iterator[Deviation]:
        """Yield the deviations of the workflow as a whole."""
        part = workflow_part(self.law.name)
        if law.initial != own.initial and own.initial in law.states:
            wording = BEGINS.fill(base=law.initial, house=own.initial)
            yield Deviation((part,), Direction.LAXER, wording, cites=self.law.cites)
        for key, base, house in (
            ("facts", self.law.facts.name, self.own.facts.name),
            ("outputs", self.law.outputs, self.own.outputs),
        ):
            if base != house and not set(base) <= set(house):
                wording = OTHER_KEY.fill(key=key)
                yield Deviation((part,), Direction.INCOMPARABLE, wording, cites=self.law.cites)

    def compare_state(self, law: State, own: State) -> Iterator[Deviation]:
        """Yield the deviations of one state."""
        parts = (state_part(self.law.name, law.name),)
        if own.final and not law.final:
            wording = ENDS_EARLY.fill(state=law.name)
            yield Deviation(parts, Direction.LAXER, wording, cites=law.cites)
        moved_in = own.initial is not None and own.initial != law.initial
        is_added = own.initial not in machine_of(self.law).chart.states
        if moved_in and not is_added and law.initial is not None:
            wording = BEGINS.fill(base=law.initial, house=own.initial)
            yield Deviation(parts, Direction.LAXER, wording, cites=law.cites)
        kept_parents = tuple(each for each in own.ancestors if each in law.ancestors)
        for key, base, house in (
            ("in", law.ancestors, kept_parents),
            ("type", (law.final and not own.final, law.parallel), (False, own.parallel)),
            ("history", (law.history, law.default), (own.history, own.default)),
            ("call", self.spell_call(law), self.spell_call(own)),
        ):
            if base != house:
                wording = OTHER_STATE.fill(state=law.name, key=key)
                yield Deviation(parts, Direction.INCOMPARABLE, wording, cites=law.cites)
        for key, base_actions, house_actions in (
            ("entry", law.entry, own.entry),
            ("exit", law.exit, own.exit),
        ):
            yield from self.compare_actions(law, key, base_actions, house_actions)

    def spell_call(self, state: State) -> str | None:
        """Return what a state calls, as text, without facts of the case that only the house has."""
        call = state.call
        if call is None:
            return None
        called = machine_of(self.law).callees.get(call.workflow)
        passed = [each for each in call.facts if called is None or each[0] in called.facts.fields]
        return str([call.workflow, describe_meaning(passed)])

    def compare_actions(
        self, law: State, key: str, base: Sequence[Action], house: Sequence[Action]
    ) -> Iterator[Deviation]:
        """Yield the deviations of the actions of entering or leaving a state."""
        parts = (state_part(self.law.name, law.name),)
        dropped = missing_effects(
            [each for each in base if isinstance(each, Emission)],
            [each for each in house if isinstance(each, Emission)],
        )
        if dropped:
            wording = EFFECTS_GONE.fill(state=law.name, effects=quote_names(dropped))
            yield Deviation(parts, Direction.LAXER, wording, cites=law.cites)
        others = [
            spell_actions([each for each in group if isinstance(each, Assignment | Raising)])
            for group in (base, house)
        ]
        if others[0] != others[1]:
            wording = OTHER_STATE.fill(state=law.name, key=key)
            yield Deviation(parts, Direction.INCOMPARABLE, wording, cites=law.cites)

    def compare_event(self, law: Event, own: Event) -> Iterator[Deviation]:
        """Yield the deviations of one event."""
        name = self.law.name
        parts = (Part(f"workflows.{name}", EVENT, f"{name}.{law.name}"),)
        if law.right and not own.right:
            wording = NO_RIGHT.fill(event=law.name)
            yield Deviation(parts, Direction.LAXER, wording, cites=law.cites)
        for field, kind in law.payload.fields.items():
            house = own.payload.fields.get(field)
            if (house is None or house.optional) and not kind.optional:
                wording = FIELD_GONE.fill(event=law.name, field=field)
                yield Deviation(parts, Direction.LAXER, wording, cites=law.cites)
            elif house is not None and not is_at_least_as_wide(house.type, kind.type):
                wording = FIELD_OTHER.fill(event=law.name, field=field)
                yield Deviation(parts, Direction.INCOMPARABLE, wording, cites=law.cites)
        for field, kind in own.payload.fields.items():
            before = law.payload.fields.get(field)
            if not kind.optional and (before is None or before.optional):
                direction = Direction.LAXER if law.right else Direction.TIGHTER
                wording = FIELD_NEW.fill(event=law.name, field=field)
                yield Deviation(parts, direction, wording, cites=law.cites)

    def compare_properties(self) -> Iterator[Deviation]:
        """Yield the deviations of what is proved of every case."""
        kept = {name_property(each) for each in self.own.properties}
        is_same = describe_meaning(machine_of(self.law).chart) == describe_meaning(
            machine_of(self.own).chart
        )
        space = StateSpace(self.own)
        before = StateSpace(self.law)
        for each in self.law.properties:
            name = f"{self.law.name}.{name_property(each)}"
            parts = (Part(f"workflows.{self.law.name}", PROPERTY, name),)
            if name_property(each) not in kept:
                wording = PROPERTY_GONE.fill(title=each.title)
                yield Deviation(parts, Direction.LAXER, wording, cites=each.cites)
            elif not is_same and has_all_names(self.own, each):
                proof = self.prove(space, each)
                if proof.verdict is PropertyVerdict.HOLDS:
                    continue
                if self.prove(before, each).verdict is not PropertyVerdict.HOLDS:
                    continue
                broken = proof.verdict is PropertyVerdict.VIOLATED
                form = PROPERTY_BROKEN if broken else PROPERTY_OPEN
                direction = Direction.LAXER if broken else Direction.UNDECIDED
                trace = describe_counterexample(self.own, proof.counterexample)
                wording = form.fill(title=each.title)
                yield Deviation(parts, direction, wording, trace, each.cites)


def has_all_names(workflow: Workflow, demand: Property) -> bool:
    """Return whether a workflow has the events and states of a property."""
    chart = machine_of(workflow).chart
    return all(
        name in chart.states or name in chart.events for name in (*demand.first, *demand.then)
    )


def name_property(demand: Property) -> str:
    """Return the name of a property, as elements of a pack have it."""
    sides = ", ".join("|".join(side) for side in (demand.first, demand.then) if side)
    return f"{demand.template}({sides})"
