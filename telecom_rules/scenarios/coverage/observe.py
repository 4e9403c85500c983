"""Collects coverage marks while scenarios run.

A mark is one observation; `elements` lists the marks of a pack. The rules are not instrumented:
decisions and steps are evaluated again afterwards.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, TypeAlias

from telecom_rules.errors import FactsError, InconsistentFacts, TelecomRulesError
from telecom_rules.pack.located import iter_transitions
from telecom_rules.policies.policy import engine_of
from telecom_rules.scenarios.coverage.conditions import (
    evaluate_condition,
    find_side,
    iter_boundaries,
    iter_conditions,
)
from telecom_rules.scenarios.scenario import DEFAULT_RULE
from telecom_rules.vocabulary import CodeType, Parameter, Record, read_record
from telecom_rules.vocabulary.time.periods import ONE_DAY
from telecom_rules.workflows import Accepted, DueKind, Refused, case_state_of, machine_of
from telecom_rules.workflows.chart import EVENTLESS, Assignment, Figures, Raising
from telecom_rules.workflows.engine.case_state import build_context
from telecom_rules.workflows.engine.event_loop import record_firing
from telecom_rules.workflows.engine.microstep import evaluate_assignment, refresh_policies
from telecom_rules.workflows.engine.selection import list_barred
from telecom_rules.workflows.journal.writing import find_changed_clocks

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime

    from telecom_rules.expressions import Context, Expression
    from telecom_rules.pack import Pack
    from telecom_rules.pack.located import TransitionPlace
    from telecom_rules.policies import Decision, Policy
    from telecom_rules.vocabulary import Clause, FactType, Value
    from telecom_rules.workflows import Case, Clock, Outcome, Ticked, Transition, Workflow
    from telecom_rules.workflows.engine.case_state import CaseState
    from telecom_rules.workflows.engine.macrostep import Macrostep


CoverageMark: TypeAlias = tuple[object, ...]
"""One observation: its kind, then its key in that kind."""

DONE_PREFIX = "done.state."
FIRED = {DueKind.WARN: "warned", DueKind.EXPIRY: "expired"}
"""What a clock has done, as its marks name it."""


class Observer:
    """Collects the marks of scenarios of one pack while they run."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self.marks: set[CoverageMark] = set()
        self._places: dict[int, tuple[Workflow, Mapping[int, TransitionPlace]]] = {}

    def places_of(self, workflow: Workflow) -> Mapping[int, TransitionPlace]:
        """Return the place of each transition of a workflow by its identity."""
        cached = self._places.get(id(workflow))
        if cached is None:
            found = {id(each): key for key, each in iter_transitions(machine_of(workflow).chart)}
            # The workflow is kept too, so that its id cannot be reused by another one.
            cached = self._places[id(workflow)] = workflow, found
        return cached[1]

    def note_question(self, policy: Policy, facts: Mapping[str, object], on: date) -> None:
        """Note a question to a policy: the rules in force and the truth of their conditions."""
        self.marks.add(("asked", policy.name, on))
        self.marks |= {("turn", policy.name, day, on >= day) for day in change_days_of(policy)}
        try:
            record = policy.facts.read(facts)
        except InconsistentFacts as problem:
            self.note_contradictions(policy.facts, problem.conditions)
            return
        except FactsError:
            return
        self.note_facts(policy.facts, record)
        context = engine_of(policy).build_context(record, on)
        for row in policy.rows:
            if on in row.in_force:
                self.note_conditions(row.tests, record, context)
        for check in policy.checks:
            if on in check.in_force:
                self.note_conditions(check.conditions, record, context)

    def note_facts(self, facts: FactType, record: Mapping[str, Value]) -> None:
        """Note the known facts and their codes."""
        for name, value in record.items():
            self.marks.add(("fact", facts.name, name))
            type = facts.fields[name].type
            if isinstance(type, CodeType):
                self.marks.add(("code", type.catalogue, value))

    def note_contradictions(self, facts: FactType, broken: Iterable[object]) -> None:
        """Note the conditions by which a record was refused."""
        names = set(broken)
        for each in facts.conditions:
            if each.id in names:
                self.marks.add(("inconsistent", facts.name, each.id))
                self.note_clauses(each.cites)

    def note_clauses(self, clauses: Iterable[Clause]) -> None:
        """Note the clauses that an answer cites."""
        self.marks |= {("cited", str(clause)) for clause in clauses}

    def note_conditions(
        self, tests: Iterable[Expression], record: Record, context: Context
    ) -> None:
        """Note the truth of the conditions of some tests, and the sides of their boundaries."""
        for test in tests:
            for site in iter_conditions(test):
                self.marks.add(("condition", *site.key, evaluate_condition(site, record, context)))
            self.note_boundaries(test, record, context)

    def note_boundaries(self, test: Expression, record: Record, context: Context) -> None:
        """Note the sides of the boundaries in a test."""
        for site in iter_boundaries(test):
            self.marks.add(("boundary", *site.key, find_side(site, record, context)))

    def note_decision(self, decision: Decision) -> None:
        """Note a decision, and those of the peers it has asked."""
        policy = self.pack.policies[decision.policy]
        self.marks |= {("rule", policy.name, each.id) for each in decision.rules}
        if decision.known and not decision.rules and policy.default is not None:
            self.marks.add(("rule", policy.name, DEFAULT_RULE))
        self.note_clauses(decision.cites)
        for result in decision.results:
            self.marks.add(("check", policy.name, result.id, result.status))
        for name, value in decision.parameters.items():
            self.marks.add(("figure", name, value.since))
        for name in policy.peers:
            self.note_answer(name, decision.facts, decision.on)

    def note_answer(self, name: str, record: Record, on: date) -> None:
        """Note the decision of a policy that another policy or a guard has asked."""
        policy = self.pack.policies[name]
        self.note_question(policy, record, on)
        try:
            self.note_decision(engine_of(policy).decide(record, on=on))
        except TelecomRulesError:
            return  # the decision or guard that asked reports it

    def note_event(
        self,
        case: Case,
        event: str,
        payload: Mapping[str, object],
        at: datetime,
        by: str | None,
        outcome: Outcome,
    ) -> None:
        """Note the effect of an event that was sent to `case`."""
        case_state = case_state_of(case.tick(at).case)
        every = case_state.configuration.external_moves.get(event, ())
        barred = list_barred(every, by)
        moves = [each for each in every if each not in barred]
        if moves:
            kind = moves[0].transition.event.payload
            try:
                record = read_record(kind, payload, event)
            except FactsError:
                record = None
            if record is not None:
                candidates = [move.transition for move in moves]
                self.note_guards(case.workflow, candidates, case_state, record, at)
        self.note_clauses(outcome.cites)
        if isinstance(outcome, Accepted):
            self.note_progress(case.workflow, outcome)
        if isinstance(outcome, Refused):
            for reason in outcome.reasons:
                broken = reason.data.get("conditions", ())
                if isinstance(broken, tuple):
                    self.note_contradictions(case.workflow.facts, broken)

    def note_return(self, workflow: Workflow, state: str, outcome: Accepted) -> None:
        """Note the effect of the return of the case called by `state`."""
        step, call = outcome.step, workflow.states[state].call
        if step.before is not None and call is not None:
            self.note_guards(workflow, call.done, step.before, step.payload, step.after.at)
        self.note_clauses(outcome.cites)
        self.note_progress(workflow, outcome)

    def note_progress(self, workflow: Workflow, outcome: Accepted | Ticked) -> None:
        """Note every macrostep of an outcome."""
        for step in outcome.steps:
            self.note_step(workflow, step)

    def note_step(self, workflow: Workflow, step: Macrostep) -> None:
        """Note the transitions, states, clocks and guards of one macrostep."""
        name, after, marks = workflow.name, step.after, self.marks
        places = self.places_of(workflow)
        for move in step.moves:
            for transition in move.transitions:
                if id(transition) in places:
                    key = places[id(transition)]
                    marks.add(("transition", name, *key))
                    marks.add(("event", name, transition.event.name))
                    if transition.guard is not None:
                        marks.add(("guard", name, *key, True))
                    # The eventless transitions before the one taken had false guards.
                    if transition.event is EVENTLESS:
                        marks |= {("guard", name, *key[:-1], at, False) for at in range(key[-1])}
        marks |= {("state", name, state) for state in after.configuration.states}
        self.note_facts(workflow.facts, after.record)
        stopped, started = find_changed_clocks(step)
        marks |= {("clock", name, clock, "kept") for clock in stopped}
        for clock, deadline in started.items():
            marks.add(("clock", name, clock, "started"))
            self.note_limit(workflow.clocks[clock], after, deadline)
        if step.due is not None and step.before is not None:
            if step.due.kind in FIRED:
                marks.add(("clock", name, step.due.clock, FIRED[step.due.kind]))
            self.note_expiry_guards(workflow, step, step.before)
        self.note_untaken_guards(workflow, step)
        self.note_actions(workflow, step)

    def note_limit(self, clock: Clock, after: CaseState, deadline: datetime | None) -> None:
        """Note the figures that decide when a clock ends that was just started."""
        day, limit = after.at.date(), clock.limit
        if isinstance(limit, Parameter):
            last = day if deadline is None or clock.figures is Figures.OF_START else deadline.date()
            later = (each for each in limit.values if each.since and day < each.since <= last)
            values = [value for value in (limit.find_on(day), *later) if value is not None]
            self.marks |= {("figure", limit.name, each.since) for each in values}
        for path in sorted(path for each in clock.expressions for path in each.reads):
            self.note_reading(path, after.record, day)

    def note_actions(self, workflow: Workflow, step: Macrostep) -> None:
        """Note the truth of the conditions of actions; each reads the facts as set before it.

        The data of an event that the chart has raised are not at hand: a condition that reads them
        is not noted.
        """
        blocks = [block for move in step.moves for block in move.blocks]
        if not any(each.when is not None for block in blocks for each in block.actions):
            return
        machine = machine_of(workflow)
        record, state = step.payload, step.after
        if step.before is not None:
            record, state = step.before.record, step.before
        for move in step.moves:
            payload = step.payload if move is step.move else Record()
            event = move.transition.event.name
            for block in move.blocks:
                context = build_context(machine, state, record, payload, step.after.at, event)
                context = context._replace(states=block.states or context.states)
                for action in block.actions:
                    holds = action.when is None or self.note_when(action.when, record, context)
                    if holds and isinstance(action, Assignment):
                        with suppress(TelecomRulesError):
                            record = record | evaluate_assignment(machine, action, record, context)
                            context = refresh_policies(machine, record, context)

    def note_when(self, when: Expression, record: Record, context: Context) -> bool:
        """Note the truth of the condition of an action, and return it."""
        try:
            holds = bool(when.evaluate(record, context))
        except TelecomRulesError:
            return False
        self.marks.add(("when", str(when.span), holds))
        self.note_boundaries(when, record, context)
        return holds

    def note_expiry_guards(self, workflow: Workflow, step: Macrostep, before: CaseState) -> None:
        """Note the truth of the guards on the event of a clock that has expired."""
        due = step.due
        event = workflow.clocks[due.clock].on_expiry if due is not None else None
        if due is None or event is None or due.kind is not DueKind.EXPIRY:
            return
        run = next(each for each in before.runs if each.name == due.clock)
        case_state = record_firing(before, run, due, step.after.at)
        candidates = [
            move.transition for move in case_state.configuration.internal_moves.get(event, ())
        ]
        self.note_guards(workflow, candidates, case_state, Record(), step.after.at)

    def note_untaken_guards(self, workflow: Workflow, step: Macrostep) -> None:
        """Note the guards of eventless transitions and on internal events after a step."""
        after = step.after
        configuration = after.configuration
        candidates = [move.transition for chain in configuration.eventless for move in chain]
        events = {
            action.event.name
            for move in step.moves
            for block in move.blocks
            for action in block.actions
            if isinstance(action, Raising)
        }
        events |= {f"{DONE_PREFIX}{workflow.states[each].parent}" for each in step.entered
                   if workflow.states[each].final}  # fmt: skip
        for event in events:
            candidates += [move.transition for move in configuration.internal_moves.get(event, ())]
        self.note_guards(workflow, candidates, after, Record(), after.at)

    def note_guards(
        self,
        workflow: Workflow,
        candidates: Iterable[Transition],
        case_state: CaseState,
        payload: Record,
        at: datetime,
    ) -> None:
        """Note the truth of guards, and the decisions of the policies that they ask."""
        guarded = [each for each in candidates if each.guard is not None]
        if not guarded:
            return
        context = build_context(machine_of(workflow), case_state, case_state.record, payload, at)
        places = self.places_of(workflow)
        for transition in guarded:
            guard = transition.guard
            if guard is None or id(transition) not in places:
                continue
            holds: bool | None
            context = context._replace(event_name=transition.event.name)
            try:
                holds = bool(guard.evaluate(case_state.record, context))
            except TelecomRulesError:
                holds = None
            self.marks.add(("guard", workflow.name, *places[id(transition)], holds))
            self.note_boundaries(guard, case_state.record, context)
            for path in sorted(guard.reads):
                self.note_reading(path, case_state.record, at.date())

    def note_reading(self, path: str, record: Record, on: date) -> None:
        """Note that a guard has read a policy or a figure."""
        root, _, rest = path.partition(".")
        name = rest.partition(".")[0]
        if root == "policies":
            self.note_answer(name, record, on)
        elif root == "parameters" and (value := self.pack.parameters[name].find_on(on)) is not None:
            self.marks.add(("figure", name, value.since))


def change_days_of(policy: Policy) -> tuple[date, ...]:
    """Return the days on which the rules of a policy, or the numbers of their clauses, change."""
    parts = [(row.in_force, row.rule.cites) for row in policy.rows]
    parts += [(check.in_force, check.cites) for check in policy.checks]
    days = {day for period, _ in parts for day in (period.since, period.until)}
    days |= {day for _, cites in parts for clause in cites for day in clause.renumbering_days}
    return tuple(
        sorted(
            day
            for day in days
            if day is not None
            and any(day - ONE_DAY in period for period, _ in parts)
            and any(day in period for period, _ in parts)
        )
    )
