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
    from telecom_rules.workflows.engine.configuration import Move


class Verdict(Enum):
    """Whether a transition is enabled, or what stands against it."""

    ENABLED = auto()
    REQUIRES = auto()
    """A fact that must be known is not."""
    GUARD = auto()
    """Its guard is false."""
    UNKNOWN = auto()
    """Its guard needs a fact that is not known."""
    UNDECIDED = auto()
    """Its guard has no value."""


NOT_DECIDED = frozenset({Verdict.UNKNOWN, Verdict.UNDECIDED})
"""The verdicts after which nobody knows whether what is written behind is meant."""


def filter_by_role(moves: Sequence[Move], by: str | None) -> list[Move]:
    """Return those of `moves` that the role `by` may take."""
    return [each for each in moves if not each.transition.by or by in each.transition.by]


def judge_transition(transition: Transition, record: Record, context: Context) -> Verdict:
    """Return whether `transition` is enabled."""
    for fact in transition.requires:
        if fact not in record:
            return Verdict.REQUIRES
    guard = transition.guard
    if guard is None:
        return Verdict.ENABLED
    try:
        return Verdict.ENABLED if guard.evaluate(record, context) else Verdict.GUARD
    except MissingData:
        return Verdict.UNKNOWN
    except EvaluationError:
        return Verdict.UNDECIDED


def find_enabled(moves: Iterable[Move], record: Record, context: Context) -> Move | None:
    """Return the first of `moves` that is enabled, or `None`.

    A guard that cannot be decided ends the search: the moves behind it are meant for when it is
    false, and nobody knows that it is.
    """
    for move in moves:
        verdict = judge_transition(move.transition, record, context)
        if verdict is Verdict.ENABLED:
            return move
        if verdict is Verdict.UNKNOWN or verdict is Verdict.UNDECIDED:
            return None
    return None


def select_transitions(
    chains: Iterable[Sequence[Move]], record: Record, context: Context, *, waits: bool
) -> tuple[Move, ...]:
    """Return the first enabled move of each chain (`selectTransitions` of SCXML).

    A guard that cannot be decided ends the search in its chain. With `waits`, the other chains go
    on without it; else nothing at all is chosen, because half an answer would hide the rest.
    """
    verdicts: dict[Move, Verdict] = {}
    chosen: dict[Move, None] = {}
    for chain in chains:
        for move in chain:
            verdict = verdicts.get(move) or judge_transition(move.transition, record, context)
            verdicts[move] = verdict
            if verdict is Verdict.ENABLED:
                chosen[move] = None
                break
            if verdict in NOT_DECIDED:
                if not waits:
                    return ()
                break
    return tuple(chosen)
