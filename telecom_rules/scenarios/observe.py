"""What scenarios see at work: rules, conditions both ways, transitions, clocks, figures.

Each thing seen is a mark; `elements` says which marks there are to be had. Nothing in the rules is
changed to find out: what a policy has decided and what a case has done is asked again.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, TypeAlias

from telecom_rules.errors import FactsError, TelecomRulesError
from telecom_rules.scenarios.sites import boundaries, conditions, side, verdict
from telecom_rules.vocabulary import CodeType, Parameter, Record, read_record
from telecom_rules.workflows import Accepted, DueKind
from telecom_rules.workflows.chart import ALWAYS, Raising
from telecom_rules.workflows.choice import permitted
from telecom_rules.workflows.journal import clocks_changed
from telecom_rules.workflows.standing import surroundings
from telecom_rules.workflows.step import note

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date, datetime

    from telecom_rules.expressions import Context, Expression
    from telecom_rules.pack import Pack
    from telecom_rules.policies import Decision, Policy
    from telecom_rules.vocabulary import Clause, FactType, Value
    from telecom_rules.workflows import Case, Outcome, Ticked, Transition, Workflow
    from telecom_rules.workflows.standing import Standing
    from telecom_rules.workflows.step import Step

__all__ = ["DEFAULT", "Mark", "Observer", "changes", "transitions"]

Mark: TypeAlias = tuple[object, ...]
"""Something seen: its kind, then what tells it from others."""
Place: TypeAlias = tuple[str, str, int]
"""Where a transition stands: its state, its event, its number there."""

DEFAULT = "default"
DONE = "done.state."
ONE_DAY = timedelta(days=1)


class Observer:
    """Collects what is seen while scenarios of one pack run."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self.marks: set[Mark] = set()
        self._places: dict[int, tuple[Workflow, Mapping[int, Place]]] = {}

    def places(self, workflow: Workflow) -> Mapping[int, Place]:
        """Return the place of each transition of a workflow by its identity."""
        known = self._places.get(id(workflow))
        if known is None:
            found = {id(each): key for key, each in transitions(workflow)}
            # The workflow is kept beside it, so that no other one can come to have its identity.
            known = self._places[id(workflow)] = workflow, found
        return known[1]

    def asked(self, policy: Policy, facts: Mapping[str, object], on: date) -> None:
        """Note that a policy was asked: which rules were in force, how their conditions stood."""
        self.marks.add(("asked", policy.name, on))
        self.marks |= {("turn", policy.name, day, on >= day) for day in changes(policy)}
        try:
            record = policy.facts.read(facts)
        except FactsError:
            return
        self.known(policy.facts, record)
        context = policy.context(record, on)
        for row in policy.rows:
            if on in row.in_force:
                self.looked(row.tests, record, context)
        for check in policy.checks:
            if on in check.in_force:
                self.looked((*check.tests, check.require), record, context)

    def known(self, facts: FactType, record: Mapping[str, Value]) -> None:
        """Note which facts are known, and which codes they have."""
        for name, value in record.items():
            self.marks.add(("fact", facts.name, name))
            type = facts.fields[name].type
            if isinstance(type, CodeType):
                self.marks.add(("code", type.catalogue, value))

    def cited(self, clauses: Iterable[Clause]) -> None:
        """Note the clauses that an answer rests on."""
        self.marks |= {("cited", str(clause)) for clause in clauses}

    def looked(self, tests: Iterable[Expression], record: Record, context: Context) -> None:
        """Note how the conditions of some tests stand, and which sides of figures they see."""
        for test in tests:
            for site in conditions(test):
                self.marks.add(("condition", *site.key, verdict(site, record, context)))
            self.measured(test, record, context)

    def measured(self, test: Expression, record: Record, context: Context) -> None:
        """Note on which side of the figures of a test its values lie."""
        for site in boundaries(test):
            self.marks.add(("boundary", *site.key, side(site, record, context)))

    def decided(self, decision: Decision) -> None:
        """Note what a policy has decided, and likewise those that it has asked."""
        policy = self.pack.policies[decision.policy]
        self.marks |= {("rule", policy.name, each.id) for each in decision.rules}
        if decision.known and not decision.rules and policy.default is not None:
            self.marks.add(("rule", policy.name, DEFAULT))
        self.cited(decision.cites)
        for result in decision.results:
            self.marks.add(("check", policy.name, result.id, result.status))
        for name, value in decision.parameters.items():
            self.marks.add(("figure", name, value.since))
        for name in policy.peers:
            self.answered(name, decision.facts, decision.on)

    def answered(self, name: str, record: Record, on: date) -> None:
        """Note what a policy says that another policy, or a guard, has asked."""
        policy = self.pack.policies[name]
        self.asked(policy, record, on)
        try:
            self.decided(policy.decide_record(record, on=on))
        except TelecomRulesError:
            return

    def sent(
        self,
        case: Case,
        event: str,
        payload: Mapping[str, object],
        at: datetime,
        by: str | None,
        outcome: Outcome,
    ) -> None:
        """Note what an event has done that was sent to `case`."""
        standing = case.tick(at).case.standing
        moves = permitted(standing.configuration.moves.get(event, ()), by)
        if moves:
            kind = moves[0].transition.event.payload
            try:
                record = read_record(kind, payload, event)
            except FactsError:
                record = None
            if record is not None:
                candidates = [move.transition for move in moves]
                self.guards(case.workflow, candidates, standing, record, at)
        self.cited(outcome.cites)
        if isinstance(outcome, Accepted):
            self.happened(case.workflow, outcome)

    def returned(self, workflow: Workflow, state: str, outcome: Accepted) -> None:
        """Note what the return of the case has done that `state` has called."""
        step, call = outcome.step, workflow.states[state].call
        if step.before is not None and call is not None:
            self.guards(workflow, call.done, step.before, step.payload, step.after.at)
        self.cited(outcome.cites)
        self.happened(workflow, outcome)

    def happened(self, workflow: Workflow, outcome: Accepted | Ticked) -> None:
        """Note what has happened to a case."""
        for step in outcome.steps:
            self.stepped(workflow, step)

    def stepped(self, workflow: Workflow, step: Step) -> None:
        """Note what one step has done: transitions, states, clocks, and what it left undone."""
        name, after, marks = workflow.name, step.after, self.marks
        places = self.places(workflow)
        for move in step.moves:
            for transition in move.transitions:
                if id(transition) in places:
                    key = places[id(transition)]
                    marks.add(("transition", name, *key))
                    marks.add(("event", name, transition.event.name))
                    if transition.guard is not None:
                        marks.add(("guard", name, *key, True))
                    if transition.event is ALWAYS:
                        marks |= {("guard", name, *key[:-1], at, False) for at in range(key[-1])}
        marks |= {("state", name, state) for state in after.configuration.states}
        self.known(workflow.facts, after.record)
        stopped, started = clocks_changed(step)
        marks |= {("clock", name, clock, "kept") for clock in stopped}
        for clock in started:
            marks.add(("clock", name, clock, "started"))
            limit = workflow.clocks[clock].limit
            value = limit.at(after.at.date()) if isinstance(limit, Parameter) else None
            if value is not None and isinstance(limit, Parameter):
                marks.add(("figure", limit.name, value.since))
        if step.due is not None and step.before is not None:
            done = "warned" if step.due.kind is DueKind.WARN else "expired"
            marks.add(("clock", name, step.due.clock, done))
            self.raised(workflow, step, step.before)
        self.unmoved(workflow, step)

    def raised(self, workflow: Workflow, step: Step, before: Standing) -> None:
        """Note how the guards stand of what a clock has set off."""
        due = step.due
        event = workflow.clocks[due.clock].on_expiry if due is not None else None
        if due is None or event is None or due.kind is not DueKind.EXPIRY:
            return
        run = next(each for each in before.runs if each.name == due.clock)
        standing = note(before, run, due)
        candidates = [move.transition for move in standing.configuration.raised.get(event, ())]
        self.guards(workflow, candidates, standing, Record(), due.fires)

    def unmoved(self, workflow: Workflow, step: Step) -> None:
        """Note how the guards stand, after a step, of what needs no event or raises it itself."""
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
        events |= {f"{DONE}{workflow.states[each].parent}" for each in step.entered
                   if workflow.states[each].final}  # fmt: skip
        for event in events:
            candidates += [move.transition for move in configuration.raised.get(event, ())]
        self.guards(workflow, candidates, after, Record(), after.at)

    def guards(
        self,
        workflow: Workflow,
        candidates: Iterable[Transition],
        standing: Standing,
        payload: Record,
        at: datetime,
    ) -> None:
        """Note how the guards of transitions stand, and what policies say that they ask."""
        guarded = [each for each in candidates if each.guard is not None]
        if not guarded:
            return
        context = surroundings(workflow, standing, standing.record, payload, at)
        places = self.places(workflow)
        for transition in guarded:
            guard = transition.guard
            if guard is None or id(transition) not in places:
                continue
            holds: bool | None
            try:
                holds = bool(guard.evaluate(standing.record, context))
            except TelecomRulesError:
                holds = None
            self.marks.add(("guard", workflow.name, *places[id(transition)], holds))
            self.measured(guard, standing.record, context)
            for path in sorted(guard.reads):
                self.read(path, standing.record, at.date())

    def read(self, path: str, record: Record, on: date) -> None:
        """Note that a guard has read a policy or a figure."""
        root, _, rest = path.partition(".")
        name = rest.partition(".")[0]
        if root == "policies":
            self.answered(name, record, on)
        elif root == "parameters" and (value := self.pack.parameters[name].at(on)) is not None:
            self.marks.add(("figure", name, value.since))


def transitions(workflow: Workflow) -> Iterator[tuple[Place, Transition]]:
    """Yield every transition of a workflow with its place: the state, the event, its number there.

    What needs no event stands under `always`, what follows when a state is done under `onDone`,
    and when a called case returns under `call`.
    """
    for state in workflow.states.values():
        returns = state.call.done if state.call is not None else ()
        groups = {**state.on, "always": state.always, "onDone": state.done, "call": returns}
        for event, group in groups.items():
            for at, transition in enumerate(group):
                yield (state.name, event, at), transition


def changes(policy: Policy) -> tuple[date, ...]:
    """Return the days on which the rules of a policy change, or what their clauses are called."""
    things = [(row.in_force, row.rule.cites) for row in policy.rows]
    things += [(check.in_force, check.cites) for check in policy.checks]
    days = {day for period, _ in things for day in (period.since, period.until)}
    days |= {day for _, cites in things for clause in cites for day in clause.turns}
    return tuple(
        sorted(
            day
            for day in days
            if day is not None
            and any(day - ONE_DAY in period for period, _ in things)
            and any(day in period for period, _ in things)
        )
    )
