"""Texts: searching, cutting, replacing and joining them, by code points.

Source: the strings extension of CEL, as the conformance suite of cel-spec tests it.
"""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Any

from telecom_rules.errors import EvaluationError
from telecom_rules.expressions.operations.collections import limit_length
from telecom_rules.expressions.operations.failures import NO_OVERLOAD, failure

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


WHITE_SPACE = (
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
"""White space as Unicode defines it."""
QUOTE_ESCAPES = str.maketrans({
    "\a": "\\a", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v",
    "\\": "\\\\", '"': '\\"',
})  # fmt: skip


def contains(text: str, part: str) -> bool:
    """Return whether `text` contains `part`."""
    return part in text


def require_offset(text: str, at: int) -> int:
    """Return an offset, which must lie within a text."""
    if not 0 <= at <= len(text):
        raise failure(
            "文本没有第 {at} 个字符（共 {size} 个，从 0 起）",
            "the text has no character {at} (it has {size}, counted from 0)",
            at=at, size=len(text),
        )  # fmt: skip
    return at


def char_at(text: str, at: int) -> str:
    """Return the character at an offset; at the end there is none."""
    return text[require_offset(text, at) :][:1]


def index_of(text: str, part: str, start: int = 0) -> int:
    """Return the offset of the first `part` that begins at an offset or behind it, or -1."""
    return text.find(part, require_offset(text, start))


def last_index_of(text: str, part: str, start: int | None = None) -> int:
    """Return the offset of the last `part` that begins at an offset or before it, or -1."""
    end = len(text) if start is None else require_offset(text, start) + len(part)
    # Python finds the last place in quadratic time, but the first one in linear time.
    behind = text[:end][::-1].find(part[::-1])
    return -1 if behind < 0 else min(end, len(text)) - behind - len(part)


def substring(text: str, start: int, end: int | None = None) -> str:
    """Return the characters from one offset to another."""
    stop = len(text) if end is None else require_offset(text, end)
    if require_offset(text, start) > stop:
        raise failure(
            "起点 {start} 在终点 {end} 之后", "the start {start} is after the end {end}",
            start=start, end=stop,
        )  # fmt: skip
    return text[start:stop]


def lower_ascii(text: str) -> str:
    """Return a text with the letters A to Z in lower case."""
    return text.encode().lower().decode()  # of octets, only ASCII letters have a case


def upper_ascii(text: str) -> str:
    """Return a text with the letters a to z in upper case."""
    return text.encode().upper().decode()  # of octets, only ASCII letters have a case


def replace(text: str, old: str, new: str, most: int = -1) -> str:
    """Return a text with `old` replaced by `new`, not more than `most` times unless negative."""
    found = text.count(old)
    times = found if most < 0 else min(found, most)
    limit_length(range(len(text) + times * max(len(new) - len(old), 0)))
    return text.replace(old, new, times)


def split(text: str, separator: str, most: int = -1) -> tuple[str, ...]:
    """Return the parts of a text between separators, not more than `most` unless negative.

    An empty separator separates all characters.
    """
    if most == 0:
        return ()
    if not separator:
        count = len(text) if most < 0 else min(most, len(text))
        head = tuple(text[: count - 1]) if count else ()
        return (*head, text[count - 1 :]) if text else ()
    return tuple(text.split(separator, max(most - 1, -1) if most > 0 else -1))


def trim(text: str) -> str:
    """Return a text without white space at its ends."""
    return text.strip(WHITE_SPACE)


def join(items: Sequence[Any], separator: str = "") -> str:
    """Return texts joined to one, with a separator between them."""
    if not all(isinstance(each, str) for each in items):
        raise EvaluationError(NO_OVERLOAD)
    limit_length(range(sum(map(len, items)) + len(separator) * max(len(items) - 1, 0)))
    return separator.join(items)


def reverse(text: str) -> str:
    """Return a text with its characters in reverse order."""
    return text[::-1]


def quote_text(text: str) -> str:
    """Return a text as a literal in double quotes."""
    return limit_length(f'"{text.translate(QUOTE_ESCAPES)}"')


def base64_of_bytes(value: bytes) -> str:
    """Return bytes in Base64."""
    return base64.b64encode(value).decode("ascii")


def bytes_of_base64(text: str) -> bytes:
    """Return the bytes that a text encodes in Base64; its padding may be missing."""
    try:
        return base64.b64decode(
            text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), validate=True
        )
    except (binascii.Error, ValueError):
        raise failure("文本不是 Base64 编码", "the text is not Base64") from None


TEXTS: Mapping[str, Callable[..., Any]] = {
    "contains": contains,
    "starts_with": str.startswith,
    "ends_with": str.endswith,
    "char_at": char_at,
    "index_of": index_of,
    "last_index_of": last_index_of,
    "substring": substring,
    "lower_ascii": lower_ascii,
    "upper_ascii": upper_ascii,
    "replace": replace,
    "split": split,
    "trim": trim,
    "join": join,
    "reverse": reverse,
    "quote": quote_text,
    "base64_of_bytes": base64_of_bytes,
    "bytes_of_base64": bytes_of_base64,
}
"""The operations, by the ids of their overloads."""
