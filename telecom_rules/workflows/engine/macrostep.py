"""A macrostep of SCXML as a value: one thing that happened to a case, with all that followed."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

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
    """What changed a case."""

    START = "start"
    EVENT = "event"
    CLOCK = "clock"
    RETURN = "return"
    MIGRATE = "migrate"


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


def compare_calls(
    steps: Sequence[Macrostep],
) -> tuple[tuple[PendingCall, ...], tuple[PendingCall, ...]]:
    """Return the calls that began in `steps` and are waited for after them, and those given up.

    One that came back was not given up.
    """
    before = steps[0].before.calls if steps[0].before else ()
    after = steps[-1].after.calls
    if not before and not after:
        return (), ()
    back = [find_returned_call(each) for each in steps]
    return (
        tuple(each for each in after if each not in before),
        tuple(each for each in before if each not in after and each not in back),
    )


def find_returned_call(step: Macrostep) -> PendingCall | None:
    """Return the call that came back in a step, if one did."""
    if step.kind is not EntryKind.RETURN or step.before is None or step.move is None:
        return None
    state = step.move.transition.source
    return next(each for each in step.before.calls if each.state == state)
