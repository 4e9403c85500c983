"""Microsteps: transitions taken together, and whatever then follows by itself.

What each move leaves, enters, does, stops and starts stands in its `Move`; here that is done to a
case. The order of things is SCXML's `mainEventLoop`: after each microstep come the transitions that
need no event, and only when there are none the oldest event that the chart has raised itself.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from telecom_rules.errors import TelecomRulesError
from telecom_rules.expressions import Context
from telecom_rules.vocabulary import Record, read_record
from telecom_rules.workflows.chart import Assignment, Emission
from telecom_rules.workflows.engine.case_state import NO_FACTS, CaseState, build_context
from telecom_rules.workflows.engine.clocks import find_quiet_end, update_clocks
from telecom_rules.workflows.engine.selection import select_transitions
from telecom_rules.workflows.refusals import events, guards
from telecom_rules.workflows.refusals.reason import Reason

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
"""Microsteps that may follow from one event. Transitions that need no event, and events that the
chart raises itself, could otherwise keep one another going for ever."""


@dataclass(frozen=True, slots=True)
class Effect:
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
"""An event that the chart raised itself, with its payload."""


class ContentResult(NamedTuple):
    """What a move does besides moving: the facts it sets, what it asks for, what it raises."""

    assigned: Record
    effects: tuple[Effect, ...]
    raised: tuple[RaisedEvent, ...]


@dataclass(frozen=True, slots=True)
class MacrostepRefused:
    """What stands against a macrostep, so that nothing of it happens."""

    reasons: tuple[Reason, ...]


MacrostepResult = tuple["Move", CaseState, Record, tuple[Effect, ...], tuple["Move", ...]]
"""What became of a case: the first microstep, where the case stands after the last, the facts that
were set, the work that was asked for, and the microsteps that followed by themselves."""
CompletionResult = tuple[CaseState, Record, tuple[Effect, ...], tuple["Move", ...]]
"""The same without the first microstep."""


NO_CONTENT = ContentResult(NO_FACTS, (), ())


def initial_macrostep(
    machine: Machine, record: Record, at: datetime
) -> MacrostepResult | MacrostepRefused:
    """Start a case with the facts `record`, or return what stands against it."""
    configurations = machine.configurations
    nowhere = CaseState(
        configuration=configurations.not_started,
        record=record,
        runs=(),
        breaches=(),
        warnings=(),
        sequence=0,
        at=at,
        quiet_until=find_quiet_end((), at),
    )
    return macrostep(machine, nowhere, configurations.initial_move, NO_FACTS, at)


def event_macrostep(
    machine: Machine, case_state: CaseState, moves: Sequence[Move], payload: Record, at: datetime
) -> MacrostepResult | MacrostepRefused:
    """Take those of `moves` that are enabled, or return what stands against each.

    Args:
        machine: the linked workflow.
        case_state: where the case stands.
        moves: what one event may set off.
        payload: the data that came with it.
        at: when it came.
    """
    record = case_state.record
    context = EMPTY_CONTEXT
    if any(move.evaluates for move in moves):
        context = build_context(machine, case_state, record, payload, at)
    chosen, tried = select_transitions(
        filter_chains(case_state, moves), record, context, waits=False
    )
    if not chosen:
        return MacrostepRefused(guards.refuse_not_enabled(machine, tried, record, context))
    move = combine_moves(machine, case_state, chosen)
    return macrostep(machine, case_state, move, payload, at, context)


def filter_chains(case_state: CaseState, moves: Sequence[Move]) -> tuple[Chain, ...]:
    """Return the chains of the event of `moves`, without the moves that are not among them."""
    if not moves:
        return ()
    chains = case_state.configuration.chains[moves[0].transition.event.name]
    return tuple(tuple(move for move in chain if move in moves) for chain in chains)


def combine_moves(machine: Machine, case_state: CaseState, chosen: Chain) -> Move:
    """Return the move that the transitions of `chosen` make together."""
    return machine.configurations.combine(case_state.configuration, chosen, case_state.memory)


def macrostep(
    machine: Machine,
    case_state: CaseState,
    move: Move,
    payload: Record,
    at: datetime,
    context: Context = EMPTY_CONTEXT,
) -> MacrostepResult | MacrostepRefused:
    """Make `move`, and then all that follows from it."""
    work = NO_CONTENT
    if move.blocks:
        if context is EMPTY_CONTEXT:
            context = build_context(machine, case_state, case_state.record, payload, at)
        done = execute_content(machine, move, case_state.record, context)
        if isinstance(done, Reason):
            return MacrostepRefused((done,))
        work = done
    assigned, effects, raised = work
    after = apply_move(machine, case_state, move, assigned, at, case_state.sequence + 1)
    if not raised and not after.configuration.eventless:
        return move, after, assigned, effects, ()
    rest = run_to_completion(machine, after, raised, at)
    if isinstance(rest, MacrostepRefused):
        return rest
    after, later, further, more = rest
    return move, after, assigned | later, (*effects, *further), more


def run_to_completion(
    machine: Machine, case_state: CaseState, raised: Iterable[RaisedEvent], at: datetime
) -> CompletionResult | MacrostepRefused:
    """Run to completion: what needs no event, then the events that were `raised`, oldest first.

    A guard of what needs no event that cannot be decided waits; one of an event refuses it all,
    because the event would be lost.
    """
    queue = deque(raised)
    assigned = NO_FACTS
    effects: list[Effect] = []
    more: list[Move] = []
    while not case_state.configuration.final:
        payload = NO_FACTS
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
        if len(more) == MOST_MICROSTEPS:
            return MacrostepRefused((events.refuse_endless(machine, more[-1], MOST_MICROSTEPS),))
        move = combine_moves(machine, case_state, chosen)
        context = build_context(machine, case_state, case_state.record, payload, at)
        work = execute_content(machine, move, case_state.record, context)
        if isinstance(work, Reason):
            return MacrostepRefused((work,))
        case_state = apply_move(machine, case_state, move, work.assigned, at, case_state.sequence)
        assigned = assigned | work.assigned
        effects += work.effects
        queue += work.raised
        more.append(move)
    return case_state, assigned, tuple(effects), tuple(more)


def select_eventless_transitions(machine: Machine, case_state: CaseState, at: datetime) -> Chain:
    """Return the moves that need no event and are enabled (`selectEventlessTransitions`)."""
    chains = case_state.configuration.eventless
    if not chains:
        return ()
    context = build_context(machine, case_state, case_state.record, NO_FACTS, at)
    return select_transitions(chains, case_state.record, context, waits=True).moves


def select_internal_transitions(
    machine: Machine, case_state: CaseState, name: str, payload: Record, at: datetime
) -> tuple[Chain, tuple[Reason, ...]]:
    """Return the moves that an event of the chart's own sets off, and why that cannot be told."""
    chains = case_state.configuration.chains.get(name, ())
    if not chains:
        return (), ()
    context = build_context(machine, case_state, case_state.record, payload, at)
    chosen, tried = select_transitions(chains, case_state.record, context, waits=False)
    if chosen:
        return chosen, ()
    return (), guards.refuse_undecided(machine, tried, case_state.record, context)


