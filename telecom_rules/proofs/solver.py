"""The one door to z3: questions with a budget of their own, answered alike on every machine.

The solver counts its own steps and knows no clock, and begins each question with the same seed.
All terms are of the one context of z3, in which one thread may work at a time: others wait.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import RLock
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import z3

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


Term: TypeAlias = Any
"""A term of z3, which has no types of its own for mypy."""
ONE_AT_A_TIME: Final = RLock()
"""Is held by the thread that makes terms and asks about them."""
STEPS_OF_QUESTION: Final = 2_000_000
"""z3's `rlimit` of one question: about a second of one core, as many steps on any machine."""


class NotSolved(Exception):
    """The solver has spent its budget, or cannot decide such arithmetic."""


@dataclass
class Solver:
    """Answers questions about some records.

    Attributes:
        known: what holds of every record.
        asked: how many questions were asked.
    """

    known: list[Term] = field(default_factory=list)
    asked: int = 0

    def find_model(self, *wanted: Term) -> Term | None:
        """Return a model in which everything wanted holds, or `None` if there is none.

        Raises:
            NotSolved: neither is found within the budget.
        """
        self.asked += 1
        solver = z3.Solver()
        solver.set("rlimit", STEPS_OF_QUESTION)
        solver.set("random_seed", 0)
        solver.add(*self.known, *wanted)
        found = solver.check()
        if found == z3.unknown:
            raise NotSolved
        return solver.model() if found == z3.sat else None

    def iter_models(
        self, wanted: Iterable[Term], likely: Iterable[Iterable[Term]]
    ) -> Iterator[Term]:
        """Yield models in which everything wanted holds, after one that is not further limited.

        Args:
            wanted: what must hold.
            likely: for each further model what should hold as well, so that it is easier to read
                or to build; passed over where nothing holds with it.

        Raises:
            NotSolved: the first is neither found nor ruled out.
        """
        parts = list(wanted)
        first = self.find_model(*parts)
        if first is None:
            return
        for further in likely:
            try:
                model = self.find_model(*parts, *further)
            except NotSolved:
                continue
            if model is not None:
                yield model
        yield first
