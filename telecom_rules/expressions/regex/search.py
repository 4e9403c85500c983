"""Finding where a pattern matches, and its groups, in time linear in the text.

A first pass goes from the end of the text to its start and notes at every character from which
instructions the end of the pattern can still be reached. A second pass goes forward and always
takes the first way that the pattern prefers among those; because it cannot end in vain, it never
goes back. So the leftmost match is found, with the preference of alternatives and repetitions that
RE2, Go and Perl have, however the pattern is written.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from telecom_rules.expressions.regex.program import MATCH, assertions_at, compile_pattern, keep
from telecom_rules.expressions.regex.syntax import Assertion, Characters

if TYPE_CHECKING:
    from collections.abc import Iterator

    from telecom_rules.expressions.regex.program import InstructionSet, Program

Slots: TypeAlias = list[int]
"""Where the match begins and ends, then each group; -1 for a group that took no part."""
Way: TypeAlias = tuple[int, tuple[int, ...]]
"""An instruction that takes a character, or `MATCH`, and the slots passed on the way to it."""


@dataclass(slots=True)
class Searcher:
    """Finds the matches of a program in one text.

    Attributes:
        program: the compiled pattern, with its groups.
        text: the text.
        viable: for each position the instructions that take the character there and can reach
            the end of the pattern.
    """

    program: Program
    text: str
    viable: list[InstructionSet] = field(init=False)
    found: InstructionSet = field(init=False)

    def __post_init__(self) -> None:
        self.found = 1 << len(self.program.instructions)
        self.viable = self.find_viable()

    def asserted_at(self, at: int) -> int:
        """Return the assertions that hold at a position, where the pattern has any."""
        return assertions_at(self.text, at) if self.program.has_assertions else 0

    def find_viable(self) -> list[InstructionSet]:
        """Return the attribute `viable`, worked out from the end of the text."""
        program, text = self.program, self.text
        kinds, known_sets = program.kinds, program.viable
        follows: InstructionSet = 0
        viable = [follows] * (len(text) + 1)
        for at in range(len(text) - 1, -1, -1):
            code = ord(text[at])
            key = follows, bisect_right(kinds, code), self.asserted_at(at + 1)
            known = known_sets.get(key)
            follows = self.step_back(key, code) if known is None else known
            viable[at] = follows
        return viable

    def step_back(self, key: tuple[InstructionSet, int, int], code: int) -> InstructionSet:
        """Return the viable instructions before a character.

        Args:
            key: those behind it, its kind, and the assertions that hold behind it.
            code: its code point.
        """
        behind, kind, asserted = key
        wanted = behind | self.found
        left = self.program.find_taking(kind, code)
        viable: InstructionSet = 0
        while left:
            lowest = left & -left
            (then,) = self.program.instructions[lowest.bit_length() - 1].successors
            if self.program.find_reached(then, asserted) & wanted:
                viable |= lowest
            left ^= lowest
        keep(self.program.viable, key, viable)
        return viable

    def search(self, start: int) -> Slots | None:
        """Return the leftmost match that begins at a position or behind it, or `None`."""
        first = self.program.start
        for at in range(start, len(self.text) + 1):
            wanted = self.viable[at] | self.found
            if self.program.find_reached(first, self.asserted_at(at)) & wanted:
                return self.follow(at)
        return None

    def follow(self, start: int) -> Slots:
        """Return the match that begins at a position, where there is one."""
        slots = [-1] * (2 * self.program.groups + 2)
        at, instruction = start, self.program.start
        while True:
            wanted = self.viable[at] | self.found
            ways = self.find_ways(instruction, self.asserted_at(at))
            target, passed = next(way for way in ways if bit_of(way, self.found) & wanted)
            for slot in passed:
                slots[slot] = at
            if target == MATCH:
                slots[:2] = start, at
                return slots
            (instruction,) = self.program.instructions[target].successors
            at += 1

    def find_ways(self, instruction: int, asserted: int) -> tuple[Way, ...]:
        """Return the ways on from an instruction without taking a character, preferred first."""
        key = instruction, asserted
        known = self.program.ways.get(key)
        if known is None:
            known = tuple(self.iter_ways(instruction, asserted))
            keep(self.program.ways, key, known)
        return known

    def iter_ways(self, start: int, asserted: int) -> Iterator[Way]:
        """Yield the ways on; of several to the same instruction the preferred one."""
        seen: set[int] = set()
        open_: list[Way] = [(start, ())]
        while open_:
            at, passed = open_.pop()
            if at in seen:
                continue
            seen.add(at)
            if at == MATCH:
                yield at, passed
                continue
            instruction = self.program.instructions[at]
            match instruction.consumes:
                case Characters():
                    yield at, passed
                case Assertion() as needed if not needed & asserted:
                    continue
                case _:
                    slot = instruction.slot
                    noted = passed if slot is None else (*passed, slot)
                    open_ += [(then, noted) for then in reversed(instruction.successors)]


def bit_of(way: Way, found: InstructionSet) -> InstructionSet:
    """Return the set of the one instruction that a way leads to."""
    return found if way[0] == MATCH else 1 << way[0]


def find_matches(text: str, pattern: str) -> Iterator[Slots]:
    """Yield the matches of a pattern that do not overlap, from left to right.

    An empty match right behind another match is left out, as in Go.

    Raises:
        EvaluationError: the pattern is not valid or is refused.
    """
    searcher = Searcher(compile_pattern(pattern, captures=True), text)
    at, end_before = 0, -1
    while (slots := searcher.search(at)) is not None:
        start, end = slots[:2]
        if end > at or start != end_before:
            yield slots
        at = end + 1 if end == at else end
        end_before = end
