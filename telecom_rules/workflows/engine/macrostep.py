"""A macrostep of SCXML as a value: an external event or clock firing, run to completion."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from telecom_rules.workflows.chart import Reentry
from telecom_rules.workflows.engine.case_state import NO_FACTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from telecom_rules.vocabulary import Clause, Record
    from telecom_rules.workflows.engine.case_state import CaseState, PendingCall
    from telecom_rules.workflows.engine.clocks import Due
    from telecom_rules.workflows.engine.configuration import Move
    from telecom_rules.workflows.engine.microstep import Effect
    from telecom_rules.workflows.refusals.reason import Reason


class EntryKind(StrEnum):
    """The cause of a journal entry."""

    START = "start"
    EVENT = "event"
    CLOCK = "clock"
    RETURN = "return"
    MIGRATE = "migrate"
    ADOPT = "adopt"
    """A case that began elsewhere is taken over: its journal begins here."""
    REFUSAL = "refusal"
    """An event was refused. It changes nothing and stands beside the chain of entries."""


MacrostepFields: TypeAlias = tuple[Any, ...]
"""The fields of a `Macrostep` by position: what the fast path returns, because most steps are never
looked at."""


class Macrostep(NamedTuple):
    """One macrostep of a case.

    Attributes:
        kind: its cause.
        before: the state before it, or `None` before the start.
        after: the state after it.
        move: the first microstep of an event, or `None` if there was no event or it was refused.
        payload: the payload of the event; of a start, the initial facts.
        by: the role that sent the event, or `None`.
        actor: who caused it, as the host calls them, or `None`.
        due: the warning or expiry of the clock that fired, or `None`.
        assigned: the facts assigned.
        effects: the effects requested.
        reasons: why the event of a clock was refused; empty otherwise.
        later_moves: the microsteps after `move`; those of a start include its first.
    """

    kind: EntryKind
    before: CaseState | None
    after: CaseState
    move: Move | None = None
    payload: Record = NO_FACTS
    by: str | None = None
    actor: str | None = None
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
        """The states exited, in order: innermost first."""
        if self.move is not None and not self.later_moves:
            return self.move.left
        return tuple(name for move in self.moves for name in move.left)

    @property
    def entered(self) -> tuple[str, ...]:
        """The states entered, in order: outermost first."""
        if self.move is not None and not self.later_moves:
            return self.move.entered
        return tuple(name for move in self.moves for name in move.entered)

    @property
    def cites(self) -> tuple[Clause, ...]:
        """The clauses of the first move; of a start, those of the states entered."""
        if self.before is None:
            return self.after.configuration.cites
        return self.move.cites if self.move else ()

    def restarts(self, clock: str) -> bool:
        """Return whether the step stops the clock and then restarts it."""
        stopped = False
        for move in self.moves:
            stopped = stopped or clock in move.stops
            if stopped and any(
                clock == each.name and each.on_reentry is Reentry.RESTART for each in move.starts
            ):
                return True
        return False


def compare_calls(
    steps: Sequence[Macrostep],
) -> tuple[tuple[PendingCall, ...], tuple[PendingCall, ...]]:
    """Return the calls begun in `steps` and still pending, and the calls cancelled.

    A call that returned is not cancelled.
    """
    before = steps[0].before.calls if steps[0].before else ()
    after = steps[-1].after.calls
    if not before and not after:
        return (), ()
    returned = [find_returned_call(each) for each in steps]
    return (
        tuple(each for each in after if each not in before),
        tuple(each for each in before if each not in after and each not in returned),
    )


def find_returned_call(step: Macrostep) -> PendingCall | None:
    """Return the call that returned in a step, if one did."""
    if step.kind is not EntryKind.RETURN or step.before is None or step.move is None:
        return None
    state = step.move.transition.source
    return next(each for each in step.before.calls if each.state == state)
