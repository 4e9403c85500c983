"""Transition selection: which transitions on an event are enabled and taken."""

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
    from telecom_rules.workflows.engine.machine import Machine


class Verdict(Enum):
    """Whether a transition is enabled, or why it is not."""

    ENABLED = auto()
    ROLE = auto()
    """It is for other roles."""
    REQUIRES = auto()
    """A required fact is not known."""
    GUARD = auto()
    """Its guard is false."""
    UNKNOWN = auto()
    """Its guard reads a fact that is not known."""
    UNDECIDED = auto()
    """Its guard cannot be evaluated, such as an overflow."""


Trials: TypeAlias = "tuple[tuple[Move, Verdict], ...]"
"""The moves of one chain that were tried, in order, with the verdict on each."""
NOT_DECIDED = frozenset({Verdict.UNKNOWN, Verdict.UNDECIDED})
"""The verdicts that end the search: later moves apply only if the guard is known to be false."""


NO_ROLE = ""
"""The role of somebody known to have none, who may send nothing where roles are declared."""


def choose_roles(machine: Machine, roles: Sequence[str]) -> tuple[str | None, ...]:
    """Return those of a sender's roles that are to be tried, in order; at least one.

    Groups of the host that are no roles here are passed over, unless there is nothing else.
    """
    if not machine.roles:
        return tuple(roles[:1]) or (None,)
    declared = tuple(each for each in roles if each in machine.roles)
    return declared or tuple(roles[:1]) or (NO_ROLE,)


def list_barred(moves: Sequence[Move], by: str | None) -> list[Move]:
    """Return those of `moves` that the role `by` may not take."""
    return [each for each in moves if each.transition.by and by not in each.transition.by]


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
    """The transitions that are taken, and the verdicts on all that were tried.

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

    An enabled move ends the search, and so does a guard that cannot be decided. `verdicts` caches
    across chains, because parallel regions share the transitions of their ancestors.
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
    chains: Iterable[Sequence[Move]],
    record: Record,
    context: Context,
    *,
    waits: bool,
    barred: Iterable[Move] = (),
) -> Selection:
    """Select the first enabled move of each chain (`selectTransitions` of SCXML).

    With `waits`, a chain whose guard cannot be decided is skipped; without it nothing is taken,
    because a partial answer would hide the undecided guard. `barred` are for other roles.
    """
    verdicts = dict.fromkeys(barred, Verdict.ROLE)
    tried = tuple(try_chain(chain, record, context, verdicts) for chain in chains)
    last_trials = [trials[-1] for trials in tried if trials]
    if not waits and any(verdict in NOT_DECIDED for _, verdict in last_trials):
        return Selection((), tried)
    enabled = (move for move, verdict in last_trials if verdict is Verdict.ENABLED)
    return Selection(tuple(dict.fromkeys(enabled)), tried)
