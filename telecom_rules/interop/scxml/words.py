"""The words of SCXML that mean the same here, and those of ours that it has no word for."""

from __future__ import annotations

SCXML_NAMESPACE = "http://www.w3.org/2005/07/scxml"
OUR_NAMESPACE = "urn:telecom-rules"
"""The namespace of what SCXML has no attribute for: titles, clauses, roles, required facts. As the
type of a `send` it says that the host performs it."""
OUR_PREFIX = "tr"
INTERNAL_TARGET = "#_internal"
"""The target of a `send` that stays in the machine, ahead of what comes from outside."""
DONE_PREFIX = "done.state."
"""How the event begins that the states inside one are done."""
STATE_ELEMENTS = ("state", "parallel", "final", "history")
