"""The nodes of a YAML text, with the place of every part.

A node is plain data: a `Mapping` is a `dict`, an `Items` a `list`, a `Scalar` the text of a value
before it is typed. It is typed later by the field that it is read for, not by its form.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from telecom_rules.findings import Span


class Word(str):
    """A text with the place where it was written. It equals the plain text."""

    __slots__ = ("span",)

    span: Span

    def __new__(cls, text: str, span: Span) -> Self:
        """Return `text` as written at `span`."""
        word = super().__new__(cls, text)
        word.span = span
        return word

    def __reduce__(self) -> tuple[type[Word], tuple[str, Span]]:
        return (Word, (str(self), self.span))


@dataclass(frozen=True, slots=True)
class Scalar:
    """One value as written.

    Attributes:
        text: the characters, after YAML's quoting and folding is undone.
        span: the place of the value, quotes included.
        quoted: whether it was quoted or a block; a plain value is `False`.
        offset: the distance of the text's first character from the span's start, in code points
            (1 for a quoted value); it maps positions in an expression to places in the file.
        commented: whether a comment follows it on its line.
        written: for a value of several lines, the text of its span in the file, with quotes and
            the header of a block replaced by blanks.
    """

    text: str
    span: Span
    quoted: bool = False
    offset: int = 0
    commented: bool = False
    written: str = ""

    @property
    def word(self) -> Word:
        """The text with its place."""
        return Word(self.text, self.span)

    def span_between(self, start: int, end: int) -> Span:
        """Return the place of `text[start:end]`; of the whole value if it contains escapes."""
        if self.span.end_line > self.span.line:
            return self._folded_part(start, end)
        written = self.span.end_column - self.span.column - 2 * self.offset
        if written != len(self.text):
            return self.span
        return self.span.within(self.offset + start, self.offset + end)

    def _folded_part(self, start: int, end: int) -> Span:
        # Folding changes only white space, so a position is found by counting other characters.
        marks = [
            (row, column)
            for row, line in enumerate(self.written.split("\n"))
            for column, character in enumerate(line)
            if not character.isspace()
        ]
        if "".join(self.written.split()) != "".join(self.text.split()) or not marks:
            return self.span
        first = min(len("".join(self.text[:start].split())), len(marks) - 1)
        last = max(len("".join(self.text[:end].split())) - 1, first)
        return self._span_between_marks(*marks[first], *marks[min(last, len(marks) - 1)])

    def _span_between_marks(self, row: int, column: int, last_row: int, last_column: int) -> Span:
        """Return the place between two characters of `written`, both included."""
        file, line, indent = self.span.file, self.span.line, self.span.column
        start = column + (1 if row else indent)
        end = last_column + 1 + (1 if last_row else indent)
        return Span(file, line + row, start, line + last_row, end)


@dataclass(frozen=True, slots=True)
class Broken:
    """A value that could not be read. It is reported already, so its readers report nothing."""

    span: Span


class Mapping(dict[Word, "Node"]):
    """Keys and values in the order written. Every key is a `Word`.

    Attributes:
        span: the place of its key; for an item of a list, its beginning.
        damaged: whether a key could not be read; missing keys are then not reported.
    """

    __slots__ = ("_words", "damaged", "span")

    span: Span
    damaged: bool

    def __init__(self, span: Span) -> None:
        super().__init__()
        self.span = span
        self.damaged = False
        self._words: dict[str, Word] = {}

    def __setitem__(self, key: Word, node: Node) -> None:
        super().__setitem__(key, node)
        self._words.setdefault(key, key)

    def find_key(self, name: str) -> Word | None:
        """Return the key equal to `name` with its place, or `None`."""
        return self._words.get(name)


class Items(list["Node"]):
    """A sequence in the order written. Its span is the place of its key."""

    __slots__ = ("span",)

    span: Span

    def __init__(self, span: Span) -> None:
        super().__init__()
        self.span = span


Node = Scalar | Mapping | Items | Broken
