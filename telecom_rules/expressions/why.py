"""Why an expression holds or does not: the smallest parts that decided, with what they saw."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final

from telecom_rules.errors import EvaluationError, MissingData
from telecom_rules.expressions.interpret import interpret
from telecom_rules.expressions.typed import (
    Apply,
    Choose,
    Fact,
    Given,
    Local,
    Logic,
    Part,
    Typed,
    walk,
)
from telecom_rules.vocabulary.describe import describe
from telecom_rules.vocabulary.types import BOOLEAN, RecordType
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from telecom_rules.expressions.scope import Context
    from telecom_rules.vocabulary import Record, Value

__all__ = ["ABSENT", "Absent", "Explanation", "Seen"]


class Absent(Enum):
    """The type of `ABSENT`."""

    ABSENT = "absent"

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT: Final = Absent.ABSENT
"""Stands for the value of a name that is not known."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A part of an expression that decided its result, and what it saw.

    Attributes:
        text: the part as written.
        holds: whether it holds; `None` where that cannot be told.
        values: the names it read with their values, `ABSENT` where one is not known.
        wording: the same for people.
    """

    text: str
    holds: bool | None
    values: tuple[tuple[str, Value | Absent], ...]
    wording: Wording


VERDICTS = {
    True: Wording("`{text}` 成立", "`{text}` holds"),
    False: Wording("`{text}` 不成立", "`{text}` does not hold"),
    None: Wording("`{text}` 无法判断", "`{text}` cannot be decided"),
}
GIVEN = {"today": Wording("今天", "today"), "now": Wording("现在", "now")}
IS = Wording("{title} = {value}", "{title} = {value}")
UNKNOWN = Wording("{title}未知", "{title} is not known")

Leaf = Fact | Part | Given


@dataclass(frozen=True, slots=True)
class Explanation:
    """Explains the results of one expression for one record in one context.

    Attributes:
        source: the text of the expression.
        fact: for a table cell the fact it tests; a cell is always told as a whole.
        facts: the record.
        context: the context.
    """

    source: str
    fact: str | None
    facts: Record
    context: Context

    def because(self, node: Typed, result: bool) -> Iterator[Typed]:  # noqa: FBT001 - the result
        """Yield the parts that make `node` what it is, which is `result`."""
        match self.opened(node):
            case Logic(operands=operands):
                for operand in operands:
                    if self.verdict(operand) is result:
                        yield from self.because(operand, result)
            case Choose(test=test, yes=yes, no=no):
                chosen = bool(self.verdict(test))
                yield from self.because(test, chosen)
                yield from self.because(yes if chosen else no, result)
            case Apply(overload="not", arguments=(negated,)):
                yield from self.because(negated, not result)
            case _:
                yield node

    def against(self, node: Typed, wanted: bool) -> Iterator[Typed]:  # noqa: FBT001 - the result
        """Yield the parts that keep `node` from being `wanted`."""
        if self.verdict(node) is wanted:
            return
        match self.opened(node):
            case Logic(operands=operands):
                for operand in operands:
                    yield from self.against(operand, wanted)
            case Choose(test=test, yes=yes, no=no):
                chosen = self.verdict(test)
                if chosen is None:
                    yield from self.against(test, wanted=True)
                else:
                    yield from self.because(test, chosen)
                    yield from self.against(yes if chosen else no, wanted)
            case Apply(overload="not", arguments=(negated,)):
                yield from self.against(negated, not wanted)
            case _:
                yield node

    def opened(self, node: Typed) -> Typed | None:
        """Return `node` if its parts tell more than it does by itself."""
        if self.fact is not None or node.type is not BOOLEAN:
            return None
        match node:
            case Apply(overload="not", arguments=(negated,)):
                return node if self.opened(negated) else None
            case Logic() | Choose():
                return node
        return None

    def verdict(self, node: Typed) -> bool | None:
        """Return whether `node` holds (or has a value, if it is no boolean), `None` if it fails."""
        try:
            value = interpret(node, self.facts, self.context)
        except EvaluationError:
            return None
        return value if isinstance(value, bool) else True

    def seen(self, parts: Iterable[Typed]) -> tuple[Seen, ...]:
        """Return what each of `parts` saw; parts that read the same are told once."""
        every = [self.part(node) for node in parts]
        return tuple({seen.text: seen for seen in every}.values())

    def part(self, node: Typed) -> Seen:
        """Return what one part saw."""
        text = " ".join(self.source[node.start : node.end].split())
        if self.fact is not None:
            text = f"{self.fact}: {text}"
        leaves = {name_of(leaf): leaf for leaf in leaves_of(node)}
        values = tuple((name, self.value(leaf)) for name, leaf in leaves.items())
        verdict = self.verdict(node)
        details = [
            told(leaf, value) for leaf, (_, value) in zip(leaves.values(), values, strict=True)
        ]
        if verdict is None:
            details += self.problem(node)
        wording = joined(VERDICTS[verdict].fill(text=text), details)
        return Seen(text, verdict, values, wording)

    def problem(self, node: Typed) -> list[Wording]:
        """Return why a part has no value, unless the values it saw say so already."""
        try:
            interpret(node, self.facts, self.context)
        except MissingData as problem:
            shown = {name_of(leaf) for leaf in leaves_of(node)}
            return [] if problem.path in shown else [problem.wording]
        except EvaluationError as problem:
            return [problem.wording]
        return []

    def value(self, leaf: Leaf) -> Value | Absent:
        """Return the value of a name."""
        try:
            return interpret(leaf, self.facts, self.context)
        except EvaluationError:
            return ABSENT


def leaves_of(node: Typed) -> Iterator[Leaf]:
    """Yield the facts and fields that `node` reads, not what only leads to them."""
    for each in walk(node):
        if not isinstance(each, Leaf) or isinstance(each.type, RecordType):
            continue
        if isinstance(each, Fact) or not any(isinstance(part, Local) for part in walk(each)):
            yield each


def name_of(leaf: Leaf) -> str:
    """Return the name by which an expression reads something."""
    return leaf.path if isinstance(leaf, Part) else leaf.name


def told(leaf: Leaf, value: Value | Absent) -> Wording:
    """Return a name with its value, for people."""
    plain = Wording.same(f"`{name_of(leaf)}`")
    title = GIVEN.get(leaf.name, plain) if isinstance(leaf, Given) else leaf.field.title or plain
    if value is ABSENT:
        return UNKNOWN.fill(title=title)
    return IS.fill(title=title, value=describe(value, leaf.type))


def joined(verdict: Wording, details: list[Wording]) -> Wording:
    """Return a verdict with its details behind it."""
    if not details:
        return verdict
    chinese, english = zip(*details, strict=True)
    return Wording(f"{verdict.zh}：{'，'.join(chinese)}", f"{verdict.en}: {', '.join(english)}")
