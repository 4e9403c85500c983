"""What holds where a part of an expression stands."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from telecom_rules.expressions.narrowing import present_when, without

if TYPE_CHECKING:
    from collections.abc import Mapping

    from telecom_rules.expressions.tree import Node
    from telecom_rules.vocabulary.types import Type

__all__ = ["Around"]


@dataclass(frozen=True, slots=True)
class Around:
    """What holds where a node stands.

    Attributes:
        known: the paths that are there for sure.
        variables: the variables of the macros around it, with their types.
    """

    known: frozenset[str] = frozenset()
    variables: Mapping[str, Type] = field(default_factory=dict)

    def after(self, node: Node, *, holds: bool) -> Around:
        """Return the same where `node` has turned out true (or false)."""
        return replace(self, known=self.known | present_when(node, holds=holds))

    def within(self, variables: Mapping[str, Type]) -> Around:
        """Return the same inside a macro with these variables."""
        known = self.known
        for variable in variables:
            known = without(known, variable)
        return Around(known, {**self.variables, **variables})
