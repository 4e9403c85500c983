"""The names of SCXML that reading and writing share."""

from __future__ import annotations

SCXML_NAMESPACE = "http://www.w3.org/2005/07/scxml"
INTERNAL_TARGET = "#_internal"
"""The target of a `send` to the internal queue, which has precedence over external events."""
SCXML_PROCESSORS = frozenset({"http://www.w3.org/TR/scxml/#SCXMLEventProcessor", "scxml"})
"""The types of a `send` to a queue of SCXML, which is the type of one without any."""
TRANSITION_TYPES = frozenset({"internal", "external"})
DONE_PREFIX = "done.state."
"""The prefix of the event raised when a state is done: a child final state is entered."""
STATE_ELEMENTS = ("state", "parallel", "final", "history")
