"""Calls: the cases of other workflows that a case waits for.

A called case is a case of its own, with its own id, journal and clocks. The caller keeps no more of
it than that it waits. Calls begin and end when a macrostep is over, as SCXML does with `invoke`: a
state that is entered and still active then calls; one that was left waits no longer.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from telecom_rules.errors import EvaluationError, FactsError, MissingData
from telecom_rules.vocabulary import Record
from telecom_rules.workflows.engine.case_state import PendingCall, build_context
from telecom_rules.workflows.journal.entry import EntryKind
from telecom_rules.workflows.linking.signature import STATE_FIELD
from telecom_rules.workflows.refusals import subcases

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from telecom_rules.wording import Wording
    from telecom_rules.workflows.case import Case
    from telecom_rules.workflows.chart import Event, Invocation, State
    from telecom_rules.workflows.engine.case_state import CaseState
    from telecom_rules.workflows.engine.macrostep import Macrostep
    from telecom_rules.workflows.outcome import Accepted
    from telecom_rules.workflows.refusals.reason import Reason
    from telecom_rules.workflows.workflow import Workflow


LONGEST_ID = 200
"""Characters of the id of a case."""


@dataclass(frozen=True, slots=True)
class Call:
    """A case of another workflow that a case waits for.

    Attributes:
        id: the id of the called case: that of the caller, the state that calls and the number of
            the journal entry in which it did. So it is the same however often it is asked for.
        workflow: the workflow it is a case of.
        state: the state that waits for it.
        title: what is called, for people.
        facts: what the case begins with.
        at: when it begins: when the caller came to the state.
    """

    id: str
    workflow: Workflow
    state: str
    title: Wording
    facts: Record = field(hash=False)
    at: datetime

    def open(self) -> Accepted:
        """Start the called case, and return it with its journal and effects.

        It begins at `at`, however late the host comes, and comes out the same each time. That it
        can be started was made sure of when it was called.
        """
        return self.workflow.open(self.facts, at=self.at, id=self.id)


def call_id_of(caller: str, pending: PendingCall) -> str:
    """Return the id of the case that `caller` waits for."""
    end = f"/{pending.state}/{pending.entry}"
    if len(caller) + len(end) <= LONGEST_ID:
        return caller + end
    # Cases may call one another to any depth, the length of an id is bounded.
    return hashlib.sha256(caller.encode()).hexdigest() + end


def calls_of(workflow: Workflow, caller: str, waiting: Iterable[PendingCall]) -> tuple[Call, ...]:
    """Return what the case `caller` waits for, as its host sees it."""
    return tuple(call_of(workflow, caller, each) for each in waiting)


def call_of(workflow: Workflow, caller: str, pending: PendingCall) -> Call:
    """Return one call as the host of `caller` sees it."""
    calling = invocation_of(workflow, pending.state)
    return Call(
        call_id_of(caller, pending),
        workflow.callees[calling.workflow],
        pending.state,
        calling.title,
        pending.facts,
        pending.at,
    )


def invocation_of(workflow: Workflow, state: str) -> Invocation:
    """Return what a state calls that does.

    Raises:
        KeyError: it calls nothing.
    """
    calling = workflow.chart.states[state].call
    if calling is None:
        raise KeyError(state)
    return calling


def update_calls(
    workflow: Workflow, step: Macrostep, within: tuple[str, ...] = ()
) -> Macrostep | tuple[Reason, ...]:
    """Return `step` with the calls that begin and end with it, or why one cannot begin.

    Args:
        workflow: the workflow of the case.
        step: what happened, once everything has come to rest.
        within: the workflows whose cases begin at this very moment, each called by the one before.
    """
    callers = workflow.chart.callers
    if not callers:
        return step
    after, left, entered = step.after, set(step.left), set(step.entered)
    waiting = [each for each in after.calls if each.state not in left]
    busy = {each.state for each in waiting}
    reasons: list[Reason] = []
    for name in callers:
        if name in entered and name in after.configuration.names and name not in busy:
            made = begin_call(workflow, after, workflow.chart.states[name], within)
            if isinstance(made, PendingCall):
                waiting.append(made)
            else:
                reasons += made
    if reasons:
        return tuple(reasons)
    return step._replace(after=after._replace(calls=tuple(waiting)))


def begin_call(
    workflow: Workflow, standing: CaseState, state: State, within: tuple[str, ...]
) -> PendingCall | tuple[Reason, ...]:
    """Return the call of a state that was just entered, or what stands against it."""
    calling = invocation_of(workflow, state.name)
    if workflow.name in within:
        return (subcases.refuse_circular_call(state, calling, (*within, workflow.name)),)
    callee = workflow.callees[calling.workflow]
    try:
        facts = callee.facts.read(evaluate_facts(workflow, standing, calling))
    except (FactsError, EvaluationError) as problem:
        return (subcases.refuse_call_facts(state, calling, callee, problem),)
    against = callee.find_start_hindrances(facts, standing.at, (*within, workflow.name))
    if against:
        return (subcases.refuse_call_start(state, calling, against),)
    return PendingCall(state.name, standing.sequence - 1, standing.at, facts)


def evaluate_facts(workflow: Workflow, standing: CaseState, calling: Invocation) -> Record:
    """Return what the called case begins with; what depends on something unknown is unknown to it.

    Raises:
        EvaluationError: an expression has no value for another reason.
    """
    record = standing.record
    context = build_context(workflow, standing, record, Record(), standing.at)
    facts = Record()
    for name, value in calling.facts:
        with suppress(MissingData):
            facts[name] = record[name] if value is None else value.evaluate(record, context)
    return facts


def find_call(caller: str, standing: CaseState, case: object) -> PendingCall | None:
    """Return the call of `caller` that `case` is, if it waits for it."""
    name = getattr(case, "id", None)
    return next((each for each in standing.calls if call_id_of(caller, each) == name), None)


def find_return_hindrance(
    workflow: Workflow, pending: PendingCall, case: Case, at: datetime
) -> Reason | None:
    """Return why `case` is not the end of the call at `at`, or `None` if it is."""
    callee = workflow.callees[invocation_of(workflow, pending.state).workflow]
    if case.workflow != callee:
        return subcases.refuse_other_workflow(case, callee)
    if not case.final:
        return subcases.refuse_not_ended(case)
    return subcases.refuse_too_early(case, at) if at < case.at else None


def compare_calls(
    steps: Sequence[Macrostep],
) -> tuple[tuple[PendingCall, ...], tuple[PendingCall, ...]]:
    """Return the calls that began in `steps` and are waited for after them, and those given up.

    One that came back was not given up.
    """
    before = steps[0].before.calls if steps[0].before else ()
    after = steps[-1].after.calls
    if not before and not after:
        return (), ()
    back = [find_returned_call(each) for each in steps]
    return (
        tuple(each for each in after if each not in before),
        tuple(each for each in before if each not in after and each not in back),
    )


def find_returned_call(step: Macrostep) -> PendingCall | None:
    """Return the call that came back in a step, if one did."""
    if step.kind is not EntryKind.RETURN or step.before is None or step.move is None:
        return None
    state = step.move.transition.source
    return next(each for each in step.before.calls if each.state == state)


def build_result(event: Event, case: Case) -> Record:
    """Return what the end of `case` brings back with `event`."""
    payload = Record({STATE_FIELD: case.state})
    for name in event.payload.fields:
        if name != STATE_FIELD and name in case.facts:
            payload[name] = case.facts[name]
    return payload
