"""The interface of the checker for modules that type one kind of node.

`Checker` types the nodes. It passes itself as a `NodeChecker` to the modules for calls and
comprehensions, which need it for child nodes and reports and cannot import it (no circles).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from telecom_rules.expressions.checking.advice import MOST_LISTED, nesting_of
from telecom_rules.expressions.checking.coercion import flexibility_of
from telecom_rules.expressions.syntax.mistakes import Mistake
from telecom_rules.expressions.typed import Apply
from telecom_rules.suggestions import find_nearest
from telecom_rules.vocabulary.types import BOOLEAN, DYNAMIC, NOTHING
from telecom_rules.wording import Wording, join_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from telecom_rules.expressions.checking.narrowing import Environment
    from telecom_rules.expressions.functions.profile import Profile
    from telecom_rules.expressions.scope import Scope
    from telecom_rules.expressions.syntax.tree import SyntaxNode
    from telecom_rules.expressions.typed import Typed
    from telecom_rules.vocabulary.types import Type


DEEPEST_LIST = 12
"""Lists and maps inside one another, as written."""


class NodeChecker(ABC):
    """Types the nodes of one expression.

    Attributes:
        scope: the names that the expression may use.
        profile: the language that it is written in.
        mistakes: every mistake found so far.
        reads: the names read so far.
    """

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.profile: Profile = scope.profile
        self.mistakes: list[Mistake] = []
        self.reads: set[str] = set()

    @abstractmethod
    def check(
        self, node: SyntaxNode, around: Environment, wanted: Type | None = None
    ) -> Typed | None:
        """Return `node` typed, or `None` after a report; literals take the type `wanted`."""

    def check_boolean(self, node: SyntaxNode, around: Environment) -> Typed | None:
        """Return a node that must be true or false."""
        value = self.check(node, around)
        if value is None or value.type is BOOLEAN:
            return value
        if value.type in {DYNAMIC, NOTHING}:
            return Apply(value.start, value.end, BOOLEAN, "require_boolean", (value,))
        self.report_mismatch(
            node, "此处应为布尔值，而不是 `{type}`", "expected a boolean here, found `{type}`",
            type=value.type,
        )  # fmt: skip
        return None

    def check_alike(
        self, nodes: Sequence[SyntaxNode], arounds: Sequence[Environment], wanted: Type | None
    ) -> list[Typed] | None:
        """Return `nodes` typed, or `None`; literals take the type of the others."""
        results: dict[int, Typed] = {}
        # Literals last, when the type of the others is known.
        for at in sorted(range(len(nodes)), key=lambda at: flexibility_of(nodes[at])):
            result = self.check(nodes[at], arounds[at], wanted)
            if result is not None:
                results[at] = result
                wanted = wanted or result.type
        return [results[at] for at in range(len(nodes))] if len(results) == len(nodes) else None

    def refuse_depth(self, node: SyntaxNode, part: Type, most: int = DEEPEST_LIST) -> bool:
        """Return whether a list or map that holds values of type `part` is nested too deep."""
        deep = nesting_of(part) >= most
        if deep:
            why = Wording("列表或映射嵌套过深", "lists or maps are nested too deep")
            self.report("TR202", node, why=why)
        return deep

    def report(self, code: str, node: SyntaxNode, **values: object) -> None:
        """Report a mistake at `node`."""
        self.mistakes.append(Mistake(code, node.start, node.end, values))

    def report_mismatch(self, node: SyntaxNode, zh: str, en: str, **values: object) -> None:
        """Report at `node` a mistake of types with its own message."""
        self.report("TR204", node, why=Wording(zh, en).fill(**values))

    def report_unknown(
        self,
        code: str,
        start: int,
        name: str,
        known: Iterable[str],
        end: int = 0,
        **values: object,
    ) -> None:
        """Report an unknown name, once for each name."""
        if self.has_reported(code, name):
            return
        names = list(known)
        word = name.rpartition(".")[2]
        values |= {"name": name, "known": join_names(names, MOST_LISTED)}
        end = end or start + len(word)
        self.mistakes.append(Mistake(code, start, end, values, find_nearest(word, names)))

    def has_reported(self, code: str, name: str) -> bool:
        """Return whether this mistake was reported for this name before."""
        return any(each.code == code and each.values["name"] == name for each in self.mistakes)
