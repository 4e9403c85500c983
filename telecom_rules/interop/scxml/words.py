"""The words of SCXML that mean the same here, and those of ours that it has no word for."""

from __future__ import annotations

__all__ = ["DONE", "INTERNAL", "OURS", "OURS_PREFIX", "SCXML", "STATES"]

SCXML = "http://www.w3.org/2005/07/scxml"
OURS = "urn:telecom-rules"
"""The namespace of what SCXML has no attribute for: titles, clauses, roles, required facts. As the
type of a `send` it says that the host performs it."""
OURS_PREFIX = "tr"
INTERNAL = "#_internal"
"""The target of a `send` that stays in the machine, ahead of what comes from outside."""
DONE = "done.state."
"""How the event begins that the states inside one are done."""
STATES = ("state", "parallel", "final", "history")
