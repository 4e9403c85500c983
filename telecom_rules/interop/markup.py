"""XML: read from untrusted sources into elements with their places, and written.

A document type is refused, and with it entities, their expansion and anything external. Size,
depth, the number of elements and the length of their names are limited while reading.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from telecom_rules.findings import Finding, Findings, Span
from telecom_rules.wording import Wording, shorten

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from xml.parsers.expat import XMLParserType


LARGEST_DOCUMENT = 1_000_000
"""Bytes of a document."""
DEEPEST_NESTING = 64
"""Elements inside one another."""
MOST_ELEMENTS = 20_000
"""Elements of a document."""
LONGEST_NAMES = 8_000_000
"""Characters of all names together, with the namespace written out at each of them."""

NOT_XML_PATTERN = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML cannot express, not even by number. Source: XML 1.0, production 2 (Char)."""

DOCTYPE = Wording(
    "文档类型声明（DOCTYPE）及其实体", "a document type (DOCTYPE), with the entities it may declare"
)


OTHER_ENCODING = Wording(
    "文档声明的编码为 `{name}`；请以 UTF-8 保存，并声明该编码",
    "the document declares the encoding `{name}`: save it as UTF-8, and declare that",
)
AS_ASCII_PATTERN = re.compile(r"us-ascii|iso-8859-[0-9]{1,2}|windows-125[0-9]", re.IGNORECASE)
"""Encodings that write a text of ASCII as UTF-8 does."""


@dataclass(slots=True, eq=False)
class Markup:
    """One element.

    Attributes:
        name: its name without a prefix, or as it is to be written.
        attributes: by name without a prefix; of another namespace than the element's as
            `namespace name`.
        children: the elements in it.
        text: the characters directly in it.
        namespace: the namespace its name belongs to.
        span: where its tag begins.
        parent: the element around it.
    """

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Markup] = field(default_factory=list)
    text: str = ""
    namespace: str = ""
    span: Span = field(default_factory=lambda: Span(""))
    parent: Markup | None = field(default=None, repr=False)

    def add(self, name: str, attributes: Mapping[str, str] | None = None, text: str = "") -> Markup:
        """Return a new element at the end of this one."""
        child = Markup(name, dict(attributes or {}), text=text, parent=self, span=self.span)
        self.children.append(child)
        return child

    def iter_named(self, *names: str) -> Iterator[Markup]:
        """Yield the elements in it that have one of `names` and its own namespace."""
        for each in self.children:
            if each.name in names and each.namespace == self.namespace:
                yield each

    def walk(self) -> Iterator[Markup]:
        """Yield it and every element inside it, in document order."""
        yield self
        for each in self.children:
            yield from each.walk()

    @property
    def ancestors(self) -> Iterator[Markup]:
        """The elements around it, innermost first."""
        above = self.parent
        while above is not None:
            yield above
            above = above.parent


class StopReading(Exception):
    """Reading stops: the finding says why."""

    def __init__(self, finding: Finding) -> None:
        super().__init__()
        self.finding = finding


def stop_at_limit(span: Span, zh: str, en: str, limit: int) -> StopReading:
    """Return the end of reading a document that is beyond a limit."""
    return StopReading(Finding("TR803", span, {"what": Wording(zh, en).fill(limit=limit)}))


def read_markup(text: str, file: str, findings: Findings) -> Markup | None:
    """Return the root of an XML document, or `None` after reporting the mistake.

    Args:
        text: the document. It was read as UTF-8, so no other encoding may be declared, unless
            both write it alike.
        file: its name, for the places of findings.
        findings: a finding TR801, TR802, TR803 or TR804 is appended here.
    """
    data = text.encode("utf-8", "replace")
    if len(data) > LARGEST_DOCUMENT:
        problem = stop_at_limit(
            Span(file), "超过 {limit} 字节", "more than {limit} bytes", LARGEST_DOCUMENT
        )
        findings.append(problem.finding)
        return None
    reader = MarkupReader(file, as_ascii=text.isascii())
    try:
        reader.parser.Parse(data, True)  # noqa: FBT003 - the whole of it
    except StopReading as stopped:
        findings.append(stopped.finding)
        return None
    except expat.ExpatError as mistake:
        span = Span(file, mistake.lineno, mistake.offset + 1)
        findings.add("TR801", span, why=expat.ErrorString(mistake.code))
        return None
    return reader.root


