"""The words of SCXML."""

from __future__ import annotations

SCXML_NAMESPACE = "http://www.w3.org/2005/07/scxml"
INTERNAL_TARGET = "#_internal"
"""The target of a `send` that stays in the machine, ahead of what comes from outside."""
DONE_PREFIX = "done.state."
"""How the event begins that the states inside one are done."""
STATE_ELEMENTS = ("state", "parallel", "final", "history")
