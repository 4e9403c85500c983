"""The data that an import makes, which remembers the element it comes from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Self

from telecom_rules import documents

if TYPE_CHECKING:
    from telecom_rules.documents import Node
    from telecom_rules.documents.formatting.layout import Data
    from telecom_rules.findings import Span


class Made(dict[str, "Data"]):
    """A mapping of a file that is made.

    Attributes:
        name: what it is made from: an element, or a name in the document.
        span: where that is.
    """

    def __init__(self, name: str, span: Span, data: Mapping[str, Data]) -> None:
        super().__init__(data)
        self.name = name
        self.span = span


class MadeText(str):
    """A text of a file that is made, with the element it is made from."""

    __slots__ = ("name", "span")

    name: str
    span: Span

    def __new__(cls, name: str, span: Span, text: str) -> Self:
        """Return a text that is made from an element."""
        made = super().__new__(cls, text)
        made.name, made.span = name, span
        return made


def find_origin(
    node: Node | None, data: Data, place: Span, around: Made | MadeText
) -> Made | MadeText:
    """Return the innermost part of `data` that a place of the written file lies in.

    Args:
        node: the file as it is read, or `None` if it cannot be read.
        data: the data that was written.
        place: the place in the file.
        around: the part that `data` lies in.
    """
    origin = data if isinstance(data, Made | MadeText) else around
    if isinstance(node, documents.Mapping) and isinstance(data, Mapping):
        keys = [key for key in node if (key.span.line, key.span.column) <= start_of(place)]
        if keys and str(keys[-1]) in data:
            return find_origin(node[keys[-1]], data[str(keys[-1])], place, origin)
    if isinstance(node, documents.Items) and isinstance(data, Sequence):
        inside = [at for at, each in enumerate(node) if start_of(each.span) <= start_of(place)]
        if inside and len(node) == len(data):
            return find_origin(node[inside[-1]], data[inside[-1]], place, origin)
    return origin


def start_of(span: Span) -> tuple[int, int]:
    """Return the line and the column where a span begins."""
    return span.line, span.column
