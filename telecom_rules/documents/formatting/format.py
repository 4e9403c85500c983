"""Formats the files of a pack in one style: layout, never content.

Order, comments and the choice of flow or block style are kept. Indents, spaces, quotes and blank
lines are normalised, and a flow collection that does not fit its line becomes a block.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from telecom_rules.documents.characters import decode
from telecom_rules.documents.formatting.layout import (
    LINE_WIDTH,
    quote_yaml,
    write_key,
    write_scalar,
)
from telecom_rules.documents.formatting.source import (
    Collection,
    Leaf,
    SourcePart,
    SourceText,
    list_comments,
    read_root,
)
from telecom_rules.documents.nodes import Items, Mapping, Scalar
from telecom_rules.documents.parsers import FASTEST_PARSER
from telecom_rules.documents.reader import read
from telecom_rules.documents.scalars import reading_of
from telecom_rules.findings import Findings, Severity, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from telecom_rules.documents.nodes import Node
    from telecom_rules.documents.parsers import EventParser


INDENT_STEP = 2
"""Spaces of one level."""
COMMENT_FOLLOWS = re.compile(r"[ \t]+#")


def format_text(
    data: bytes, file: str, findings: Findings, *, parser: EventParser = FASTEST_PARSER
) -> str | None:
    """Return a file in the one style, or `None` where it must not be changed.

    Args:
        data: the file's bytes.
        file: its name, for the places of findings.
        findings: collects the errors of the file, and TR903 where formatting would change its
            content.
        parser: the source of events.
    """
    mine = Findings()
    before = read(data, file, mine, parser=parser)
    findings += (each for each in mine if each.severity is Severity.ERROR)
    text = decode(data, file, Findings())
    if before is None or text is None or mine.has_errors:
        return None
    source = SourceText(text)
    root = read_root(source, parser(text))
    if not isinstance(root, Collection):
        return None
    written = Printer(source).write_file(root)
    again = read(written.encode(), file, Findings(), parser=parser)
    if (
        again is None
        or not has_same_content(again, before)
        or comments_of(written, parser) != comments_of(text, parser)
    ):
        findings.add("TR903", Span(file))
        return None
    return written


def has_same_content(one: Node, other: Node) -> bool:
    """Return whether two nodes have the same content, wherever they stand."""
    match one, other:
        case Scalar(), Scalar():
            # A number in quotes is a text; any other value is the same with or without quotes.
            kept = one.quoted is other.quoted or reading_of(one.text) is None
            return one.text == other.text and kept
        case Mapping(), Mapping():
            values = zip(one.values(), other.values(), strict=False)
            return [*one] == [*other] and all(has_same_content(*pair) for pair in values)
        case Items(), Items():
            pairs = zip(one, other, strict=False)
            return len(one) == len(other) and all(has_same_content(*pair) for pair in pairs)
    return False


def comments_of(text: str, parser: EventParser) -> list[str]:
    """Return the comments of a text, in order."""
    return [each.text for each in list_comments(text, parser)]


class Printer:
    """Writes the parts of a source in order, with the comments and blank lines between them."""

    def __init__(self, source: SourceText) -> None:
        self._source = source
        self._lines: list[str] = []
        self._at = 0
        self._levels: list[tuple[int, int]] = []
        self._short: dict[int, str | None] = {}

    def write_file(self, root: Collection) -> str:
        """Return the whole file."""
        self._block(root, 0)
        self._write_between(len(self._source.text), -1, 0)
        while self._lines and not self._lines[-1]:
            self._lines.pop()
        return "\n".join(self._lines) + "\n"

    def _lead(self, start: int, indent: int) -> None:
        """Write the comments before a line that begins at `start`, and note its indentation."""
        column = self._source.column_of(start)
        self._write_between(start, column, indent)
        self._levels = [each for each in self._levels if each[0] < column] + [(column, indent)]

    def _write_between(self, start: int, column: int, indent: int) -> None:
        """Write the comments and blank lines before `start`, and go on from there."""
        for each in self._source.comments_between(self._at, start):
            if each.behind and self._lines:
                self._lines[-1] = f"{self._lines[-1].rstrip()}  {each.text}"
            elif each.text:
                deeper = [to for at, to in self._levels if column < at <= each.column]
                level = deeper[-1] if deeper else indent
                self._lines.append(" " * level + each.text)
            elif self._lines and self._lines[-1]:
                self._lines.append("")
        self._at = max(self._at, start)

    def _block(self, part: Collection, indent: int, head: str = "") -> None:
        """Write a collection in lines of its own; `head` is what its first line begins with."""
        (self._mapping if part.keyed else self._sequence)(part, indent, head)

    def _mapping(self, part: Collection, indent: int, head: str) -> None:
        for key, value in part.entries:
            if head or part.flow:
                self._at = key.start
                self._levels.append((self._source.column_of(key.start), indent))
            else:
                self._lead(key.start, indent)
            self._lines.append(f"{head or ' ' * indent}{write_key(key.text)}:")
            self._at, head = key.end, ""
            self._value(value, indent)
        self._at = max(self._at, part.end)

    def _value(self, part: SourcePart, indent: int) -> None:
        """Write the value behind a key."""
        comments = [
            each for each in self._source.comments_between(self._at, part.start) if each.text
        ]
        if isinstance(part, Collection) and self._is_spread(part, len(self._lines[-1]) + 1):
            if part.flow:
                self._comment_behind(part)
            self._block(part, indent + INDENT_STEP)
        elif comments:
            self._write_between(
                part.start, self._source.column_of(part.start), indent + INDENT_STEP
            )
            self._lines.append(" " * (indent + INDENT_STEP))
            self._put(part, indent + INDENT_STEP)
        else:
            self._lines[-1] += " "
            self._put(part, indent)

    def _comment_behind(self, part: Collection) -> None:
        """Write the comment behind brackets that are going to be written in lines."""
        line_end = self._source.text.find("\n", part.end)
        end = len(self._source.text) if line_end < 0 else line_end
        rest = self._source.text[part.end : end]
        if rest.lstrip().startswith("#"):
            self._lines[-1] += f"  {rest.strip()}"
            part.end = end

    def _sequence(self, part: Collection, indent: int, head: str) -> None:
        for item in part.parts:
            start = head or " " * indent
            if not part.flow:
                dash = self._dash(item)
                if head:
                    self._at = dash
                    self._levels.append((self._source.column_of(dash), indent))
                else:
                    self._lead(dash, indent)
                self._at = dash + 1
            head = ""
            self._item(item, indent, f"{start}- ")
        self._at = max(self._at, part.end)

    def _item(self, item: SourcePart, indent: int, start: str) -> None:
        """Write the value behind a dash."""
        if any(each.text for each in self._source.comments_between(self._at, item.start)):
            self._lines.append(start.rstrip())
            self._write_between(
                item.start, self._source.column_of(item.start), indent + INDENT_STEP
            )
            start = " " * (indent + INDENT_STEP)
        if isinstance(item, Collection) and self._is_spread(item, len(start)):
            self._block(item, indent + INDENT_STEP, start)
            return
        self._lines.append(start)
        self._put(item, indent)

    def _dash(self, item: SourcePart) -> int:
        """Return where the dash of an item stands."""
        at = self._at
        for line in self._source.text[at : item.start].split("\n"):
            if line.lstrip(" ").startswith("-"):
                return at + line.index("-")
            at += len(line) + 1
        return item.start

    def _is_spread(self, part: Collection, column: int) -> bool:
        """Return whether a collection is written in lines of its own.

        Brackets are where they do not fit, unless their author broke them over lines already.
        """
        if not part.flow:
            return True
        one = self._one_line(part)
        broken = self._source.line_of(part.start) != self._source.line_of(part.end - 1)
        return (
            bool(part.parts) and not broken and one is not None and column + len(one) > LINE_WIDTH
        )

    def _put(self, part: SourcePart, indent: int) -> None:
        """Write a value behind what stands on the last line."""
        if isinstance(part, Collection):
            one = self._one_line(part)
            if one is not None and len(self._lines[-1]) + len(one) <= LINE_WIDTH:
                self._lines[-1] += one
            else:
                self._write_broken(part, indent)
        else:
            first, *rest = self._leaf_lines(part, indent)
            self._lines[-1] += first
            self._lines += rest
        self._at = part.end

    def _leaf_lines(self, leaf: Leaf, indent: int) -> list[str]:
        """Return the lines of a single value that does not stand in brackets."""
        raw = self._source.text[leaf.start : leaf.end]
        if leaf.style in {"|", ">"} and leaf.style:
            return self._text_block(raw, indent)
        if "\n" in raw:
            first, *rest = raw.split("\n")
            lines = [each.strip() for each in rest]
            return [
                first.rstrip(),
                *(" " * (indent + INDENT_STEP) + each if each else "" for each in lines),
            ]
        return [self._single(leaf, bracketed=False)]

    def _text_block(self, raw: str, indent: int) -> list[str]:
        """Return a block of text; what its lines are indented by beyond the first stays."""
        header, *lines = raw.split("\n")
        sign, _, comment = header.partition(" #")
        digit = re.search(r"\d", sign)
        deep = next((len(each) - len(each.lstrip(" ")) for each in lines if each.strip()), 0)
        if digit is not None:
            deep = self._levels[-1][0] + int(digit[0])
        sign = re.sub(r"\d", str(INDENT_STEP), sign).rstrip()
        head = f"{sign}  #{comment.rstrip()}" if comment else sign
        kept = (each[deep:] for each in lines)
        return [head, *(" " * (indent + INDENT_STEP) + each if each else "" for each in kept)]

    def _single(self, leaf: Leaf, *, bracketed: bool) -> str:
        """Return a single value of one line, in quotes only where it needs them."""
        raw = self._source.text[leaf.start : leaf.end]
        if not leaf.style:
            return raw
        written = write_scalar(leaf.text, bracketed=bracketed)
        if written == leaf.text:
            # A comment behind a plain expression could have been meant as part of it.
            follows = COMMENT_FOLLOWS.match(self._source.text, leaf.end)
            written = quote_yaml(leaf.text) if follows else written
        if leaf.style == '"' and written.startswith('"'):
            return raw
        return raw if "\\" in written and written.startswith('"') else written

    def _one_line(self, part: SourcePart) -> str | None:
        """Return brackets on one line, or `None` where something in them needs several."""
        if isinstance(part, Leaf):
            raw = self._source.text[part.start : part.end]
            return None if "\n" in raw else self._single(part, bracketed=True)
        if id(part) not in self._short:
            self._short[id(part)] = None if self._has_comments(part) else self._join_brackets(part)
        return self._short[id(part)]

    def _join_brackets(self, part: Collection) -> str | None:
        inside = [self._one_line(each) for each in part.parts]
        if any(each is None for each in inside):
            return None
        written = [each or "" for each in inside]
        if not part.keyed:
            return "[" + ", ".join(written) + "]"
        keys = (write_key(key.text) for key, _ in part.entries)
        pairs = (f"{key}: {value}" for key, value in zip(keys, written[1::2], strict=True))
        return "{" + ", ".join(pairs) + "}"

    def _has_comments(self, part: Collection) -> bool:
        """Return whether there is a comment between the parts of a collection."""
        at = part.start
        for each in part.parts:
            if any(each.text for each in self._source.comments_between(at, each.start)):
                return True
            at = each.end
        return any(each.text for each in self._source.comments_between(at, part.end))

    def _write_broken(self, part: Collection, indent: int) -> None:
        """Write brackets with the line breaks that their author gave them."""
        depth, fresh, ends = 0, True, self._source.line_of(part.start)
        for token, start, end in self._tokens(part):
            closes = token in {"}", "]"}
            depth -= closes
            self._write_between(
                start, self._source.column_of(start), indent + INDENT_STEP * max(depth, 1)
            )
            if self._source.line_of(start) > ends:
                self._lines.append(" " * (indent + INDENT_STEP * depth) + token)
            else:
                last = self._lines[-1]
                tight = fresh or closes
                self._lines[-1] += token if tight or last.endswith(" ") else f" {token}"
            fresh = token in {"{", "["}
            depth += fresh
            self._at, ends = end, self._source.line_of(max(end - 1, start))

    def _tokens(self, part: SourcePart) -> Iterator[tuple[str, int, int]]:
        """Yield what brackets consist of, each with where it begins and ends."""
        if isinstance(part, Leaf):
            raw = self._source.text[part.start : part.end]
            folded = raw if "\n" in raw else self._single(part, bracketed=True)
            yield " ".join(each.strip() for each in folded.split("\n")), part.start, part.end
            return
        yield "{" if part.keyed else "[", part.start, part.start + 1
        for place, each in enumerate(part.parts):
            if part.keyed and place % 2 == 0 and isinstance(each, Leaf):
                yield f"{write_key(each.text)}:", each.start, each.end
                continue
            *tokens, (token, start, end) = self._tokens(each)
            yield from tokens
            comma = "," if place < len(part.parts) - 1 else ""
            yield token + comma, start, end
        yield "}" if part.keyed else "]", part.end - 1, part.end
