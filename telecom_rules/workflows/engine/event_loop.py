"""The main event loop of SCXML as pure functions: a case state and an event in, a macrostep out.

An event sets off the enabled transitions of the active states, everything that follows from them by
itself runs to completion, and then the calls of the states left and entered end and begin.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from telecom_rules.errors import EvaluationError, FactProblem, FactsError, MissingData
from telecom_rules.vocabulary import Record, read_record
from telecom_rules.workflows.chart import CALL_DONE_PREFIX
from telecom_rules.workflows.engine.case_state import NO_FACTS, PendingCall, build_context
from telecom_rules.workflows.engine.clocks import (
    MICROSECOND,
    DueKind,
    build_breach,
    find_quiet_end,
)
from telecom_rules.workflows.engine.macrostep import EntryKind, Macrostep
from telecom_rules.workflows.engine.microstep import (
    MacrostepRefused,
    event_macrostep,
    initial_macrostep,
    run_to_completion,
)
from telecom_rules.workflows.engine.selection import filter_by_role
from telecom_rules.workflows.engine.subcases import invocation_of
from telecom_rules.workflows.refusals import events, subcases

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from telecom_rules.workflows.chart import Invocation, State
    from telecom_rules.workflows.engine.case_state import CaseState
    from telecom_rules.workflows.engine.clocks import Due, Run
    from telecom_rules.workflows.engine.configuration import Move
    from telecom_rules.workflows.engine.machine import Machine
    from telecom_rules.workflows.refusals.reason import Reason


MOST_FIRINGS = 1_000
"""Warnings and expiries that are recorded in one go. A clock that its own expiry starts anew would
otherwise keep a host that asks about a distant day busy for ever."""


def open_case(
    machine: Machine, record: Record, at: datetime, within: tuple[str, ...] = ()
) -> Macrostep | tuple[Reason, ...]:
    """Start a case with the facts `record` at `at`, or return what stands against it.

    `within` names the workflows whose cases call it and begin at this very moment, too.
    """
    course = initial_macrostep(machine, record, at)
    if isinstance(course, MacrostepRefused):
        return course.reasons
    move, after, assigned, effects, more = course
    known = record | assigned if assigned else record
    step = Macrostep(
        kind=EntryKind.START,
        before=None,
        after=after,
        payload=record,
        assigned=known,
        effects=effects,
        later_moves=(move, *more),
    )
    return update_calls(machine, step, within)


def require_start(machine: Machine, step: Macrostep | tuple[Reason, ...]) -> Macrostep:
    """Return the step that starts a case, or raise `FactsError` with what stands against it."""
    if isinstance(step, Macrostep):
        return step
    raise FactsError(machine.name, [FactProblem("start", each.wording) for each in step])


def find_start_hindrances(
    machine: Machine, record: Record, at: datetime, within: tuple[str, ...]
) -> tuple[Reason, ...]:
    """Return what stands against a case that starts with the facts `record` at `at`.

    `within` is that of `open_case`.
    """
    step = open_case(machine, record, at, within)
    return () if isinstance(step, Macrostep) else step


def react(
    machine: Machine,
    case_state: CaseState,
    event: str,
    payload: Mapping[str, object] | None,
    at: datetime,
    by: str | None,
) -> Macrostep | tuple[Reason, ...]:
    """Take an event that a host sends, or return what stands against it."""
    try:
        moves = case_state.configuration.external_moves[event]
    except (KeyError, TypeError):
        return (events.refuse_event(machine, case_state.configuration, event),)
    if by is not None and machine.roles and by not in machine.roles:
        return (events.refuse_unknown_role(machine, by),)
    open_to = filter_by_role(moves, by)
    what = moves[0].transition.event
    if not open_to:
        return (events.refuse_other_role(machine, what, moves, by),)
    record = NO_FACTS
    if payload is not None or what.payload.fields:
        try:
            record = read_record(what.payload, {} if payload is None else payload, event)
        except FactsError as problem:
            return (events.refuse_payload(what, problem),)
    step = take_moves(machine, case_state, open_to, record, at, by)
    return update_calls(machine, step) if isinstance(step, Macrostep) else step


def take_back(
    machine: Machine, case_state: CaseState, pending: PendingCall, result: Record, at: datetime
) -> Macrostep | tuple[Reason, ...]:
    """Take what a called case brings back, or return what stands against it."""
    waiting = tuple(each for each in case_state.calls if each is not pending)
    moves = case_state.configuration.internal_moves[f"{CALL_DONE_PREFIX}{pending.state}"]
    step = take_moves(machine, case_state._replace(calls=waiting), moves, result, at, None)
    if not isinstance(step, Macrostep):
        return step
    return update_calls(machine, step._replace(kind=EntryKind.RETURN, before=case_state))


def take_moves(
    machine: Machine,
    case_state: CaseState,
    moves: Sequence[Move],
    payload: Record,
    at: datetime,
    by: str | None,
) -> Macrostep | tuple[Reason, ...]:
    """Take those of `moves` that are enabled, or return what stands against each."""
    course = event_macrostep(machine, case_state, moves, payload, at)
    if isinstance(course, MacrostepRefused):
        return course.reasons
    move, after, assigned, effects, more = course
    return Macrostep(
        kind=EntryKind.EVENT,
        before=case_state,
        after=after,
        move=move,
        payload=payload,
        by=by,
        assigned=assigned,
        effects=effects,
        later_moves=more,
    )


def catch_up(machine: Machine, case_state: CaseState, at: datetime) -> tuple[Macrostep, ...]:
    """Let the clocks do what is due at `at` or before, each at its own instant, oldest first.

    At most `MOST_FIRINGS` steps are made; the last is then not quiet up to `at`.
    """
    steps: list[Macrostep] = []
    while case_state.quiet_until < at and len(steps) < MOST_FIRINGS:
        steps.append(fire_clock(machine, case_state, case_state.quiet_until + MICROSECOND))
        case_state = steps[-1].after
    return tuple(steps)


def reach(
    machine: Machine, case_state: CaseState, at: datetime
) -> tuple[tuple[Macrostep, ...], CaseState, Reason | None]:
    """Let the clocks catch up with `at`; return what stands against anything happening then."""
    if at < case_state.at:
        return (), case_state, events.refuse_time_backwards(at, case_state.at)
    firings = catch_up(machine, case_state, at)
    after = firings[-1].after if firings else case_state
    if after.quiet_until < at:
        return firings, after, events.refuse_behind(case_state.at, MOST_FIRINGS)
    return firings, after, None


def fire_clock(machine: Machine, case_state: CaseState, at: datetime) -> Macrostep:
    """Let the clock that is due at `at` do what it does."""
    run = next(run for run in case_state.runs if run.fires == at)
    due = run.due()[0]
    noted = record_firing(case_state, run, due)
    event = run.clock.on_expiry if due.kind is DueKind.EXPIRY else None
    reasons: tuple[Reason, ...] = ()
    if event is not None:
        moves = noted.configuration.internal_moves.get(event, ())
        step = take_moves(machine, noted, moves, NO_FACTS, at, None)
        if isinstance(step, Macrostep):
            after = step.after._replace(sequence=noted.sequence)
            step = step._replace(kind=EntryKind.CLOCK, before=case_state, after=after, due=due)
            step = update_calls(machine, step)
        if isinstance(step, Macrostep):
            return step
        reasons = step
    rest = run_to_completion(machine, noted, (), at)
    if isinstance(rest, MacrostepRefused):
        return Macrostep(
            EntryKind.CLOCK, case_state, noted, due=due, reasons=(*reasons, *rest.reasons)
        )
    after, assigned, effects, more = rest
    step = update_calls(
        machine,
        Macrostep(
            kind=EntryKind.CLOCK,
            before=case_state,
            after=after,
            due=due,
            assigned=assigned,
            effects=effects,
            reasons=reasons,
            later_moves=more,
        ),
    )
    if isinstance(step, Macrostep):
        return step
    return Macrostep(EntryKind.CLOCK, case_state, noted, due=due, reasons=(*reasons, *step))


def record_firing(case_state: CaseState, run: Run, due: Due) -> CaseState:
    """Return where a case stands once it is on record that `run` warned or expired."""
    runs = tuple(each.mark_fired(due) if each is run else each for each in case_state.runs)
    after = case_state._replace(
        runs=runs,
        sequence=case_state.sequence + 1,
        at=due.fires,
        quiet_until=find_quiet_end(runs, due.fires),
    )
    if due.kind is DueKind.WARN:
        return after._replace(warnings=(*after.warnings, due))
    return after._replace(breaches=(*after.breaches, build_breach(run.clock, due.at)))


def update_calls(
    machine: Machine, step: Macrostep, within: tuple[str, ...] = ()
) -> Macrostep | tuple[Reason, ...]:
    """Return `step` with the calls that begin and end with it, or why one cannot begin.

    Args:
        machine: the linked workflow.
        step: what happened, once everything has come to rest.
        within: the workflows whose cases begin at this very moment, each called by the one before.
    """
    callers = machine.chart.callers
    if not callers:
        return step
    after, left, entered = step.after, set(step.left), set(step.entered)
    waiting = [each for each in after.calls if each.state not in left]
    busy = {each.state for each in waiting}
    reasons: list[Reason] = []
    for name in callers:
        if name in entered and name in after.configuration.names and name not in busy:
            made = begin_call(machine, after, machine.chart.states[name], within)
            if isinstance(made, PendingCall):
                waiting.append(made)
            else:
                reasons += made
    if reasons:
        return tuple(reasons)
    return step._replace(after=after._replace(calls=tuple(waiting)))


def begin_call(
    machine: Machine, case_state: CaseState, state: State, within: tuple[str, ...]
) -> PendingCall | tuple[Reason, ...]:
    """Return the call of a state that was just entered, or what stands against it."""
    calling = invocation_of(machine, state.name)
    if machine.name in within:
        return (subcases.refuse_circular_call(state, calling, (*within, machine.name)),)
    callee = machine.callees[calling.workflow]
    try:
        facts = callee.facts.read(evaluate_facts(machine, case_state, calling))
    except (FactsError, EvaluationError) as problem:
        return (subcases.refuse_call_facts(state, calling, callee, problem),)
    against = find_start_hindrances(callee, facts, case_state.at, (*within, machine.name))
    if against:
        return (subcases.refuse_call_start(state, calling, against),)
    return PendingCall(state.name, case_state.sequence - 1, case_state.at, facts)


def evaluate_facts(machine: Machine, case_state: CaseState, calling: Invocation) -> Record:
    """Return what the called case begins with; what depends on something unknown is unknown to it.

    Raises:
        EvaluationError: an expression has no value for another reason.
    """
    record = case_state.record
    context = build_context(machine, case_state, record, NO_FACTS, case_state.at)
    facts = Record()
    for name, value in calling.facts:
        with suppress(MissingData):
            facts[name] = record[name] if value is None else value.evaluate(record, context)
    return facts
