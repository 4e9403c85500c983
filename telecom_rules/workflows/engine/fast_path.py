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
from telecom_rules.vocabulary import Record, build_record_reader
from telecom_rules.workflows.chart import EVENTLESS, Assignment, Raising, iter_expressions
from telecom_rules.workflows.engine.case_state import (
    EMPTY_MAPPING,
    NO_MEMORY,
    CaseState,
    build_context,
)
from telecom_rules.workflows.engine.clocks import find_quiet_end, start_clock, update_clocks
from telecom_rules.workflows.engine.macrostep import Macrostep
from telecom_rules.workflows.engine.microstep import EMPTY_CONTEXT, ContentResult, execute_content
from telecom_rules.workflows.journal.entry import EntryKind
from telecom_rules.workflows.outcome import Accepted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import datetime

    from telecom_rules.vocabulary import Value
    from telecom_rules.workflows.case import Case
    from telecom_rules.workflows.chart import Action
    from telecom_rules.workflows.engine.clocks import Run
    from telecom_rules.workflows.engine.configuration import Configuration, Move
    from telecom_rules.workflows.engine.microstep import Effect
    from telecom_rules.workflows.workflow import Workflow


START_EVENT = EVENTLESS.name
NO_FACTS = Record()
NO_EFFECTS: tuple[Effect, ...] = ()
NO_STATES = frozenset[str]()
new_object, new_tuple = object.__new__, tuple.__new__  # half the cost of calling the classes


class FastMove(NamedTuple):
    """One move that an event may set off, with what decides it and where it leads.

    Attributes:
        by: the roles that may, or empty for everybody.
        requires: the facts that must be known.
        guard: what must hold, or `None`.
        move: the move.
        reached: the configuration it leads to.
        keeps_clocks: whether it lets every clock be.
    """

    by: tuple[str, ...]
    requires: tuple[str, ...]
    guard: Callable[[Record, Context], Value] | None
    move: Move
    reached: Configuration
    keeps_clocks: bool


class FastPath(NamedTuple):
    """What an event does in a configuration.

    Attributes:
        read: reads the data that comes with it, or `None` where none does.
        build_context: gives what expressions read besides facts, or `None` for nothing.
        unconditional: the one thing it does, whatever the case, or `None`.
        moves: what it may set off, in the order tried; empty where only the long way will do.
    """

    read: Callable[[object], Record] | None
    build_context: Callable[[Workflow, CaseState, Record, Record, datetime], Context] | None
    unconditional: FastMove | None
    moves: tuple[FastMove, ...]


NO_FAST_PATH = FastPath(None, None, None, ())


