"""How many examples the property tests draw: `short` always, `long` with `make test-long`.

The short run draws the same examples every time, so that a change is judged by what it changes;
the long one draws new ones. No deadline: a slow machine is not a failed law.
"""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("short", deadline=None, print_blob=True, derandomize=True)
settings.register_profile("long", deadline=None, max_examples=5_000, print_blob=True)
settings.load_profile("short")
