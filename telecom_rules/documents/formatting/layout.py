"""Writes plain data as YAML in the style of a pack's files.

A list or mapping of single values is written in flow style if it fits on its line, other data in
block style with an indent of two spaces. A value is quoted only if necessary.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, TypeAlias

from telecom_rules.documents.characters import FORBIDDEN_CHARACTERS
from telecom_rules.documents.scalars import NULL_TEXTS, reading_of

if TYPE_CHECKING:
    from collections.abc import Iterator


LINE_WIDTH = 100
"""Characters of a line."""
Data: TypeAlias = "str | int | Decimal | Mapping[str, Data] | Sequence[Data]"
"""The data of a file: texts, numbers, mappings and lists."""

PLAIN_PATTERN = re.compile(r"(?![-?:](?:\s|$))[^\s,\[\]{}#&*!|>'\"%@`][^\n\t]*")
"""A plain value, as far as its first character decides."""
NOT_PLAIN_PATTERN = re.compile(r": |:$| #|\s$|[\x00-\x1f]")
NUMBER_STARTS = frozenset("+-.0123456789")
NOT_IN_BRACKETS_PATTERN = re.compile(r"^[-:]|[,\[\]{}?]|:$")


def lay_out(data: Mapping[str, Data]) -> str:
    """Return `data` as a file, with a blank line after each block at the top level."""
    lines: list[str] = []
    before = 0
    for key, value in data.items():
        written = [*write_entry(f"{write_key(key)}:", value, 0)]
        lines += ["", *written] if before > 1 else written
        before = len(written)
    return "\n".join(lines) + "\n"


def write_key(key: str) -> str:
    """Return a key as it is written: in quotes where it begins like a figure, as clauses do."""
    plain = is_plain(key, bracketed=True) and key not in NULL_TEXTS
    return quote_yaml(key) if key[:1] in NUMBER_STARTS or not plain else key


def write_scalar(value: str | int | Decimal, *, bracketed: bool = False) -> str:
    """Return a single value as written, quoted if its plain form would be another value.

    Args:
        value: the value, also a boolean; a text that reads as a figure is kept one by quotes.
        bracketed: whether it is to stand in brackets.
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | Decimal):
        return f"{value:f}" if isinstance(value, Decimal) else str(value)
    ambiguous = value in NULL_TEXTS or reading_of(value) is not None
    return quote_yaml(value) if ambiguous or not is_plain(value, bracketed=bracketed) else value


def is_plain(text: str, *, bracketed: bool) -> bool:
    """Return whether `text` can be written without quotes."""
    if (
        not PLAIN_PATTERN.fullmatch(text)
        or NOT_PLAIN_PATTERN.search(text)
        or FORBIDDEN_CHARACTERS.search(text)
        or text in {"---", "..."}
    ):
        return False
    return not bracketed or not NOT_IN_BRACKETS_PATTERN.search(text)


def quote_yaml(text: str) -> str:
    """Return `text` in double quotes, with characters that a file must not hold as numbers."""
    return FORBIDDEN_CHARACTERS.sub(
        lambda found: (
            f"\\U{ord(found[0]):08x}" if found[0] > "\uffff" else f"\\u{ord(found[0]):04x}"
        ),
        json.dumps(text, ensure_ascii=False),
    )


def write_flow(value: Data) -> str | None:
    """Return `value` in flow style, or `None` if it contains a list or mapping."""
    if isinstance(value, Mapping):
        inside = [f"{write_key(key)}: {write_leaf(each)}" for key, each in value.items()]
        return "{" + ", ".join(inside) + "}" if all(map(is_single, value.values())) else None
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ", ".join(map(write_leaf, value)) + "]" if all(map(is_single, value)) else None
    return write_scalar(value)


def is_single(value: Data) -> bool:
    """Return whether `value` is a single one."""
    return isinstance(value, str | int | Decimal)


def write_leaf(value: Data) -> str:
    """Return a single value as it is written in brackets."""
    return write_scalar(value, bracketed=True) if isinstance(value, str | int | Decimal) else ""


def write_entry(head: str, value: Data, indent: int) -> Iterator[str]:
    """Yield the lines of a key or a list's dash with its value."""
    start = " " * indent + head
    short = write_flow(value)
    if short is not None and (is_single(value) or len(start) + 1 + len(short) <= LINE_WIDTH):
        yield f"{start} {short}"
    elif head == "-":
        first, *rest = write_block(value, indent + 2)
        yield f"{start} {first.lstrip()}"
        yield from rest
    else:
        yield start
        yield from write_block(value, indent + 2)


def write_block(value: Data, indent: int) -> Iterator[str]:
    """Yield a list or mapping in lines of its own."""
    if isinstance(value, Mapping):
        for key, each in value.items():
            yield from write_entry(f"{write_key(key)}:", each, indent)
    elif isinstance(value, Sequence):
        for each in value:
            yield from write_entry("-", each, indent)
