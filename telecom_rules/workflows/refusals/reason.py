"""`Reason`: one reason for a refusal, worded for people in both languages."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from telecom_rules.frozen import FrozenDict, Portable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from telecom_rules.vocabulary import Clause
    from telecom_rules.wording import Wording


class ReasonKind(StrEnum):
    """The kinds of reasons for a refusal."""

    UNKNOWN_EVENT = "unknown_event"
    """The workflow has no event of this name."""
    INTERNAL_EVENT = "internal_event"
    """Only a clock raises this event."""
    FINAL = "final"
    """The case is over."""
    NOT_FROM_HERE = "not_from_here"
    """No active state accepts this event."""
    TIME_BACKWARDS = "time_backwards"
    """The event is older than the case's last change."""
    BEHIND = "behind"
    """Too many time limits have passed since the last change: `Case.tick` must record them."""
    ROLE = "role"
    """The role may not send the event, or not take this transition."""
    NO_WAY = "no_way"
    """No event leads to the state or status that was asked for; see `Case.ways`."""
    PAYLOAD_INVALID = "payload_invalid"
    """The data sent with the event does not fit it."""
    REQUIRES = "requires"
    """Required facts are not known."""
    GUARD = "guard"
    """A guard is false."""
    UNKNOWN = "unknown"
    """A guard or a result depends on a fact that is not known."""
    UNDECIDED = "undecided"
    """A guard or a result cannot be evaluated: an overflow, or no rule in force."""
    FURTHER = "further"
    """There are more reasons than a refusal gives."""
    ENDLESS = "endless"
    """Run to completion does not end: the workflow is at fault."""
    CALL = "call"
    """A case that it would call cannot start; or the returned case is not a pending call."""
    FACTS_INVALID = "facts_invalid"
    """The event would set a fact to a value that is not allowed, or facts that contradict."""
    NO_MIGRATION = "no_migration"
    """The workflow declares no migration from this version."""
    NO_IMAGE = "no_image"
    """A state of the older version has no counterpart."""
    NOT_TOGETHER = "not_together"
    """The counterparts of the states cannot be active together."""
    LIMIT = "limit"
    """A time limit prevents the migration."""
    WAITING = "waiting"
    """The case has a pending call, or would be in a state that calls."""


@dataclass(frozen=True, slots=True)
class Reason(Portable):
    """One reason for a refusal.

    Attributes:
        kind: its kind, for programs.
        wording: what is wrong and what to do, for people.
        cites: the clauses it rests on.
        data: the names and values concerned, for programs; its keys depend on the kind.
    """

    kind: ReasonKind
    wording: Wording
    cites: tuple[Clause, ...] = ()
    data: Mapping[str, object] = FrozenDict()

    def __post_init__(self) -> None:
        object.__setattr__(self, "data", FrozenDict(self.data))
