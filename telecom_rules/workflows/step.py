"""One step of a case, as pure functions: what happens goes in, where it then stands comes out.

A step is a macrostep of SCXML: an event sets off the enabled transitions of the active states, and
then everything runs to completion that follows from it by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from telecom_rules.errors import FactsError
from telecom_rules.vocabulary import Record, read_record
from telecom_rules.workflows import refusal
from telecom_rules.workflows.calls import attend
from telecom_rules.workflows.chart import ENDED, Reentry
from telecom_rules.workflows.choice import permitted
from telecom_rules.workflows.clocks import INSTANT, Breach, Due, DueKind, quiet
from telecom_rules.workflows.entry import EntryKind
from telecom_rules.workflows.microstep import Effect, Stopped, begun, complete, taken
from telecom_rules.workflows.standing import Standing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from telecom_rules.vocabulary import Clause
    from telecom_rules.workflows.clocks import Run
    from telecom_rules.workflows.configuration import Move
    from telecom_rules.workflows.reason import Reason
    from telecom_rules.workflows.standing import Pending
    from telecom_rules.workflows.workflow import Workflow

__all__ = ["MOST_FIRINGS", "Effect", "Step", "catch_up", "fire", "open_case", "react", "take_back"]

NO_FACTS = Record()
MOST_FIRINGS = 1_000
"""Warnings and expiries that are recorded in one go. A clock that its own expiry starts anew would
otherwise keep a host that asks about a distant day busy for ever."""


class Step(NamedTuple):
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
        more: the microsteps that followed by themselves; of a start, the first enters its states.
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
    more: tuple[Move, ...] = ()

    @property
    def moves(self) -> tuple[Move, ...]:
        """Every microstep, in order."""
        return self.more if self.move is None else (self.move, *self.more)

    @property
    def left(self) -> tuple[str, ...]:
        """The states left, in the order in which that happened: innermost first."""
        if self.move is not None and not self.more:
            return self.move.left
        return tuple(name for move in self.moves for name in move.left)

    @property
    def entered(self) -> tuple[str, ...]:
        """The states entered, in the order in which that happened: outermost first."""
        if self.move is not None and not self.more:
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
) -> Step | tuple[Reason, ...]:
    """Start a case with the facts `record` at `at`, or return what stands against it.

    `within` names the workflows whose cases call it and begin at this very moment, too.
    """
    course = begun(workflow, record, at)
    if isinstance(course, Stopped):
        return course.reasons
    move, after, assigned, effects, more = course
    known = record | assigned if assigned else record
    step = Step(
        EntryKind.START, None, after, None, record, None, None, known, effects, (), (move, *more)
    )
    return attend(workflow, step, within)


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
    step = take(workflow, standing, open_to, record, at, by)
    return attend(workflow, step) if isinstance(step, Step) else step


def take_back(
    workflow: Workflow, standing: Standing, pending: Pending, result: Record, at: datetime
) -> Step | tuple[Reason, ...]:
    """Take what a called case brings back, or return what stands against it."""
    waiting = tuple(each for each in standing.calls if each is not pending)
    moves = standing.configuration.raised[f"{ENDED}{pending.state}"]
    step = take(workflow, standing._replace(calls=waiting), moves, result, at, None)
    if not isinstance(step, Step):
        return step
    return attend(workflow, step._replace(kind=EntryKind.RETURN, before=standing))


def take(
    workflow: Workflow,
    standing: Standing,
    moves: Sequence[Move],
    payload: Record,
    at: datetime,
    by: str | None,
) -> Step | tuple[Reason, ...]:
    """Take those of `moves` that are enabled, or return what stands against each."""
    course = taken(workflow, standing, moves, payload, at)
    if isinstance(course, Stopped):
        return course.reasons
    move, after, assigned, effects, more = course
    return Step(
        EntryKind.EVENT, standing, after, move, payload, by, None, assigned, effects, (), more
    )


def catch_up(workflow: Workflow, standing: Standing, at: datetime) -> tuple[Step, ...]:
    """Let the clocks do what is due at `at` or before, each at its own instant, oldest first.

    At most `MOST_FIRINGS` steps are made; the last is then not quiet up to `at`.
    """
    steps: list[Step] = []
    while standing.quiet < at and len(steps) < MOST_FIRINGS:
        steps.append(fire(workflow, standing, standing.quiet + INSTANT))
        standing = steps[-1].after
    return tuple(steps)


def fire(workflow: Workflow, standing: Standing, at: datetime) -> Step:
    """Let the clock that is due at `at` do what it does."""
    run = next(run for run in standing.runs if run.fires == at)
    due = run.due()[0]
    noted = note(standing, run, due)
    event = run.clock.on_expiry if due.kind is DueKind.EXPIRY else None
    reasons: tuple[Reason, ...] = ()
    if event is not None:
        moves = noted.configuration.raised.get(event, ())
        step = take(workflow, noted, moves, NO_FACTS, at, None)
        if isinstance(step, Step):
            after = step.after._replace(sequence=noted.sequence)
            step = step._replace(kind=EntryKind.CLOCK, before=standing, after=after, due=due)
            step = attend(workflow, step)
        if isinstance(step, Step):
            return step
        reasons = step
    rest = complete(workflow, noted, (), at)
    if isinstance(rest, Stopped):
        return Step(EntryKind.CLOCK, standing, noted, due=due, reasons=(*reasons, *rest.reasons))
    after, assigned, effects, more = rest
    step = attend(
        workflow,
        Step(
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
    if isinstance(step, Step):
        return step
    return Step(EntryKind.CLOCK, standing, noted, due=due, reasons=(*reasons, *step))


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
        quiet(runs, due.fires),
        standing.memory,
        standing.calls,
    )