class MarkupReader:
    """Builds the elements while expat reads."""

    def __init__(self, file: str, *, as_ascii: bool) -> None:
        self.root: Markup | None = None
        self._file = file
        self._as_ascii = as_ascii
        self._open: list[Markup] = []
        self._texts: list[list[str]] = []
        self._namespaces: dict[str, str] = {}
        self._count = 0
        self._names = 0
        self.parser: XMLParserType = expat.ParserCreate(encoding="utf-8", namespace_separator=" ")
        self.parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        self.parser.buffer_text = True
        self.parser.XmlDeclHandler = self._declaration
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters

    def _here(self, width: int) -> Span:
        line, column = self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber + 1
        return Span(self._file, line, column, line, column + width)

    def _declaration(self, _: str, encoding: str | None, __: int) -> None:
        """Refuse an encoding in which the document is another text than the one that is read."""
        alike = self._as_ascii and AS_ASCII_PATTERN.fullmatch(encoding or "")
        if encoding is not None and encoding.lower() not in {"utf-8", "utf8"} and not alike:
            why = OTHER_ENCODING.fill(name=shorten(encoding))
            span = self._here(len("<?xml"))
            raise StopReading(Finding("TR804", span, {"part": "encoding", "why": why}))

    def _doctype(self, *_: object) -> None:
        raise StopReading(Finding("TR802", self._here(len("<!DOCTYPE")), {"what": DOCTYPE}))

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        namespace, _, local = name.rpartition(" ")
        namespace = self._namespaces.setdefault(namespace, namespace)
        span = self._here(len(local) + 1)
        self._count += 1
        self._names += len(name) + sum(map(len, attributes))
        if len(self._open) >= DEEPEST_NESTING:
            raise stop_at_limit(
                span, "嵌套超过 {limit} 层", "nested deeper than {limit} levels", DEEPEST_NESTING
            )
        if self._count > MOST_ELEMENTS:
            raise stop_at_limit(
                span, "元素超过 {limit} 个", "more than {limit} elements", MOST_ELEMENTS
            )
        if self._names > LONGEST_NAMES:
            raise stop_at_limit(
                span,
                "名称连同命名空间共超过 {limit} 个字符",
                "more than {limit} characters of names with their namespaces",
                LONGEST_NAMES,
            )
        parent = self._open[-1] if self._open else None
        own = {key.removeprefix(f"{namespace} "): value for key, value in attributes.items()}
        element = Markup(local, own, namespace=namespace, span=span, parent=parent)
        if parent is None:
            self.root = element
        else:
            parent.children.append(element)
        self._open.append(element)
        self._texts.append([])

    def _end(self, _: str) -> None:
        self._open.pop().text = "".join(self._texts.pop())

    def _characters(self, text: str) -> None:
        self._texts[-1].append(text)


def write_markup(root: Markup) -> str:
    """Return a document with `root`, two spaces a level."""
    return "\n".join(['<?xml version="1.0" encoding="utf-8"?>', *write_lines(root, ""), ""])


def write_lines(element: Markup, indent: str) -> Iterator[str]:
    """Yield the lines of one element."""
    written = "".join(f" {key}={quote_xml(text)}" for key, text in element.attributes.items())
    head, text = f"{indent}<{element.name}{written}", escape_xml(element.text)
    if element.children:
        yield head + ">"
        for each in element.children:
            yield from write_lines(each, indent + "  ")
        yield f"{indent}</{element.name}>"
    else:
        yield f"{head}>{text}</{element.name}>" if text else f"{head}/>"


def escape_xml(text: str) -> str:
    """Return a text as the content of an element, read back as it was.

    A character that XML cannot express becomes U+FFFD.
    """
    return escape(NOT_XML_PATTERN.sub("\ufffd", text), {"\r": "&#13;"})


def quote_xml(text: str) -> str:
    """Return a text as the value of an attribute, in quotes, read back as it was.

    A character that XML cannot express becomes U+FFFD.
    """
    return quoteattr(NOT_XML_PATTERN.sub("\ufffd", text))
