"""The main event loop of SCXML as pure functions: a case state and an event in, a macrostep out.

An event takes the enabled transitions of the active states and runs to completion; then the calls
of exited states are cancelled and those of entered states begin.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from telecom_rules.errors import EvaluationError, FactProblem, FactsError, MissingData
from telecom_rules.vocabulary import MICROSECOND, Record, read_record
from telecom_rules.workflows.chart import CALL_DONE_PREFIX
from telecom_rules.workflows.engine.case_state import NO_FACTS, PendingCall, build_context
from telecom_rules.workflows.engine.clocks import DueKind, build_breach, find_quiet_end
from telecom_rules.workflows.engine.macrostep import EntryKind, Macrostep
from telecom_rules.workflows.engine.microstep import (
    MacrostepRefused,
    event_macrostep,
    initial_macrostep,
    run_to_completion,
)
from telecom_rules.workflows.engine.selection import NO_ROLE, list_barred
from telecom_rules.workflows.engine.subcases import invocation_of
from telecom_rules.workflows.refusals import events, subcases
from telecom_rules.workflows.refusals.transitions import Situation, refuse_role_in_advance

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from telecom_rules.vocabulary import Value
    from telecom_rules.workflows.chart import Invocation, State
    from telecom_rules.workflows.engine.case_state import CaseState
    from telecom_rules.workflows.engine.clocks import Due, Run
    from telecom_rules.workflows.engine.configuration import Move
    from telecom_rules.workflows.engine.machine import Machine
    from telecom_rules.workflows.refusals.reason import Reason


MOST_FIRINGS = 1_000
"""Bound on the firings recorded by one call: a clock that its own expiry restarts would otherwise
keep a host that asks about a distant day busy without end."""
MOST_STARTS = 1_000
"""Bound on the cases that start at one instant, each called by the one before: regions that call
multiply on every level."""


def open_case(
    machine: Machine,
    record: Record,
    at: datetime,
    within: tuple[str, ...] = (),
    starts: Iterator[int] | None = None,
) -> Macrostep | tuple[Reason, ...]:
    """Start a case with the facts `record` at `at`, or return why it is refused.

    `within` names the workflows whose cases call this one while they start themselves; `starts`
    counts the cases that may still start with them.
    """
    result = initial_macrostep(machine, record, at)
    if isinstance(result, MacrostepRefused):
        return result.reasons
    move, after, assigned, effects, later_moves = result
    step = Macrostep(
        kind=EntryKind.START,
        before=None,
        after=after,
        payload=record,
        assigned=record | assigned if assigned else record,
        effects=effects,
        later_moves=(move, *later_moves),
    )
    return update_calls(machine, step, within, starts)


def require_start(machine: Machine, step: Macrostep | tuple[Reason, ...]) -> Macrostep:
    """Return the step that starts a case, or raise `FactsError` with the reasons."""
    if isinstance(step, Macrostep):
        return step
    raise FactsError(machine.name, [FactProblem("start", each.wording) for each in step])


def find_start_hindrances(
    machine: Machine,
    record: Record,
    at: datetime,
    within: tuple[str, ...],
    starts: Iterator[int] | None = None,
) -> tuple[Reason, ...]:
    """Return why a case cannot start; the arguments are those of `open_case`."""
    step = open_case(machine, record, at, within, starts)
    return () if isinstance(step, Macrostep) else step


def react(
    machine: Machine,
    case_state: CaseState,
    event: str,
    payload: object,
    at: datetime,
    by: str | None,
) -> Macrostep | tuple[Reason, ...]:
    """Take an event that a host sends, or return why it is refused."""
    try:
        moves = case_state.configuration.external_moves[event]
    except (KeyError, TypeError):  # TypeError: a name that is not hashable
        return (events.refuse_event(machine, case_state.configuration, event),)
    declared = moves[0].transition.event
    if by is not None and machine.roles and by not in machine.roles:
        if by == NO_ROLE:
            return (events.refuse_no_role(machine, declared, moves),)
        return (events.refuse_unknown_role(machine, by),)
    barred = list_barred(moves, by)
    if len(barred) == len(moves):
        return (events.refuse_other_role(machine, declared, moves, by),)
    record = NO_FACTS
    if payload is not None or declared.payload.fields:
        try:
            record = read_record(declared.payload, {} if payload is None else payload, event)
        except FactsError as problem:
            return refuse_invalid_payload(machine, case_state, moves, problem, at, by)
    step = take_moves(machine, case_state, moves, record, at, by, barred)
    return update_calls(machine, step) if isinstance(step, Macrostep) else step


def refuse_invalid_payload(
    machine: Machine,
    case_state: CaseState,
    moves: Sequence[Move],
    problem: FactsError,
    at: datetime,
    by: str | None,
) -> tuple[Reason, ...]:
    """Return what is wrong with a payload, after what is for another role whatever is sent."""
    event = moves[0].transition.event
    barred = list_barred(moves, by)
    first: tuple[Reason, ...] = ()
    if barred:
        context = build_context(machine, case_state, case_state.record, NO_FACTS, at, event.name)
        situation = Situation(machine, case_state.record, context, by, sent=False)
        chains = case_state.configuration.chains[event.name]
        first = refuse_role_in_advance(situation, chains, barred)
    return (*first, events.refuse_payload(event, problem))


def take_back(
    machine: Machine, case_state: CaseState, pending: PendingCall, result: Record, at: datetime
) -> Macrostep | tuple[Reason, ...]:
    """Take the result of a called case, or return why it is refused."""
    others = tuple(each for each in case_state.calls if each is not pending)
    moves = case_state.configuration.internal_moves[f"{CALL_DONE_PREFIX}{pending.state}"]
    step = take_moves(machine, case_state._replace(calls=others), moves, result, at, None)
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
    barred: Sequence[Move] = (),
    *,
    ended: datetime | None = None,
) -> Macrostep | tuple[Reason, ...]:
    """Take those of `moves` that are enabled and not `barred`, or return why none is."""
    result = event_macrostep(machine, case_state, moves, payload, at, by, barred, ended=ended)
    if isinstance(result, MacrostepRefused):
        return result.reasons
    move, after, assigned, effects, later_moves = result
    return Macrostep(
        kind=EntryKind.EVENT,
        before=case_state,
        after=after,
        move=move,
        payload=payload,
        by=by,
        assigned=assigned,
        effects=effects,
        later_moves=later_moves,
    )


def catch_up(machine: Machine, case_state: CaseState, at: datetime) -> tuple[Macrostep, ...]:
    """Fire the clocks that are due at `at` or before, each at its own instant, oldest first.

    At most `MOST_FIRINGS` steps are made; `quiet_until` of the last is then still before `at`.
    """
    steps: list[Macrostep] = []
    while case_state.quiet_until < at and len(steps) < MOST_FIRINGS:
        steps.append(fire_clock(machine, case_state, case_state.quiet_until + MICROSECOND))
        case_state = steps[-1].after
    return tuple(steps)


def reach(
    machine: Machine, case_state: CaseState, at: datetime
) -> tuple[tuple[Macrostep, ...], CaseState, Reason | None]:
    """Let the clocks catch up with `at`; return also why no event can happen then, if so."""
    if at < case_state.at:
        return (), case_state, events.refuse_time_backwards(at, case_state.at)
    firings = catch_up(machine, case_state, at)
    after = firings[-1].after if firings else case_state
    if after.quiet_until < at:
        return firings, after, events.refuse_behind(case_state.at, MOST_FIRINGS)
    return firings, after, None


def fire_clock(machine: Machine, case_state: CaseState, at: datetime) -> Macrostep:
    """Fire the clock that is due at `at`, and take the event that its expiry raises.

    A case that began elsewhere may be adopted with a limit that had ended before: what follows on
    it happens when the case is adopted, but clocks still count from the end of the limit.
    """
    firing = [run for run in case_state.runs if run.fires == at]
    # An expiry comes before a warning: its limit ended at the instant before.
    run = min(firing, key=lambda run: run.due()[0].at)
    due = run.due()[0]
    at = max(at, case_state.at)
    recorded = record_firing(case_state, run, due, at)
    if run.clock.beside is not None:  # nothing follows from a promise
        return Macrostep(EntryKind.CLOCK, case_state, recorded, due=due)
    # Clocks that a migration started in the microsecond after the deadline go on from there.
    is_last = due.kind is DueKind.EXPIRY and all(it.latest <= due.at for it in case_state.runs)
    ended = due.at if is_last else None
    event = run.clock.on_expiry if due.kind is DueKind.EXPIRY else None
    reasons: tuple[Reason, ...] = ()
    if event is not None:
        moves = recorded.configuration.internal_moves.get(event, ())
        step = take_moves(machine, recorded, moves, NO_FACTS, at, None, ended=ended)
        if isinstance(step, Macrostep):
            # One journal entry for the firing and its event, hence one sequence number.
            after = step.after._replace(sequence=recorded.sequence)
            step = step._replace(kind=EntryKind.CLOCK, before=case_state, after=after, due=due)
            step = update_calls(machine, step)
        if isinstance(step, Macrostep):
            return step
        reasons = step
    # Without an event, or if it was refused, eventless transitions may be enabled by time alone.
    completion = run_to_completion(machine, recorded, (), at, ended=ended)
    if isinstance(completion, MacrostepRefused):
        reasons = (*reasons, *completion.reasons)
        return Macrostep(EntryKind.CLOCK, case_state, recorded, due=due, reasons=reasons)
    after, assigned, effects, later_moves = completion
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
            later_moves=later_moves,
        ),
    )
    if isinstance(step, Macrostep):
        return step
    return Macrostep(EntryKind.CLOCK, case_state, recorded, due=due, reasons=(*reasons, *step))


def record_firing(case_state: CaseState, run: Run, due: Due, at: datetime) -> CaseState:
    """Return the case state with the firing of `run` recorded at `at`."""
    runs = tuple(each.mark_fired(due) if each is run else each for each in case_state.runs)
    after = case_state._replace(
        runs=runs,
        sequence=case_state.sequence + 1,
        at=at,
        quiet_until=find_quiet_end(runs, at),
    )
    if due.kind is DueKind.WARN:
        return after._replace(warnings=(*after.warnings, due))
    if due.kind is DueKind.ASK:
        return after
    return after._replace(breaches=(*after.breaches, build_breach(run.clock, due.at, due.promise)))


def update_calls(
    machine: Machine,
    step: Macrostep,
    within: tuple[str, ...] = (),
    starts: Iterator[int] | None = None,
) -> Macrostep | tuple[Reason, ...]:
    """Return `step` with its calls begun and cancelled, or why one cannot begin.

    Args:
        machine: the linked workflow.
        step: the macrostep, run to completion.
        within: the workflows whose cases start at this instant, each called by the one before.
        starts: counts the cases that may still start at this instant; by default `MOST_STARTS`.
    """
    callers = machine.chart.callers
    if not callers:
        return step
    after, left, entered = step.after, set(step.left), set(step.entered)
    pending = [each for each in after.calls if each.state not in left]
    waiting_states = {each.state for each in pending}
    reasons: list[Reason] = []
    starts = iter(range(MOST_STARTS)) if starts is None else starts
    for name in callers:
        if name in entered and name in after.configuration.names and name not in waiting_states:
            call = begin_call(machine, after, machine.chart.states[name], within, starts)
            if isinstance(call, PendingCall):
                pending.append(call)
            else:
                reasons += call
    if reasons:
        return tuple(reasons)
    return step._replace(after=after._replace(calls=tuple(pending)))


def begin_call(
    machine: Machine,
    case_state: CaseState,
    state: State,
    within: tuple[str, ...],
    starts: Iterator[int],
) -> PendingCall | tuple[Reason, ...]:
    """Return the call of a state that was just entered, or why it cannot begin."""
    invocation = invocation_of(machine, state.name)
    if machine.name in within:
        return (subcases.refuse_circular_call(state, invocation, (*within, machine.name)),)
    if next(starts, None) is None:
        return (subcases.refuse_too_many_starts(state, invocation, MOST_STARTS),)
    callee = machine.callees[invocation.workflow]
    try:
        facts = callee.facts.read(evaluate_facts(machine, case_state, invocation))
    except (FactsError, EvaluationError) as problem:
        return (subcases.refuse_call_facts(state, invocation, callee, problem),)
    hindrances = find_start_hindrances(
        callee, facts, case_state.at, (*within, machine.name), starts
    )
    if hindrances:
        return (subcases.refuse_call_start(state, invocation, hindrances),)
    return PendingCall(state.name, case_state.sequence - 1, case_state.at, facts)


def evaluate_facts(machine: Machine, case_state: CaseState, invocation: Invocation) -> Record:
    """Return the initial facts of the called case.

    Raises:
        EvaluationError: an expression cannot be evaluated for another reason than missing data.
    """
    record = case_state.record
    context = build_context(machine, case_state, record, NO_FACTS, case_state.at)
    facts: dict[str, Value] = {}
    for name, value in invocation.facts:
        with suppress(MissingData):  # a fact that depends on unknown ones is unknown to the callee
            facts[name] = record[name] if value is None else value.evaluate(record, context)
    return Record(facts)
