"""Expressions of a pack in FEEL, as far as both languages evaluate them alike.

Parameters are written as their figures on one day, and the outputs of other policies by the names
of their decisions. What has no counterpart is refused: limits counted by the calendar, quotients of
integers, patterns, macros.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from telecom_rules.expressions.syntax.parse import parse
from telecom_rules.expressions.syntax.tree import (
    Call,
    Conditional,
    ListOf,
    Literal,
    Logic,
    Name,
    PresenceTest,
    Select,
)
from telecom_rules.vocabulary import DECIMAL, INTEGER, MONEY, TEXT, Duration
from telecom_rules.vocabulary.types import DOUBLE

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from telecom_rules.expressions.syntax.tree import SyntaxNode
    from telecom_rules.vocabulary import Field


OPERATORS: Mapping[str, tuple[str, int]] = {
    "_==_": ("=", 4), "_!=_": ("!=", 4), "_<_": ("<", 4), "_<=_": ("<=", 4),
    "_>_": (">", 4), "_>=_": (">=", 4), "_+_": ("+", 5), "_-_": ("-", 5), "_*_": ("*", 6),
    "_/_": ("/", 6),
}  # fmt: skip
"""Each operator in FEEL, and how tightly it binds; a conditional binds by 1, a call by 9."""
TIGHTEST = 9
FUNCTIONS = {
    "greatest": "max({})",
    "least": "min({})",
    "abs": "abs({})",
    "roundUp": "ceiling({}, 2)",
    "roundDown": "floor({}, 2)",
    "int": "round down({}, 0)",
}
SAME_IN_FEEL = frozenset({"decimal", "money"})
"""Conversions between kinds of exact numbers, of which FEEL has one."""
MONTHS = {"addMonths": "M", "addYears": "Y"}
ONE_OF = {"getHours": "PT1H", "getSeconds": "PT1S"}
SPANS = {"days": "P{}D", "hours": "PT{}H"}


class NotInFeel(Exception):
    """Raised for an expression that FEEL cannot give alike."""


@dataclass(frozen=True, slots=True)
class FeelText:
    """An expression in FEEL, and how tightly its outermost operator binds."""

    text: str
    binds: int = TIGHTEST

    def inside(self, binds: int) -> str:
        """Return it as an operand of an operator that binds so tightly."""
        return self.text if self.binds >= binds else f"({self.text})"


@dataclass(frozen=True, slots=True)
class FeelWriter:
    """Writes the expressions of one table.

    Attributes:
        facts: the facts by name.
        figures: the figures of the day by the name of their parameter.
        results: what DMN calls each output of another policy, as `policies.x.y`.
    """

    facts: Mapping[str, Field]
    figures: Mapping[str, object]
    results: Mapping[str, str]

    def write(self, source: str, codes: Collection[str] = ()) -> str:
        """Return an expression in FEEL.

        Args:
            source: the expression.
            codes: the codes that a bare word can be.

        Raises:
            NotInFeel: FEEL has no expression that gives the same.
        """
        return self._write(parse(source), codes).text

    def write_node(self, node: SyntaxNode) -> str:
        """Return a condition in FEEL.

        Raises:
            NotInFeel: FEEL has no expression that gives the same.
        """
        return self._write(node).text

    def write_all(self, nodes: Sequence[SyntaxNode]) -> str:
        """Return conditions that all have to hold as one, in FEEL.

        Raises:
            NotInFeel: FEEL has no expression that gives the same.
        """
        return " and ".join(self._write(each).inside(4) for each in nodes)

    def _write(self, node: SyntaxNode, codes: Collection[str] = ()) -> FeelText:
        match node:
            case Literal():
                return write_literal_node(node)
            case Name(name="today"):
                return FeelText("today()")
            case Name(name=name) if name in codes:
                return FeelText(quote_feel(name))
            case Name(name=name) if name in self.facts:
                return FeelText(name)
            case Select():
                return self._select(node)
            case PresenceTest(operand=Name() | Select() as operand):
                return FeelText(f"{self._write(operand).text} != null", 4)
            case Logic(every=every, operands=operands):
                word, binds = (" and ", 3) if every else (" or ", 2)
                return FeelText(
                    word.join(self._write(e).inside(binds + 1) for e in operands), binds
                )
            case Conditional(test=test, yes=yes, no=no):
                whole = (self._write(each, codes).inside(2) for each in (test, yes, no))
                return FeelText("if {} then {} else {}".format(*whole), 1)
            case Call():
                return self._call(node, codes)
        raise NotInFeel

    def _select(self, node: Select) -> FeelText:
        """Return a parameter of the day, or the output of another policy."""
        match node:
            case Select(operand=Name(name="parameters"), field=name) if name in self.figures:
                return FeelText(write_figure(self.figures[name]))
            case Select(operand=Select(operand=Name(name="policies"), field=policy), field=output):
                called = self.results.get(f"policies.{policy}.{output}")
                if called is not None:
                    return FeelText(called)
        raise NotInFeel

    def _call(self, node: Call, codes: Collection[str]) -> FeelText:
        """Return an operator or a function."""
        name, arguments = node.function, node.arguments
        if name in OPERATORS:
            return self._operator(name, arguments, codes)
        match name, arguments:
            case "!_", (inside,):
                return FeelText(f"not({self._write(inside).text})")
            case "-_", (inside,):
                return FeelText(f"-{self._write(inside).inside(TIGHTEST)}", 8)
            case "@in", (one, ListOf(items=items)) if items:
                tested = self._write(one).inside(5)
                tests = [f"{tested} = {self._write(each).inside(5)}" for each in items]
                return FeelText(" or ".join(tests), 2 if len(tests) > 1 else 4)
        given = arguments[1:] if arguments[:1] and is_math(arguments[0]) else arguments
        if name in SAME_IN_FEEL and len(given) == 1:
            return self._write(given[0])
        if name in FUNCTIONS and given:
            return FeelText(FUNCTIONS[name].format(", ".join(self._write(e).text for e in given)))
        return self._time(name, arguments)

    def _operator(
        self, name: str, arguments: Sequence[SyntaxNode], codes: Collection[str]
    ) -> FeelText:
        """Return an operator; a quotient of integers is an integer here, and not in FEEL."""
        sign, binds = OPERATORS[name]
        left, right = (self._write(each, codes) for each in arguments)
        lowest = binds + 1 if binds == OPERATORS["_==_"][1] else binds
        written = f"{left.inside(lowest)} {sign} {right.inside(binds + 1)}"
        if name == "_/_" and not any(self._is_decimal(each) for each in arguments):
            return FeelText(f"round down({written}, 0)")
        return FeelText(written, binds)

    def _time(self, name: str, arguments: Sequence[SyntaxNode]) -> FeelText:
        """Return a function of days, instants and lengths of time."""
        match name, arguments:
            case "amount", (Select(operand=Name(name="parameters"), field=figure),):
                return FeelText(str(self._amount(figure)))
            case "date", (Literal(value=str() as day),):
                return FeelText(f'date("{day}")')
            case (("addMonths" | "addYears" as unit), (day, count)):
                months = f"P{self._whole(count)}{MONTHS[unit]}"
                return FeelText(f'{self._write(day).inside(5)} + duration("{months}")', 5)
            case (("days" | "hours" as unit), (count,)):
                return FeelText(f'duration("{SPANS[unit].format(self._whole(count))}")')
            case (("getHours" | "getSeconds" as unit), (Call(function="_-_") as span,)):
                one = ONE_OF[unit]
                return FeelText(f'round down({self._write(span).inside(7)} / duration("{one}"), 0)')
        raise NotInFeel

    def _amount(self, figure: str) -> int:
        """Return the figure of a parameter that is a time limit, in its own unit."""
        value = self.figures.get(figure)
        if not isinstance(value, Duration):
            raise NotInFeel
        return value.amount

    def _whole(self, node: SyntaxNode) -> int:
        """Return a whole number that is known on the day, and not below 0."""
        match node:
            case Literal(value=int() as number) if number >= 0:
                return number
            case Call(function="amount", arguments=(Select(field=figure),)):
                return self._amount(figure)
            case Select(operand=Name(name="parameters"), field=figure):
                value = self.figures.get(figure)
                if isinstance(value, int) and value >= 0:
                    return value
            case Call(function="_+_", arguments=(left, right)):
                return self._whole(left) + self._whole(right)
        raise NotInFeel

    def _is_decimal(self, node: SyntaxNode) -> bool:
        """Return whether the value of a node is a decimal or money, as far as that can be seen."""
        match node:
            case Literal(type=kind):
                return kind is DOUBLE
            case Name(name=name) if name in self.facts:
                return self.facts[name].type in {DECIMAL, MONEY}
            case Select(operand=Name(name="parameters"), field=name):
                return isinstance(self.figures.get(name), Decimal)
            case Call(function=name, arguments=arguments):
                known = name in SAME_IN_FEEL or name in {"roundUp", "roundDown"}
                return known or (
                    name in {"_+_", "_-_", "_*_", "_/_"} and any(map(self._is_decimal, arguments))
                )
        return False


def is_math(node: SyntaxNode) -> bool:
    """Return whether a node is the word in front of functions such as `math.greatest`."""
    return isinstance(node, Name) and node.name == "math"


def write_literal_node(node: Literal) -> FeelText:
    """Return a literal of an expression."""
    match node:
        case Literal(value=None):
            return FeelText("null")
        case Literal(value=bool() as flag):
            return FeelText("true" if flag else "false")
        case Literal(type=kind, value=str() as text) if kind is TEXT:
            return FeelText(quote_feel(text))
        case Literal(type=kind, value=int() | str() as number) if kind in {INTEGER, DOUBLE}:
            return FeelText(str(number), 8 if str(number).startswith("-") else TIGHTEST)
    raise NotInFeel


def write_figure(value: object) -> str:
    """Return the figure of a parameter.

    Raises:
        NotInFeel: it is a time limit, which only a calendar counts.
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, str):
        return quote_feel(value)
    raise NotInFeel


def quote_feel(text: str) -> str:
    """Return a text as FEEL writes it."""
    return json.dumps(text, ensure_ascii=False)
