"""One step of a case, as pure functions: what happens goes in, where it then stands comes out.

The order of things is SCXML's: of the transitions the active states have for an event, inner
states first, the first enabled one is taken; states are left, facts set and effects asked for,
states entered. What each transition leaves, enters, stops and starts stands in its `Move`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from telecom_rules.errors import FactsError, TelecomRulesError
from telecom_rules.expressions import Context
from telecom_rules.vocabulary import Record, read_record
from telecom_rules.workflows import refusal
from telecom_rules.workflows.chart import Reentry
from telecom_rules.workflows.choice import choose, permitted
from telecom_rules.workflows.clocks import Breach, Due, DueKind, begin, first, moved, settled
from telecom_rules.workflows.entry import EntryKind
from telecom_rules.workflows.reason import Reason
from telecom_rules.workflows.standing import Standing, surroundings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from telecom_rules.vocabulary import Clause, Value
    from telecom_rules.wording import Wording
    from telecom_rules.workflows.chart import Emission, Transition
    from telecom_rules.workflows.clocks import Run
    from telecom_rules.workflows.configuration import Move
    from telecom_rules.workflows.workflow import Workflow

__all__ = ["MOST_FIRINGS", "Effect", "Step", "catch_up", "fire", "open_case", "react"]

NO_FACTS = Record()
EMPTY = Context()
MOST_FIRINGS = 1_000
"""Warnings and expiries that are recorded in one go. A clock that its own expiry starts anew would
otherwise keep a host that asks about a distant day busy for ever."""


@dataclass(frozen=True, slots=True)
class Effect:
    """Work for the host: the library asks for it and never performs it.

    Attributes:
        name: the name the host knows it by.
        title: its name for people.
        payload: what comes with it.
        cites: the clauses of the transition that asks for it.
    """

    name: str
    title: Wording
    payload: Mapping[str, Value]
    cites: tuple[Clause, ...] = ()


class Step(NamedTuple):
    """One thing that happened to a case. A tuple, because every event makes one.

    Attributes:
        kind: it was started, took an event, or one of its clocks fired.
        before: where it stood, or `None` before its start.
        after: where it stands now.
        move: the transition taken, or `None` where there was none.
        payload: the data that came with the event.
        by: the role that sent it, or `None`.
        due: what a clock did, or `None` where none was involved.
        assigned: the facts that were set.
        effects: the work that was asked for.
        reasons: why no state took the event that a clock raised; empty otherwise.
    """

    kind: EntryKind
    before: Standing | None
    after: Standing
    move: Move | None = None
    payload: Record = NO_FACTS
    by: str | None = None
    due: Due | None = None
    assigned: Record = NO_FACTS
    effects: tuple[Effect, ...] = ()
    reasons: tuple[Reason, ...] = ()

    @property
    def left(self) -> tuple[str, ...]:
        """The states left, innermost first."""
        return self.move.left if self.move else ()

    @property
    def entered(self) -> tuple[str, ...]:
        """The states entered, outermost first."""
        if self.before is None:
            return self.after.configuration.states
        return self.move.entered if self.move else ()

    @property
    def cites(self) -> tuple[Clause, ...]:
        """The clauses of the transition, its event and the states it joins; of those started in."""
        if self.before is None:
            return self.after.configuration.cites
        return self.move.cites if self.move else ()

    def restarts(self, clock: str) -> bool:
        """Return whether the step stops the clock and starts it anew."""
        move = self.move
        return (
            move is not None
            and clock in move.stops
            and any(
                clock == each.name and each.on_reentry is Reentry.RESTART for each in move.starts
            )
        )


def open_case(workflow: Workflow, record: Record, at: datetime) -> Step:
    """Start a case with the facts `record` at `at`."""
    configuration = workflow.configurations.initial()
    runs = tuple(
        begin(clock, at, workflow.zone)
        for clock in workflow.chart.clocks.values()
        if clock.starts & configuration.names
    )
    runs = settled(runs, configuration.names, at, workflow.zone)
    standing = Standing(configuration, record, runs, (), (), 1, at, first(runs))
    return Step(EntryKind.START, None, standing, assigned=record)


def react(
    workflow: Workflow,
    standing: Standing,
    event: str,
    payload: Mapping[str, object] | None,
    at: datetime,
    by: str | None,
) -> Step | tuple[Reason, ...]:
    """Take an event that a host sends, or return what stands against it."""
    try:
        moves = standing.configuration.moves[event]
    except (KeyError, TypeError):
        return (refusal.unexpected(workflow, standing.configuration, event),)
    if by is not None and workflow.roles and by not in workflow.roles:
        return (refusal.unknown_role(workflow, by),)
    open_to = permitted(moves, by)
    what = moves[0].transition.event
    if not open_to:
        return (refusal.other_role(workflow, what, moves, by),)
    record = NO_FACTS
    if payload is not None or what.payload.fields:
        try:
            record = read_record(what.payload, {} if payload is None else payload, event)
        except FactsError as problem:
            return (refusal.payload_invalid(what, problem),)
    return take(workflow, standing, open_to, record, at, by)


def take(
    workflow: Workflow,
    standing: Standing,
    moves: Sequence[Move],
    payload: Record,
    at: datetime,
    by: str | None,
) -> Step | tuple[Reason, ...]:
    """Take the first of `moves` that is enabled, or return what stands against each."""
    record = standing.record
    evaluates = any(move.evaluates for move in moves)
    context = surroundings(workflow, standing, record, payload, at) if evaluates else EMPTY
    move = choose(moves, record, context)
    if move is None:
        return refusal.not_enabled(workflow, moves, record, context)
    work = perform(workflow, move, record, context)
    if isinstance(work, Reason):
        return (work,)
    if work.assigned:
        record = record | work.assigned
    after = arrive(workflow, standing, move, record, at)
    return Step(
        EntryKind.EVENT, standing, after, move, payload, by, None, work.assigned, work.effects
    )


def arrive(
    workflow: Workflow, standing: Standing, move: Move, record: Record, at: datetime
) -> Standing:
    """Return where a case stands after `move`, with the facts `record`."""
    runs = moved(standing.runs, move, at, workflow.zone)
    return Standing(
        workflow.configurations.of(move.reaches),
        record,
        runs,
        standing.breaches,
        standing.warnings,
        standing.sequence + 1,
        at,
        standing.next_due if runs is standing.runs else first(runs),
    )


class Work(NamedTuple):
    """What a transition does besides moving: the facts it sets, the effects it asks for."""

    assigned: Record
    effects: tuple[Effect, ...]


NO_WORK = Work(NO_FACTS, ())


def perform(workflow: Workflow, move: Move, record: Record, context: Context) -> Work | Reason:
    """Return what a transition does, or why that cannot be worked out."""
    transition = move.transition
    if not transition.assign and not transition.emit:
        return NO_WORK
    fields = workflow.facts.fields
    effects: list[Effect] = []
    try:
        assigned = assign(workflow, transition, record, context)
        record = record | assigned
        context = seeing(workflow, record, context)
        for each in transition.emit:
            fields = each.effect.payload.fields
            effects.append(emit(each, move, record, context))
    except TelecomRulesError as problem:
        return refusal.without_result(workflow, transition, fields, problem)
    return Work(assigned, tuple(effects))


def assign(workflow: Workflow, transition: Transition, record: Record, context: Context) -> Record:
    """Return the facts that `transition` sets; each assignment sees those before it.

    Raises:
        FactsError: a value is outside what its fact allows.
        EvaluationError: an expression has no value.
    """
    assigned = NO_FACTS
    for each in transition.assign:
        if each.value is not None:
            now = record | assigned
            value = each.value.evaluate(now, seeing(workflow, now, context))
        elif each.fact in context.event:
            value = context.event[each.fact]
        else:
            continue
        assigned = assigned | workflow.facts.read({each.fact: value})
    return assigned


def seeing(workflow: Workflow, record: Record, context: Context) -> Context:
    """Return `context` with the policies deciding on `record`."""
    if "policies" not in workflow.reads or context.today is None:
        return context
    return replace(context, policies=workflow.answers(record, context.today))


def emit(emission: Emission, move: Move, record: Record, context: Context) -> Effect:
    """Return the effect that a transition asks for.

    Raises:
        FactsError: a value is outside what the effect allows.
        EvaluationError: an expression has no value.
    """
    effect = emission.effect
    values = {name: value.evaluate(record, context) for name, value in emission.payload}
    payload = read_record(effect.payload, values, effect.name)
    return Effect(effect.name, effect.title, payload, move.cites)


def catch_up(workflow: Workflow, standing: Standing, at: datetime) -> tuple[Step, ...]:
    """Let the clocks do what is due at `at` or before, each at its own instant, oldest first.

    At most `MOST_FIRINGS` steps are made; `next_due` of the last then still lies before `at`.
    """
    steps: list[Step] = []
    while standing.next_due is not None and standing.next_due <= at and len(steps) < MOST_FIRINGS:
        steps.append(fire(workflow, standing, standing.next_due))
        standing = steps[-1].after
    return tuple(steps)


def fire(workflow: Workflow, standing: Standing, at: datetime) -> Step:
    """Let the clock that is due at `at` do what it does."""
    run = next(run for run in standing.runs if run.fires == at)
    due = run.due()[0]
    noted = note(standing, run, due)
    event = run.clock.on_expiry if due.kind is DueKind.EXPIRY else None
    if event is None:
        return Step(EntryKind.CLOCK, standing, noted, due=due)
    moves = noted.configuration.raised.get(event, ())
    step = take(workflow, noted, moves, NO_FACTS, at, None)
    if isinstance(step, Step):
        after = step.after._replace(sequence=noted.sequence)
        return step._replace(kind=EntryKind.CLOCK, before=standing, after=after, due=due)
    return Step(EntryKind.CLOCK, standing, noted, due=due, reasons=step)


def note(standing: Standing, run: Run, due: Due) -> Standing:
    """Return where a case stands once it is on record that `run` warned or expired."""
    runs = tuple(each.fired(due) if each is run else each for each in standing.runs)
    breach = () if due.kind is DueKind.WARN else (Breach(due.clock, due.title, due.at, due.cites),)
    warning = (due,) if due.kind is DueKind.WARN else ()
    return Standing(
        standing.configuration,
        standing.record,
        runs,
        standing.breaches + breach,
        standing.warnings + warning,
        standing.sequence + 1,
        due.fires,
        first(runs),
    )
