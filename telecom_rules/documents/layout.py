"""From plain data to YAML in the one style of a pack's files.

A list or mapping of single values stands in brackets where it fits on its line; everything else
stands in lines of its own, two spaces deeper. A value is quoted only where it has to be.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, TypeAlias

from telecom_rules.documents.scalars import EMPTY, reading_of

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["WIDTH", "Data", "key_text", "lay_out", "quoted", "scalar_text"]

WIDTH = 100
"""Characters of a line."""
Data: TypeAlias = "str | int | Decimal | Mapping[str, Data] | Sequence[Data]"
"""What a file can hold: texts, figures, mappings and lists."""

PLAIN = re.compile(r"(?![-?:](?:\s|$))[^\s,\[\]{}#&*!|>'\"%@`][^\n\t]*")
"""What a plain value may look like as far as its first character goes."""
NOT_PLAIN = re.compile(r": |:$| #|\s$|[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff]")
FIGURES = frozenset("+-.0123456789")
NOT_IN_BRACKETS = re.compile(r"^[-:]|[,\[\]{}?]|:$")


def lay_out(data: Mapping[str, Data]) -> str:
    """Return a file that holds `data`, with a blank line behind each block at the top."""
    lines: list[str] = []
    before = 0
    for key, value in data.items():
        written = [*entry(f"{key_text(key)}:", value, 0)]
        lines += ["", *written] if before > 1 else written
        before = len(written)
    return "\n".join(lines) + "\n"


def key_text(key: str) -> str:
    """Return a key as it is written: in quotes where it begins like a figure, as clauses do."""
    return quoted(key) if key[:1] in FIGURES or not plain(key, bracketed=True) else key


def scalar_text(value: str | int | Decimal, *, bracketed: bool = False) -> str:
    """Return a single value as it is written, in quotes where a plain one would be another.

    Args:
        value: the value, also a boolean; a text that reads as a figure is kept one by quotes.
        bracketed: whether it is to stand in brackets.
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | Decimal):
        return f"{value:f}" if isinstance(value, Decimal) else str(value)
    ambiguous = value in EMPTY or reading_of(value) is not None
    return quoted(value) if ambiguous or not plain(value, bracketed=bracketed) else value


def plain(text: str, *, bracketed: bool) -> bool:
    """Return whether `text` can be written without quotes."""
    if not PLAIN.fullmatch(text) or NOT_PLAIN.search(text) or text in {"---", "..."}:
        return False
    return not bracketed or not NOT_IN_BRACKETS.search(text)


def quoted(text: str) -> str:
    """Return `text` in double quotes."""
    return re.sub(
        r"[\x7f-\x9f\u2028\u2029\ufeff]",
        lambda found: f"\\u{ord(found[0]):04x}",
        json.dumps(text, ensure_ascii=False),
    )


def flow(value: Data) -> str | None:
    """Return `value` on one line, or `None` where it holds something that deserves its own."""
    if isinstance(value, Mapping):
        inside = [f"{key_text(key)}: {leaf(each)}" for key, each in value.items()]
        return "{" + ", ".join(inside) + "}" if all(map(single, value.values())) else None
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ", ".join(map(leaf, value)) + "]" if all(map(single, value)) else None
    return scalar_text(value)


def single(value: Data) -> bool:
    """Return whether `value` is a single one."""
    return isinstance(value, str | int | Decimal)


def leaf(value: Data) -> str:
    """Return a single value as it is written in brackets."""
    return scalar_text(value, bracketed=True) if isinstance(value, str | int | Decimal) else ""


def entry(head: str, value: Data, indent: int) -> Iterator[str]:
    """Yield the lines of a key or a list's dash with what stands behind it."""
    start = " " * indent + head
    short = flow(value)
    if short is not None and (single(value) or len(start) + 1 + len(short) <= WIDTH):
        yield f"{start} {short}"
    elif head == "-":
        first, *rest = block(value, indent + 2)
        yield f"{start} {first.lstrip()}"
        yield from rest
    else:
        yield start
        yield from block(value, indent + 2)


def block(value: Data, indent: int) -> Iterator[str]:
    """Yield a list or mapping in lines of its own."""
    if isinstance(value, Mapping):
        for key, each in value.items():
            yield from entry(f"{key_text(key)}:", each, indent)
    elif isinstance(value, Sequence):
        for each in value:
            yield from entry("-", each, indent)
