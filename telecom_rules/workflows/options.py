"""Options: the events that a case accepts now, and why others are refused: buttons on a screen."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from telecom_rules.workflows.engine import selection
from telecom_rules.workflows.engine.case_state import NO_FACTS, build_context
from telecom_rules.workflows.engine.configuration import merge_cites
from telecom_rules.workflows.engine.selection import Verdict, filter_by_role, judge_transition
from telecom_rules.workflows.refusals import events, guards

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from telecom_rules.expressions import Context
    from telecom_rules.vocabulary import Clause, Field, Record
    from telecom_rules.wording import Wording
    from telecom_rules.workflows.engine.case_state import CaseState
    from telecom_rules.workflows.engine.configuration import Chain, Move
    from telecom_rules.workflows.engine.machine import Machine
    from telecom_rules.workflows.refusals.reason import Reason


@dataclass(frozen=True, slots=True)
class Option:
    """Something that may happen next, or may not: one button on a screen.

    Attributes:
        event: the event to send.
        title: its name for people.
        payload: the fields to send with it.
        roles: the roles that may send it, or empty for everybody.
        allowed: whether it would be accepted; `None` where that depends on what is sent with it.
        needs: the fields of the event it depends on, such as `event.grade`.
        reasons: what stands against it, as a `Refused` would say; empty when it is allowed.
        cites: the clauses of its transitions.
    """

    event: str
    title: Wording
    payload: Mapping[str, Field] = field(hash=False)
    roles: tuple[str, ...]
    allowed: bool | None
    needs: tuple[str, ...]
    reasons: tuple[Reason, ...]
    cites: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class Availability:
    """Whether an event would be taken, the fields that depends on, what stands against it."""

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
    """Return every event that the active states mention, with whether it would be taken.

    Args:
        machine: the linked workflow.
        case_state: where the case stands once its clocks have caught up with `at`.
        at: the instant asked about.
        by: the role that asks; `None` leaves roles out of account.
        hindrance: what stands against any event whatsoever, if something does.
    """
    if hindrance is None and by is not None and machine.roles and by not in machine.roles:
        hindrance = events.refuse_unknown_role(machine, by)
    context = build_context(machine, case_state, case_state.record, NO_FACTS, at)
    chains = case_state.configuration.chains
    return tuple(
        build_option(
            moves, judge_event(machine, chains[event], case_state.record, context, by, hindrance)
        )
        for event, moves in case_state.configuration.external_moves.items()
    )


def build_option(moves: Sequence[Move], answer: Availability) -> Option:
    """Return the option for the event of `moves`."""
    event = moves[0].transition.event
    anybody = any(not move.transition.by for move in moves)
    roles = dict.fromkeys(name for move in moves for name in move.transition.by)
    return Option(
        event=event.name,
        title=event.title,
        payload=event.payload.fields,
        roles=() if anybody else tuple(roles),
        allowed=answer.allowed,
        needs=answer.needs,
        reasons=answer.reasons,
        cites=merge_cites(*(move.transition.cites for move in moves)),
    )


def judge_event(
    machine: Machine,
    chains: Sequence[Chain],
    record: Record,
    context: Context,
    by: str | None,
    hindrance: Reason | None,
) -> Availability:
    """Return whether the event of `chains` would be taken by one of them or more.

    What then follows by itself is left out of account.
    """
    if hindrance is not None:
        return Availability(allowed=False, reasons=(hindrance,))
    moves = tuple(dict.fromkeys(move for chain in chains for move in chain))
    open_to = moves if by is None else filter_by_role(moves, by)
    if not open_to:
        event = moves[0].transition.event
        return Availability(
            allowed=False, reasons=(events.refuse_other_role(machine, event, moves, by),)
        )
    chains = tuple(tuple(move for move in chain if move in open_to) for chain in chains)
    answers = [judge_chain(chain, record, context) for chain in chains]
    if all(each is not UNDECIDABLE for each in answers):
        needs = dict.fromkeys(name for each in answers for name in each.needs)
        if needs:
            return Availability(allowed=None, needs=tuple(needs))
        if any(each.allowed for each in answers):
            return Availability(allowed=True)
    tried = selection.select_transitions(chains, record, context, waits=False).tried
    reasons = guards.refuse_not_enabled(machine, tried, record, context)
    return Availability(allowed=False, reasons=reasons)


ALLOWED = Availability(allowed=True)
NOT_ALLOWED = Availability(allowed=False)
UNDECIDABLE = Availability(allowed=False)
"""What cannot be decided, whatever is sent."""


def judge_chain(chain: Chain, record: Record, context: Context) -> Availability:
    """Return whether one of the innermost states with those around it would take an event."""
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
    """Return the fields of the event on which it depends whether `move` is enabled.

    A guard that is decided by the facts alone depends on none, unless it asks whether an optional
    field is there: without an event it looks as if it were not.
    """
    guard = move.transition.guard
    if guard is None or not any(name.startswith("event.") for name in guard.reads):
        return ()
    fields = move.transition.event.payload.fields
    asked = [name for name in sorted(guard.reads) if name.startswith("event.")]
    if any(fields[name.split(".")[1]].optional for name in asked):
        return tuple(asked)
    if judge_transition(move.transition, record, context) is not Verdict.UNKNOWN:
        return ()
    needs = guards.find_absent_names(guard.why_not(record, context))
    return needs if any(name.startswith("event.") for name in needs) else ()
