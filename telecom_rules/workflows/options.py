"""Options: the events of the active states, with whether each would be accepted, or why not."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from telecom_rules.frozen import Portable
from telecom_rules.workflows.destinations import find_reach
from telecom_rules.workflows.engine import selection
from telecom_rules.workflows.engine.case_state import NO_FACTS, build_context
from telecom_rules.workflows.engine.configuration import merge_cites
from telecom_rules.workflows.engine.selection import (
    NO_ROLE,
    Verdict,
    judge_transition,
    list_barred,
)
from telecom_rules.workflows.refusals import events, guards
from telecom_rules.workflows.refusals.nearness import measure_distance
from telecom_rules.workflows.refusals.transitions import Situation, refuse_not_enabled

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from telecom_rules.expressions import Context
    from telecom_rules.vocabulary import Clause, Field, Record
    from telecom_rules.wording import Wording
    from telecom_rules.workflows.engine.case_state import CaseState
    from telecom_rules.workflows.engine.configuration import Chain, Move
    from telecom_rules.workflows.engine.machine import Machine
    from telecom_rules.workflows.refusals.reason import Reason


@dataclass(frozen=True, slots=True)
class Option(Portable):
    """An event of the active states, allowed or not: one button on a screen.

    Attributes:
        event: the event to send.
        title: its name for people.
        payload: the fields to send with it.
        roles: the roles that may send it, or empty for everybody.
        allowed: whether it would be accepted; `None` if that depends on its payload.
        needs: the payload fields that this depends on, such as `event.grade`.
        reasons: why it would be refused, as in `Refused`; empty unless `allowed` is `False`.
        cites: the clauses of its transitions.
        targets: the innermost states that it may lead to, in document order, with what follows at
            once; empty where it only stays. Which of them depends on its data and the facts.
    """

    event: str
    title: Wording
    payload: Mapping[str, Field] = field(hash=False)
    roles: tuple[str, ...]
    allowed: bool | None
    needs: tuple[str, ...]
    reasons: tuple[Reason, ...]
    cites: tuple[Clause, ...]
    targets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Availability:
    """Whether an event would be accepted, the fields this depends on, the reasons against."""

    allowed: bool | None
    needs: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = ()


def list_options(
    machine: Machine,
    case_state: CaseState,
    at: datetime,
    by: str | None,
    hindrance: Reason | None = None,
) -> tuple[Option, ...]:
    """Return every event of the active states, with whether it would be accepted.

    Args:
        machine: the linked workflow.
        case_state: the state of the case after its clocks have caught up with `at`.
        at: the instant asked about.
        by: the role that asks, or `None` where no role is known, as in `send`.
        hindrance: why every event would be refused, if so.
    """
    known = by in {None, NO_ROLE} or not machine.roles or by in machine.roles
    if hindrance is None and not known:
        hindrance = events.refuse_unknown_role(machine, by)
    context = build_context(machine, case_state, case_state.record, NO_FACTS, at)
    chains = case_state.configuration.chains
    record = case_state.record
    return tuple(
        build_option(
            moves,
            judge_event(
                machine, chains[event], record, context._replace(event_name=event), by, hindrance
            ),
            find_reach(machine, case_state, event).targets,
        )
        for event, moves in case_state.configuration.external_moves.items()
    )


def choose_options(by_role: Sequence[tuple[Option, ...]]) -> tuple[Option, ...]:
    """Return of each event the best of the options that several roles have.

    Args:
        by_role: for each role its options, with the same events in the same order.
    """
    if len(by_role) == 1:
        return by_role[0]
    return tuple(min(each, key=measure_option) for each in zip(*by_role, strict=True))


def measure_option(option: Option) -> tuple[int, tuple[int, int]]:
    """Return how far an option is from being allowed, to compare: smaller is nearer."""
    return (True, None, False).index(option.allowed), measure_distance(option.reasons)


def build_option(
    moves: Sequence[Move], availability: Availability, targets: tuple[str, ...]
) -> Option:
    """Return the option for the event of `moves`."""
    event = moves[0].transition.event
    anybody = any(not move.transition.by for move in moves)
    roles = dict.fromkeys(name for move in moves for name in move.transition.by)
    return Option(
        event=event.name,
        title=event.title,
        payload=event.payload.fields,
        roles=() if anybody else tuple(roles),
        allowed=availability.allowed,
        needs=availability.needs,
        reasons=availability.reasons,
        cites=merge_cites(*(move.transition.cites for move in moves)),
        targets=targets,
    )


def judge_event(
    machine: Machine,
    chains: Sequence[Chain],
    record: Record,
    context: Context,
    by: str | None,
    hindrance: Reason | None,
) -> Availability:
    """Return whether the event of `chains` would be taken by at least one of them.

    Later microsteps are ignored, although they may refuse the event.
    """
    if hindrance is not None:
        return Availability(allowed=False, reasons=(hindrance,))
    moves = tuple(dict.fromkeys(move for chain in chains for move in chain))
    if by == NO_ROLE and machine.roles:
        reason = events.refuse_no_role(machine, moves[0].transition.event, moves)
        return Availability(allowed=False, reasons=(reason,))
    barred = list_barred(moves, by)
    if len(barred) == len(moves):
        event = moves[0].transition.event
        return Availability(
            allowed=False, reasons=(events.refuse_other_role(machine, event, moves, by),)
        )
    answers = [
        judge_chain([move for move in chain if move not in barred], record, context)
        for chain in chains
    ]
    # One chain that cannot be decided refuses the event, as in `select_transitions`.
    if all(each is not UNDECIDABLE for each in answers):
        needs = dict.fromkeys(name for each in answers for name in each.needs)
        if needs:
            return Availability(allowed=None, needs=tuple(needs))
        if any(each.allowed for each in answers):
            return Availability(allowed=True)
    tried = selection.select_transitions(chains, record, context, waits=False, barred=barred).tried
    situation = Situation(machine, record, context, by, sent=False)
    return Availability(allowed=False, reasons=refuse_not_enabled(situation, tried))


ALLOWED = Availability(allowed=True)
NOT_ALLOWED = Availability(allowed=False)
UNDECIDABLE = Availability(allowed=False)
"""A guard cannot be decided, whatever the payload is. Compared by identity with `is`."""


def judge_chain(chain: Iterable[Move], record: Record, context: Context) -> Availability:
    """Return whether one chain would take its event."""
    needs: dict[str, None] = {}
    for move in chain:
        needed = find_event_needs(move, record, context)
        needs.update(dict.fromkeys(needed))
        verdict = judge_transition(move.transition, record, context)
        if verdict is Verdict.ENABLED and not needed:
            return ALLOWED
        if verdict in selection.NOT_DECIDED and not needed:
            return Availability(allowed=None, needs=tuple(needs)) if needs else UNDECIDABLE
    return Availability(allowed=None, needs=tuple(needs)) if needs else NOT_ALLOWED


def find_event_needs(move: Move, record: Record, context: Context) -> tuple[str, ...]:
    """Return the payload fields that decide whether `move` is enabled.

    A guard that facts alone decide needs none, unless it tests for an optional field: such a test
    is false without an event, which proves nothing.
    """
    guard = move.transition.guard
    if guard is None or not any(name.startswith("event.") for name in guard.reads):
        return ()
    fields = move.transition.event.payload.fields
    read = [name for name in sorted(guard.reads) if name.startswith("event.")]
    if any(fields[name.split(".")[1]].optional for name in read):
        return tuple(read)
    if judge_transition(move.transition, record, context) is not Verdict.UNKNOWN:
        return ()
    needs = guards.find_absent_names(guard.why_not(record, context))
    return needs if any(name.startswith("event.") for name in needs) else ()
