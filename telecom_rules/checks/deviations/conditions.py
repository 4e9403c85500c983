"""Conditions of two packs as trees that can be compared.

The figures of the day are put in. A figure or another policy that differs between the packs is
another name in the conditions of the house, so that nothing is concluded from two things that are
called the same. A comparison of a calculation with a constant becomes one of a name with a
constant: `a * b >= 9` implies `a * b >= 4` whatever `a` and `b` are.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from telecom_rules.checks.analysis.boxes import substitute_figures
from telecom_rules.checks.analysis.satisfiability import has_constant_value, spell_tree
from telecom_rules.expressions.typed import (
    Apply,
    Choose,
    Constant,
    CreateList,
    Fact,
    FieldAccess,
    IsPresent,
    Logic,
    strip_conversions,
)
from telecom_rules.vocabulary import BOOLEAN, Field
from telecom_rules.vocabulary.types import DATE, DECIMAL, INSTANT, INTEGER, MONEY, SPAN

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from telecom_rules.checks.analysis.boxes import Figures
    from telecom_rules.expressions import Expression
    from telecom_rules.expressions.typed import Typed


CALCULATED: Final = "\0="
"""The first characters of names that stand for calculations; no name of a pack has them."""
ORDERED: Final = frozenset({INTEGER, DECIMAL, MONEY, DATE, INSTANT, SPAN})
COMPARISONS: Final = frozenset(
    {"equal", "not_equal", "less", "less_or_equal", "greater", "greater_or_equal"}
)


@dataclass(frozen=True, slots=True)
class Names:
    """The names in the conditions of one pack.

    Attributes:
        figures: the figures of the day, by path.
        renamed: the names of what differs from the other pack, by path.
    """

    figures: Figures
    renamed: Mapping[str, str]

    def restate(self, each: Expression) -> Expression:
        """Return a condition whose tree can be compared with one of the other pack."""
        return replace(each, tree=self.restate_tree(each.tree))

    def restate_tree(self, tree: Typed) -> Typed:
        """Return the tree of a condition, restated."""
        return name_calculations(self.rename(substitute_figures(tree, self.figures)))

    def put_in_figures(self, each: Expression) -> Expression:
        """Return a condition with the figures of the day, which both packs can evaluate."""
        return replace(each, tree=substitute_figures(each.tree, self.figures))

    def rename(self, node: Typed) -> Typed:
        """Return a tree in which what differs from the other pack has another name."""
        if isinstance(node, FieldAccess) and node.path in self.renamed:
            return replace(node, path=self.renamed[node.path])
        return rebuild(node, self.rename) if self.renamed else node


def rebuild(node: Typed, change: Callable[[Typed], Typed]) -> Typed:
    """Return a node with each node right below it changed; of those that have conditions inside."""
    match node:
        case Apply(arguments=parts):
            return replace(node, arguments=tuple(map(change, parts)))
        case Logic(operands=parts):
            return replace(node, operands=tuple(map(change, parts)))
        case CreateList(items=parts):
            return replace(node, items=tuple(map(change, parts)))
        case IsPresent(subject=subject):
            changed = change(subject)
            if isinstance(changed, Fact | FieldAccess | Apply):
                return replace(node, subject=changed)
        case Choose(test=test, yes=yes, no=no):
            return replace(node, test=change(test), yes=change(yes), no=change(no))
    return node


def name_calculations(node: Typed) -> Typed:
    """Return a condition in which a calculation that is compared with a constant is a name."""
    match node:
        case Apply(overload=overload, arguments=(left, right)) if overload in COMPARISONS:
            return replace(node, arguments=(name_side(left, right), name_side(right, left)))
        case Apply(overload="not") | Logic() | Choose() if node.type == BOOLEAN:
            return rebuild(node, name_calculations)
    return node


def name_side(node: Typed, other: Typed) -> Typed:
    """Return one side of a comparison: a name, if it is calculated and the other is constant."""
    plain = strip_conversions(node)
    if (
        plain.type not in ORDERED
        or isinstance(plain, Constant | Fact | FieldAccess)
        or has_constant_value(plain)
        or not has_constant_value(other)
    ):
        return node
    kind = plain.type
    named = Fact(plain.start, plain.end, kind, CALCULATED + spell_tree(plain), Field(kind))
    return replace_core(node, named)


def replace_core(node: Typed, core: Typed) -> Typed:
    """Return `node` with `core` inside its conversions that keep the value."""
    if isinstance(node, Apply) and strip_conversions(node) is not node:
        (inner,) = node.arguments
        return replace(node, arguments=(replace_core(inner, core),))
    return core
