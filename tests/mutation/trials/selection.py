"""The tests that a mutant is put to: those that run its line, the likeliest first.

How many they are is decided by the times on record and not by a clock, so that a mutant is put to
the same tests whatever else the machine does.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from tests.mutation.mutants.mutant import Mutant
    from tests.mutation.rooms import Room
    from tests.mutation.trials.recording import Record, Recording

QUICK = 1.0
"""Seconds of a test that is tried before the others."""


@dataclass(frozen=True)
class Batch:
    """Tests of one file.

    Attributes:
        file: the file.
        own: whether it is one of the own tests of the room.
        tests: the seconds that each takes, the likeliest to notice first.
        collecting: the seconds before the first.
    """

    file: str
    own: bool
    tests: Mapping[str, float]
    collecting: float

    @property
    def seconds(self) -> float:
        return self.collecting + sum(self.tests.values())


class Selector:
    """Chooses the tests of mutants.

    Args:
        recording: the tests of each file.
        budget: the seconds (on record) of the tests of one mutant.
    """

    def __init__(self, recording: Recording, budget: float) -> None:
        self.recording = recording
        self.budget = budget
        self.reach = {file: reach_of(record) for file, record in recording.items()}

    def select(self, mutant: Mutant, room: Room) -> tuple[Batch, ...]:
        """Return the tests of a mutant: none where no test runs its line.

        The tests that run the line come first, those of the room before others, quick ones before
        slow ones. After them come the quick tests beside them in the same files, which may see what
        the others have built and kept. Among equals, the file that is named like the module comes
        first, then those whose tests run the fewest lines: they are about little else.
        """
        tiers: dict[tuple[int, bool, bool], list[Batch]] = defaultdict(list)
        for record in in_folders(self.recording, (*room.tests, *room.more)):
            own = is_in(record.file, room.tests)
            first, beside = tests_of(mutant, record, self.reach[record.file])
            for rank, tests in enumerate((first, beside)):
                for slow in (False, True):
                    chosen = {test: cost for test, cost in tests.items() if (cost > QUICK) is slow}
                    if chosen and not (rank and (slow or not own)):
                        batch = Batch(record.file, own, chosen, record.collecting)
                        tiers[rank, slow, not own].append(batch)
        ranked = [
            batch
            for _, tier in sorted(tiers.items())
            for batch in sorted(tier, key=lambda each: self.distance(mutant, each))
        ]
        return within(self.budget, ranked)

    def distance(self, mutant: Mutant, batch: Batch) -> tuple[bool, float, str]:
        """Return how far tests are from being about a mutant and nothing else."""
        named = PurePosixPath(batch.file).stem == f"test_{PurePosixPath(mutant.path).stem}"
        reach = self.reach[batch.file]
        return not named, sum(reach[test] for test in batch.tests) / len(batch.tests), batch.file


def reach_of(record: Record) -> dict[str, int]:
    """Return how many of the lines on record each test of a file runs."""
    counts = Counter(
        at for lines in record.lines.values() for tests in lines.values() for at in tests
    )
    return {test: counts[at] for at, test in enumerate(record.seconds)}


def within(budget: float, batches: Sequence[Batch]) -> tuple[Batch, ...]:
    """Return the tests that fit into a budget, but at least the first of them."""
    chosen: list[Batch] = []
    for batch in batches:
        tests = {}
        for test, seconds in batch.tests.items():
            if seconds <= budget or not (chosen or tests):
                tests[test] = seconds
                budget -= seconds
        if tests:
            chosen.append(replace(batch, tests=tests))
    return tuple(chosen)


def in_folders(recording: Recording, folders: Iterable[str]) -> Iterator[Record]:
    folders = tuple(folders)
    return (record for record in recording.values() if is_in(record.file, folders))


def is_in(file: str, folders: Iterable[str]) -> bool:
    return any(file.startswith(f"{folder}/") for folder in folders)


def tests_of(
    mutant: Mutant, record: Record, reach: Mapping[str, int]
) -> tuple[dict[str, float], dict[str, float]]:
    """Return the tests of a file that run a mutant, and the others of a file that has such tests.

    Those with the least reach come first. What runs at import is of use to those that run any
    function of the module.
    """
    lines = record.lines.get(mutant.path, {})
    if mutant.in_function:
        found = first_run(mutant, lines)
    else:
        imported = {*record.imported.get(mutant.path, ())}
        if not imported.intersection(*map(set, mutant.lines[1:])):
            return {}, {}
        found = {at for line, tests in lines.items() if int(line) not in imported for at in tests}
    timed = sorted(record.seconds.items(), key=lambda each: (reach[each[0]], each[1]))
    names = [*record.seconds]
    running = {names[at] for at in found}
    first = {test: seconds for test, seconds in timed if test in running}
    beside = {test: seconds for test, seconds in timed if test not in running}
    return first, beside if first or not mutant.in_function else {}


def first_run(mutant: Mutant, lines: Mapping[str, list[int]]) -> set[int]:
    """Return the tests of the lines of what is changed, or else of the statement around it."""
    for extent in mutant.lines:
        found = {at for line in extent for at in lines.get(str(line), ())}
        if found:
            return found
    return set()
