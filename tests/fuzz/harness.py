"""A harness, the limits that every input keeps, and the tally of a run."""

from __future__ import annotations

import importlib
import pkgutil
import resource
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, Generic, TypeVar

from tests import fuzz
from tests.patience import TooLongError, limit_seconds, stretch

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

T = TypeVar("T")

MOST_SECONDS = 2.0
"""Seconds of a processor for one input, on the reference machine of `tests.patience`."""
MOST_BYTES = 200 * 1024 * 1024
"""Bytes of memory by which one input may raise the peak of the process."""
PEAK_UNIT = 1 if sys.platform == "darwin" else 1024
"""Bytes in a unit of `ru_maxrss`."""
FRAME = frozenset({"__main__", "harness", "mutation", "xml_documents"})
"""Modules of this package that are not a harness."""


@dataclass(frozen=True, slots=True)
class Harness(Generic[T]):
    """How inputs of one kind are grown and judged.

    Attributes:
        grow: gives an input for a source of randomness.
        examine: names the outcome of an input; raises when a promise is broken.
        kept: inputs that broke a promise once.
        share: how many grown inputs the suite tries each time.
    """

    grow: Callable[[Random], T]
    examine: Callable[[T], str]
    kept: Sequence[T] = ()
    share: int = 100


@dataclass(frozen=True, slots=True)
class Broken:
    """An input for which a promise does not hold: its number and what was seen."""

    number: int
    problem: str
    text: str


@dataclass(slots=True)
class Tally:
    """What a run has seen.

    Attributes:
        outcomes: how often each outcome came.
        slowest: the most seconds of a processor for one input, and the number of that input.
        broken: the inputs for which a promise does not hold.
    """

    outcomes: Counter[str] = field(default_factory=Counter)
    slowest: tuple[float, int] = (0.0, 0)
    broken: list[Broken] = field(default_factory=list)


def find_harnesses() -> dict[str, Harness[object]]:
    """Return every harness of this package by the name of its module."""
    names = [each.name for each in pkgutil.iter_modules(fuzz.__path__)]
    return {
        name: importlib.import_module(f"{fuzz.__name__}.{name}").HARNESS
        for name in sorted(names)
        if name not in FRAME and not name.startswith("test_")
    }


def grow(name: str, harness: Harness[T], seed: int, number: int) -> T:
    """Return the input of a number, always the same one."""
    return harness.grow(Random(f"{name}/{seed}/{number}"))  # noqa: S311 -- not for secrets


def judge(harness: Harness[T], given: T, number: int, tally: Tally) -> None:
    """Put one input to the harness, within the limits, and note the outcome."""
    peak, begun = measure_peak(), time.process_time()
    try:
        with limit_seconds(stretch(MOST_SECONDS)):
            outcome = harness.examine(given)
    except TooLongError:
        outcome = note(tally, number, given, f"more than {MOST_SECONDS} s of a processor")
    except Exception as problem:
        outcome = note(tally, number, given, f"{type(problem).__name__}: {problem}")
    grown = measure_peak() - peak
    if grown > MOST_BYTES:
        outcome = note(tally, number, given, f"{grown // 2**20} MiB of memory")
    tally.outcomes[outcome] += 1
    tally.slowest = max(tally.slowest, (time.process_time() - begun, number))


def note(tally: Tally, number: int, given: object, problem: str) -> str:
    """Note a broken promise and return the name of this outcome."""
    tally.broken.append(Broken(number, problem, repr(given)))
    return "BROKEN"


def measure_peak() -> int:
    """Return the most bytes of memory that the process has held so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * PEAK_UNIT
