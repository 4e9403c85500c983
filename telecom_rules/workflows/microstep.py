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
from telecom_rules.workflows import refusal, unmet
from telecom_rules.workflows.chart import Assignment, Emission
from telecom_rules.workflows.choice import choose, select
from telecom_rules.workflows.clocks import moved, quiet
from telecom_rules.workflows.reason import Reason
from telecom_rules.workflows.standing import Standing, surroundings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from telecom_rules.expressions import Expression
    from telecom_rules.vocabulary import Clause, RecordType, Value
    from telecom_rules.wording import Wording
    from telecom_rules.workflows.configuration import Chain, Move
    from telecom_rules.workflows.workflow import Workflow

__all__ = ["MOST_MICROSTEPS", "Effect", "Stopped", "begun", "complete", "taken"]

NO_FACTS = Record()
EMPTY = Context()
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


Raised = tuple[str, Record]
"""An event that the chart raised itself, with its payload."""


class Work(NamedTuple):
    """What a move does besides moving: the facts it sets, what it asks for, what it raises."""

    assigned: Record
    effects: tuple[Effect, ...]
    raised: tuple[Raised, ...]


@dataclass(frozen=True, slots=True)
class Stopped:
    """What stands against a macrostep, so that nothing of it happens."""

    reasons: tuple[Reason, ...]


Course = tuple["Move", Standing, Record, tuple[Effect, ...], tuple["Move", ...]]
"""What became of a case: the first microstep, where the case stands after the last, the facts that
were set, the work that was asked for, and the microsteps that followed by themselves."""
Rest = tuple[Standing, Record, tuple[Effect, ...], tuple["Move", ...]]
"""The same without the first microstep."""


NO_WORK = Work(NO_FACTS, (), ())


def begun(workflow: Workflow, record: Record, at: datetime) -> Course | Stopped:
    """Start a case with the facts `record`, or return what stands against it."""
    configurations = workflow.configurations
    nowhere = Standing(configurations.nowhere, record, (), (), (), 0, at, quiet((), at))
    return followed(workflow, nowhere, configurations.opening, NO_FACTS, at)


def taken(
    workflow: Workflow, standing: Standing, moves: Sequence[Move], payload: Record, at: datetime
) -> Course | Stopped:
    """Take those of `moves` that are enabled, or return what stands against each.

    Args:
        workflow: the workflow.
        standing: where the case stands.
        moves: what one event may set off.
        payload: the data that came with it.
        at: when it came.
    """
    record = standing.record
    evaluates = any(move.evaluates for move in moves)
    context = surroundings(workflow, standing, record, payload, at) if evaluates else EMPTY
    if len(standing.configuration.leaves) == 1:
        move = choose(moves, record, context)
        if move is None:
            return Stopped(unmet.not_enabled(workflow, (moves,), record, context))
        if move.asks:
            move = together(workflow, standing, (move,))
    else:
        chains = ordered(standing, moves)
        chosen = select(chains, record, context, waits=False)
        if not chosen:
            return Stopped(unmet.not_enabled(workflow, chains, record, context))
        move = together(workflow, standing, chosen)
    return followed(workflow, standing, move, payload, at, context)


def ordered(standing: Standing, moves: Sequence[Move]) -> tuple[Chain, ...]:
    """Return the chains of the event of `moves`, without the moves that are not among them."""
    if not moves:
        return ()
    chains = standing.configuration.chains[moves[0].transition.event.name]
    return tuple(tuple(move for move in chain if move in moves) for chain in chains)


def together(workflow: Workflow, standing: Standing, chosen: Chain) -> Move:
    """Return the move that the transitions of `chosen` make together."""
    return workflow.configurations.together(standing.configuration, chosen, standing.memory)


def followed(
    workflow: Workflow,
    standing: Standing,
    move: Move,
    payload: Record,
    at: datetime,
    context: Context = EMPTY,
) -> Course | Stopped:
    """Make `move`, and then all that follows from it."""
    work = NO_WORK
    if move.blocks:
        if context is EMPTY:
            context = surroundings(workflow, standing, standing.record, payload, at)
        done = perform(workflow, move, standing.record, context)
        if isinstance(done, Reason):
            return Stopped((done,))
        work = done
    assigned, effects, raised = work
    after = arrive(workflow, standing, move, assigned, at, standing.sequence + 1)
    if not raised and not after.configuration.eventless:
        return move, after, assigned, effects, ()
    rest = complete(workflow, after, raised, at)
    if isinstance(rest, Stopped):
        return rest
    after, later, further, more = rest
    return move, after, assigned | later, (*effects, *further), more


