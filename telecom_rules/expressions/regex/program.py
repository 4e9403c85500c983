"""Matching a pattern: all possible states are followed side by side, one character at a time.

Source of the method: Ken Thompson, Regular Expression Search Algorithm (1968), with sets of
states cached, as Russ Cox describes for RE2. The time is at most the characters of the text times
the instructions of the pattern, and the caches of a pattern are bounded.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeVar

from telecom_rules.expressions.operations.failures import failure
from telecom_rules.expressions.regex import MOST_INSTRUCTIONS
from telecom_rules.expressions.regex.syntax import (
    Alternation,
    Assertion,
    Characters,
    Concatenation,
    EmptyWidth,
    Group,
    PatternNode,
    Repeat,
    parse_pattern,
)
from telecom_rules.wording import shorten

MOST_KEPT = 500
"""Entries in each of the caches of a pattern."""
MOST_PATTERNS = 128
"""Compiled patterns that are kept."""
MATCH = -1
"""The successor of an instruction behind which the match is found."""

InstructionSet = int
"""A set of instructions: bit `n` is set if the instruction `n` belongs to it. The bit behind those
of all instructions stands for `MATCH`. Such a set takes the same few bytes however full it is."""
K = TypeVar("K")
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction of a program.

    Attributes:
        consumes: the set of characters of which it takes one, the assertion that must hold, or
            nothing.
        successors: the instructions behind it, those tried first before the others; one if it
            takes a character.
        slot: the place at which it notes where in the text it is passed, if it does: `2 * n` for
            the start of group `n`, `2 * n + 1` for its end.
    """

    consumes: Characters | Assertion | None
    successors: tuple[int, ...]
    slot: int | None = None


@dataclass(slots=True)
class Program:
    """A compiled pattern.

    Characters that no set of the pattern tells apart are of one kind: `kinds` are the code points
    at which a new kind begins.

    Attributes:
        instructions: its instructions.
        start: the first of them.
        has_assertions: whether it contains assertions, such as the end of the text.
        kinds: the edges of all sets of characters, in ascending order.
        groups: how many groups the pattern has.
        taking: for a kind of character, the instructions that take it.
        reached: for an instruction and the assertions that hold, the instructions that it leads to
            without taking a character.
        moves: for a set of instructions, a kind of character and the assertions that hold behind
            it, the set that follows.
        viable: for such a set behind a character, its kind and the assertions that hold behind
            it, the set before it from which the end of the pattern can be reached.
        ways: for an instruction and the assertions that hold, the ways on in the order tried.
    """

    instructions: tuple[Instruction, ...]
    start: int
    has_assertions: bool
    kinds: tuple[int, ...]
    groups: int
    taking: dict[int, InstructionSet] = field(default_factory=dict)
    reached: dict[tuple[int, int], InstructionSet] = field(default_factory=dict)
    moves: dict[tuple[InstructionSet, int, int], InstructionSet] = field(default_factory=dict)
    viable: dict[tuple[InstructionSet, int, int], InstructionSet] = field(default_factory=dict)
    ways: dict[tuple[int, int], tuple[tuple[int, tuple[int, ...]], ...]] = field(
        default_factory=dict
    )

    def search(self, text: str) -> bool:
        """Return whether the pattern matches some part of a text."""
        found = self.find_reached(MATCH, 0)
        asserted = assertions_at(text, 0) if self.has_assertions else 0
        ready = self.find_reached(self.start, asserted)
        for at, character in enumerate(text, 1):
            if ready & found:
                return True
            asserted = assertions_at(text, at) if self.has_assertions else 0
            key = ready, bisect_right(self.kinds, ord(character)), asserted
            known = self.moves.get(key)
            ready = self.move(key, ord(character)) if known is None else known
        return bool(ready & found)

    def move(self, key: tuple[InstructionSet, int, int], code: int) -> InstructionSet:
        """Return the set that follows when a character is taken.

        Args:
            key: the instructions that take a character, its kind, and the assertions behind it.
            code: the code point of the character.
        """
        ready, kind, asserted = key
        left = ready & self.find_taking(kind, code)
        follows = self.find_reached(self.start, asserted)  # a match may begin anywhere
        while left:
            lowest = left & -left
            (then,) = self.instructions[lowest.bit_length() - 1].successors
            follows |= self.find_reached(then, asserted)
            left ^= lowest
        keep(self.moves, key, follows)
        return follows

    def find_taking(self, kind: int, code: int) -> InstructionSet:
        """Return the instructions that take a character of a kind; `code` is one of that kind."""
        known = self.taking.get(kind)
        if known is None:
            known = sum(
                1 << at
                for at, each in enumerate(self.instructions)
                if isinstance(each.consumes, Characters) and each.consumes.has(code)
            )
            keep(self.taking, kind, known)
        return known

    def find_reached(self, at: int, asserted: int) -> InstructionSet:
        """Return the consuming instructions, or `MATCH`, that an instruction leads to."""
        key = at, asserted
        known = self.reached.get(key)
        if known is None:
            known = self.follow(at, asserted)
            keep(self.reached, key, known)
        return known

    def follow(self, start: int, asserted: int) -> InstructionSet:
        """Compute the result of `find_reached`."""
        found: InstructionSet = 0
        seen: set[int] = set()
        open_ = [start]
        while open_:
            at = open_.pop()
            if at in seen:
                continue
            seen.add(at)
            consumes = None if at == MATCH else self.instructions[at].consumes
            if at == MATCH:
                found |= 1 << len(self.instructions)
            elif isinstance(consumes, Characters):
                found |= 1 << at
            elif consumes is None or consumes & asserted:
                open_ += self.instructions[at].successors
        return found


