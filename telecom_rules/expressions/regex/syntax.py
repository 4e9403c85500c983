r"""Parsing a pattern: the syntax of RE2, without what depends on the version of Unicode.

Refused, as in RE2: back references, looking ahead or behind, possessive repetition. Refused because
two machines might differ: `\p{...}`, and letters outside ASCII if case is ignored.
Source: the page Syntax of google/re2.
"""

from __future__ import annotations

import re
import string
import sys
from bisect import bisect_right
from dataclasses import dataclass
from enum import IntFlag
from typing import TYPE_CHECKING

from telecom_rules.errors import EvaluationError
from telecom_rules.wording import Wording, shorten

if TYPE_CHECKING:
    from collections.abc import Iterable


LONGEST_PATTERN = 1000
"""Code points of a pattern."""
MOST_REPEATED = 1000
"""The greatest number in `{n,m}`."""
DEEPEST_GROUP = 50
"""The deepest nesting of groups."""

Ranges = tuple[tuple[int, int], ...]


class Assertion(IntFlag):
    """Empty-width assertions: what may hold at a position between two characters of a text."""

    TEXT_START = 1
    TEXT_END = 2
    LINE_START = 4
    LINE_END = 8
    WORD_EDGE = 16
    NO_WORD_EDGE = 32


@dataclass(frozen=True, slots=True)
class Characters:
    """A set of characters; it matches one of them.

    Attributes:
        edges: the code points at which the set begins and ends, in turn, in ascending order: the
            digits are `(48, 58)`. Two steps find out whether a character belongs to it, however
            many ranges there are.
    """

    edges: tuple[int, ...]

    def has(self, code: int) -> bool:
        """Return whether a code point belongs to the set."""
        return bisect_right(self.edges, code) % 2 == 1


@dataclass(frozen=True, slots=True)
class EmptyWidth:
    """An empty-width assertion, which matches a position and no character."""

    assertion: Assertion


@dataclass(frozen=True, slots=True)
class Concatenation:
    """Parts that match one after another."""

    parts: tuple[PatternNode, ...]


@dataclass(frozen=True, slots=True)
class Alternation:
    """Alternatives, of which one matches."""

    ways: tuple[PatternNode, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """A part that matches `least` to `most` times in a row; without a limit if `most` is `None`.

    `greedy` says whether as many as possible are taken first. Whether a text matches at all does
    not depend on it.
    """

    part: PatternNode
    least: int
    most: int | None
    greedy: bool = True


@dataclass(frozen=True, slots=True)
class Group:
    """A part whose match can be taken out of the text: `number` counts the brackets from 1."""

    part: PatternNode
    number: int


PatternNode = Characters | EmptyWidth | Concatenation | Alternation | Repeat | Group

CASE_VARIANTS = {
    letter: frozenset(group)
    for low in string.ascii_lowercase
    for group in [low + low.upper() + {"k": "\u212a", "s": "\u017f"}.get(low, "")]
    for letter in group
}
"""The letters that differ from an ASCII letter in case only."""
DIGIT: Ranges = ((48, 57),)
WORD: Ranges = ((48, 57), (65, 90), (95, 95), (97, 122))
SPACE: Ranges = ((9, 10), (12, 13), (32, 32))
PERL_CLASSES: dict[str, Ranges] = {"d": DIGIT, "w": WORD, "s": SPACE}
POSIX_CLASSES: dict[str, Ranges] = {
    "alnum": ((48, 57), (65, 90), (97, 122)), "alpha": ((65, 90), (97, 122)), "ascii": ((0, 127),),
    "blank": ((9, 9), (32, 32)), "cntrl": ((0, 31), (127, 127)), "digit": DIGIT,
    "graph": ((33, 126),), "lower": ((97, 122),), "print": ((32, 126),),
    "punct": ((33, 47), (58, 64), (91, 96), (123, 126)), "space": ((9, 13), (32, 32)),
    "upper": ((65, 90),), "word": WORD, "xdigit": ((48, 57), (65, 70), (97, 102)),
}  # fmt: skip
CONTROL_ESCAPES = {"a": 7, "f": 12, "t": 9, "n": 10, "r": 13, "v": 11}
ASSERTION_ESCAPES = {
    "A": Assertion.TEXT_START, "z": Assertion.TEXT_END, "b": Assertion.WORD_EDGE,
    "B": Assertion.NO_WORD_EDGE,
}  # fmt: skip
NEWLINE: Ranges = ((10, 10),)
OCTAL_PATTERN = re.compile("[0-7]{1,3}")
FLAGS = frozenset("imsU")


def merge_ranges(ranges: Iterable[tuple[int, int]]) -> Ranges:
    """Return the same code points in ascending ranges that do not touch."""
    merged: list[tuple[int, int]] = []
    for first, last in sorted(ranges):
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(merged[-1][1], last))
        else:
            merged.append((first, last))
    return tuple(merged)


