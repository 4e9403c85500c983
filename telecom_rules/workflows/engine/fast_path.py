"""The fast path of plain events: their effect is computed once per configuration.

An event is plain if it takes one transition whose guard can be decided and nothing follows. The
parts that do not depend on the case are kept in a side table. For anything else (a refusal, a move
that raises events, calls a workflow or enables eventless transitions, regions that differ) the fast
path returns `None`, and `event_loop` handles the event. Both give the same result.

Tuples are built and unpacked by position here, which is twice as fast; a test compares the
positions with the fields.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from telecom_rules.errors import EvaluationError, FactsError, MissingData
from telecom_rules.expressions import Context
from telecom_rules.vocabulary import Record, build_record_reader
from telecom_rules.workflows.chart import EVENTLESS, Assignment, Raising, iter_expressions
from telecom_rules.workflows.engine.case_state import NO_FACTS, UNREAD, CaseState, build_context
from telecom_rules.workflows.engine.clocks import (
    begin_clock,
    begin_promise,
    find_quiet_end,
    update_clocks,
)
from telecom_rules.workflows.engine.macrostep import EntryKind, Macrostep
from telecom_rules.workflows.engine.microstep import EMPTY_CONTEXT, ContentResult, execute_content
from telecom_rules.workflows.engine.transition_sets import NO_MEMORY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import datetime

    from telecom_rules.vocabulary import Value
    from telecom_rules.workflows.chart import Action
    from telecom_rules.workflows.engine.clocks import Run
    from telecom_rules.workflows.engine.configuration import Configuration, Move
    from telecom_rules.workflows.engine.machine import Machine
    from telecom_rules.workflows.engine.macrostep import MacrostepFields
    from telecom_rules.workflows.engine.microstep import Effect


START_EVENT = EVENTLESS.name
NO_EFFECTS: tuple[Effect, ...] = ()
NO_STATES = frozenset[str]()
EVENT = EntryKind.EVENT  # one look-up less for each event
new_tuple = tuple.__new__  # half the cost of calling the class of a named tuple


class FastMove(NamedTuple):
    """A move with its conditions and the configuration it reaches.

    Attributes:
        by: the roles that may take it, or empty for everybody.
        requires: the facts that must be known.
        guard: the compiled guard, or `None`.
        move: the move.
        reached: the configuration it reaches.
        keeps_clocks: whether it starts, stops and pauses no clock.
        only_moves: whether it also executes nothing, and no history state remembers it.
    """

    by: tuple[str, ...]
    requires: tuple[str, ...]
    guard: Callable[[Record, Context], Value] | None
    move: Move
    reached: Configuration
    keeps_clocks: bool
    only_moves: bool


class FastPath(NamedTuple):
    """The fast path of one event in one configuration.

    Attributes:
        read: the reader of its payload, or `None` if it has no fields.
        build_context: builds the activation, or `None` if expressions read facts only.
        unconditional: the move if it is always enabled, or `None`.
        moves: the moves in the order tried; empty if the event is not plain.
    """

    read: Callable[[object], Record] | None
    build_context: Callable[[Machine, CaseState, Record, Record, datetime], Context] | None
    unconditional: FastMove | None
    moves: tuple[FastMove, ...]


NO_FAST_PATH = FastPath(None, None, None, ())


FastPaths: TypeAlias = dict[frozenset[str], dict[str, FastPath]]
"""The side table: the fast paths built so far, by active states and event name."""


def take_fast_path(  # noqa: C901, PLR0912 - a straight line: a call for a part of it would cost each event
    fast_paths: FastPaths,
    machine: Machine,
    case_state: CaseState,
    event: str,
    payload: object,
    at: datetime,
    by: str | None,
    actor: str | None = None,
) -> MacrostepFields | None:
    """Return the fields of the macrostep of an event, or `None` if it is not plain.

    Args:
        fast_paths: the side table of the machine.
        machine: the linked workflow.
        case_state: the state of the case.
        event: the event's name; any object a host may have passed.
        payload: the data that comes with it.
        at: its instant, in the zone of the workflow. Before the last change, or after a clock
            is due, no event is plain.
        by: the role that sends it.
        actor: who sends it.
    """
    # All fields by position, in the order of `CaseState`: a new field goes here and into `after`.
    configuration, record, runs, breaches, warnings, sequence, changed, quiet, memory, calls = (
        case_state
    )
    if not changed <= at <= quiet:
        return None
    try:
        if by is not None and machine.roles and by not in machine.roles:
            return None
        fast_path = fast_paths[configuration.names][event]
    except KeyError:
        fast_path = build_fast_path(fast_paths, machine, configuration, event)
    except TypeError:  # a name or role that is not hashable
        return None
    read, make_context, unconditional, fast_moves = fast_path
    data = NO_FACTS
    try:
        if read is not None:
            data = read({} if payload is None else payload)
        elif payload is not None and (type(payload) is not dict or payload):
            return None
        context = (
            EMPTY_CONTEXT
            if make_context is None
            else make_context(machine, case_state, record, data, at)
        )
        fast_move = unconditional or find_enabled_fast_move(fast_moves, by, record, context)
    except (FactsError, MissingData, EvaluationError):
        return None  # `event_loop` judges again and says why
    if fast_move is None:
        return None
    _, _, _, move, reached, keeps_clocks, only_moves = fast_move
    assigned, effects = NO_FACTS, NO_EFFECTS
    if not only_moves:
        if move.blocks:
            content = execute_content(machine, move, record, context)
            if not isinstance(content, ContentResult):
                return None
            assigned, effects, _ = content
            record = record | assigned if assigned else record
        if not keeps_clocks:
            runs = update_clocks(runs, move, at, machine.zone, record, machine.parameters_on)
            quiet = find_quiet_end(runs, at)
        if move.memory_update:
            memory = {**memory, **move.memory_update}
    after = new_tuple(
        CaseState,
        (reached, record, runs, breaches, warnings, sequence + 1, at, quiet, memory, calls),
    )
    # In the order of `Macrostep`.
    return EVENT, case_state, after, move, data, by, actor, None, assigned, effects, (), ()


def find_enabled_fast_move(
    fast_moves: Iterable[FastMove], by: str | None, record: Record, context: Context
) -> FastMove | None:
    """Return the first of `fast_moves` that is enabled, or `None`.

    Raises:
        EvaluationError: a guard cannot be decided, so that the moves after it cannot be tried.
    """
    for fast_move in fast_moves:
        roles, requires, guard, _, _, _, _ = fast_move
        if roles and by not in roles:
            continue
        if requires and not all(fact in record for fact in requires):
            continue
        if guard is None or guard(record, context):
            return fast_move
    return None


def start_on_fast_path(
    fast_paths: FastPaths, machine: Machine, record: Record, at: datetime
) -> CaseState | None:
    """Return the initial state of a case with the facts `record`, or `None` if not plain.

    Args:
        fast_paths: the side table of the machine.
        machine: the linked workflow.
        record: the facts.
        at: when it starts, in the zone of the workflow.
    """
    try:
        _, _, fast_move, _ = fast_paths[NO_STATES][START_EVENT]
    except KeyError:
        _, _, fast_move, _ = build_start_fast_path(fast_paths, machine)
    if fast_move is None:
        return None
    _, _, _, move, reached, _, _ = fast_move
    runs: tuple[Run, ...] = ()
    for clock in move.starts:
        runs += (begin_clock(clock, at, machine.zone, record, machine.parameters_on),)
        if clock.promise is not None:
            runs += begin_promise(clock, at, machine.zone, record, machine.parameters_on)
    return new_tuple(
        CaseState, (reached, record, runs, (), (), 1, at, find_quiet_end(runs, at), NO_MEMORY, ())
    )


def build_plain_start(machine: Machine, after: CaseState) -> Macrostep:
    """Return the macrostep of `start_on_fast_path`, which sets nothing but the facts given."""
    return Macrostep(
        kind=EntryKind.START,
        before=None,
        after=after,
        payload=after.record,
        assigned=after.record,
        later_moves=(machine.configurations.initial_move,),
    )


# Building the side table.


def build_fast_path(
    fast_paths: FastPaths, machine: Machine, configuration: Configuration, event: str
) -> FastPath:
    """Build and store the fast path of an event; nothing is stored for unknown events."""
    # Looked for in a tuple: the name that a host has sent may not be hashable.
    if event not in tuple(configuration.external_moves):
        return NO_FAST_PATH
    moves = configuration.external_moves[event]
    fast_moves = tuple(iter_fast_moves(machine, moves))
    built = NO_FAST_PATH
    if len({*configuration.chains[event]}) == 1 and all(
        allows_fast_path(machine, each) for each in fast_moves
    ):
        kind = moves[0].transition.event.payload
        read = build_record_reader(kind, event) if kind.fields else None
        unconditional = fast_moves[0] if fast_moves[0][:3] == UNCONDITIONAL else None
        built = FastPath(read, choose_context_builder(moves), unconditional, fast_moves)
    return fast_paths.setdefault(configuration.names, {}).setdefault(event, built)


UNCONDITIONAL = ((), (), None)
"""`by`, `requires` and `guard` of a move that is always enabled."""


def build_start_fast_path(fast_paths: FastPaths, machine: Machine) -> FastPath:
    """Build and store the fast path of a start, under the empty set of states."""
    (initial,) = iter_fast_moves(machine, (machine.configurations.initial_move,))
    built = NO_FAST_PATH
    if allows_fast_path(machine, initial) and not (
        initial.move.blocks or initial.move.ends_case or initial.move.affects_pauses
    ):
        built = FastPath(None, None, initial, (initial,))
    return fast_paths.setdefault(NO_STATES, {}).setdefault(START_EVENT, built)


def iter_fast_moves(machine: Machine, moves: Iterable[Move]) -> Iterator[FastMove]:
    """Yield each of `moves` as a `FastMove`."""
    for move in moves:
        transition = move.transition
        keeps_clocks = not (move.ends_case or move.starts or move.stops or move.affects_pauses)
        yield FastMove(
            transition.by,
            transition.requires,
            None if transition.guard is None else transition.guard.evaluate,
            move,
            machine.configurations.of(move.reached_states),
            keeps_clocks,
            keeps_clocks and not (move.blocks or move.memory_update),
        )


def allows_fast_path(machine: Machine, fast_move: FastMove) -> bool:
    """Return whether the move is the whole macrostep and its targets do not depend on history."""
    move = fast_move.move
    raises = any(isinstance(each, Raising) for each in actions_of(move))
    calls = any(name in (*move.left, *move.entered) for name in machine.chart.callers)
    return not (raises or calls or move.history_targets or fast_move.reached.eventless)


def actions_of(move: Move) -> tuple[Action, ...]:
    """Return the actions of a move, in order."""
    return tuple(action for block in move.blocks for action in block.actions)


def choose_context_builder(
    moves: Sequence[Move],
) -> Callable[[Machine, CaseState, Record, Record, datetime], Context] | None:
    """Return the builder of the activation for the expressions of `moves`, if they need one."""
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
    if read == {"event"}:
        return build_payload_context
    name = moves[0].transition.event.name if "event_name" in read else None
    return partial(build_context, event_name=name, reads=frozenset(read))


def build_payload_context(
    machine: Machine,  # noqa: ARG001 - the signature of `build_context`
    case_state: CaseState,  # noqa: ARG001
    record: Record,  # noqa: ARG001
    payload: Record,
    at: datetime,  # noqa: ARG001
) -> Context:
    """Return the activation for expressions that read facts and `event` only."""
    return new_tuple(Context, (payload, UNREAD, UNREAD, UNREAD, None, None, NO_STATES, None))
