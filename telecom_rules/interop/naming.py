"""Names of other formats as names of a pack: lower-case letters, digits and `_`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from telecom_rules.findings import Span


LONGEST_IMPORTED = 56
"""Characters of a name, with room for a number behind it."""
NAME_PATTERN = re.compile(r"[a-z][a-z0-9_]*")
HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


class Namer:
    """Gives each foreign name of one kind a unique identifier, and records those that change."""

    def __init__(self, kind: str, taken: frozenset[str] = frozenset()) -> None:
        """Start without names.

        Args:
            kind: what a thing is called whose name has no Latin letters, such as `state`.
            taken: identifiers that mean something else.
        """
        self._kind = kind
        self._names: dict[str, str] = {}
        self._taken = set(taken)
        self._changed: dict[str, Span] = {}

    def name_of(self, foreign: str, span: Span) -> str:
        """Return the identifier for a foreign name, the same every time."""
        known = self._names.get(foreign)
        if known is not None:
            return known
        wanted = (event_name_of if self._kind == "event" else identifier_of)(foreign) or self._kind
        chosen, number = wanted, 2
        while chosen in self._taken:
            chosen, number = f"{wanted}_{number}", number + 1
        self._names[foreign] = chosen
        self._taken.add(chosen)
        if chosen != foreign:
            self._changed[foreign] = span
        return chosen

    def find(self, foreign: str) -> str | None:
        """Return the identifier that a foreign name has got, or `None`."""
        return self._names.get(foreign)

    @property
    def names(self) -> dict[str, str]:
        """The identifier of each foreign name so far."""
        return {**self._names}

    @property
    def changed(self) -> dict[str, Span]:
        """The foreign names whose identifier differs, each with its first place."""
        return {**self._changed}


def event_name_of(foreign: str) -> str:
    """Return the name of an event closest to `foreign`: the parts between its dots are names."""
    return ".".join(identifier_of(part) or "n" for part in foreign.split(".") if part)


def identifier_of(foreign: str) -> str:
    """Return the name closest to `foreign`, or an empty text if it has no Latin letter or digit.

    >>> [identifier_of(each) for each in ("Applicant Age", "hasTicket", "9to5", "年龄")]
    ['applicant_age', 'has_ticket', 'n9to5', '']
    """
    if NAME_PATTERN.fullmatch(foreign) and len(foreign) <= LONGEST_IMPORTED:
        return foreign
    words = (
        re.sub(r"[^A-Za-z0-9]+", "_", HUMP.sub("_", foreign)).strip("_").lower()[:LONGEST_IMPORTED]
    )
    return f"n{words}" if words[:1].isdigit() else words
