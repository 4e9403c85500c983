"""Shortcuts: what an event does to a case, worked out when it first comes to a configuration.

Most events are plain: one transition is taken, its guard is decided, nothing follows by itself. For
those, everything that does not depend on the case is kept with the configuration, and what is left
to do is done here, in a straight line. Whatever is out of the ordinary (a refusal of any kind, what
raises events or sets off others, what regions do differently) has no shortcut: `step` then does it
the long way, from the beginning. Where there is a shortcut, both come to the same step.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from telecom_rules.errors import EvaluationError, FactsError, MissingData
from telecom_rules.expressions import Context
from telecom_rules.vocabulary import Record, record_reader
from telecom_rules.workflows.chart import ALWAYS, Assignment, Raising, reading
from telecom_rules.workflows.clocks import begin, moved, quiet
from telecom_rules.workflows.entry import EntryKind
from telecom_rules.workflows.microstep import EMPTY, Work, perform
from telecom_rules.workflows.outcome import Accepted
from telecom_rules.workflows.standing import NO_MEMORY, NOTHING, Standing, surroundings
from telecom_rules.workflows.step import Step

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import datetime

    from telecom_rules.vocabulary import Value
    from telecom_rules.workflows.case import Case
    from telecom_rules.workflows.chart import Action
    from telecom_rules.workflows.clocks import Run
    from telecom_rules.workflows.configuration import Configuration, Move
    from telecom_rules.workflows.microstep import Effect
    from telecom_rules.workflows.workflow import Workflow

__all__ = ["Shortcut", "Way", "begun", "opening", "shortcut"]

START = ALWAYS.name
NO_FACTS = Record()
NO_EFFECTS: tuple[Effect, ...] = ()
NO_STATES = frozenset[str]()
new, new_tuple = object.__new__, tuple.__new__  # half the cost of calling the classes


class Way(NamedTuple):
    """One move that an event may set off, with what decides it and where it leads.

    Attributes:
        by: the roles that may, or empty for everybody.
        requires: the facts that must be known.
        guard: what must hold, or `None`.
        move: the move.
        reached: the configuration it leads to.
        still: whether it lets every clock be.
    """

    by: tuple[str, ...]
    requires: tuple[str, ...]
    guard: Callable[[Record, Context], Value] | None
    move: Move
    reached: Configuration
    still: bool


class Shortcut(NamedTuple):
    """What an event does in a configuration.

    Attributes:
        read: reads the data that comes with it, or `None` where none does.
        sees: gives what expressions read besides facts, or `None` where they read nothing else.
        only: the one thing it does, whatever the case, or `None`.
        ways: what it may set off, in the order tried; empty where only the long way will do.
    """

    read: Callable[[object], Record] | None
    sees: Callable[[Workflow, Standing, Record, Record, datetime], Context] | None
    only: Way | None
    ways: tuple[Way, ...]


NO_SHORTCUT = Shortcut(None, None, None, ())


def shortcut(  # noqa: C901 - a straight line: a call for a part of it would cost each event
    case: Case, event: str, payload: Mapping[str, object] | None, at: datetime, by: str | None
) -> Accepted | None:
    """Take an event, or return `None` where that needs the long way.

    Args:
        case: the case.
        event: the event's name, or whatever was sent as such.
        payload: the data that comes with it.
        at: when it comes: an instant in the zone of the workflow, not before the last change, and
            while the clocks are quiet.
        by: the role that sends it.
    """
    workflow, standing = case._workflow, case._standing
    configuration, record, runs, breaches, warnings, sequence, _, until, memory, calls = standing
    try:
        known = configuration.shortcuts.get(event)
        if by is not None and workflow.roles and by not in workflow.roles:
            return None
    except TypeError:  # a name or role that is not hashable
        return None
    try:
        read, sees, only, ways = known or prepared(workflow, configuration, event)
        given = NO_FACTS
        if read is not None:
            given = read({} if payload is None else payload)
        elif payload is not None and (type(payload) is not dict or payload):
            return None
        context = EMPTY if sees is None else sees(workflow, standing, record, given, at)
        way = only or enabled(ways, by, record, context)
    except (FactsError, MissingData, EvaluationError):
        return None
    if way is None:
        return None
    _, _, _, move, reached, still = way
    assigned, effects = NO_FACTS, NO_EFFECTS
    if move.blocks:
        work = perform(workflow, move, record, context)
        if not isinstance(work, Work):
            return None
        assigned, effects, _ = work
        record = record | assigned if assigned else record
    if not still:
        runs = moved(runs, move, at, workflow.zone)
        until = quiet(runs, at)
    if move.keeps:
        memory = {**memory, **move.keeps}
    then = new(case.__class__)
    then._workflow = workflow
    then._id = case._id
    then._standing = new_tuple(
        Standing,
        (reached, record, runs, breaches, warnings, sequence + 1, at, until, memory, calls),
    )
    outcome = new(Accepted)
    outcome._case = then
    outcome._firings = ()
    outcome._before = standing
    outcome._move = move
    outcome._payload = given
    outcome._by = by
    outcome._assigned = assigned
    outcome._effects = effects
    outcome._more = ()
    return outcome


def enabled(ways: Iterable[Way], by: str | None, record: Record, context: Context) -> Way | None:
    """Return the first of `ways` that is enabled, or `None`.

    Raises:
        MissingData: a guard cannot be decided, so that nobody knows whether a later one is meant.
        EvaluationError: likewise.
    """
    for way in ways:
        roles, requires, guard, _, _, _ = way
        if roles and by not in roles:
            continue
        if requires and not all(fact in record for fact in requires):
            continue
        if guard is None or guard(record, context):
            return way
    return None


def opening(workflow: Workflow, record: Record, at: datetime) -> Standing | None:
    """Return where a case with the facts `record` starts, or `None` where that needs the long way.

    Args:
        workflow: the workflow.
        record: the facts.
        at: when it starts: an instant in the zone of the workflow.
    """
    nowhere = workflow.configurations.nowhere
    _, _, only, _ = nowhere.shortcuts.get(START) or prepared_opening(workflow, nowhere)
    if only is None:
        return None
    _, _, _, move, reached, _ = only
    runs: tuple[Run, ...] = ()
    for clock in move.starts:
        runs += (begin(clock, at, workflow.zone),)
    return new_tuple(
        Standing, (reached, record, runs, (), (), 1, at, quiet(runs, at), NO_MEMORY, ())
    )


def begun(workflow: Workflow, record: Record, at: datetime) -> Step | None:
    """Return the step that `opening` makes, or `None` where that needs the long way."""
    after = opening(workflow, record, at)
    if after is None:
        return None
    more = (workflow.configurations.opening,)
    return Step(EntryKind.START, None, after, payload=record, assigned=record, more=more)


# What is worked out once.


def prepared(workflow: Workflow, configuration: Configuration, event: str) -> Shortcut:
    """Work out the shortcut of an event, and keep it with the configuration."""
    moves = configuration.moves.get(event)
    if moves is None:
        return NO_SHORTCUT
    ways = tuple(ways_of(workflow, moves))
    made = NO_SHORTCUT
    if len({*configuration.chains[event]}) == 1 and all(plain(workflow, way) for way in ways):
        kind = moves[0].transition.event.payload
        read = record_reader(kind, event) if kind.fields else None
        only = ways[0] if ways[0][:3] == FREE else None
        made = Shortcut(read, sees(moves), only, ways)
    return configuration.shortcuts.setdefault(event, made)


FREE = ((), (), None)
"""The first parts of a way that is open to everybody whatever the facts are."""


def prepared_opening(workflow: Workflow, nowhere: Configuration) -> Shortcut:
    """Work out the shortcut of a start, and keep it with the configuration of what has not."""
    (way,) = ways_of(workflow, (workflow.configurations.opening,))
    made = NO_SHORTCUT
    if plain(workflow, way) and not (way.move.blocks or way.move.ends or way.move.pauses):
        made = Shortcut(None, None, way, (way,))
    return nowhere.shortcuts.setdefault(START, made)


def ways_of(workflow: Workflow, moves: Iterable[Move]) -> Iterator[Way]:
    """Yield the way of each of `moves`."""
    for move in moves:
        transition = move.transition
        yield Way(
            transition.by,
            transition.requires,
            None if transition.guard is None else transition.guard.evaluate,
            move,
            workflow.configurations.of(move.reaches),
            not (move.ends or move.starts or move.stops or move.pauses),
        )


def plain(workflow: Workflow, way: Way) -> bool:
    """Return whether nothing follows from a move by itself, and no memory decides where to."""
    move = way.move
    raises = any(isinstance(each, Raising) for each in actions(move))
    calls = any(name in (*move.left, *move.entered) for name in workflow.chart.callers)
    return not (raises or calls or move.asks or way.reached.eventless)


def actions(move: Move) -> tuple[Action, ...]:
    """Return everything that is done on a move."""
    return tuple(action for block in move.blocks for action in block.actions)


def sees(
    moves: Iterable[Move],
) -> Callable[[Workflow, Standing, Record, Record, datetime], Context] | None:
    """Return what gives the expressions of `moves` what they read besides facts."""
    read: set[str] = set()
    for move in moves:
        guards = [each.guard for each in move.transitions if each.guard is not None]
        read.update(*(each.given for each in (*guards, *reading(actions(move)))))
        if any(isinstance(each, Assignment) and each.value is None for each in actions(move)):
            read.add("event")
    if not read:
        return None
    return payload_alone if read == {"event"} else surroundings


def payload_alone(
    workflow: Workflow,  # noqa: ARG001 - the signature of `surroundings`
    standing: Standing,  # noqa: ARG001
    record: Record,  # noqa: ARG001
    payload: Record,
    at: datetime,  # noqa: ARG001
) -> Context:
    """Return what expressions see that read nothing besides facts but the data of the event."""
    return new_tuple(Context, (payload, NOTHING, NOTHING, NOTHING, None, None, NO_STATES))
