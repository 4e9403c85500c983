"""Positions in a file: converts marks of the parser to spans and to their text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple, Protocol

from telecom_rules.findings import Span

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Mark(Protocol):
    """A place in the text, counted from 0 as the parsers do."""

    @property
    def line(self) -> int:
        """The line."""

    @property
    def column(self) -> int:
        """The column, in code points."""


class Point(NamedTuple):
    """A mark that is not from a parser."""

    line: int
    column: int


TEXT_START = Point(0, 0)
LINE_START = re.compile(r" *(?:- +)*")
"""What stands ahead of the first key or value of a line."""
COMMENT_FOLLOWS = re.compile(r"\s*#")


def mark_or_start(mark: Mark | None) -> Mark:
    """Return a parser's mark; the start of the text where it gives none."""
    return TEXT_START if mark is None else mark


class Positions:
    """The lines of one file. A mark may lie after the last line."""

    def __init__(self, file: str, lines: Sequence[str]) -> None:
        self.file = file
        self._lines = lines

    def line_of(self, mark: Mark) -> str:
        """Return the line of `mark`."""
        return self._lines[mark.line] if mark.line < len(self._lines) else ""

    def find_line(self, pattern: re.Pattern[str]) -> Point | None:
        """Return the start of the first line that is wholly as `pattern`, or `None`."""
        fitting = (at for at, line in enumerate(self._lines) if pattern.fullmatch(line))
        return next((Point(at, 0) for at in fitting), None)

    def has_text(self, line: int) -> bool:
        """Return whether a line, counted from 0, holds more than a comment."""
        text = self._lines[line].lstrip(" ")
        return bool(text) and not text.startswith("#")

    @property
    def first_columns(self) -> Mapping[int, int]:
        """The column of the first key or value of each line with text, past the signs of items."""
        return {
            at: match.end()
            for at, line in enumerate(self._lines)
            if self.has_text(at) and (match := LINE_START.match(line)) is not None
        }

    def has_comment_after(self, mark: Mark) -> bool:
        """Return whether a comment follows `mark` on its line."""
        line = self.line_of(mark)
        return "#" in line and COMMENT_FOLLOWS.match(line, mark.column) is not None

    def text_before(self, mark: Mark) -> str:
        """Return the text of the line before `mark`."""
        return self.line_of(mark)[: mark.column].rstrip()

    def text_from(self, mark: Mark) -> str:
        """Return the text of the line from `mark` on."""
        return self.line_of(mark)[mark.column :].rstrip()

    def span_at(self, mark: Mark, width: int = 1) -> Span:
        """Return the place of the `width` characters from `mark` on."""
        return Span(self.file, mark.line + 1, mark.column + 1).within(0, width)

    def span_of_word(self, mark: Mark, sign: str) -> Span:
        """Return the place of the first word from `mark` on that starts with one of `sign`."""
        match = re.search(rf"[{sign}][^\s,\[\]{{}}]*", self.text_from(mark))
        return self.span_at(mark).within(*match.span()) if match else self.span_at(mark)

    def text_of(self, span: Span) -> str:
        """Return the text of a span within one line."""
        return self._lines[span.line - 1][span.column - 1 : span.end_column - 1]

    def span_between(self, start: Mark, end: Mark) -> Span:
        """Return the place from `start` to before `end`."""
        return Span(self.file, start.line + 1, start.column + 1, end.line + 1, end.column + 1)

    def span_of_block(self, start: Mark, end: Mark) -> Span:
        """Return the place of a block of text without the blank lines behind it."""
        last = min(end.line, len(self._lines) - 1)
        if last == end.line and end.column == 0:
            last -= 1
        while last > start.line and not self._lines[last].strip():
            last -= 1
        width = len(self._lines[last].rstrip())
        return Span(self.file, start.line + 1, start.column + 1, last + 1, width + 1)

    def lines_of(self, span: Span, *, in_block: bool, in_quotes: bool) -> str:
        """Return the text of a span of several lines, without quotes or the block's header."""
        first, *middle, last = self._lines[span.line - 1 : span.end_line]
        head = "" if in_block else first[span.column - 1 :]
        tail = last[: span.end_column - 1]
        if in_quotes:
            head, tail = " " + head[1:], tail[:-1]
        return "\n".join([head, *middle, tail])