def apply_move(
    machine: Machine,
    case_state: CaseState,
    move: Move,
    assigned: Record,
    at: datetime,
    sequence: int,
) -> CaseState:
    """Return where a case stands after `move`, once the facts `assigned` are set."""
    runs = update_clocks(case_state.runs, move, at, machine.zone)
    record, memory = case_state.record, case_state.memory
    quiet_until = case_state.quiet_until
    return CaseState(
        configuration=machine.configurations.of(move.reached_states),
        record=record | assigned if assigned else record,
        runs=runs,
        breaches=case_state.breaches,
        warnings=case_state.warnings,
        sequence=sequence,
        at=at,
        quiet_until=quiet_until if runs is case_state.runs else find_quiet_end(runs, at),
        memory={**memory, **move.memory_update} if move.memory_update else memory,
        calls=case_state.calls,
    )


def execute_content(
    machine: Machine, move: Move, record: Record, context: Context
) -> ContentResult | Reason:
    """Return what a move does on its way, or why that cannot be worked out.

    Each assignment sees those before it; effects and events see the facts as set so far.
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
                if isinstance(action, Assignment):
                    news = evaluate_assignment(machine, action, record, context)
                    record, assigned = record | news, assigned | news
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
    return ContentResult(assigned, tuple(effects), tuple(raised))


def evaluate_assignment(
    machine: Machine, action: Assignment, record: Record, context: Context
) -> Record:
    """Return the fact that `action` sets, if it sets one.

    Raises:
        FactsError: the value is outside what its fact allows.
        EvaluationError: the expression has no value.
    """
    if action.value is not None:
        value = action.value.evaluate(record, context)
    elif action.fact in context.event:
        value = context.event[action.fact]
    else:
        return NO_FACTS
    return machine.facts.read({action.fact: value})


def refresh_policies(machine: Machine, record: Record, context: Context) -> Context:
    """Return `context` with the policies deciding on `record`."""
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
        FactsError: a value is outside what its field allows.
        EvaluationError: an expression has no value.
    """
    given = {name: value.evaluate(record, context) for name, value in values}
    return read_record(kind, given, kind.name)
