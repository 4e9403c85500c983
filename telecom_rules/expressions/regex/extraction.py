r"""Regular expressions that take a text apart: what a pattern matches, taken out or replaced.

Source: the extension library regex of cel-go. In a replacement `\0` is the match, `\1` to `\9` are
its groups and `\\` is a backslash.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from telecom_rules.expressions.operations.collections import LONGEST_RESULT, limit_length
from telecom_rules.expressions.operations.failures import failure
from telecom_rules.expressions.operations.kinds import OPTIONAL_NONE, OptionalValue
from telecom_rules.expressions.regex import count_groups, find_matches
from telecom_rules.wording import shorten

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

REFERENCE = re.compile(r"\\(.?)", re.DOTALL)
"""A backslash in a replacement, and the character behind it."""


def extract(text: str, pattern: str) -> OptionalValue:
    """Return the first match of a pattern, of its group if it has one; none if that is empty."""
    part = next(iter_parts(text, pattern), None)
    return OPTIONAL_NONE if part is None else OptionalValue((part,))


def extract_all(text: str, pattern: str) -> tuple[str, ...]:
    """Return all matches of a pattern, or of its group where that is not empty."""
    return tuple(part for part in iter_parts(text, pattern) if part is not None)


def iter_parts(text: str, pattern: str) -> Iterator[str | None]:
    """Yield what each match of a pattern takes out of a text, `None` for an empty group."""
    groups = require_one_group(pattern)
    for match in find_matches(text, pattern):
        part = cut(text, match, groups)
        yield None if groups and not part else part


def require_one_group(pattern: str) -> int:
    """Return the groups of a pattern: one or none. Of several, none would be the one meant."""
    groups = count_groups(pattern)
    if groups > 1:
        raise failure(
            "正则表达式 `{pattern}` 有 {groups} 个括号分组，只能有一个；其余写作 `(?:...)`",
            "the pattern `{pattern}` has {groups} groups, and one is the most; write the others as"
            " `(?:...)`",
            pattern=shorten(pattern), groups=groups,
        )  # fmt: skip
    return groups


def replace_matches(text: str, pattern: str, replacement: str, most: int = -1) -> str:
    """Return a text with the matches of a pattern replaced, not more than `most` unless negative.

    Raises:
        EvaluationError: the pattern or the replacement is not valid, or the result is too long.
    """
    pieces = parse_replacement(pattern, replacement)
    parts: list[str] = []
    size, at = len(text), 0
    for count, match in enumerate(find_matches(text, pattern)):
        if count == most:
            break
        start, end = match[:2]
        new = "".join(
            piece if isinstance(piece, str) else cut(text, match, piece) for piece in pieces
        )
        size += len(new) - (end - start)
        if size > LONGEST_RESULT + len(text):
            break  # what is left can only shorten it by the text itself
        parts += (text[at:start], new)
        at = end
    return limit_length("".join((*parts, text[at:])))


def cut(text: str, match: list[int], group: int) -> str:
    """Return the text of a group of a match; nothing if the group took no part."""
    start, end = match[2 * group : 2 * group + 2]
    return text[start:end] if start >= 0 else ""


def parse_replacement(pattern: str, replacement: str) -> list[str | int]:
    """Return the texts of a replacement, and the numbers of the groups between them."""
    groups = count_groups(pattern)
    pieces: list[str | int] = []
    at = 0
    for found in REFERENCE.finditer(replacement):
        sign = found[1]
        pieces.append(replacement[at : found.start()])
        if sign == "\\":
            pieces.append(sign)
        elif sign.isascii() and sign.isdigit() and int(sign) <= groups:
            pieces.append(int(sign))
        else:
            raise failure(
                "替换文本 `{text}` 不正确：`\\` 之后应为 `\\` 或分组的序号（0 至 {groups}）",
                "the replacement `{text}` is not valid: behind `\\` stands another one or the"
                " number of a group, 0 to {groups}",
                text=shorten(replacement), groups=groups,
            )  # fmt: skip
        at = found.end()
    return [*pieces, replacement[at:]]


EXTRACTION: Mapping[str, Callable[..., Any]] = {
    "extract": extract,
    "extract_all": extract_all,
    "replace_matches": replace_matches,
}
"""The operations, by the ids of their overloads."""
