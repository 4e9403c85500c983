"""The words of SCXML."""

from __future__ import annotations

SCXML_NAMESPACE = "http://www.w3.org/2005/07/scxml"
INTERNAL_TARGET = "#_internal"
"""The target of a `send` to the internal queue, which comes before external events."""
DONE_PREFIX = "done.state."
"""The prefix of the event raised when the states inside one are done."""
STATE_ELEMENTS = ("state", "parallel", "final", "history")
