"""Why an event was refused: one value for each reason, worded for people in both languages."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from telecom_rules.vocabulary import Clause
    from telecom_rules.wording import Wording


class ReasonKind(StrEnum):
    """What stands against an event."""

    UNKNOWN_EVENT = "unknown_event"
    """The workflow has no event of this name."""
    INTERNAL_EVENT = "internal_event"
    """Only a clock raises this event."""
    FINAL = "final"
    """The case is over."""
    NOT_FROM_HERE = "not_from_here"
    """No state the case is in accepts this event."""
    TIME_BACKWARDS = "time_backwards"
    """The event is older than the case's last change."""
    BEHIND = "behind"
    """Too many time limits have passed since the last change: `Case.tick` must record them."""
    ROLE = "role"
    """The role may not do this."""
    PAYLOAD_INVALID = "payload_invalid"
    """The data sent with the event does not fit it."""
    REQUIRES = "requires"
    """Facts that must be known are not."""
    GUARD = "guard"
    """A condition does not hold."""
    UNKNOWN = "unknown"
    """A condition cannot be decided, because a fact it needs is not known."""
    UNDECIDED = "undecided"
    """A condition or a result has no value: an overflow, or a rule that was not in force."""
    ENDLESS = "endless"
    """What follows from it by itself does not come to rest: the workflow is at fault."""
    CALL = "call"
    """A case that it would call cannot begin; or what came back is not what the case waits for."""
    FACTS_INVALID = "facts_invalid"
    """The event would set a fact to a value it cannot have."""
    NO_MIGRATION = "no_migration"
    """The workflow says nothing of cases of this version."""
    NO_IMAGE = "no_image"
    """A state of the older version has become nothing that is known."""
    NOT_TOGETHER = "not_together"
    """What the states of the older version have become is not active together."""
    LIMIT = "limit"
    """A time limit stands against the move to another version."""
    WAITING = "waiting"
    """The case waits for another one that it has called."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that stands against an event.

    Attributes:
        kind: what kind of thing, for programs.
        wording: what it is and what would be right, for people.
        cites: the clauses behind it.
        data: the names and values it is about, for programs; what is in it depends on the kind.
    """

    kind: ReasonKind
    wording: Wording
    cites: tuple[Clause, ...] = ()
    data: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))