def invert(ranges: Ranges) -> Ranges:
    """Return the ranges between and around `ranges`."""
    merged = merge_ranges(ranges)
    starts = [0, *(last + 1 for _, last in merged)]
    ends = [*(first - 1 for first, _ in merged), sys.maxunicode]
    return tuple((start, end) for start, end in zip(starts, ends, strict=True) if start <= end)


def add_cases(ranges: Ranges) -> Ranges:
    """Return `ranges` with the other case of each ASCII letter in them."""
    edges = edges_of(ranges)
    found = [group for letter, group in CASE_VARIANTS.items() if Characters(edges).has(ord(letter))]
    return (*ranges, *((ord(each), ord(each)) for group in found for each in group))


def edges_of(ranges: Ranges) -> tuple[int, ...]:
    """Return the code points at which the set of `ranges` begins and ends, in turn."""
    return tuple(edge for first, last in merge_ranges(ranges) for edge in (first, last + 1))


def build_characters(
    ranges: Ranges, *, negated: bool = False, any_case: bool = False
) -> Characters:
    """Return the set of the characters in `ranges`.

    Args:
        ranges: first and last code points.
        negated: whether the characters outside are meant.
        any_case: whether ASCII letters stand for both their cases.
    """
    wide = add_cases(ranges) if any_case else ranges
    return Characters(edges_of(invert(wide) if negated else wide))


def parse_pattern(pattern: str) -> tuple[PatternNode, int]:
    """Return the tree of a pattern, and how many groups it captures.

    Raises:
        EvaluationError: the pattern is not valid or is refused.
    """
    reader = PatternParser(pattern)
    if len(pattern) > LONGEST_PATTERN:
        raise reader.pattern_error("过长", "is too long")
    part = reader.parse_alternatives(frozenset(), 0)
    if reader.at < len(pattern):
        raise reader.pattern_error("括号不成对", "has a bracket too many")
    return part, reader.groups


