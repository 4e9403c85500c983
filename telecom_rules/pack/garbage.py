"""Keeps the collector of garbage off while much is made that stays.

The collector looks through everything that is alive each time the program has grown by a quarter.
While a pack is read nothing of it becomes garbage in circles, so that a third of the time went into
a search that finds nothing.
"""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def without_collector() -> Iterator[None]:
    """Keep the collector off, and leave it as it was found."""
    if not gc.isenabled():  # by the host, or by whoever reads another pack in this process
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
