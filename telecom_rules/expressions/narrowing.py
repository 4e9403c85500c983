"""What is known to be there once part of an expression has turned out true or false.

`has(fine) && fine > 0` is safe although `fine` is optional, because the right side only matters
where the left one holds. The same goes for `!has(fine) || ...`, for conditionals, and for what
`has()` of a field such as `event.opinion` says.
"""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING

from telecom_rules.expressions.tree import Call, Conditional, Logic, Name, Node, Present, Select

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["path_of", "present_when", "without"]

Paths = frozenset[str]
NONE: Paths = frozenset()


def path_of(node: Node) -> str | None:
    """Return the dotted name of a fact or field, or `None` for anything else."""
    match node:
        case Name(name=name, absolute=absolute):
            return f".{name}" if absolute else name
        case Select(operand=operand, field=field):
            path = path_of(operand)
            return None if path is None else f"{path}.{field}"
    return None


def present_when(node: Node, *, holds: bool) -> Paths:
    """Return the paths that are there whenever `node` is true (or false, unless `holds`)."""
    match node:
        case Present(operand=operand) if holds:
            path = path_of(operand)
            return NONE if path is None else frozenset({path})
        case Call(function="!_", arguments=(negated,)):
            return present_when(negated, holds=not holds)
        case Logic(every=every, operands=operands):
            parts = [present_when(operand, holds=holds) for operand in operands]
            return union(parts) if every is holds else intersection(parts)
        case Conditional(test=test, yes=yes, no=no):
            ways = [
                present_when(test, holds=True) | present_when(yes, holds=holds),
                present_when(test, holds=False) | present_when(no, holds=holds),
            ]
            return intersection(ways)
    return NONE


def without(paths: Paths, name: str) -> Paths:
    """Return `paths` less those that begin with `name`, which now means something else."""
    return frozenset(path for path in paths if path.partition(".")[0] != name)


def union(parts: Iterable[Paths]) -> Paths:
    """Return what is in any of `parts`."""
    return reduce(frozenset.union, parts, NONE)


def intersection(parts: Iterable[Paths]) -> Paths:
    """Return what is in all of `parts`."""
    return reduce(frozenset.intersection, parts)
