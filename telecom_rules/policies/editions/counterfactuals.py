"""What would have to be otherwise for another answer: each told only after deciding again.

The term is that of Wachter, Mittelstadt and Russell, Counterfactual explanations without opening
the black box (2017): the nearest record with another outcome.
"""

from __future__ import annotations

from itertools import combinations
from operator import attrgetter
from typing import TYPE_CHECKING, Final, NamedTuple

from telecom_rules.errors import TelecomRulesError
from telecom_rules.policies.editions.edition import keep_contexts
from telecom_rules.policies.editions.three_valued import TriedRecord
from telecom_rules.policies.explanation.boundaries import Change, iter_changes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from telecom_rules.policies.decision import Decision
    from telecom_rules.policies.editions.edition import Edition
    from telecom_rules.vocabulary import Record


MOST_COUNTERFACTUALS: Final = 4
"""Counterfactuals that are told."""
MOST_PAIRED: Final = 8
"""The nearest changes that are tried two at a time."""
MOST_TRIED: Final = 60
"""Changes that are tried."""


class Counterfactual(NamedTuple):
    """Changes of the facts, and the decision that would come.

    Attributes:
        changes: one change, or two where no single one gives another decision.
        decision: the decision on the changed facts.
    """

    changes: tuple[Change, ...]
    decision: Decision


def find_counterfactuals(edition: Edition, decision: Decision) -> tuple[Counterfactual, ...]:
    """Return the nearest changes that give another decision, one of each fact, nearest first.

    Two facts are changed together only where no single change does. A decision that is not known
    has none: what is missing comes first.
    """
    if not decision.known:
        return ()
    contexts = keep_contexts(edition.policy, edition.peers, decision.facts, decision.on)
    changes = iter_changes(edition.policy, decision.facts, contexts)
    nearest = sorted(changes, key=attrgetter("distance"))
    single = [*iter_nearest(edition, decision, ((each,) for each in nearest[:MOST_TRIED]))]
    return tuple(single or iter_nearest(edition, decision, pair_up(nearest[:MOST_PAIRED])))


def pair_up(changes: Sequence[Change]) -> list[tuple[Change, ...]]:
    """Return the changes of two facts together, those first that are nearest in sum."""
    pairs = [pair for pair in combinations(changes, 2) if pair[0].fact != pair[1].fact]
    return sorted(pairs, key=lambda pair: pair[0].distance + pair[1].distance)


def iter_nearest(
    edition: Edition, decision: Decision, trials: Iterable[tuple[Change, ...]]
) -> Iterator[Counterfactual]:
    """Yield as many as are told: the first changes of each fact, or two, with another outcome."""
    told: set[tuple[str, ...]] = set()
    here = outcome_of(decision)
    for changes in trials:
        names = tuple(each.fact for each in changes)
        if names in told:
            continue
        other = decide_otherwise(edition, decision, changes)
        if other is not None and outcome_of(other) != here:
            yield Counterfactual(changes, other)
            told.add(names)
            if len(told) == MOST_COUNTERFACTUALS:
                return


def decide_otherwise(
    edition: Edition, decision: Decision, changes: Iterable[Change]
) -> Decision | None:
    """Return the decision on changed facts; `None` if there is none or they contradict others."""
    facts: Record = decision.facts
    for each in changes:
        facts = each.apply(facts)
    if edition.policy.facts.find_broken(facts, {each.fact for each in changes}):
        return None
    try:
        decide = edition.peers[edition.policy.name]._engine.decide  # noqa: SLF001 - hidden from hosts only
        other = decide(TriedRecord(facts), on=decision.on)
    except TelecomRulesError:
        return None
    return other if other.known else None


def outcome_of(decision: Decision) -> tuple[object, ...]:
    """Return what is compared: the outputs, and which checks of a checklist fail."""
    failed = tuple(each.id for each in decision.results if each.status == "fail")
    return dict(decision.outputs), failed
