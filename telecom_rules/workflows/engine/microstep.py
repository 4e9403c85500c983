"""Microsteps and run-to-completion: applies a `Move` to a case, then everything that follows.

The order is that of SCXML's `mainEventLoop`: after each microstep the eventless transitions, and
if none is enabled the oldest internal event.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from telecom_rules.errors import InconsistentFacts, TelecomRulesError
from telecom_rules.expressions import Context
from telecom_rules.frozen import Portable
from telecom_rules.vocabulary import Record, read_record
from telecom_rules.workflows.chart import Assignment, Emission
from telecom_rules.workflows.engine.case_state import NO_FACTS, CaseState, build_context
from telecom_rules.workflows.engine.clocks import find_quiet_end, update_clocks
from telecom_rules.workflows.engine.selection import select_transitions
from telecom_rules.workflows.refusals import events
from telecom_rules.workflows.refusals.reason import Reason
from telecom_rules.workflows.refusals.transitions import (
    Situation,
    refuse_not_enabled,
    refuse_undecided,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from telecom_rules.expressions import Expression
    from telecom_rules.vocabulary import Clause, RecordType, Value
    from telecom_rules.wording import Wording
    from telecom_rules.workflows.engine.configuration import Chain, Move
    from telecom_rules.workflows.engine.machine import Machine


EMPTY_CONTEXT = Context()
MOST_MICROSTEPS = 1_000
"""Bound on the microsteps of one macrostep: eventless transitions and raised events may cycle."""


@dataclass(frozen=True, slots=True)
class Effect(Portable):
    """Work for the host: the library asks for it and never performs it.

    Attributes:
        name: the name the host knows it by.
        title: its name for people.
        payload: what comes with it.
        cites: the clauses of the transition or state that asks for it.
    """

    name: str
    title: Wording
    payload: Mapping[str, Value]
    cites: tuple[Clause, ...] = ()


RaisedEvent = tuple[str, Record]
"""Name and payload of an internal event."""


class ContentResult(NamedTuple):
    """The result of executable content: facts assigned, effects, events raised."""

    assigned: Record
    effects: tuple[Effect, ...]
    raised: tuple[RaisedEvent, ...]


@dataclass(frozen=True, slots=True)
class MacrostepRefused:
    """Why a macrostep is refused as a whole."""

    reasons: tuple[Reason, ...]


MacrostepResult = tuple["Move", CaseState, Record, tuple[Effect, ...], tuple["Move", ...]]
"""First microstep, state after the last, facts assigned, effects, later microsteps."""
CompletionResult = tuple[CaseState, Record, tuple[Effect, ...], tuple["Move", ...]]
"""The same without the first microstep."""


NO_CONTENT = ContentResult(NO_FACTS, (), ())


def initial_macrostep(
    machine: Machine, record: Record, at: datetime
) -> MacrostepResult | MacrostepRefused:
    """Start a case with the facts `record`, or return why it is refused."""
    configurations = machine.configurations
    not_started = CaseState(
        configuration=configurations.not_started,
        record=record,
        runs=(),
        breaches=(),
        warnings=(),
        sequence=0,
        at=at,
        quiet_until=find_quiet_end((), at),
    )
    return macrostep(machine, not_started, configurations.initial_move, NO_FACTS, at)


def event_macrostep(
    machine: Machine,
    case_state: CaseState,
    moves: Sequence[Move],
    payload: Record,
    at: datetime,
    by: str | None = None,
    barred: Sequence[Move] = (),
    *,
    ended: datetime | None = None,
) -> MacrostepResult | MacrostepRefused:
    """Take those of `moves` that are enabled, or return why none is.

    Args:
        machine: the linked workflow.
        case_state: the state of the case.
        moves: the moves on one event.
        payload: the payload of the event.
        at: when it happened.
        by: the role that sent it, or `None`.
        barred: those of `moves` that the role may not take.
        ended: when the limit ended whose expiry raises the event, or `None`.
    """
    record = case_state.record
    context = EMPTY_CONTEXT
    event = moves[0].transition.event.name if moves else ""
    if any(move.evaluates for move in moves):
        context = build_context(machine, case_state, record, payload, at, event)
    chains = case_state.configuration.chains[event] if moves else ()
    chosen, tried = select_transitions(chains, record, context, waits=False, barred=barred)
    if not chosen:
        situation = Situation(machine, record, context, by)
        return MacrostepRefused(refuse_not_enabled(situation, tried))
    move = combine_moves(machine, case_state, chosen)
    return macrostep(machine, case_state, move, payload, at, context, ended=ended)


def combine_moves(machine: Machine, case_state: CaseState, chosen: Chain) -> Move:
    """Return the joint move of `chosen`."""
    return machine.configurations.combine(case_state.configuration, chosen, case_state.memory)


def macrostep(
    machine: Machine,
    case_state: CaseState,
    move: Move,
    payload: Record,
    at: datetime,
    context: Context = EMPTY_CONTEXT,
    *,
    ended: datetime | None = None,
) -> MacrostepResult | MacrostepRefused:
    """Apply `move` and run to completion; `ended` is when the limit ended that causes it."""
    content = NO_CONTENT
    if move.blocks:
        if context is EMPTY_CONTEXT:
            event = move.transition.event.name
            context = build_context(machine, case_state, case_state.record, payload, at, event)
        executed = execute_content(machine, move, case_state.record, context)
        if isinstance(executed, Reason):
            return MacrostepRefused((executed,))
        content = executed
    assigned, effects, raised = content
    after = apply_move(
        machine, case_state, move, assigned, at, case_state.sequence + 1, ended=ended
    )
    if not raised and not after.configuration.eventless:
        return move, after, assigned, effects, ()
    completion = run_to_completion(machine, after, raised, at, ended=ended)
    if isinstance(completion, MacrostepRefused):
        return completion
    after, later_assigned, later_effects, later_moves = completion
    return move, after, assigned | later_assigned, (*effects, *later_effects), later_moves


def run_to_completion(
    machine: Machine,
    case_state: CaseState,
    raised: Iterable[RaisedEvent],
    at: datetime,
    *,
    ended: datetime | None = None,
) -> CompletionResult | MacrostepRefused:
    """Run to completion: eventless transitions first, then the events `raised`, oldest first.

    An eventless transition whose guard cannot be decided waits; for an event such a guard refuses
    the whole macrostep, because the event would be lost.
    """
    queue = deque(raised)
    assigned = NO_FACTS
    effects: list[Effect] = []
    later_moves: list[Move] = []
    while not case_state.configuration.final:
        payload = NO_FACTS
        # Eventless transitions come before every queued event.
        chosen = select_eventless_transitions(machine, case_state, at)
        if not chosen:
            if not queue:
                break
            name, payload = queue.popleft()
            chosen, reasons = select_internal_transitions(machine, case_state, name, payload, at)
            if reasons:
                return MacrostepRefused(reasons)
            if not chosen:
                continue
        if len(later_moves) == MOST_MICROSTEPS:
            reason = events.refuse_endless(machine, later_moves[-1], MOST_MICROSTEPS)
            return MacrostepRefused((reason,))
        move = combine_moves(machine, case_state, chosen)
        event = move.transition.event.name
        context = build_context(machine, case_state, case_state.record, payload, at, event)
        content = execute_content(machine, move, case_state.record, context)
        if isinstance(content, Reason):
            return MacrostepRefused((content,))
        case_state = apply_move(
            machine, case_state, move, content.assigned, at, case_state.sequence, ended=ended
        )
        assigned = assigned | content.assigned
        effects += content.effects
        queue += content.raised
        later_moves.append(move)
    return case_state, assigned, tuple(effects), tuple(later_moves)


def select_eventless_transitions(machine: Machine, case_state: CaseState, at: datetime) -> Chain:
    """Return the enabled eventless moves (`selectEventlessTransitions`)."""
    chains = case_state.configuration.eventless
    if not chains:
        return ()
    context = build_context(machine, case_state, case_state.record, NO_FACTS, at)
    return select_transitions(chains, case_state.record, context, waits=True).moves


def select_internal_transitions(
    machine: Machine, case_state: CaseState, name: str, payload: Record, at: datetime
) -> tuple[Chain, tuple[Reason, ...]]:
    """Return the moves enabled by an internal event, or the reasons why that is undecided."""
    chains = case_state.configuration.chains.get(name, ())
    if not chains:
        return (), ()
    context = build_context(machine, case_state, case_state.record, payload, at, name)
    chosen, tried = select_transitions(chains, case_state.record, context, waits=False)
    if chosen:
        return chosen, ()
    return (), refuse_undecided(Situation(machine, case_state.record, context), tried)


def apply_move(
    machine: Machine,
    case_state: CaseState,
    move: Move,
    assigned: Record,
    at: datetime,
    sequence: int,
    *,
    ended: datetime | None = None,
) -> CaseState:
    """Return the case state after `move`, with the facts `assigned`.

    Clocks take an expiry for an event of `ended`, the last instant of the limit.
    """
    memory = case_state.memory
    record = case_state.record | assigned if assigned else case_state.record
    runs = update_clocks(
        case_state.runs,
        move,
        at if ended is None else ended,
        machine.zone,
        record,
        machine.parameters_on,
        expiry=ended is not None,
    )
    quiet_until = case_state.quiet_until
    return CaseState(
        configuration=machine.configurations.of(move.reached_states),
        record=record,
        runs=runs,
        breaches=case_state.breaches,
        warnings=case_state.warnings,
        sequence=sequence,
        at=at,
        # The same tuple means that no clock has changed.
        quiet_until=quiet_until if runs is case_state.runs else find_quiet_end(runs, at),
        memory={**memory, **move.memory_update} if move.memory_update else memory,
        calls=case_state.calls,
    )


def execute_content(
    machine: Machine, move: Move, record: Record, context: Context
) -> ContentResult | Reason:
    """Return the result of the content of a move, or the reason why it has none.

    Each assignment reads the ones before it; effects and events read the facts assigned so far, and
    so does the condition of an action. Whether facts contradict one another is asked once all are
    assigned.
    """
    assigned = NO_FACTS
    effects: list[Effect] = []
    raised: list[RaisedEvent] = []
    for block in move.blocks:
        if block.states is not None:
            context = context._replace(states=block.states)
        for action in block.actions:
            fields = machine.facts.fields
            try:
                if action.when is not None and not action.when.evaluate(record, context):
                    continue
                if isinstance(action, Assignment):
                    update = evaluate_assignment(machine, action, record, context)
                    record, assigned = record | update, assigned | update
                    context = refresh_policies(machine, record, context)
                    continue
                kind = action.effect if isinstance(action, Emission) else action.event
                fields = kind.payload.fields
                payload = build_payload(kind.payload, action.payload, record, context)
            except TelecomRulesError as problem:
                return events.refuse_without_result(block, fields, problem)
            if isinstance(action, Emission):
                effects.append(Effect(kind.name, kind.title, payload, block.cites))
            else:
                raised.append((kind.name, payload))
    if assigned and machine.facts.conditions:
        try:
            machine.facts.require_consistent(record, assigned.keys())
        except InconsistentFacts as problem:
            return events.refuse_contradiction(machine, move, problem)
    return ContentResult(assigned, tuple(effects), tuple(raised))


def evaluate_assignment(
    machine: Machine, action: Assignment, record: Record, context: Context
) -> Record:
    """Return the fact that `action` assigns; an empty record if its field was not sent.

    Raises:
        FactsError: the fact does not allow the value.
        EvaluationError: the expression cannot be evaluated.
    """
    if action.value is not None:
        value = action.value.evaluate(record, context)
    elif action.fact in context.event:
        value = context.event[action.fact]
    else:
        return NO_FACTS
    return machine.facts.read_fact(action.fact, value)


def refresh_policies(machine: Machine, record: Record, context: Context) -> Context:
    """Return `context` with the policies decided anew on `record`."""
    if "policies" not in machine.reads or context.today is None:
        return context
    return context._replace(policies=machine.policy_outputs(record, context.today))


def build_payload(
    kind: RecordType,
    values: Iterable[tuple[str, Expression]],
    record: Record,
    context: Context,
) -> Record:
    """Return the payload of an effect or event.

    Raises:
        FactsError: a field does not allow its value.
        EvaluationError: an expression cannot be evaluated.
    """
    payload = {name: value.evaluate(record, context) for name, value in values}
    return read_record(kind, payload, kind.name)
