"""The fast path of plain events: what an event does to a case, worked out once per configuration.

Most events are plain: one transition is taken, its guard is decided, nothing follows by itself. For
those, everything that does not depend on the case is kept in a side table, and what is left to do
is done here, in a straight line. For anything else (a refusal of any kind, a move that raises
events, calls or leads on by itself, regions that do different things) the fast path returns `None`,
and `event_loop` handles it from the beginning. Where the fast path answers, both come to the same.

Values are made and taken apart by position here, because that is twice as fast; a test compares
the positions with the fields.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from telecom_rules.errors import EvaluationError, FactsError, MissingData
from telecom_rules.expressions import Context
from telecom_rules.vocabulary import Record, build_record_reader
from telecom_rules.workflows.chart import EVENTLESS, Assignment, Raising, iter_expressions
from telecom_rules.workflows.engine.case_state import NO_FACTS, UNREAD, CaseState, build_context
from telecom_rules.workflows.engine.clocks import find_quiet_end, start_clock, update_clocks
from telecom_rules.workflows.engine.macrostep import EntryKind, Macrostep
from telecom_rules.workflows.engine.microstep import EMPTY_CONTEXT, ContentResult, execute_content
from telecom_rules.workflows.engine.transition_sets import NO_MEMORY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import datetime

    from telecom_rules.vocabulary import Value
    from telecom_rules.workflows.chart import Action
    from telecom_rules.workflows.engine.clocks import Run
    from telecom_rules.workflows.engine.configuration import Configuration, Move
    from telecom_rules.workflows.engine.machine import Machine
    from telecom_rules.workflows.engine.microstep import Effect


START_EVENT = EVENTLESS.name
NO_EFFECTS: tuple[Effect, ...] = ()
NO_STATES = frozenset[str]()
new_tuple = tuple.__new__  # half the cost of calling the class of a named tuple


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
    build_context: Callable[[Machine, CaseState, Record, Record, datetime], Context] | None
    unconditional: FastMove | None
    moves: tuple[FastMove, ...]


NO_FAST_PATH = FastPath(None, None, None, ())


FastPaths: TypeAlias = dict[frozenset[str], dict[str, FastPath]]
"""What the events do that have come so far, by the active states and the name of the event."""
FastStep: TypeAlias = "tuple[CaseState, Move, Record, Record, tuple[Effect, ...]]"
"""What an event has done: where the case then stands, the move, the payload, the facts that were
set and the work that was asked for."""


def take_fast_path(  # noqa: C901 - a straight line: a call for a part of it would cost each event
    fast_paths: FastPaths,
    machine: Machine,
    case_state: CaseState,
    event: str,
    payload: Mapping[str, object] | None,
    at: datetime,
    by: str | None,
) -> FastStep | None:
    """Take an event, or return `None` where it is not plain.

    Args:
        fast_paths: the side table of the machine.
        machine: the linked workflow.
        case_state: where the case stands.
        event: the event's name, or whatever was sent as such.
        payload: the data that comes with it.
        at: when it comes: an instant in the zone of the workflow. Before the last change, or once
            a clock has something to do, no event is plain.
        by: the role that sends it.
    """
    configuration, record, runs, breaches, warnings, sequence, last, until, memory, calls = (
        case_state
    )
    if not last <= at <= until:
        return None
    try:
        if by is not None and machine.roles and by not in machine.roles:
            return None
        known = fast_paths[configuration.names][event]
    except KeyError:
        known = build_fast_path(fast_paths, machine, configuration, event)
    except TypeError:  # a name or role that is not hashable
        return None
    read, sees, only, ways = known
    given = NO_FACTS
    try:
        if read is not None:
            given = read({} if payload is None else payload)
        elif payload is not None and (type(payload) is not dict or payload):
            return None
        context = EMPTY_CONTEXT if sees is None else sees(machine, case_state, record, given, at)
        way = only or find_enabled_fast_move(ways, by, record, context)
    except (FactsError, MissingData, EvaluationError):
        return None
    if way is None:
        return None
    _, _, _, move, reached, still = way
    assigned, effects = NO_FACTS, NO_EFFECTS
    if move.blocks:
        work = execute_content(machine, move, record, context)
        if not isinstance(work, ContentResult):
            return None
        assigned, effects, _ = work
        record = record | assigned if assigned else record
    if not still:
        runs = update_clocks(runs, move, at, machine.zone)
        until = find_quiet_end(runs, at)
    if move.memory_update:
        memory = {**memory, **move.memory_update}
    after = new_tuple(
        CaseState,
        (reached, record, runs, breaches, warnings, sequence + 1, at, until, memory, calls),
    )
    return after, move, given, assigned, effects


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


def start_on_fast_path(
    fast_paths: FastPaths, machine: Machine, record: Record, at: datetime
) -> CaseState | None:
    """Return where a case with the facts `record` starts, or `None` where the start is not plain.

    Args:
        fast_paths: the side table of the machine.
        machine: the linked workflow.
        record: the facts.
        at: when it starts: an instant in the zone of the workflow.
    """
    try:
        _, _, only, _ = fast_paths[NO_STATES][START_EVENT]
    except KeyError:
        _, _, only, _ = build_start_fast_path(fast_paths, machine)
    if only is None:
        return None
    _, _, _, move, reached, _ = only
    runs: tuple[Run, ...] = ()
    for clock in move.starts:
        runs += (start_clock(clock, at, machine.zone),)
    return new_tuple(
        CaseState, (reached, record, runs, (), (), 1, at, find_quiet_end(runs, at), NO_MEMORY, ())
    )


def open_on_fast_path(
    fast_paths: FastPaths, machine: Machine, record: Record, at: datetime
) -> Macrostep | None:
    """Return the step that `start_on_fast_path` makes, or `None` where the start is not plain."""
    after = start_on_fast_path(fast_paths, machine, record, at)
    if after is None:
        return None
    return Macrostep(
        kind=EntryKind.START,
        before=None,
        after=after,
        payload=record,
        assigned=record,
        later_moves=(machine.configurations.initial_move,),
    )


# What is worked out once.


def build_fast_path(
    fast_paths: FastPaths, machine: Machine, configuration: Configuration, event: str
) -> FastPath:
    """Work out the fast path of an event, and keep it; events that nobody may send are not kept."""
    moves = configuration.external_moves.get(event)
    if moves is None:
        return NO_FAST_PATH
    ways = tuple(iter_fast_moves(machine, moves))
    made = NO_FAST_PATH
    if len({*configuration.chains[event]}) == 1 and all(
        allows_fast_path(machine, way) for way in ways
    ):
        kind = moves[0].transition.event.payload
        read = build_record_reader(kind, event) if kind.fields else None
        only = ways[0] if ways[0][:3] == UNCONDITIONAL else None
        made = FastPath(read, choose_context_builder(moves), only, ways)
    return fast_paths.setdefault(configuration.names, {}).setdefault(event, made)


UNCONDITIONAL = ((), (), None)
"""The first parts of a way that is open to everybody whatever the facts are."""


def build_start_fast_path(fast_paths: FastPaths, machine: Machine) -> FastPath:
    """Work out the fast path of a start, and keep it under the states of what has not started."""
    (way,) = iter_fast_moves(machine, (machine.configurations.initial_move,))
    made = NO_FAST_PATH
    if allows_fast_path(machine, way) and not (
        way.move.blocks or way.move.ends_case or way.move.affects_pauses
    ):
        made = FastPath(None, None, way, (way,))
    return fast_paths.setdefault(NO_STATES, {}).setdefault(START_EVENT, made)


def iter_fast_moves(machine: Machine, moves: Iterable[Move]) -> Iterator[FastMove]:
    """Yield the way of each of `moves`."""
    for move in moves:
        transition = move.transition
        yield FastMove(
            transition.by,
            transition.requires,
            None if transition.guard is None else transition.guard.evaluate,
            move,
            machine.configurations.of(move.reached_states),
            not (move.ends_case or move.starts or move.stops or move.affects_pauses),
        )


def allows_fast_path(machine: Machine, way: FastMove) -> bool:
    """Return whether nothing follows from a move by itself, and no memory decides where to."""
    move = way.move
    raises = any(isinstance(each, Raising) for each in actions_of(move))
    calls = any(name in (*move.left, *move.entered) for name in machine.chart.callers)
    return not (raises or calls or move.history_targets or way.reached.eventless)


def actions_of(move: Move) -> tuple[Action, ...]:
    """Return everything that is done on a move."""
    return tuple(action for block in move.blocks for action in block.actions)


def choose_context_builder(
    moves: Iterable[Move],
) -> Callable[[Machine, CaseState, Record, Record, datetime], Context] | None:
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
    machine: Machine,  # noqa: ARG001 - the signature of `build_context`
    case_state: CaseState,  # noqa: ARG001
    record: Record,  # noqa: ARG001
    payload: Record,
    at: datetime,  # noqa: ARG001
) -> Context:
    """Return what expressions see that read nothing besides facts but the data of the event."""
    return new_tuple(Context, (payload, UNREAD, UNREAD, UNREAD, None, None, NO_STATES))
