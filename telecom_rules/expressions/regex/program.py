"""Running a pattern: all the ways it may go on, side by side, one character at a time.

Source of the method: Ken Thompson, Regular Expression Search Algorithm (1968), with the states met
kept, as Russ Cox describes for RE2. The time is linear in the length of the text.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeVar

from telecom_rules.expressions.operations.failures import failure
from telecom_rules.expressions.regex.syntax import (
    Assertion,
    Characters,
    Concatenation,
    Either,
    EmptyWidth,
    PatternNode,
    Repeat,
    parse_pattern,
)
from telecom_rules.wording import shorten

MOST_INSTRUCTIONS = 1000
"""Steps of a program."""
MOST_CACHED = 2000
"""Sets of steps that a pattern keeps."""
MATCH = -1
"""Where a program goes on that has found its match."""

InstructionSet = frozenset[int]
K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class Instruction:
    """One step of a program.

    Attributes:
        consumes: the characters it takes one of, the places it needs, or nothing.
        successors: the steps behind it.
    """

    consumes: Characters | Assertion | None
    successors: tuple[int, ...]


@dataclass(slots=True)
class Program:
    """A pattern ready to be run.

    Attributes:
        steps: its steps.
        start: the first of them.
        has_assertions: whether it needs places such as the end of the text.
        closures: for a set of steps and a place, the steps that take a character.
        transitions: for such steps and a character, the steps behind.
    """

    steps: tuple[Instruction, ...]
    start: int
    has_assertions: bool
    closures: dict[tuple[InstructionSet, int], InstructionSet] = field(default_factory=dict)
    transitions: dict[tuple[InstructionSet, str], InstructionSet] = field(default_factory=dict)

    def search(self, text: str) -> bool:
        """Return whether the pattern matches some part of a text."""
        entry = frozenset({self.start})
        waiting = entry
        for at in range(len(text) + 1):
            ready = self.closure_of(waiting, assertions_at(text, at) if self.has_assertions else 0)
            if MATCH in ready:
                return True
            if at < len(text):
                waiting = self.consume(ready, text[at]) | entry
        return False

    def closure_of(self, waiting: InstructionSet, place: int) -> InstructionSet:
        """Return the steps that take a character, from steps that may lead there, at a place."""
        key = (waiting, place)
        known = self.closures.get(key)
        if known is None:
            known = self.compute_closure(waiting, place)
            cache(self.closures, key, known)
        return known

    def compute_closure(self, waiting: InstructionSet, place: int) -> InstructionSet:
        """Work out `closure_of`."""
        seen: set[int] = set()
        open_ = list(waiting)
        while open_:
            at = open_.pop()
            if at in seen:
                continue
            seen.add(at)
            takes = None if at == MATCH else self.steps[at].consumes
            passes = takes is None or (isinstance(takes, Assertion) and bool(takes & place))
            if at != MATCH and passes:
                open_ += self.steps[at].successors
        return frozenset(
            at for at in seen if at == MATCH or isinstance(self.steps[at].consumes, Characters)
        )

    def consume(self, ready: InstructionSet, character: str) -> InstructionSet:
        """Return the steps behind those that take a character."""
        key = (ready, character)
        known = self.transitions.get(key)
        if known is None:
            known = frozenset(
                way
                for at in ready
                for step in [self.steps[at]]
                if isinstance(step.consumes, Characters) and step.consumes.has(character)
                for way in step.successors
            )
            cache(self.transitions, key, known)
        return known


def cache(kept: dict[K, InstructionSet], key: K, steps: InstructionSet) -> None:
    """Keep a set of steps; where there are too many, begin again."""
    if len(kept) >= MOST_CACHED:
        kept.clear()
    kept[key] = steps


def is_word(character: str) -> bool:
    """Return whether a character is a letter, a digit or `_` of ASCII."""
    return character.isascii() and (character.isalnum() or character == "_")


def assertions_at(text: str, at: int) -> int:
    """Return what holds between two characters of a text."""
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
    """Puts a program together from its end to its start."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.steps: list[Instruction] = []
        self.built: int = 0

    def add(self, takes: Characters | Assertion | None, *ways: int) -> int:
        """Add a step and return where it is."""
        self.steps.append(Instruction(takes, ways))
        return len(self.steps) - 1

    def build(self, part: PatternNode, then: int) -> int:
        """Add the steps of a part that goes on at `then`, and return the first of them."""
        self.built += 1  # what repeats nothing adds no step, and could go on for ever
        if self.built > 2 * MOST_INSTRUCTIONS or len(self.steps) >= MOST_INSTRUCTIONS:
            raise failure(
                "正则表达式 `{text}` 过大", "the pattern `{text}` is too large",
                text=shorten(self.pattern),
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
            case Either(ways):
                return self.add(None, *(self.build(way, then) for way in ways))
            case Repeat(inner, least, most):
                return self.build_repetition(inner, least, most, then)

    def build_repetition(self, part: PatternNode, least: int, most: int | None, then: int) -> int:
        """Add the steps of a part that stands there several times."""
        if most is None:
            again = self.add(None)
            self.steps[again] = Instruction(None, (self.build(part, again), then))
            then = again
        else:
            end = then
            for _ in range(most - least):
                then = self.add(None, self.build(part, then), end)
        for _ in range(least):
            then = self.build(part, then)
        return then


@lru_cache(maxsize=256)
def compile_pattern(pattern: str) -> Program:
    """Return a pattern ready to be run.

    Raises:
        EvaluationError: the pattern is not valid or is refused.
    """
    builder = Compiler(pattern)
    start = builder.build(parse_pattern(pattern), MATCH)
    places = any(isinstance(step.consumes, Assertion) for step in builder.steps)
    return Program(tuple(builder.steps), start, places)
