"""Running a pattern: all the ways it may go on, side by side, one character at a time.

Source of the method: Ken Thompson, Regular Expression Search Algorithm (1968), with the states met
kept, as Russ Cox describes for RE2. The time is linear in the length of the text.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeVar

from telecom_rules.expressions.operations.failures import failure, shown
from telecom_rules.expressions.operations.patterns.syntax import (
    Assertion,
    Characters,
    Either,
    Part,
    Place,
    Repeat,
    Sequence,
    parsed,
)

__all__ = ["Pattern", "compiled"]

MOST_STEPS = 1000
"""Steps of a program."""
MOST_KEPT = 2000
"""Sets of steps that a pattern keeps."""
END = -1
"""Where a program goes on that has found its match."""

Steps = frozenset[int]
K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a program.

    Attributes:
        takes: the characters it takes one of, the places it needs, or nothing.
        ways: the steps behind it.
    """

    takes: Characters | Assertion | None
    ways: tuple[int, ...]


@dataclass(slots=True)
class Pattern:
    """A pattern ready to be run.

    Attributes:
        steps: its steps.
        start: the first of them.
        places: whether it needs places such as the end of the text.
        reached: for a set of steps and a place, the steps that take a character.
        after: for such steps and a character, the steps behind.
    """

    steps: tuple[Step, ...]
    start: int
    places: bool
    reached: dict[tuple[Steps, int], Steps] = field(default_factory=dict)
    after: dict[tuple[Steps, str], Steps] = field(default_factory=dict)

    def found_in(self, text: str) -> bool:
        """Return whether the pattern matches some part of a text."""
        entry = frozenset({self.start})
        waiting = entry
        for at in range(len(text) + 1):
            ready = self.ready(waiting, place(text, at) if self.places else 0)
            if END in ready:
                return True
            if at < len(text):
                waiting = self.taken(ready, text[at]) | entry
        return False

    def ready(self, waiting: Steps, place: int) -> Steps:
        """Return the steps that take a character, from steps that may lead there, at a place."""
        key = (waiting, place)
        known = self.reached.get(key)
        if known is None:
            known = self.reach(waiting, place)
            keep(self.reached, key, known)
        return known

    def reach(self, waiting: Steps, place: int) -> Steps:
        """Work out `ready`."""
        seen: set[int] = set()
        open_ = list(waiting)
        while open_:
            at = open_.pop()
            if at in seen:
                continue
            seen.add(at)
            takes = None if at == END else self.steps[at].takes
            passes = takes is None or (isinstance(takes, Assertion) and bool(takes & place))
            if at != END and passes:
                open_ += self.steps[at].ways
        return frozenset(
            at for at in seen if at == END or isinstance(self.steps[at].takes, Characters)
        )

    def taken(self, ready: Steps, character: str) -> Steps:
        """Return the steps behind those that take a character."""
        key = (ready, character)
        known = self.after.get(key)
        if known is None:
            known = frozenset(
                way
                for at in ready
                for step in [self.steps[at]]
                if isinstance(step.takes, Characters) and step.takes.has(character)
                for way in step.ways
            )
            keep(self.after, key, known)
        return known


def keep(kept: dict[K, Steps], key: K, steps: Steps) -> None:
    """Keep a set of steps; where there are too many, begin again."""
    if len(kept) >= MOST_KEPT:
        kept.clear()
    kept[key] = steps


def is_word(character: str) -> bool:
    """Return whether a character is a letter, a digit or `_` of ASCII."""
    return character.isascii() and (character.isalnum() or character == "_")


def place(text: str, at: int) -> int:
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


class Builder:
    """Puts a program together from its end to its start."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.steps: list[Step] = []
        self.built = 0

    def add(self, takes: Characters | Assertion | None, *ways: int) -> int:
        """Add a step and return where it is."""
        self.steps.append(Step(takes, ways))
        return len(self.steps) - 1

    def build(self, part: Part, then: int) -> int:
        """Add the steps of a part that goes on at `then`, and return the first of them."""
        self.built += 1  # what repeats nothing adds no step, and could go on for ever
        if self.built > 2 * MOST_STEPS or len(self.steps) >= MOST_STEPS:
            raise failure(
                "正则表达式 `{text}` 过大", "the pattern `{text}` is too large",
                text=shown(self.pattern),
            )  # fmt: skip
        match part:
            case Characters():
                return self.add(part, then)
            case Place(assertion):
                return self.add(assertion, then)
            case Sequence(parts):
                for each in reversed(parts):
                    then = self.build(each, then)
                return then
            case Either(ways):
                return self.add(None, *(self.build(way, then) for way in ways))
            case Repeat(inner, least, most):
                return self.repeated(inner, least, most, then)

    def repeated(self, part: Part, least: int, most: int | None, then: int) -> int:
        """Add the steps of a part that stands there several times."""
        if most is None:
            again = self.add(None)
            self.steps[again] = Step(None, (self.build(part, again), then))
            then = again
        else:
            end = then
            for _ in range(most - least):
                then = self.add(None, self.build(part, then), end)
        for _ in range(least):
            then = self.build(part, then)
        return then


@lru_cache(maxsize=256)
def compiled(pattern: str) -> Pattern:
    """Return a pattern ready to be run.

    Raises:
        EvaluationError: it is no pattern, or one that is refused.
    """
    builder = Builder(pattern)
    start = builder.build(parsed(pattern), END)
    places = any(isinstance(step.takes, Assertion) for step in builder.steps)
    return Pattern(tuple(builder.steps), start, places)
