"""Which of the transitions that an event may set off is taken."""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING

from telecom_rules.errors import EvaluationError, MissingData

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from telecom_rules.expressions import Context
    from telecom_rules.vocabulary import Record
    from telecom_rules.workflows.chart import Transition
    from telecom_rules.workflows.configuration import Move

__all__ = ["Verdict", "choose", "judge", "permitted"]


class Verdict(Enum):
    """Whether a transition is enabled, or what stands against it."""

    HOLDS = auto()
    REQUIRES = auto()
    """A fact that must be known is not."""
    GUARD = auto()
    """Its guard is false."""
    UNKNOWN = auto()
    """Its guard needs a fact that is not known."""
    UNDECIDED = auto()
    """Its guard has no value."""


def permitted(moves: Sequence[Move], by: str | None) -> list[Move]:
    """Return those of `moves` that the role `by` may take."""
    return [each for each in moves if not each.transition.by or by in each.transition.by]


def judge(transition: Transition, record: Record, context: Context) -> Verdict:
    """Return whether `transition` is enabled."""
    for fact in transition.requires:
        if fact not in record:
            return Verdict.REQUIRES
    guard = transition.guard
    if guard is None:
        return Verdict.HOLDS
    try:
        return Verdict.HOLDS if guard.evaluate(record, context) else Verdict.GUARD
    except MissingData:
        return Verdict.UNKNOWN
    except EvaluationError:
        return Verdict.UNDECIDED


def choose(moves: Iterable[Move], record: Record, context: Context) -> Move | None:
    """Return the first of `moves` that is enabled, or `None`.

    A guard that cannot be decided ends the search: the moves behind it are meant for when it is
    false, and nobody knows that it is.
    """
    for move in moves:
        verdict = judge(move.transition, record, context)
        if verdict is Verdict.HOLDS:
            return move
        if verdict is Verdict.UNKNOWN or verdict is Verdict.UNDECIDED:
            return None
    return None