def keep(cache: dict[K, V], key: K, value: V) -> None:
    """Keep a value; a full cache is emptied first."""
    if len(cache) >= MOST_KEPT:
        cache.clear()
    cache[key] = value


def is_word(character: str) -> bool:
    """Return whether a character is a letter, a digit or `_` of ASCII."""
    return character.isascii() and (character.isalnum() or character == "_")


def assertions_at(text: str, at: int) -> int:
    """Return the assertions that hold at a position of a text."""
    before, behind = text[at - 1 : at] if at else "", text[at : at + 1]
    edge = is_word(before) is not is_word(behind)
    holds = Assertion.WORD_EDGE if edge else Assertion.NO_WORD_EDGE
    if not before:
        holds |= Assertion.TEXT_START | Assertion.LINE_START
    if not behind:
        holds |= Assertion.TEXT_END | Assertion.LINE_END
    if before == "\n":
        holds |= Assertion.LINE_START
    if behind == "\n":
        holds |= Assertion.LINE_END
    return int(holds)


class Compiler:
    """Translates a pattern into instructions, from its end to its start.

    Attributes:
        captures: whether the instructions note where groups begin and end. A match alone needs
            none of that.
    """

    def __init__(self, pattern: str, *, captures: bool) -> None:
        self.pattern = pattern
        self.captures = captures
        self.instructions: list[Instruction] = []
        self.built: int = 0

    def add(self, takes: Characters | Assertion | None, *ways: int, slot: int | None = None) -> int:
        """Add an instruction and return where it is."""
        self.instructions.append(Instruction(takes, ways, slot))
        return len(self.instructions) - 1

    def build(self, part: PatternNode, then: int) -> int:
        """Add the instructions of a part with `then` behind it, and return the first of them."""
        while isinstance(part, Group) and not self.captures:
            part = part.part
        self.built += 1  # a repetition of nothing adds no instruction, and could go on for ever
        if self.built > 2 * MOST_INSTRUCTIONS or len(self.instructions) >= MOST_INSTRUCTIONS:
            raise failure(
                "展开重复之后超过 {most} 个字符与分支，正则表达式 `{text}` 过大",
                "with more than {most} characters and branches once its repetitions are written"
                " out, the pattern `{text}` is too large",
                text=shorten(self.pattern), most=MOST_INSTRUCTIONS,
            )  # fmt: skip
        match part:
            case Characters():
                return self.add(part, then)
            case EmptyWidth(assertion):
                return self.add(assertion, then)
            case Concatenation(parts):
                for each in reversed(parts):
                    then = self.build(each, then)
                return then
            case Alternation(ways):
                return self.add(None, *[self.build(way, then) for way in ways])
            case Group(inner, number):
                end = self.add(None, then, slot=2 * number + 1)
                return self.add(None, self.build(inner, end), slot=2 * number)
            case Repeat():
                return self.build_repetition(part, then)

    def build_repetition(self, repeat: Repeat, then: int) -> int:
        """Add the instructions of a part that is repeated."""
        part, least = repeat.part, repeat.least
        if repeat.most is None:
            then = self.build_loop(repeat, then)
            least = max(least - 1, 0)
        else:
            end = then
            for _ in range(repeat.most - least):
                then = self.add(None, *order(repeat, self.build(part, then), end))
        for _ in range(least):
            then = self.build(part, then)
        return then

    def build_loop(self, repeat: Repeat, then: int) -> int:
        """Add the instructions of a part that is repeated without a limit, once at least or not.

        A part that may be empty is entered and then repeated even where it may be left out, as in
        RE2: of `(|a)*` the first try is to take nothing.
        """
        again = self.add(None)
        inside = self.build(repeat.part, again)
        self.instructions[again] = Instruction(None, order(repeat, inside, then))
        if repeat.least:
            return inside
        if self.captures and is_nullable(repeat.part):
            return self.add(None, *order(repeat, inside, then))
        return again


def order(repeat: Repeat, again: int, then: int) -> tuple[int, int]:
    """Return the two ways on from a repetition, the one to be tried first in front."""
    return (again, then) if repeat.greedy else (then, again)


def is_nullable(part: PatternNode) -> bool:
    """Return whether a part can match without taking a character."""
    match part:
        case Characters():
            return False
        case EmptyWidth():
            return True
        case Concatenation(parts):
            return all(map(is_nullable, parts))
        case Alternation(ways):
            return any(map(is_nullable, ways))
        case Group(inner):
            return is_nullable(inner)
        case Repeat(inner, least):
            return least == 0 or is_nullable(inner)


@lru_cache(maxsize=MOST_PATTERNS)
def compile_pattern(pattern: str, *, captures: bool = False) -> Program:
    """Return a compiled pattern.

    Args:
        pattern: the pattern.
        captures: whether its groups are needed.

    Raises:
        EvaluationError: the pattern is not valid or is refused.
    """
    compiler = Compiler(pattern, captures=captures)
    tree, groups = parse_pattern(pattern)
    start = compiler.build(tree, MATCH)
    consumed = [each.consumes for each in compiler.instructions]
    edges = {edge for each in consumed if isinstance(each, Characters) for edge in each.edges}
    return Program(
        tuple(compiler.instructions),
        start,
        has_assertions=any(isinstance(each, Assertion) for each in consumed),
        kinds=tuple(sorted(edges)),
        groups=groups,
    )
