"""Collects garbage seldom: a command makes much that stays, does one thing, and ends."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

THRESHOLDS = (50_000, 20, 50)
"""Things made between two looks at the youngest; Python's own is 700. The other two count looks."""


@contextmanager
def collecting_seldom() -> Iterator[None]:
    """Look for garbage seldom, and afterwards as often as before: a host may call `main`."""
    before = gc.get_threshold()
    gc.set_threshold(*THRESHOLDS)
    try:
        yield
    finally:
        gc.set_threshold(*before)
