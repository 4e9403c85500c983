"""A YAML text as written: its parts with their offsets, and the comments between them.

Unlike the nodes of definitions, these include brackets, quotes and comments. They are made only of
texts that have been read without a mistake.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from yaml.events import (
    CollectionEndEvent,
    CollectionStartEvent,
    MappingStartEvent,
    ScalarEvent,
)

from telecom_rules.documents.positions import mark_or_start

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from yaml.events import Event

    from telecom_rules.documents.parsers import EventParser
    from telecom_rules.documents.positions import Mark


COMMENT_PATTERN = re.compile(r"(?:(?<=\s)|^)#.*")


@dataclass(slots=True)
class Leaf:
    """A single value.

    Attributes:
        start: the offset of its first character, quotes included.
        end: the offset behind its last one.
        text: its value.
        style: `'`, `"`, `|` or `>`; nothing where it is plain.
    """

    start: int
    end: int
    text: str
    style: str


@dataclass(slots=True)
class Collection:
    """A list or a mapping.

    Attributes:
        start: the offset of its bracket, or of its first part.
        end: the offset behind its bracket, or behind its last part.
        keyed: whether it is a mapping.
        flow: whether it stands in brackets.
        parts: its items; of a mapping keys and values in turn.
    """

    start: int
    end: int
    keyed: bool
    flow: bool
    parts: list[SourcePart] = field(default_factory=list)

    @property
    def entries(self) -> Iterator[tuple[Leaf, SourcePart]]:
        """The keys of a mapping with their values."""
        for key, value in zip(self.parts[::2], self.parts[1::2], strict=True):
            if isinstance(key, Leaf):
                yield key, value


SourcePart: TypeAlias = "Leaf | Collection"


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment, or a blank line, between two parts.

    Attributes:
        text: from `#` on; nothing for a blank line.
        line: the number of its line, from 0.
        column: the number of characters before it on its line.
        behind: whether it follows other text on its line.
    """

    text: str
    line: int
    column: int
    behind: bool


class SourceText:
    """A text with the offsets of its lines."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._starts = [0, *(match.end() for match in re.finditer("\n", text))]

    def offset_of(self, mark: Mark) -> int:
        """Return the offset of a parser's mark."""
        if mark.line >= len(self._starts):
            return len(self.text)
        return min(self._starts[mark.line] + mark.column, len(self.text))

    def line_of(self, offset: int) -> int:
        """Return the number of the line that an offset lies on, from 0."""
        return bisect_right(self._starts, offset) - 1

    def column_of(self, offset: int) -> int:
        """Return the number of characters before an offset on its line."""
        return offset - self._starts[self.line_of(offset)]

    def comments_between(self, start: int, end: int) -> list[Comment]:
        """Return the comments and blank lines between two parts."""
        if start >= end:
            return []
        lines = self.text[start:end].split("\n")
        column, first = self.column_of(start), self.line_of(start)
        found: list[Comment] = []
        for number, line in enumerate(lines):
            match = COMMENT_PATTERN.search(line)
            if match is not None:
                begins = match.start() + (column if number == 0 else 0)
                behind = (number == 0 and column > 0) or bool(line[: match.start()].strip())
                found.append(Comment(match[0].rstrip(), first + number, begins, behind))
            elif not line.strip() and 0 < number < len(lines) - 1:
                found.append(Comment("", first + number, 0, behind=False))
        return found


def list_comments(text: str, parser: EventParser) -> list[Comment]:
    """Return the comments of a text, in order.

    Raises:
        yaml.YAMLError: the parser refuses the text.
    """
    source = SourceText(text)
    root = read_root(source, parser(text))
    ranges = [] if root is None else [*iter_ranges(root)]
    ends = [0, *(end for _, end in ranges)]
    starts = [*(start for start, _ in ranges), len(text)]
    return [
        each
        for end, start in zip(ends, starts, strict=True)
        for each in source.comments_between(end, start)
        if each.text
    ]


def iter_ranges(part: SourcePart) -> Iterator[tuple[int, int]]:
    """Yield where each single value begins and ends; of a block of text, where its header does."""
    if isinstance(part, Leaf):
        yield part.start, part.end
        return
    for each in part.parts:
        yield from iter_ranges(each)


def read_root(source: SourceText, events: Iterable[Event]) -> SourcePart | None:
    """Return the root of a text, from the events of a parser."""
    root: SourcePart | None = None
    open_: list[Collection] = []
    for event in events:
        if isinstance(event, CollectionEndEvent):
            done = open_.pop()
            done.end = source.offset_of(mark_or_start(event.end_mark)) if done.flow else done.end
            continue
        part = read_part(source, event)
        if part is None:
            continue
        if open_:
            open_[-1].parts.append(part)
        else:
            root = root or part
        if isinstance(part, Collection):
            open_.append(part)
    if root is not None:
        set_ends(root)
    return root


def read_part(source: SourceText, event: Event) -> SourcePart | None:
    """Return the part that begins with an event, or `None`."""
    if isinstance(event, ScalarEvent):
        start, end = (
            source.offset_of(mark_or_start(event.start_mark)),
            source.offset_of(mark_or_start(event.end_mark)),
        )
        if event.style in {"|", ">"}:
            end = start + len(strip_block(source.text[start:end]))
        style = event.style or ""
        return Leaf(start, end, event.value, "" if style not in "'\"|>" else style)
    if isinstance(event, CollectionStartEvent):
        start = source.offset_of(mark_or_start(event.start_mark))
        keyed = isinstance(event, MappingStartEvent)
        return Collection(start, start, keyed, bool(event.flow_style))
    return None


def strip_block(text: str) -> str:
    """Return a block of text without the blank lines behind it that are not part of its value."""
    header, *lines = text.split("\n")
    if "+" in header.partition("#")[0]:
        return text.removesuffix("\n")
    indent = next((len(each) - len(each.lstrip(" ")) for each in lines if each.strip()), 0)
    while lines and not lines[-1].strip() and len(lines[-1]) <= indent:
        lines.pop()
    return "\n".join([header, *lines])


def set_ends(part: SourcePart) -> int:
    """Set the ends of collections without brackets, and return that of `part`."""
    if isinstance(part, Collection):
        ends = [set_ends(each) for each in part.parts]
        if not part.flow:
            part.end = ends[-1] if ends else part.start
    return part.end