def complete(
    workflow: Workflow, standing: Standing, raised: Iterable[Raised], at: datetime
) -> Rest | Stopped:
    """Run to completion: what needs no event, then the events that were `raised`, oldest first.

    A guard of what needs no event that cannot be decided waits; one of an event refuses it all,
    because the event would be lost.
    """
    queue = deque(raised)
    assigned = NO_FACTS
    effects: list[Effect] = []
    more: list[Move] = []
    while not standing.configuration.final:
        payload = NO_FACTS
        chosen = by_itself(workflow, standing, at)
        if not chosen:
            if not queue:
                break
            name, payload = queue.popleft()
            chosen, reasons = answering(workflow, standing, name, payload, at)
            if reasons:
                return Stopped(reasons)
            if not chosen:
                continue
        if len(more) == MOST_MICROSTEPS:
            return Stopped((refusal.endless(workflow, more[-1], MOST_MICROSTEPS),))
        move = together(workflow, standing, chosen)
        context = surroundings(workflow, standing, standing.record, payload, at)
        work = perform(workflow, move, standing.record, context)
        if isinstance(work, Reason):
            return Stopped((work,))
        standing = arrive(workflow, standing, move, work.assigned, at, standing.sequence)
        assigned = assigned | work.assigned
        effects += work.effects
        queue += work.raised
        more.append(move)
    return standing, assigned, tuple(effects), tuple(more)


def by_itself(workflow: Workflow, standing: Standing, at: datetime) -> Chain:
    """Return the moves that need no event and are enabled (`selectEventlessTransitions`)."""
    chains = standing.configuration.eventless
    if not chains:
        return ()
    context = surroundings(workflow, standing, standing.record, NO_FACTS, at)
    return select(chains, standing.record, context, waits=True)


def answering(
    workflow: Workflow, standing: Standing, name: str, payload: Record, at: datetime
) -> tuple[Chain, tuple[Reason, ...]]:
    """Return the moves that an event of the chart's own sets off, and why that cannot be told."""
    chains = standing.configuration.chains.get(name, ())
    if not chains:
        return (), ()
    context = surroundings(workflow, standing, standing.record, payload, at)
    chosen = select(chains, standing.record, context, waits=False)
    if chosen:
        return chosen, ()
    return (), unmet.undecided(workflow, chains, standing.record, context)


def arrive(
    workflow: Workflow,
    standing: Standing,
    move: Move,
    assigned: Record,
    at: datetime,
    sequence: int,
) -> Standing:
    """Return where a case stands after `move`, once the facts `assigned` are set."""
    runs = moved(standing.runs, move, at, workflow.zone)
    return Standing(
        workflow.configurations.of(move.reaches),
        standing.record | assigned if assigned else standing.record,
        runs,
        standing.breaches,
        standing.warnings,
        sequence,
        at,
        standing.quiet if runs is standing.runs else quiet(runs, at),
        {**standing.memory, **move.keeps} if move.keeps else standing.memory,
        standing.calls,
    )


def perform(workflow: Workflow, move: Move, record: Record, context: Context) -> Work | Reason:
    """Return what a move does on its way, or why that cannot be worked out.

    Each assignment sees those before it; effects and events see the facts as set so far.
    """
    assigned = NO_FACTS
    effects: list[Effect] = []
    raised: list[Raised] = []
    for block in move.blocks:
        if block.states is not None:
            context = context._replace(states=block.states)
        for action in block.actions:
            fields = workflow.facts.fields
            try:
                if isinstance(action, Assignment):
                    news = assign(workflow, action, record, context)
                    record, assigned = record | news, assigned | news
                    context = seeing(workflow, record, context)
                    continue
                kind = action.effect if isinstance(action, Emission) else action.event
                fields = kind.payload.fields
                payload = filled(kind.payload, action.payload, record, context)
            except TelecomRulesError as problem:
                return refusal.without_result(block, fields, problem)
            if isinstance(action, Emission):
                effects.append(Effect(kind.name, kind.title, payload, block.cites))
            else:
                raised.append((kind.name, payload))
    return Work(assigned, tuple(effects), tuple(raised))


def assign(workflow: Workflow, action: Assignment, record: Record, context: Context) -> Record:
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
    return workflow.facts.read({action.fact: value})


def seeing(workflow: Workflow, record: Record, context: Context) -> Context:
    """Return `context` with the policies deciding on `record`."""
    if "policies" not in workflow.reads or context.today is None:
        return context
    return context._replace(policies=workflow.answers(record, context.today))


def filled(
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
