"""Transition selection: which of the transitions that an event may set off are taken."""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

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


Trials: TypeAlias = "tuple[tuple[Move, Verdict], ...]"
"""The moves of one chain that were tried, in order, with the verdict on each."""
NOT_DECIDED = frozenset({Verdict.UNKNOWN, Verdict.UNDECIDED})
"""The verdicts that end the search: the moves behind are meant for a guard known to be false."""


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


class Selection(NamedTuple):
    """The transitions that are taken, and what was found of each that was tried.

    Attributes:
        moves: the moves that are enabled, each once; empty where nothing is taken.
        tried: for each chain the moves that were tried, in order, with the verdict on each.
    """

    moves: tuple[Move, ...]
    tried: tuple[Trials, ...]


def try_chain(
    chain: Iterable[Move], record: Record, context: Context, verdicts: dict[Move, Verdict]
) -> Trials:
    """Return the moves of one chain that are tried, in order, with the verdict on each.

    One that is enabled ends the search. So does a guard that cannot be decided: the moves behind it
    are meant for when it is false, and nobody knows that it is. `verdicts` holds those given so
    far, because regions share the transitions of the states around them.
    """
    tried: list[tuple[Move, Verdict]] = []
    for move in chain:
        verdict = verdicts.get(move) or judge_transition(move.transition, record, context)
        verdicts[move] = verdict
        tried.append((move, verdict))
        if verdict is Verdict.ENABLED or verdict in NOT_DECIDED:
            break
    return tuple(tried)


def select_transitions(
    chains: Iterable[Sequence[Move]], record: Record, context: Context, *, waits: bool
) -> Selection:
    """Select the first enabled move of each chain (`selectTransitions` of SCXML).

    With `waits`, a chain whose guard cannot be decided is left out; else nothing at all is taken,
    because half an answer would hide the rest.
    """
    verdicts: dict[Move, Verdict] = {}
    tried = tuple(try_chain(chain, record, context, verdicts) for chain in chains)
    ends = [trials[-1] for trials in tried if trials]
    if not waits and any(verdict in NOT_DECIDED for _, verdict in ends):
        return Selection((), tried)
    enabled = (move for move, verdict in ends if verdict is Verdict.ENABLED)
    return Selection(tuple(dict.fromkeys(enabled)), tried)