class PatternParser:
    """Parses one pattern from left to right."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.at: int = 0
        self.groups: int = 0

    def pattern_error(self, zh: str, en: str, **values: object) -> EvaluationError:
        """Return the error of a pattern that is not valid or is refused."""
        wording = Wording(f"正则表达式 `{{text}}` {zh}", f"the pattern `{{text}}` {en}")
        return EvaluationError(wording.fill(text=shorten(self.pattern), **values))

    def unsupported_error(self) -> EvaluationError:
        """Return the error of a pattern that cannot be parsed at this position."""
        where = shorten(self.pattern[self.at :])
        return self.pattern_error(
            "在 `{where}` 处不能识别", "cannot be read at `{where}`", where=where
        )

    def peek(self, count: int = 1) -> str:
        """Return the next characters without reading them."""
        return self.pattern[self.at : self.at + count]

    def accept(self, text: str) -> bool:
        """Read `text` if it is next, and say whether it was."""
        if not self.pattern.startswith(text, self.at):
            return False
        self.at += len(text)
        return True

    def parse_alternatives(self, flags: frozenset[str], depth: int) -> PatternNode:
        """Parse alternatives up to the end of the group; flags set on the way apply up to it."""
        if depth > DEEPEST_GROUP:
            raise self.pattern_error("嵌套过深", "is nested too deep")
        ways: list[PatternNode] = []
        parts: list[PatternNode] = []
        while self.peek() not in {"", ")"}:
            if self.accept("|"):
                ways.append(Concatenation(tuple(parts)))
                parts = []
            elif self.accept("(?"):
                flags, part = self.parse_group(flags, depth)
                parts += [] if part is None else [self.parse_repetition(part, flags)]
            elif self.accept("\\Q"):
                parts += self.parse_quotation(flags)
            else:
                parts.append(self.parse_repetition(self.parse_atom(flags, depth), flags))
        ways.append(Concatenation(tuple(parts)))
        return ways[0] if len(ways) == 1 else Alternation(tuple(ways))

    def parse_group(
        self, flags: frozenset[str], depth: int
    ) -> tuple[frozenset[str], PatternNode | None]:
        """Parse what follows `(?`: a name, or flags for the rest of the group or for a new one."""
        start = self.at
        if self.accept("P<") or self.accept("<"):
            name, closed, _ = self.pattern[self.at :].partition(">")
            if not closed or not name.isascii() or not name.replace("_", "a").isalnum():
                raise self.unsupported_error()
            self.at += len(name) + 1
            return flags, self.parse_capture(flags, depth)
        on, off = set(flags), False
        while self.peek() in FLAGS | {"-"}:
            letter = self.peek()
            if letter == "-" and off:
                raise self.unsupported_error()
            off = off or letter == "-"
            on = on - {letter} if off else on | {letter}
            self.at += 1
        if self.pattern[start : self.at].endswith("-") or (self.at == start and self.peek() != ":"):
            raise self.unsupported_error()
        if self.accept(":"):
            return flags, self.parse_group_body(frozenset(on), depth)
        if not self.accept(")") or self.parse_counts() is not None:
            raise self.unsupported_error()
        return frozenset(on), None

    def parse_group_body(self, flags: frozenset[str], depth: int) -> PatternNode:
        """Parse the rest of a group and its closing parenthesis."""
        part = self.parse_alternatives(flags, depth + 1)
        if not self.accept(")"):
            raise self.pattern_error("括号未关闭", "has a bracket that is not closed")
        return part

    def parse_capture(self, flags: frozenset[str], depth: int) -> Group:
        """Parse the rest of a group that captures, and count it."""
        self.groups += 1
        number = self.groups
        return Group(self.parse_group_body(flags, depth), number)

    def parse_quotation(self, flags: frozenset[str]) -> list[PatternNode]:
        r"""Parse literal characters up to `\E` or the end."""
        text, _, _ = self.pattern[self.at :].partition("\\E")
        self.at = min(self.at + len(text) + 2, len(self.pattern))
        parts: list[PatternNode] = [self.build_literal(ord(each), flags) for each in text]
        return [*parts[:-1], self.parse_repetition(parts[-1], flags)] if parts else []

    def parse_atom(self, flags: frozenset[str], depth: int) -> PatternNode:
        """Parse a group, an assertion, a class or one character."""
        if self.accept("("):
            return self.parse_capture(flags, depth)
        if self.accept("["):
            return self.parse_class(flags)
        if self.accept("."):
            return build_characters(() if "s" in flags else NEWLINE, negated=True)
        if self.accept("^"):
            return EmptyWidth(Assertion.LINE_START if "m" in flags else Assertion.TEXT_START)
        if self.accept("$"):
            return EmptyWidth(Assertion.LINE_END if "m" in flags else Assertion.TEXT_END)
        if self.parse_counts() is not None:
            raise self.unsupported_error()
        if self.peek() == "\\":
            return self.parse_escape(flags)
        self.at += 1
        return self.build_literal(ord(self.pattern[self.at - 1]), flags)

    def parse_escape(self, flags: frozenset[str]) -> PatternNode:
        """Parse an escape sequence."""
        letter = self.peek(2)[1:]
        if letter in ASSERTION_ESCAPES:
            self.at += 2
            return EmptyWidth(ASSERTION_ESCAPES[letter])
        ranges = PERL_CLASSES.get(letter.lower())
        if ranges is None:
            return self.build_literal(self.parse_code_point(), flags)
        self.at += 2
        return build_characters(ranges, negated=letter.isupper(), any_case="i" in flags)

    def parse_class_escape(self) -> Ranges | None:
        r"""Parse `\d` and other class escapes, if one is next."""
        letter = self.peek(2)[1:]
        ranges = PERL_CLASSES.get(letter.lower()) if self.peek() == "\\" else None
        if ranges is None:
            return None
        self.at += 2
        return ranges if letter.islower() else invert(ranges)

    def parse_code_point(self) -> int:
        """Parse one character, which may be escaped, and return its code point."""
        if not self.accept("\\"):
            self.at += 1
            return ord(self.pattern[self.at - 1])
        letter = self.peek()
        if letter in CONTROL_ESCAPES:
            self.at += 1
            return CONTROL_ESCAPES[letter]
        if letter == "x":
            return self.parse_hexadecimal()
        if letter and letter in string.octdigits:
            digits = OCTAL_PATTERN.match(self.pattern, self.at)[0]  # type: ignore[index]  # one is there
            if letter == "0" or len(digits) > 1:
                self.at += len(digits)
                return int(digits, 8)
        if letter.isascii() and letter and not letter.isalnum() and letter != "_":
            self.at += 1
            return ord(letter)
        self.at -= 1
        raise self.unsupported_error()

    def parse_hexadecimal(self) -> int:
        """Read `x7F` or `x{10FFFF}`."""
        start = self.at - 1
        self.at += 1
        if self.accept("{"):
            digits, closed, _ = self.pattern[self.at :].partition("}")
            self.at += len(digits) + 1
        else:
            digits, closed = self.peek(2), "}" * (len(self.peek(2)) == 2)  # noqa: PLR2004
            self.at += 2
        valid = bool(digits) and set(digits) <= set(string.hexdigits)
        if not closed or not valid or len(digits) > 8 or int(digits, 16) > sys.maxunicode:  # noqa: PLR2004
            self.at = start
            raise self.unsupported_error()
        return int(digits, 16)

    def build_literal(self, code: int, flags: frozenset[str]) -> Characters:
        """Return one character, in either case if case is ignored."""
        return self.build_set(((code, code),), flags)

    def build_set(
        self, ranges: Ranges, flags: frozenset[str], *, negated: bool = False
    ) -> Characters:
        """Return a set of characters; refuse letters outside ASCII if case is ignored."""
        if "i" in flags:
            for first, last in ranges:
                wide = first > 127 and last - first > MOST_REPEATED  # noqa: PLR2004
                codes = () if wide else range(max(first, 128), last + 1)
                if any(has_case(chr(code)) for code in codes):
                    raise self.pattern_error(
                        "忽略大小写时只能用 ASCII 字母",
                        "ignores the case of letters that are not ASCII",
                    )
        return build_characters(ranges, negated=negated, any_case="i" in flags)

    def parse_class(self, flags: frozenset[str]) -> Characters:
        """Parse the rest of a class, behind its opening bracket."""
        start = self.at - 1
        negated = self.accept("^")
        ranges: list[tuple[int, int]] = []
        while not ranges or self.peek() != "]":
            if self.at >= len(self.pattern):
                self.at = start
                raise self.pattern_error("方括号未关闭", "has a class that is not closed")
            named = self.parse_named_class() if self.peek(2) == "[:" else self.parse_class_escape()
            if named is not None:
                ranges += named
            else:
                ranges.append(self.parse_class_range())
        self.at += 1
        return self.build_set(tuple(ranges), flags, negated=negated)

    def parse_named_class(self) -> Ranges:
        """Read `[:alpha:]` or `[:^alpha:]`."""
        name, closed, _ = self.pattern[self.at + 2 :].partition(":]")
        ranges = POSIX_CLASSES.get(name.removeprefix("^"))
        if ranges is None or not closed:
            raise self.unsupported_error()
        self.at += len(name) + 4
        return invert(ranges) if name.startswith("^") else ranges

    def parse_class_range(self) -> tuple[int, int]:
        """Parse one character of a class, or a range of characters."""
        start = self.at
        first = last = self.parse_code_point()
        if self.peek() == "-" and self.peek(2)[1:] not in {"", "]"}:
            self.at += 1
            last = self.parse_code_point()
        if last < first:
            self.at = start
            raise self.unsupported_error()
        return first, last

    def parse_repetition(self, part: PatternNode, flags: frozenset[str]) -> PatternNode:
        """Parse how often a part is repeated, and whether few or many are tried first."""
        start = self.at
        counts = self.parse_counts()
        if counts is None:
            return part
        lazy = self.accept("?")
        least, most = counts
        too_many = max(least, most or 0) > MOST_REPEATED or (most is not None and most < least)
        if too_many or self.peek() in set("*+?") or self.parse_counts() is not None:
            self.at = start
            raise self.unsupported_error()
        return Repeat(part, least, most, greedy=lazy is ("U" in flags))

    def parse_counts(self) -> tuple[int, int | None] | None:
        """Parse `*`, `+`, `?` or `{n,m}`, if one is next."""
        for sign, counts in (("*", (0, None)), ("+", (1, None)), ("?", (0, 1))):
            if self.accept(sign):
                return counts
        inside, closed, _ = self.peek(12).removeprefix("{").partition("}")
        least, comma, most = inside.partition(",")
        written = self.peek() == "{" and closed and least.isascii() and least.isdigit()
        if not written or (most and not (most.isascii() and most.isdigit())):
            return None
        self.at += len(inside) + 2
        return int(least), (int(most) if most else None) if comma else int(least)


def has_case(character: str) -> bool:
    """Return whether a character has another upper or lower case."""
    return character.lower() != character or character.upper() != character
