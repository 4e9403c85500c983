"""Narrowing: the optional facts known to be present where part of an expression is true or false.

`has(fine) && fine > 0` is safe although `fine` is optional, because the right side only matters
where the left one holds. The same applies to `!has(fine) || ...`, to conditionals, and to
`has()` of a field such as `event.opinion`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import reduce
from typing import TYPE_CHECKING

from telecom_rules.expressions.syntax.tree import (
    Call,
    Conditional,
    Logic,
    Name,
    PresenceTest,
    Select,
    SyntaxNode,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from telecom_rules.vocabulary.types import Type


Paths = frozenset[str]
NONE: Paths = frozenset()


@dataclass(frozen=True, slots=True)
class Environment:
    """The facts known to be present and the variables in scope at a node.

    Attributes:
        known: the paths of the optional facts and fields known to be present.
        variables: the variables of the macros around it, with their types.
    """

    known: Paths = NONE
    variables: Mapping[str, Type] = field(default_factory=dict)

    def after(self, node: SyntaxNode, *, holds: bool) -> Environment:
        """Return the environment where `node` is true, or false unless `holds`."""
        return replace(self, known=self.known | present_when(node, holds=holds))

    def within(self, variables: Mapping[str, Type]) -> Environment:
        """Return the environment inside a macro with these variables."""
        known = self.known
        for variable in variables:
            known = without(known, variable)
        return Environment(known, {**self.variables, **variables})


def ensured(node: SyntaxNode) -> Paths:
    """Return the paths of the facts and fields that are present whenever an expression is true.

    At the root no variable hides a fact, so that `.harm` is `harm`.
    """
    return frozenset(path.removeprefix(".") for path in present_when(node, holds=True))


def path_of(node: SyntaxNode) -> str | None:
    """Return the dotted name of a fact or field, or `None` for anything else."""
    match node:
        case Name(name=name, absolute=absolute):
            return f".{name}" if absolute else name
        case Select(operand=operand, field=field):
            path = path_of(operand)
            return None if path is None else f"{path}.{field}"
    return None


def present_when(node: SyntaxNode, *, holds: bool) -> Paths:
    """Return the paths present whenever `node` is true (or false, unless `holds`)."""
    match node:
        case PresenceTest(operand=operand) if holds:
            path = path_of(operand)
            return NONE if path is None else frozenset({path})
        case Call(function="!_", arguments=(negated,)):
            return present_when(negated, holds=not holds)
        case Logic(every=every, operands=operands):
            parts = [present_when(operand, holds=holds) for operand in operands]
            # De Morgan: an `&&` that is false is an `||` of false operands.
            return union(parts) if every is holds else intersection(parts)
        case Conditional(test=test, yes=yes, no=no):
            ways = [
                present_when(test, holds=True) | present_when(yes, holds=holds),
                present_when(test, holds=False) | present_when(no, holds=holds),
            ]
            return intersection(ways)
    return NONE


def without(paths: Paths, name: str) -> Paths:
    """Return `paths` without those that begin with `name`, which a variable now hides."""
    return frozenset(path for path in paths if path.partition(".")[0] != name)


def union(parts: Iterable[Paths]) -> Paths:
    """Return the paths in any of `parts`."""
    return reduce(frozenset.union, parts, NONE)


def intersection(parts: Iterable[Paths]) -> Paths:
    """Return the paths in all of `parts`."""
    return reduce(frozenset.intersection, parts)
