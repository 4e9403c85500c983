"""A sample of mutants put to their tests, with controls: mutants that change nothing."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Literal

from tests.mutation.trials.processes import Task, run_tasks
from tests.mutation.trials.recording import TestsFail, record
from tests.mutation.trials.selection import Selector
from tests.mutation.trials.trial import Verdict, try_mutant

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from tests.mutation.mutants.equivalents import Equivalent
    from tests.mutation.mutants.mutant import Mutant
    from tests.mutation.rooms import Room
    from tests.mutation.trials.recording import Recording
    from tests.mutation.trials.selection import Batch

BUDGET = 40.0
"""Seconds on record of the tests of a mutant."""
PATIENCE = 30
"""So many times its budget of wall-clock time a trial may take: only one that waits takes that."""
CONTROL = "control"
"""The operator that changes nothing."""
KILLED = Verdict(noticed=True, by="a crash or the end of its time", own=False, tests=0, seconds=0.0)

Fate = Literal["noticed", "equivalent", "survived", "not run"]
Choice = tuple["Mutant", tuple["Batch", ...]]
"""A mutant and its tests."""


@dataclass(frozen=True)
class Result:
    """The fate of a mutant, and the verdict of its tests where it was put to any."""

    mutant: Mutant
    fate: Fate
    verdict: Verdict | None = None

    @property
    def guarded(self) -> bool:
        """Whether it was noticed, or is shown to be equivalent."""
        return self.fate in {"noticed", "equivalent"}


@dataclass(frozen=True)
class Campaign:
    """How mutants are tried.

    Attributes:
        root: the root of the checkout.
        scratch: a folder for the files of tests.
        rooms: all rooms.
        equivalents: the mutants that are not tried.
        jobs: how many processes run at once.
        budget: the seconds on record of the tests of a trial.
        until: when no further trial begins, on the monotonic clock.
        quiet: whether the output of the tests is hidden.
    """

    root: Path
    scratch: Path
    rooms: tuple[Room, ...]
    equivalents: tuple[Equivalent, ...] = ()
    jobs: int = 2
    budget: float = BUDGET
    until: float = float("inf")
    quiet: bool = True

    def record(self, sample: Sequence[Mutant]) -> Recording:
        """Return which tests run which line, of the tests of the rooms of `sample`.

        Raises:
            TestsFail: a test fails without a mutant.
        """
        measured = sorted({path for room in self.rooms for path in room.modules(self.root)})
        sampled = {mutant.room for mutant in sample}
        rooms = [room for room in self.rooms if room.name in sampled]
        return record(self.root, self.scratch, rooms, measured, self.jobs)

    def run(self, sample: Sequence[Mutant], recording: Recording) -> Iterator[Result]:
        """Yield the result of each mutant of a sample, as far as the time allows.

        Raises:
            TestsFail: a test fails without a mutant.
        """
        rooms = {room.name: room for room in self.rooms}
        selector = Selector(recording, self.budget)
        choices: list[Choice] = []
        for mutant in sample:
            batches = selector.select(mutant, rooms[mutant.room])
            if any(each.is_of(mutant) for each in self.equivalents):
                yield Result(mutant, "equivalent")
            elif batches:
                choices.append((mutant, batches))
            else:
                yield Result(mutant, "not run")
        tasks = self.tasks([*controls(choices), *choices], recording)
        for end in run_tasks(tasks, self.jobs):
            verdict = end.result or replace(KILLED, seconds=end.seconds)
            if end.key.operator != CONTROL:
                yield Result(end.key, "noticed" if verdict.noticed else "survived", verdict)
            elif verdict.noticed:
                raise TestsFail(verdict.by)

    def tasks(
        self, choices: Sequence[Choice], recording: Recording
    ) -> Iterator[Task[Mutant, Verdict]]:
        patience = PATIENCE * self.budget
        for at, (mutant, batches) in enumerate(choices):
            if time.monotonic() > self.until:
                return
            scratch = self.scratch / f"mutant{at}"
            work = partial(
                try_mutant,
                self.root,
                scratch,
                recording,
                self.budget,
                mutant,
                batches,
                quiet=self.quiet,
            )
            yield Task(mutant, work, patience)


def controls(choices: Sequence[Choice]) -> Iterator[Choice]:
    """Yield for each room a mutant that changes nothing, with as many tests as any has."""
    for room in sorted({mutant.room for mutant, _ in choices}):
        mutant, batches = max(
            (each for each in choices if each[0].room == room),
            key=lambda each: sum(batch.seconds for batch in each[1]),
        )
        yield replace(mutant, operator=CONTROL, node=None), batches
