"""Timing that is fair on a busy machine, and the tables it ends in.

All contestants run in one process, in turn, for several rounds. A figure is CPU time, the median
of the rounds; a ratio is the median of the ratios within each round. The garbage collector is off
while the clock runs.
"""

from __future__ import annotations

import gc
import platform
import statistics
import tracemalloc
from importlib import metadata
from time import process_time
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

T = TypeVar("T")

SLICE = 0.03
"""Seconds that one contestant runs in one round."""
FEWEST, MOST = 20, 50_000
"""How often it does its work in one round, at least and at most."""


def cpu(work: Callable[[T], object], inputs: Sequence[T]) -> float:
    """Return the microseconds of CPU time that `work` takes for one of `inputs`."""
    gc.collect()
    gc.disable()
    began = process_time()
    for each in inputs:
        work(each)
    spent = process_time() - began
    gc.enable()
    return spent / len(inputs) * 1e6


def times(
    works: Mapping[str, Callable[[T], object]],
    prepare: Callable[[str, int], Sequence[T]],
    rounds: int,
) -> dict[str, list[float]]:
    """Return the microseconds of every work in every round, after one round to warm up.

    Args:
        works: what to time, by name.
        prepare: makes so many inputs for a work; what that takes does not count.
        rounds: how many rounds.
    """
    counts = {}
    for name, work in works.items():
        micros = cpu(work, prepare(name, FEWEST))
        counts[name] = min(MOST, max(FEWEST, int(SLICE / (micros + 0.01) * 1e6)))
    found: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            found[name].append(cpu(work, prepare(name, counts[name])))
    return found


def ratio(times: Sequence[float], limit: Sequence[float]) -> float:
    """Return the median of the ratios within each round."""
    return statistics.median(one / other for one, other in zip(times, limit, strict=True))


def memory(make: Callable[[], object], count: int = 500) -> float:
    """Return the bytes that one of `count` things takes that are alive together."""
    make()
    kept: list[object] = [None] * count
    gc.collect()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    for at in range(count):
        kept[at] = make()
    gc.collect()
    taken = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    return taken / count


def version(distribution: str | None) -> str:
    """Return the version of a package that is installed; nothing for our own code."""
    return metadata.version(distribution) if distribution else ""


def machine() -> str:
    """Return what the figures were measured on."""
    return f"Python {platform.python_version()}, {platform.system()} {platform.machine()}, {chip()}"


def chip() -> str:
    """Return the name of the processor, where the system tells it."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as lines:  # noqa: PTH123 - no path of a host
            names = [line.partition(":")[2].strip() for line in lines if "model name" in line]
    except OSError:
        names = []
    return names[0] if names else platform.processor()


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a Markdown table; its first column is text, the others are figures."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)
