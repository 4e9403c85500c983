"""What may happen next to a case, what may not, and why: the buttons on a screen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from telecom_rules.vocabulary import Record
from telecom_rules.workflows.engine import selection
from telecom_rules.workflows.engine.case_state import build_context
from telecom_rules.workflows.engine.configuration import merge_cites
from telecom_rules.workflows.engine.selection import Verdict, filter_by_role, judge_transition
from telecom_rules.workflows.outcome import Option
from telecom_rules.workflows.refusals import events, guards

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from telecom_rules.expressions import Context
    from telecom_rules.workflows.engine.case_state import CaseState
    from telecom_rules.workflows.engine.configuration import Chain, Move
    from telecom_rules.workflows.refusals.reason import Reason
    from telecom_rules.workflows.workflow import Workflow


NO_PAYLOAD = Record()


@dataclass(frozen=True, slots=True)
class Availability:
    """Whether an event would be taken, the fields that depends on, what stands against it."""

    allowed: bool | None
    needs: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = ()


def list_options(
    workflow: Workflow,
    standing: CaseState,
    at: datetime,
    by: str | None,
    hindrance: Reason | None = None,
) -> tuple[Option, ...]:
    """Return every event that the active states mention, with whether it would be taken.

    Args:
        workflow: the workflow.
        standing: where the case stands once its clocks have caught up with `at`.
        at: the instant asked about.
        by: the role that asks; `None` leaves roles out of account.
        hindrance: what stands against any event whatsoever, if something does.
    """
    if hindrance is None and by is not None and workflow.roles and by not in workflow.roles:
        hindrance = events.refuse_unknown_role(workflow, by)
    context = build_context(workflow, standing, standing.record, NO_PAYLOAD, at)
    chains = standing.configuration.chains
    return tuple(
        build_option(
            moves, judge_event(workflow, chains[event], standing.record, context, by, hindrance)
        )
        for event, moves in standing.configuration.external_moves.items()
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
    workflow: Workflow,
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
            allowed=False, reasons=(events.refuse_other_role(workflow, event, moves, by),)
        )
    chains = tuple(tuple(move for move in chain if move in open_to) for chain in chains)
    answers = [judge_chain(chain, record, context) for chain in chains]
    if any(each is UNDECIDABLE for each in answers):
        return Availability(
            allowed=False, reasons=guards.refuse_undecided(workflow, chains, record, context)
        )
    needs = dict.fromkeys(name for each in answers for name in each.needs)
    if needs:
        return Availability(allowed=None, needs=tuple(needs))
    if any(each.allowed for each in answers):
        return Availability(allowed=True)
    reasons = guards.refuse_not_enabled(workflow, chains, record, context)
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
