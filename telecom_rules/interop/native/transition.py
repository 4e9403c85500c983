"""A transition of a native machine: three conditions and an action.

The library selects the first transition of a state whose conditions all hold. A condition that
cannot be evaluated raises, and the model is unchanged, as in a case of a workflow.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from telecom_rules.errors import TelecomRulesError
from telecom_rules.expressions import Context
from telecom_rules.values.arguments import read_roles
from telecom_rules.vocabulary import Record, read_record
from telecom_rules.workflows import Effect, machine_of
from telecom_rules.workflows.engine.instants import normalize_instant
from telecom_rules.workflows.engine.selection import choose_roles

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping
    from datetime import datetime

    from telecom_rules.interop.native.model import Model
    from telecom_rules.vocabulary import Clause
    from telecom_rules.workflows import Event, State, Transition, Workflow


@dataclass(frozen=True, slots=True)
class SentEvent:
    """An event sent to a native machine.

    Attributes:
        model: the model of the case.
        states: the states that are active.
        at: its instant, with an offset from UTC.
        payload: its data.
        by: the role that sends it, or the roles of whoever does in the order to try, of which
            somebody may have none; or `None` if unknown.
    """

    model: Model
    states: frozenset[str]
    at: datetime
    payload: Mapping[str, object] | None = None
    by: str | Collection[str] | None = None


@dataclass(frozen=True, slots=True)
class NativeTransition:
    """One transition of a workflow in a native machine."""

    workflow: Workflow
    transition: Transition

    def allows_role(self, sent: SentEvent) -> bool:
        """Return whether whoever sends the event may take the transition.

        Raises:
            ArgumentError: `by` is neither a text nor texts.
        """
        return self._allows(find_sender(self.workflow, self.transition.event, sent))

    def is_enabled_for(self, role: str | None, sent: SentEvent) -> bool:
        """Return whether all conditions hold for a role; one that has no value does not."""
        try:
            return self._allows(role) and self.has_required_facts(sent) and self.guard_holds(sent)
        except TelecomRulesError:
            return False

    def has_required_facts(self, sent: SentEvent) -> bool:
        """Return whether every fact that it requires is known."""
        return all(fact in sent.model.facts for fact in self.transition.requires)

    def guard_holds(self, sent: SentEvent) -> bool:
        """Return whether the guard holds, after reading the payload.

        Raises:
            FactsError: the payload or the instant does not fit.
            EvaluationError: the guard has no value; `MissingData` where a fact is not known.
        """
        guard = self.transition.guard
        context = self._context(sent)
        return guard is None or guard.evaluate(sent.model.facts, context) is True

    def take(self, sent: SentEvent) -> None:
        """Set the facts and effects of the model, or raise and leave the model unchanged.

        Raises:
            FactsError: a value is outside the limits of its fact or effect, or facts contradict.
            EvaluationError: an expression has no value.
        """
        context = self._context(sent)
        record = self._assign(sent.model.facts, context)
        effects = tuple(self._effects(record, self._with_policies(context, record)))
        sent.model.facts, sent.model.effects = record, effects

    def _allows(self, role: str | None) -> bool:
        """Return whether a role may take the transition."""
        roles, by = self.workflow.roles, self.transition.by
        known = role is None or not roles or role in roles
        return known and (not by or role in by)

    def _context(self, sent: SentEvent) -> Context:
        workflow, event = self.workflow, self.transition.event
        at = normalize_instant(sent.at, workflow.zone)
        today = at.date()
        payload = {} if sent.payload is None else sent.payload
        machine = machine_of(workflow)
        parameters = machine.parameters_on(today) if "parameters" in machine.reads else {}
        context = Context(
            event=read_record(event.payload, payload, event.name),
            parameters=parameters,
            clocks=Record({name: Record(each) for name, each in sent.model.clocks.items()}),
            today=today,
            now=at,
            states=sent.states,
            event_name=event.name,
        )
        return self._with_policies(context, sent.model.facts)

    def _with_policies(self, context: Context, record: Record) -> Context:
        """Return `context` with the policies deciding on `record`."""
        machine = machine_of(self.workflow)
        if "policies" not in machine.reads or context.today is None:
            return context
        return context._replace(policies=machine.policy_outputs(record, context.today))

    def _assign(self, facts: Record, context: Context) -> Record:
        """Return `facts` after the assignments, each of which reads the results of earlier ones."""
        for each in self.transition.assign:
            given = self._with_policies(context, facts)
            if each.when is not None and not each.when.evaluate(facts, given):
                continue
            if each.value is not None:
                value = each.value.evaluate(facts, given)
            elif each.fact in context.event:
                value = context.event[each.fact]
            else:
                continue
            facts = facts | self.workflow.facts.read_values({each.fact: value})
        self.workflow.facts.require_consistent(
            facts, {each.fact for each in self.transition.assign}
        )
        return facts

    def _effects(self, record: Record, context: Context) -> Iterator[Effect]:
        for each in self.transition.emit:
            if each.when is not None and not each.when.evaluate(record, context):
                continue
            effect = each.effect
            values = {name: value.evaluate(record, context) for name, value in each.payload}
            payload = read_record(effect.payload, values, effect.name)
            yield Effect(effect.name, effect.title, payload, self.cites)

    @property
    def cites(self) -> tuple[Clause, ...]:
        """The clauses of the transition, its event and the states it joins."""
        states, transition = self.workflow.states, self.transition
        source = states[transition.source]
        target = source if transition.target is None else states[transition.target]
        groups = (transition.cites, transition.event.cites, source.cites, target.cites)
        return tuple(dict.fromkeys(clause for group in groups for clause in group))

    @property
    def conditions(self) -> Iterator[tuple[str, Callable[[SentEvent], bool]]]:
        """The conditions in order, each with its name in a diagram of the library."""
        transition = self.transition
        roles = " or ".join(transition.by) or "anybody"
        yield f"by {roles}", self.allows_role
        if transition.requires:
            yield f"requires {', '.join(transition.requires)}", self.has_required_facts
        guard = transition.guard
        yield "payload" if guard is None else guard.source, self.guard_holds


def find_sender(workflow: Workflow, event: Event, sent: SentEvent) -> str | None:
    """Return the role that sends an event: of several the first that may, as in a case.

    Raises:
        ArgumentError: `by` is neither a text nor texts.
    """
    if sent.by is None:
        return None
    roles = choose_roles(machine_of(workflow), read_roles(sent.by))
    if len(roles) == 1:
        return roles[0]
    taken = [
        each
        for name in sent.states
        for each in iter_native_transitions(workflow, workflow.states[name])
        if each.transition.event.name == event.name
    ]
    able = (role for role in roles if any(each.is_enabled_for(role, sent) for each in taken))
    return next(able, roles[0])


def iter_native_transitions(workflow: Workflow, state: State) -> Iterator[NativeTransition]:
    """Yield the transitions of a state in the order in which they are tried."""
    for group in state.on.values():
        yield from (NativeTransition(workflow, transition) for transition in group)


def destination_of(workflow: Workflow, transition: Transition) -> str | None:
    """Return the target of `transition` for a library or SCXML, or `None` for none.

    A transition to its own source is internal here (as in XState 5) but external there, so its
    target becomes the initial state inside the source, or none.
    """
    if transition.target != transition.source:
        return transition.target
    return workflow.states[transition.source].initial
