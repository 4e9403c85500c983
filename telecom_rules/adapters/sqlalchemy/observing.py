"""What an operator counts and times: one observation for each call of the store."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, NamedTuple

from telecom_rules.errors import TelecomRulesError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Observation(NamedTuple):
    """One call of the store, or one thing that the worker has done.

    Attributes:
        operation: what was asked for, such as `send`.
        outcome: what came of it: `accepted`, `repeated`, `refused`, `done`, or the code of an
            error, such as `conflict`.
        workflow: the workflow of the case, where it is known.
        seconds: how long it took by the timer of the host, or `None` without one.
    """

    operation: str
    outcome: str
    workflow: str | None
    seconds: float | None


class Notes:
    """What is known of a call when it ends."""

    __slots__ = ("outcome", "workflow")

    def __init__(self) -> None:
        self.outcome: str = "done"
        self.workflow: str | None = None


class Observer:
    """Tells the host what the store does, by its callback and its timer."""

    def __init__(
        self, callback: Callable[[Observation], object] | None, timer: Callable[[], float] | None
    ) -> None:
        self.callback = callback
        self.timer = timer

    @contextmanager
    def watch(self, operation: str) -> Iterator[Notes]:
        """Observe a call; its notes say what came of it."""
        notes = Notes()
        if self.callback is None:
            yield notes
            return
        begun = None if self.timer is None else self.timer()
        try:
            yield notes
        except TelecomRulesError as problem:
            notes.outcome = problem.code
            raise
        except Exception as problem:
            notes.outcome = type(problem).__name__
            raise
        finally:
            seconds = None if begun is None or self.timer is None else self.timer() - begun
            self.tell(operation, notes.outcome, notes.workflow, seconds)

    def tell(
        self,
        operation: str,
        outcome: str,
        workflow: str | None = None,
        seconds: float | None = None,
    ) -> None:
        """Tell the host one thing. What is counted must not stop what is done."""
        if self.callback is not None:
            with suppress(Exception):
                self.callback(Observation(operation, outcome, workflow, seconds))
