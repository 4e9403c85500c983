"""Where in a file: from the parser's marks to spans, and to the characters that stand there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple, Protocol

from telecom_rules.findings import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["START", "Places", "Point", "point"]


class Mark(Protocol):
    """What either parser says about a place."""

    line: int
    column: int


class Point(NamedTuple):
    """A place in the text, counted from 0 as the parsers do."""

    line: int
    column: int


START = Point(0, 0)


def point(mark: Mark | None) -> Point:
    """Return where a mark lies; the start of the text where there is none."""
    return START if mark is None else Point(mark.line, mark.column)


class Places:
    """The lines of one file. A point may lie behind the last line."""

    def __init__(self, file: str, lines: Sequence[str]) -> None:
        self.file = file
        self._lines = lines

    def line(self, point: Point) -> str:
        """Return the line of `point`."""
        return self._lines[point.line] if point.line < len(self._lines) else ""

    def ahead(self, point: Point) -> str:
        """Return what stands on the line before `point`."""
        return self.line(point)[: point.column].rstrip()

    def rest(self, point: Point) -> str:
        """Return what stands on the line from `point` on."""
        return self.line(point)[point.column :].rstrip()

    def at(self, point: Point, width: int = 1) -> Span:
        """Return the place of the `width` characters from `point` on."""
        return Span(self.file, point.line + 1, point.column + 1).within(0, width)

    def word(self, point: Point, sign: str) -> Span:
        """Return the place of the first word from `point` on that starts with one of `sign`."""
        match = re.search(rf"[{sign}][^\s,\[\]{{}}]*", self.rest(point))
        return self.at(point).within(*match.span()) if match else self.at(point)

    def text(self, span: Span) -> str:
        """Return what stands in a place of one line."""
        return self._lines[span.line - 1][span.column - 1 : span.end_column - 1]

    def between(self, start: Point, end: Point) -> Span:
        """Return the place from `start` to before `end`."""
        return Span(self.file, start.line + 1, start.column + 1, end.line + 1, end.column + 1)

    def block(self, start: Point, end: Point) -> Span:
        """Return the place of a block of text without the blank lines behind it."""
        last = min(end.line, len(self._lines) - 1)
        if last == end.line and end.column == 0:
            last -= 1
        while last > start.line and not self._lines[last].strip():
            last -= 1
        width = len(self._lines[last].rstrip())
        return Span(self.file, start.line + 1, start.column + 1, last + 1, width + 1)

    def written(self, span: Span, *, in_block: bool, in_quotes: bool) -> str:
        """Return what stands in a place of several lines, without quotes or the block's header."""
        if span.end_line == span.line:
            return ""
        first, *middle, last = self._lines[span.line - 1 : span.end_line]
        head = "" if in_block else first[span.column - 1 :]
        tail = last[: span.end_column - 1]
        if in_quotes:
            head, tail = " " + head[1:], tail[:-1]
        return "\n".join([head, *middle, tail])
