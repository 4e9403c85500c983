"""Converts conditions in CEL into cells of a decision table, one fact each.

`severity == 'grave' && gain >= 5000 && !is_crime` is a row of three cells. Under hit policies that
allow it, `a || b` becomes two rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, TypeAlias

from telecom_rules.expressions.syntax.parse import parse
from telecom_rules.expressions.syntax.tree import (
    Call,
    ListOf,
    Literal,
    Logic,
    Name,
    PresenceTest,
    Select,
    SyntaxNode,
)
from telecom_rules.interop.dmn.feel import CellRange, FeelCell, FeelValue
from telecom_rules.vocabulary import BOOLEAN, INTEGER, TEXT
from telecom_rules.vocabulary.types import DOUBLE

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence


Cells: TypeAlias = "dict[str, FeelCell]"
CellRow: TypeAlias = "tuple[Cells, frozenset[str]]"
"""Cells by fact, and the facts tested by `has()`."""
PLAIN_TYPES = frozenset({TEXT, INTEGER, DOUBLE})
MOST_ROWS = 16
"""Rows into which one may be split."""
FLIPPED_OPERATORS = {
    "_==_": "_==_", "_!=_": "_!=_",
    "_<_": "_>_", "_<=_": "_>=_", "_>_": "_<_", "_>=_": "_<=_",
}  # fmt: skip


class NoCells(Exception):
    """Raised for a condition that cannot be written as cells."""


@dataclass(frozen=True, slots=True)
class CellConverter:
    """Converts the conditions of one table into cells.

    Attributes:
        facts: the names of the facts, and `policies.x.y` for each output of another policy.
        figures: the parameters whose value on the day can be written in a cell.
        may_split: whether a row may be split into several with the same outputs.
    """

    facts: Collection[str]
    figures: Mapping[str, FeelValue]
    may_split: bool

    def convert(self, sources: Sequence[str]) -> list[Cells] | None:
        """Return the cells of a row by fact, of several rows, or `None` where there are none.

        Args:
            sources: the conditions of the row, all of which must hold.
        """
        try:
            rows: list[CellRow] = [({}, frozenset())]
            for source in sources:
                rows = combine_rows(rows, self._rows(parse(source)))
        except NoCells:
            return None
        # A cell on an optional fact implies `has()`; a `has()` without a cell has no counterpart.
        whole = all(there <= cells.keys() for cells, there in rows)
        return [cells for cells, _ in rows] if whole else None

    def convert_node(self, node: SyntaxNode) -> CellRow | None:
        """Return the cells of one condition, and the facts that it asks for by `has()`.

        A condition that needs several rows, or none of them, gives `None`.
        """
        try:
            rows = self._rows(node)
        except NoCells:
            return None
        return rows[0] if len(rows) == 1 else None

    def _rows(self, node: SyntaxNode) -> list[CellRow]:
        """Return the rows whose disjunction is the condition."""
        match node:
            case Logic(every=True, operands=operands):
                return reduce(combine_rows, map(self._rows, operands))
            case PresenceTest(operand=operand) if name_of(operand) in self.facts:
                return [({}, frozenset({name_of(operand)}))]
        try:
            fact, cell = self._cell(node)
        except NoCells:
            if not self.may_split or not isinstance(node, Logic):
                raise
            return [row for each in node.operands for row in self._rows(each)]
        return [({fact: cell}, frozenset())]

    def _cell(self, node: SyntaxNode) -> tuple[str, FeelCell]:
        """Return the one fact that a condition tests, and its cell."""
        name = name_of(node)
        if name in self.facts:
            return name, FeelCell((CellRange(FeelValue("boolean", "true")),))
        match node:
            case Call(function="!_", arguments=(inside,)) if name_of(inside) in self.facts:
                return name_of(inside), FeelCell((CellRange(FeelValue("boolean", "false")),))
            case Call(function="!_", arguments=(inside,)):
                fact, cell = self._cell(inside)
                return fact, FeelCell(cell.ranges, not cell.negated)
            case Call(function=operator, arguments=(left, right)):
                return self._comparison(operator, left, right)
            case Logic(every=False, operands=operands):
                tests = [self._cell(each) for each in operands]
                plain = not any(cell.negated for _, cell in tests)
                if len({fact for fact, _ in tests}) == 1 and plain:
                    ranges = (each for _, cell in tests for each in cell.ranges)
                    return tests[0][0], FeelCell(tuple(ranges))
        raise NoCells

    def _comparison(
        self, operator: str, left: SyntaxNode, right: SyntaxNode
    ) -> tuple[str, FeelCell]:
        """Return the fact that is compared with a value, on either side, and its cell."""
        one, other = name_of(left), name_of(right)
        match operator, right:
            case "@in", ListOf(items=items) if one in self.facts and items:
                return one, FeelCell(tuple(CellRange(self._value(each)) for each in items))
        if operator in FLIPPED_OPERATORS and one in self.facts:
            return one, build_comparison(operator, self._value(right))
        if operator in FLIPPED_OPERATORS and other in self.facts:
            return other, build_comparison(FLIPPED_OPERATORS[operator], self._value(left))
        raise NoCells

    def _value(self, node: SyntaxNode) -> FeelValue:
        """Return the value that a fact is compared with."""
        match node:
            case Literal(type=kind, value=bool() as flag) if kind is BOOLEAN:
                return FeelValue("boolean", "true" if flag else "false")
            case Literal(type=kind, value=int() | str() as plain) if kind in PLAIN_TYPES:
                return FeelValue("text" if kind is TEXT else "number", str(plain))
            case Call(function="-_", arguments=(Literal(value=int() | str() as plain),)):
                return FeelValue("number", f"-{plain}")
            case Call(function="date", arguments=(Literal(value=str() as day),)):
                return FeelValue("moment", day)
            case Select(operand=Name(name="parameters"), field=name) if name in self.figures:
                return self.figures[name]
            case Name(name=name) if name in self.facts:
                return FeelValue("name", name)
        raise NoCells


def name_of(node: SyntaxNode) -> str:
    """Return the fact that a node is, or `policies.x.y`; an empty text for any other node."""
    match node:
        case Name(name=name):
            return name
        case Select(operand=Select(operand=Name(name="policies"), field=policy), field=output):
            return f"policies.{policy}.{output}"
    return ""


def combine_rows(some: list[CellRow], others: list[CellRow]) -> list[CellRow]:
    """Return the conjunction of two disjunctions of rows."""
    if len(some) * len(others) > MOST_ROWS:
        raise NoCells
    return [
        (merge_cells(one, other), there | also) for one, there in some for other, also in others
    ]


def merge_cells(one: Cells, other: Cells) -> Cells:
    """Return the cells of two conditions that must both hold."""
    shared = {fact: intersect(one[fact], other[fact]) for fact in one.keys() & other.keys()}
    return {**one, **other, **shared}


def intersect(one: FeelCell, other: FeelCell) -> FeelCell:
    """Return the conjunction of two cells: a lower and an upper limit make an interval."""
    ranges = (*one.ranges, *other.ranges)
    if len(ranges) == 2 and not one.negated and not other.negated:  # noqa: PLR2004 - a pair
        lower = next((each for each in ranges if each.low and not each.high), None)
        upper = next((each for each in ranges if each.high and not each.low), None)
        if lower and upper and lower.opening != "=":
            return FeelCell((CellRange(lower.low, upper.high, lower.opening, upper.closing),))
    raise NoCells


def build_comparison(operator: str, value: FeelValue) -> FeelCell:
    """Return the cell that compares with a value."""
    if operator in {"_==_", "_!=_"}:
        return FeelCell((CellRange(value),), negated=operator == "_!=_")
    closed = operator.endswith("=_")
    if ">" in operator:
        return FeelCell((CellRange(value, None, "[" if closed else "("),))
    return FeelCell((CellRange(None, value, "(", "]" if closed else ")"),))
