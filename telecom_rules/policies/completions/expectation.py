"""How much an interview still asks in expectation, told from a sample of how it may end.

The facts that are missing are given values of each kind that the rules distinguish, and each record
is decided. A question is then worth what it spares: the interview after each of its answers is
played through on the sample, and always asks for what leaves the fewest pairs of records that are
decided differently. That rule is near the best one (Golovin, Krause and Ray, Near-optimal Bayesian
active learning with noisy observations, 2010); playing it through mends most of what it misses.
"""

from __future__ import annotations

from collections import Counter
from heapq import nlargest
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MOST_FACTS: Final = 8
"""The most decisive facts, among which the interview is played through."""


class Ending(NamedTuple):
    """A complete record, and how it is decided.

    Attributes:
        answers: the place of the value of each fact, in one order.
        outcome: the decision, to be compared.
    """

    answers: tuple[int, ...]
    outcome: object


Endings: TypeAlias = "Sequence[Ending]"


class Expectation:
    """What a sample of endings says about the questions ahead.

    Attributes:
        endings: the sample.
        places: where the answers to a fact stand, by its name.
        efforts: what it takes to ask for a fact.
    """

    def __init__(
        self, endings: Endings, places: Mapping[str, int], efforts: Mapping[str, int]
    ) -> None:
        self.endings = endings
        self.places = places
        self.efforts = efforts
        self.decisive = nlargest(MOST_FACTS, places, key=lambda each: self.worth(each, endings))

    def of(self, name: str) -> float:
        """Return the effort of the interview in expectation if it asks for a fact first."""
        if name not in self.places:
            return float("inf")
        left = tuple(each for each in self.decisive if each != name)
        return self.ask(name, self.endings, left)

    def ask(self, name: str, endings: Endings, left: tuple[str, ...]) -> float:
        """Return the effort of asking for a fact and of what is asked after each answer."""
        rest = sum(len(each) * self.go_on(each, left) for each in self.part(name, endings))
        return self.efforts[name] + rest / max(len(endings), 1)

    def go_on(self, endings: Endings, left: tuple[str, ...]) -> float:
        """Return the effort of the questions that are still asked."""
        if len({each.outcome for each in endings}) <= 1 or not left:
            return 0.0
        best = max(left, key=lambda each: self.worth(each, endings))
        return self.ask(best, endings, tuple(each for each in left if each != best))

    def part(self, name: str, endings: Endings) -> list[list[Ending]]:
        """Return the endings by the answer to a fact."""
        place = self.places[name]
        parts: dict[int, list[Ending]] = {}
        for each in endings:
            parts.setdefault(each.answers[place], []).append(each)
        return list(parts.values())

    def worth(self, name: str, endings: Endings) -> float:
        """Return how many pairs that are decided differently an answer tells apart, by effort."""
        spared = count_pairs(endings) - sum(map(count_pairs, self.part(name, endings)))
        return spared / self.efforts[name]


def count_pairs(endings: Endings) -> int:
    """Return how many pairs of endings are decided differently, each twice."""
    alike = Counter(each.outcome for each in endings)
    return len(endings) ** 2 - sum(count * count for count in alike.values())
