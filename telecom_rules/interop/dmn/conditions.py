"""Conditions in CEL as cells, one fact each, where they are nothing more than that.

`severity == 'grave' && gain >= 5000 && !is_crime` is a row of three cells. What compares in
another way, reads a parameter or joins different facts by `||` is no row of cells.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.expressions.parse import parse
from telecom_rules.expressions.tree import Call, ListOf, Literal, Logic, Name, Node, Present
from telecom_rules.interop.dmn.feel import Cell, Range, Value
from telecom_rules.vocabulary import BOOLEAN, INTEGER, TEXT
from telecom_rules.vocabulary.types import DOUBLE

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

__all__ = ["cells_of"]

FLIPPED = {
    "_==_": "_==_", "_!=_": "_!=_",
    "_<_": "_>_", "_<=_": "_>=_", "_>_": "_<_", "_>=_": "_<=_",
}  # fmt: skip


class NoCells(Exception):
    """A condition is no row of cells."""


def cells_of(sources: Sequence[str], facts: Collection[str]) -> dict[str, Cell] | None:
    """Return the cell of each fact that conditions test together, or `None` where they are none.

    Args:
        sources: the conditions, all of which must hold.
        facts: what names a fact.
    """
    cells: dict[str, Cell] = {}
    there: set[str] = set()
    try:
        for source in sources:
            add(parse(source), facts, cells, there)
    except NoCells:
        return None
    # A cell asks by itself whether an optional fact is there, and only then.
    return cells if there <= cells.keys() else None


def add(node: Node, facts: Collection[str], cells: dict[str, Cell], there: set[str]) -> None:
    """Add the cells of one condition to those of the others."""
    match node:
        case Logic(every=True, operands=operands):
            for each in operands:
                add(each, facts, cells, there)
        case Present(operand=Name(name=name)) if name in facts:
            there.add(name)
        case _:
            fact, cell = cell_of(node, facts)
            cells[fact] = both(cells[fact], cell) if fact in cells else cell


def both(one: Cell, other: Cell) -> Cell:
    """Return the cell in which both hold: a lower and an upper limit make an interval."""
    ranges = (*one.ranges, *other.ranges)
    if len(ranges) == 2 and not one.negated and not other.negated:  # noqa: PLR2004 - a pair
        lower = next((each for each in ranges if each.low and not each.high), None)
        upper = next((each for each in ranges if each.high and not each.low), None)
        if lower and upper and lower.opening != "=":
            return Cell((Range(lower.low, upper.high, lower.opening, upper.closing),))
    raise NoCells


def cell_of(node: Node, facts: Collection[str]) -> tuple[str, Cell]:
    """Return the one fact that a condition tests, and its cell."""
    match node:
        case Name(name=name) if name in facts:
            return name, Cell((Range(Value("boolean", "true")),))
        case Call(function="!_", arguments=(Name(name=name),)) if name in facts:
            return name, Cell((Range(Value("boolean", "false")),))
        case Call(function="!_", arguments=(inside,)):
            fact, cell = cell_of(inside, facts)
            return fact, Cell(cell.ranges, not cell.negated)
        case Call(function=operator, arguments=(left, right)):
            return comparison(operator, left, right, facts)
        case Logic(every=False, operands=operands):
            tests = [cell_of(each, facts) for each in operands]
            if len({fact for fact, _ in tests}) == 1 and not any(cell.negated for _, cell in tests):
                return tests[0][0], Cell(tuple(each for _, cell in tests for each in cell.ranges))
    raise NoCells


def comparison(operator: str, left: Node, right: Node, facts: Collection[str]) -> tuple[str, Cell]:
    """Return the fact that is compared with a value, on whichever side it stands, and its cell."""
    match left, right:
        case Name(name=name), ListOf(items=items) if operator == "@in" and name in facts and items:
            return name, Cell(tuple(Range(value_of(each, facts)) for each in items))
        case Name(name=name), _ if operator in FLIPPED and name in facts:
            return name, compared(operator, value_of(right, facts))
        case _, Name(name=name) if operator in FLIPPED and name in facts:
            return name, compared(FLIPPED[operator], value_of(left, facts))
    raise NoCells


def compared(operator: str, value: Value) -> Cell:
    """Return the cell that compares with a value."""
    if operator in {"_==_", "_!=_"}:
        return Cell((Range(value),), negated=operator == "_!=_")
    closed = operator.endswith("=_")
    if ">" in operator:
        return Cell((Range(value, None, "[" if closed else "("),))
    return Cell((Range(None, value, "(", "]" if closed else ")"),))


def value_of(node: Node, facts: Collection[str]) -> Value:
    """Return what a fact is compared with."""
    match node:
        case Literal(type=kind, value=bool() as flag) if kind is BOOLEAN:
            return Value("boolean", "true" if flag else "false")
        case Literal(type=kind, value=int() | str() as plain) if kind in {TEXT, INTEGER, DOUBLE}:
            return Value("text" if kind is TEXT else "number", str(plain))
        case Call(function="-_", arguments=(Literal(value=int() | str() as plain),)):
            return Value("number", f"-{plain}")
        case Call(function="date", arguments=(Literal(value=str() as day),)):
            return Value("moment", day)
        case Name(name=name) if name in facts:
            return Value("name", name)
    raise NoCells
