"""How many examples the property tests draw: `short` always, `long` with `make test-long`.

No deadline: a slow machine is not a failed law.
"""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("short", deadline=None, print_blob=True)
settings.register_profile("long", deadline=None, max_examples=5_000, print_blob=True)
settings.load_profile("short")
