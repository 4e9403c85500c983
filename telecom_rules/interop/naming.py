"""Names of other formats as names of a pack: lower-case letters, digits and `_`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from telecom_rules.documents.scalars import EVENT_PATTERN, IDENTIFIER_PATTERN, LONGEST_NAME

if TYPE_CHECKING:
    from telecom_rules.findings import Span


LONGEST_IMPORTED = 56
"""Characters of a name that is converted, with room for a number behind it."""
LONGEST_FOREIGN = 200
"""Characters of a foreign name by which the name here goes."""
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
        self._places: dict[str, Span] = {}
        self._taken = set(taken)
        self._numbers: dict[str, int] = {}

    def name_of(self, foreign: str, span: Span) -> str:
        """Return the identifier for a foreign name, the same every time."""
        known = self._names.get(foreign)
        if known is not None:
            return known
        wanted = (event_name_of if self._kind == "event" else identifier_of)(foreign) or self._kind
        self._names[foreign] = self.invent(wanted)
        self._places[foreign] = span
        return self._names[foreign]

    def invent(self, wanted: str) -> str:
        """Return an identifier that nothing has: the one that is wanted, or with a number."""
        chosen = wanted
        while chosen in self._taken:
            # Each number is tried once, however many names want the same identifier.
            self._numbers[wanted] = self._numbers.get(wanted, 1) + 1
            chosen = f"{wanted}_{self._numbers[wanted]}"
        self._taken.add(chosen)
        return chosen

    def find(self, foreign: str) -> str | None:
        """Return the identifier that a foreign name has got, or `None`."""
        return self._names.get(foreign)

    @property
    def names(self) -> dict[str, str]:
        """The identifier of each foreign name so far."""
        return {**self._names}

    def place_of(self, foreign: str) -> Span:
        """Return the first place of a foreign name that has got an identifier."""
        return self._places[foreign]

    @property
    def changed(self) -> dict[str, Span]:
        """The foreign names whose identifier differs, each with its first place."""
        return {each: self._places[each] for each, name in self._names.items() if each != name}


def event_name_of(foreign: str) -> str:
    """Return the name of an event closest to `foreign`: the parts between its dots are names."""
    if EVENT_PATTERN.fullmatch(foreign) and len(foreign) <= LONGEST_NAME:
        return foreign
    parts = (part for part in foreign[:LONGEST_FOREIGN].split(".") if part)
    return ".".join(identifier_of(part) or "n" for part in parts)[:LONGEST_IMPORTED].rstrip("._")


def identifier_of(foreign: str) -> str:
    """Return the name closest to `foreign`, or an empty text if it has no Latin letter or digit.

    >>> [identifier_of(each) for each in ("Applicant Age", "hasTicket", "9to5", "年龄")]
    ['applicant_age', 'has_ticket', 'n9to5', '']
    """
    if IDENTIFIER_PATTERN.fullmatch(foreign) and len(foreign) <= LONGEST_NAME:
        return foreign
    spaced = HUMP.sub("_", foreign[:LONGEST_FOREIGN])
    words = re.sub(r"[^A-Za-z0-9]+", "_", spaced).strip("_").lower()
    return f"n{words}"[:LONGEST_IMPORTED] if words[:1].isdigit() else words[:LONGEST_IMPORTED]
