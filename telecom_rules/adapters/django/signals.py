"""Signals, sent when the transaction of the host is committed.

A receiver that fails does no harm to what was stored: Django logs it.
"""

from __future__ import annotations

from django.dispatch import Signal

accepted = Signal()
"""An event was taken: `case` as it is now, and its `outcome`; the sender is the host's model."""
refused = Signal()
"""An event was refused: `refused` with its reasons, and the `level` it was refused at."""
effect = Signal()
"""Work to do: `name` and `payload` of the effect, the id of its `case`, and its `key`.

It is sent until every receiver has returned without an error once, so that a receiver may see it
twice; `key` is the same each time.
"""
