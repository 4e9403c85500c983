"""A deviation: one way in which the rules of a house differ from those of the base."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterable

    from telecom_rules.vocabulary import Clause


class Direction(StrEnum):
    """How the rules of the house stand to those of the base."""

    TIGHTER = "tighter"
    """Nowhere laxer, and stricter on at least one record or run."""
    LAXER = "laxer"
    """Laxer on at least one record or run, and nowhere stricter."""
    NEUTRAL = "neutral"
    """The same on every record and run."""
    INCOMPARABLE = "incomparable"
    """Laxer here and stricter there, or other where nothing says which is stricter."""
    UNDECIDED = "undecided"
    """Neither proved nor shown by a record or run."""

    @property
    def wording(self) -> Wording:
        """Its name for people."""
        return DIRECTION_WORDINGS[self]


DIRECTION_WORDINGS = {
    Direction.TIGHTER: Wording("更严", "tighter"),
    Direction.LAXER: Wording("更宽", "laxer"),
    Direction.NEUTRAL: Wording("宽严不变", "neutral"),
    Direction.INCOMPARABLE: Wording("无从比较宽严", "neither tighter nor laxer"),
    Direction.UNDECIDED: Wording("未能判断宽严", "undecided"),
}


class Part(NamedTuple):
    """A part of a pack, as `diff` names it.

    Attributes:
        within: the element of the pack, such as `policies.complaint_grade`.
        what: what kind of part it is, for people.
        name: its name, such as `complaint_grade.repeated`.
    """

    within: str
    what: Wording
    name: str


@dataclass(frozen=True, slots=True)
class Deviation:
    """One way in which the rules of a house differ from those of the base.

    Attributes:
        parts: the parts of the house that differ, the place of the difference first.
        direction: whether this makes them tighter or laxer.
        wording: the difference, with what both say.
        evidence: a record or a run that shows it, or why it is undecided; `None` where both
            figures say it all.
        cites: the clauses of the base.
        is_law: whether the base has it from a source; a setting of the base may be loosened.
        policy: the policy whose answers deviate, or `None` if it is about something else.
        is_gone: whether the first part is one of the base that the house has no longer.
    """

    parts: tuple[Part, ...]
    direction: Direction
    wording: Wording
    evidence: Wording | None = None
    cites: tuple[Clause, ...] = ()
    is_law: bool = True
    policy: str | None = None
    is_gone: bool = False

    @property
    def is_refused(self) -> bool:
        """Whether a house may not deviate so: it is laxer than a source, or cannot be compared."""
        return self.is_law and self.direction in {Direction.LAXER, Direction.INCOMPARABLE}


def combine(directions: Iterable[Direction]) -> Direction:
    """Return the direction of several deviations together."""
    found = set(directions) - {Direction.NEUTRAL}
    if Direction.INCOMPARABLE in found or {Direction.TIGHTER, Direction.LAXER} <= found:
        return Direction.INCOMPARABLE
    for each in (Direction.LAXER, Direction.UNDECIDED, Direction.TIGHTER):
        if each in found:
            return each
    return Direction.NEUTRAL
