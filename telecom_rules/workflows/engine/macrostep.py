"""One step of a case, as pure functions: what happens goes in, where it then stands comes out.

A step is a macrostep of SCXML: an event sets off the enabled transitions of the active states, and
then everything runs to completion that follows from it by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from telecom_rules.errors import FactsError
from telecom_rules.vocabulary import Record, read_record
from telecom_rules.workflows.chart import CALL_DONE_PREFIX, Reentry
from telecom_rules.workflows.engine.case_state import CaseState
from telecom_rules.workflows.engine.clocks import MICROSECOND, Breach, Due, DueKind, find_quiet_end
from telecom_rules.workflows.engine.microstep import (
    Effect,
    MacrostepRefused,
    event_macrostep,
    initial_macrostep,
    run_to_completion,
)
from telecom_rules.workflows.engine.selection import filter_by_role
from telecom_rules.workflows.engine.subcases import update_calls
from telecom_rules.workflows.journal.entry import EntryKind
from telecom_rules.workflows.refusals import events

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from telecom_rules.vocabulary import Clause
    from telecom_rules.workflows.engine.case_state import PendingCall
    from telecom_rules.workflows.engine.clocks import Run
    from telecom_rules.workflows.engine.configuration import Move
    from telecom_rules.workflows.refusals.reason import Reason
    from telecom_rules.workflows.workflow import Workflow


NO_FACTS = Record()
MOST_FIRINGS = 1_000
"""Warnings and expiries that are recorded in one go. A clock that its own expiry starts anew would
otherwise keep a host that asks about a distant day busy for ever."""


class Macrostep(NamedTuple):
    """One thing that happened to a case. A tuple, because every event makes one.

    Attributes:
        kind: it was started, took an event, or one of its clocks fired.
        before: where it stood, or `None` before its start.
        after: where it stands now.
        move: what the event set off, or `None` where there was no event, or no state took it.
        payload: the data that came with the event; of a start, the facts that were given.
        by: the role that sent it, or `None`.
        due: what a clock did, or `None` where none was involved.
        assigned: the facts that were set.
        effects: the work that was asked for.
        reasons: why no state took the event that a clock raised; empty otherwise.
        later_moves: the microsteps that followed by themselves; that of a start comes first.
    """

    kind: EntryKind
    before: CaseState | None
    after: CaseState
    move: Move | None = None
    payload: Record = NO_FACTS
    by: str | None = None
    due: Due | None = None
    assigned: Record = NO_FACTS
    effects: tuple[Effect, ...] = ()
    reasons: tuple[Reason, ...] = ()
    later_moves: tuple[Move, ...] = ()

    @property
    def moves(self) -> tuple[Move, ...]:
        """Every microstep, in order."""
        return self.later_moves if self.move is None else (self.move, *self.later_moves)

    @property
    def left(self) -> tuple[str, ...]:
        """The states left, in the order in which that happened: innermost first."""
        if self.move is not None and not self.later_moves:
            return self.move.left
        return tuple(name for move in self.moves for name in move.left)

    @property
    def entered(self) -> tuple[str, ...]:
        """The states entered, in the order in which that happened: outermost first."""
        if self.move is not None and not self.later_moves:
            return self.move.entered
        return tuple(name for move in self.moves for name in move.entered)

    @property
    def cites(self) -> tuple[Clause, ...]:
        """The clauses of the transition, its event and the states it joins; of those started in."""
        if self.before is None:
            return self.after.configuration.cites
        return self.move.cites if self.move else ()

    def restarts(self, clock: str) -> bool:
        """Return whether the step stops the clock and starts it anew."""
        stopped = False
        for move in self.moves:
            stopped = stopped or clock in move.stops
            if stopped and any(
                clock == each.name and each.on_reentry is Reentry.RESTART for each in move.starts
            ):
                return True
        return False


def open_case(
    workflow: Workflow, record: Record, at: datetime, within: tuple[str, ...] = ()
) -> Macrostep | tuple[Reason, ...]:
    """Start a case with the facts `record` at `at`, or return what stands against it.

    `within` names the workflows whose cases call it and begin at this very moment, too.
    """
    course = initial_macrostep(workflow, record, at)
    if isinstance(course, MacrostepRefused):
        return course.reasons
    move, after, assigned, effects, more = course
    known = record | assigned if assigned else record
    step = Macrostep(
        EntryKind.START, None, after, None, record, None, None, known, effects, (), (move, *more)
    )
    return update_calls(workflow, step, within)


def react(
    workflow: Workflow,
    standing: CaseState,
    event: str,
    payload: Mapping[str, object] | None,
    at: datetime,
    by: str | None,
) -> Macrostep | tuple[Reason, ...]:
    """Take an event that a host sends, or return what stands against it."""
    try:
        moves = standing.configuration.external_moves[event]
    except (KeyError, TypeError):
        return (events.refuse_event(workflow, standing.configuration, event),)
    if by is not None and workflow.roles and by not in workflow.roles:
        return (events.refuse_unknown_role(workflow, by),)
    open_to = filter_by_role(moves, by)
    what = moves[0].transition.event
    if not open_to:
        return (events.refuse_other_role(workflow, what, moves, by),)
    record = NO_FACTS
    if payload is not None or what.payload.fields:
        try:
            record = read_record(what.payload, {} if payload is None else payload, event)
        except FactsError as problem:
            return (events.refuse_payload(what, problem),)
    step = take_moves(workflow, standing, open_to, record, at, by)
    return update_calls(workflow, step) if isinstance(step, Macrostep) else step


def take_back(
    workflow: Workflow, standing: CaseState, pending: PendingCall, result: Record, at: datetime
) -> Macrostep | tuple[Reason, ...]:
    """Take what a called case brings back, or return what stands against it."""
    waiting = tuple(each for each in standing.calls if each is not pending)
    moves = standing.configuration.internal_moves[f"{CALL_DONE_PREFIX}{pending.state}"]
    step = take_moves(workflow, standing._replace(calls=waiting), moves, result, at, None)
    if not isinstance(step, Macrostep):
        return step
    return update_calls(workflow, step._replace(kind=EntryKind.RETURN, before=standing))


def take_moves(
    workflow: Workflow,
    standing: CaseState,
    moves: Sequence[Move],
    payload: Record,
    at: datetime,
    by: str | None,
) -> Macrostep | tuple[Reason, ...]:
    """Take those of `moves` that are enabled, or return what stands against each."""
    course = event_macrostep(workflow, standing, moves, payload, at)
    if isinstance(course, MacrostepRefused):
        return course.reasons
    move, after, assigned, effects, more = course
    return Macrostep(
        EntryKind.EVENT, standing, after, move, payload, by, None, assigned, effects, (), more
    )


def catch_up(workflow: Workflow, standing: CaseState, at: datetime) -> tuple[Macrostep, ...]:
    """Let the clocks do what is due at `at` or before, each at its own instant, oldest first.

    At most `MOST_FIRINGS` steps are made; the last is then not quiet up to `at`.
    """
    steps: list[Macrostep] = []
    while standing.quiet_until < at and len(steps) < MOST_FIRINGS:
        steps.append(fire_clock(workflow, standing, standing.quiet_until + MICROSECOND))
        standing = steps[-1].after
    return tuple(steps)


def fire_clock(workflow: Workflow, standing: CaseState, at: datetime) -> Macrostep:
    """Let the clock that is due at `at` do what it does."""
    run = next(run for run in standing.runs if run.fires == at)
    due = run.due()[0]
    noted = record_firing(standing, run, due)
    event = run.clock.on_expiry if due.kind is DueKind.EXPIRY else None
    reasons: tuple[Reason, ...] = ()
    if event is not None:
        moves = noted.configuration.internal_moves.get(event, ())
        step = take_moves(workflow, noted, moves, NO_FACTS, at, None)
        if isinstance(step, Macrostep):
            after = step.after._replace(sequence=noted.sequence)
            step = step._replace(kind=EntryKind.CLOCK, before=standing, after=after, due=due)
            step = update_calls(workflow, step)
        if isinstance(step, Macrostep):
            return step
        reasons = step
    rest = run_to_completion(workflow, noted, (), at)
    if isinstance(rest, MacrostepRefused):
        return Macrostep(
            EntryKind.CLOCK, standing, noted, due=due, reasons=(*reasons, *rest.reasons)
        )
    after, assigned, effects, more = rest
    step = update_calls(
        workflow,
        Macrostep(
            EntryKind.CLOCK,
            standing,
            after,
            None,
            NO_FACTS,
            None,
            due,
            assigned,
            effects,
            reasons,
            more,
        ),
    )
    if isinstance(step, Macrostep):
        return step
    return Macrostep(EntryKind.CLOCK, standing, noted, due=due, reasons=(*reasons, *step))


def record_firing(standing: CaseState, run: Run, due: Due) -> CaseState:
    """Return where a case stands once it is on record that `run` warned or expired."""
    runs = tuple(each.mark_fired(due) if each is run else each for each in standing.runs)
    breach = () if due.kind is DueKind.WARN else (Breach(due.clock, due.title, due.at, due.cites),)
    warning = (due,) if due.kind is DueKind.WARN else ()
    return CaseState(
        standing.configuration,
        standing.record,
        runs,
        standing.breaches + breach,
        standing.warnings + warning,
        standing.sequence + 1,
        due.fires,
        find_quiet_end(runs, due.fires),
        standing.memory,
        standing.calls,
    )