def take_fast_path(  # noqa: C901 - a straight line: a call for a part of it would cost each event
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
    workflow, standing = case._workflow, case._case_state
    configuration, record, runs, breaches, warnings, sequence, _, until, memory, calls = standing
    try:
        known = configuration.fast_paths.get(event)
        if by is not None and workflow.roles and by not in workflow.roles:
            return None
    except TypeError:  # a name or role that is not hashable
        return None
    try:
        read, sees, only, ways = known or build_fast_path(workflow, configuration, event)
        given = NO_FACTS
        if read is not None:
            given = read({} if payload is None else payload)
        elif payload is not None and (type(payload) is not dict or payload):
            return None
        context = EMPTY_CONTEXT if sees is None else sees(workflow, standing, record, given, at)
        way = only or find_enabled_fast_move(ways, by, record, context)
    except (FactsError, MissingData, EvaluationError):
        return None
    if way is None:
        return None
    _, _, _, move, reached, still = way
    assigned, effects = NO_FACTS, NO_EFFECTS
    if move.blocks:
        work = execute_content(workflow, move, record, context)
        if not isinstance(work, ContentResult):
            return None
        assigned, effects, _ = work
        record = record | assigned if assigned else record
    if not still:
        runs = update_clocks(runs, move, at, workflow.zone)
        until = find_quiet_end(runs, at)
    if move.memory_update:
        memory = {**memory, **move.memory_update}
    then = new_object(case.__class__)
    then._workflow = workflow
    then._id = case._id
    then._case_state = new_tuple(
        CaseState,
        (reached, record, runs, breaches, warnings, sequence + 1, at, until, memory, calls),
    )
    outcome = new_object(Accepted)
    outcome._case = then
    outcome._firings = ()
    outcome._before = standing
    outcome._move = move
    outcome._payload = given
    outcome._by = by
    outcome._assigned = assigned
    outcome._effects = effects
    outcome._later_moves = ()
    return outcome


def find_enabled_fast_move(
    ways: Iterable[FastMove], by: str | None, record: Record, context: Context
) -> FastMove | None:
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


def start_on_fast_path(workflow: Workflow, record: Record, at: datetime) -> CaseState | None:
    """Return where a case with the facts `record` starts, or `None` where that needs the long way.

    Args:
        workflow: the workflow.
        record: the facts.
        at: when it starts: an instant in the zone of the workflow.
    """
    nowhere = workflow.configurations.not_started
    _, _, only, _ = nowhere.fast_paths.get(START_EVENT) or build_start_fast_path(workflow, nowhere)
    if only is None:
        return None
    _, _, _, move, reached, _ = only
    runs: tuple[Run, ...] = ()
    for clock in move.starts:
        runs += (start_clock(clock, at, workflow.zone),)
    return new_tuple(
        CaseState, (reached, record, runs, (), (), 1, at, find_quiet_end(runs, at), NO_MEMORY, ())
    )


def open_on_fast_path(workflow: Workflow, record: Record, at: datetime) -> Macrostep | None:
    """Return the step that `start_on_fast_path` makes, or `None` where that needs the long way."""
    after = start_on_fast_path(workflow, record, at)
    if after is None:
        return None
    more = (workflow.configurations.initial_move,)
    return Macrostep(
        EntryKind.START, None, after, payload=record, assigned=record, later_moves=more
    )


# What is worked out once.


def build_fast_path(workflow: Workflow, configuration: Configuration, event: str) -> FastPath:
    """Work out the shortcut of an event, and keep it with the configuration."""
    moves = configuration.external_moves.get(event)
    if moves is None:
        return NO_FAST_PATH
    ways = tuple(iter_fast_moves(workflow, moves))
    made = NO_FAST_PATH
    if len({*configuration.chains[event]}) == 1 and all(
        allows_fast_path(workflow, way) for way in ways
    ):
        kind = moves[0].transition.event.payload
        read = build_record_reader(kind, event) if kind.fields else None
        only = ways[0] if ways[0][:3] == UNCONDITIONAL else None
        made = FastPath(read, choose_context_builder(moves), only, ways)
    return configuration.fast_paths.setdefault(event, made)


UNCONDITIONAL = ((), (), None)
"""The first parts of a way that is open to everybody whatever the facts are."""


def build_start_fast_path(workflow: Workflow, nowhere: Configuration) -> FastPath:
    """Work out the shortcut of a start, and keep it with the configuration of what has not."""
    (way,) = iter_fast_moves(workflow, (workflow.configurations.initial_move,))
    made = NO_FAST_PATH
    if allows_fast_path(workflow, way) and not (
        way.move.blocks or way.move.ends_case or way.move.affects_pauses
    ):
        made = FastPath(None, None, way, (way,))
    return nowhere.fast_paths.setdefault(START_EVENT, made)


def iter_fast_moves(workflow: Workflow, moves: Iterable[Move]) -> Iterator[FastMove]:
    """Yield the way of each of `moves`."""
    for move in moves:
        transition = move.transition
        yield FastMove(
            transition.by,
            transition.requires,
            None if transition.guard is None else transition.guard.evaluate,
            move,
            workflow.configurations.of(move.reached_states),
            not (move.ends_case or move.starts or move.stops or move.affects_pauses),
        )


def allows_fast_path(workflow: Workflow, way: FastMove) -> bool:
    """Return whether nothing follows from a move by itself, and no memory decides where to."""
    move = way.move
    raises = any(isinstance(each, Raising) for each in actions_of(move))
    calls = any(name in (*move.left, *move.entered) for name in workflow.chart.callers)
    return not (raises or calls or move.history_targets or way.reached.eventless)


def actions_of(move: Move) -> tuple[Action, ...]:
    """Return everything that is done on a move."""
    return tuple(action for block in move.blocks for action in block.actions)


def choose_context_builder(
    moves: Iterable[Move],
) -> Callable[[Workflow, CaseState, Record, Record, datetime], Context] | None:
    """Return what gives the expressions of `moves` what they read besides facts."""
    read: set[str] = set()
    for move in moves:
        guards = [each.guard for each in move.transitions if each.guard is not None]
        read.update(
            *(each.context_names for each in (*guards, *iter_expressions(actions_of(move))))
        )
        if any(isinstance(each, Assignment) and each.value is None for each in actions_of(move)):
            read.add("event")
    if not read:
        return None
    return build_payload_context if read == {"event"} else build_context


def build_payload_context(
    workflow: Workflow,  # noqa: ARG001 - the signature of `surroundings`
    standing: CaseState,  # noqa: ARG001
    record: Record,  # noqa: ARG001
    payload: Record,
    at: datetime,  # noqa: ARG001
) -> Context:
    """Return what expressions see that read nothing besides facts but the data of the event."""
    return new_tuple(
        Context, (payload, EMPTY_MAPPING, EMPTY_MAPPING, EMPTY_MAPPING, None, None, NO_STATES)
    )
