"""The budget of a search: the steps that it may take before it gives up."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


class TooMuchWork(Exception):
    """A search takes more steps than it may."""


class SearchBudget:
    """The steps that a search may still take, such as the conditions that it evaluates.

    The budget of an explanation is another: there, what is too dear is left out, and the rest goes
    on; a search ends.

    Attributes:
        left: how many.
    """

    def __init__(self, left: int) -> None:
        self.left = left

    def spend(self, steps: int = 1) -> None:
        """Count some steps.

        Raises:
            TooMuchWork: none is left.
        """
        self.left -= steps
        if self.left < 0:
            raise TooMuchWork

    @contextmanager
    def lend(self, most: int) -> Iterator[SearchBudget]:
        """Lend a part of the work a budget of its own, of at most `most` steps, and pay for it."""
        given = min(most, self.left)
        part = SearchBudget(given)
        try:
            yield part
        finally:
            self.left -= given - max(part.left, 0)
