"""How long a piece of work may take before a test calls it endless.

A test of a bound looks for work that grows with the square of its input, or does not end: a hundred
times what it should take. The bound is therefore a loose one, and in seconds of a reference
machine, so that a slow or a busy one fails no test.
"""

from __future__ import annotations

import gc
import signal
import time
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING

from telecom_rules.pack.garbage import without_collector

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

PATIENCE = 3
"""How many times its seconds work may take."""
YARDSTICK = 0.0075
"""Seconds of a processor that `turn` takes on the reference machine."""


class TooLongError(BaseException):
    """Work took more than its seconds. Nothing that catches `Exception` catches it."""


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Fail when what runs takes far longer than its seconds of a processor.

    The collector of garbage is off: it would search what other tests have left.
    """
    gc.collect()
    with without_collector(), limit_seconds(stretch(seconds)):
        yield


def stretch(seconds: float) -> float:
    """Return how long work may take here that takes `seconds` on the reference machine."""
    return seconds * PATIENCE * slowness()


@contextmanager
def limit_seconds(seconds: float) -> Iterator[None]:
    """Raise `TooLongError` in what runs when it takes longer, in seconds of a processor.

    The signal is seen between two steps of the interpreter: one endless call of a C function is
    not ended.
    """

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise TooLongError

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


@cache
def slowness() -> float:
    """Return how many times the reference machine's seconds this one needs, at least once."""
    return max(1.0, max(turn() for _ in range(3)) / YARDSTICK)


def turn() -> float:
    """Return the seconds of a processor that a fixed piece of work takes."""
    begun = time.process_time()
    sum(len(str(number)) for number in range(100_000))
    return time.process_time() - begun
